"""The generated ledgers, kept between runs in the ignored folder ``.cache``."""

from pathlib import Path

from lvdesk.sample import big_ledger

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "bench"


def ledger(rows: int, suffix: str, folder: Path = CACHE) -> Path:
    """A clean 25-column ledger as ``xlsx`` or ``csv`` (GBK); made when first asked for."""
    source = Path(str(big_ledger.__code__.co_filename))
    path = folder / f"ledger-{rows}.{suffix}"
    if not path.is_file() or path.stat().st_mtime < source.stat().st_mtime:
        big_ledger(path, rows)
    return path
