"""What peers need and the product does not: installed into the ignored folder ``.cache``, seen by their own processes only."""

import subprocess
import sys
from pathlib import Path

_CACHE = Path(__file__).resolve().parents[2] / ".cache"
PEERS = _CACHE / "peers"
ORTOOLS = _CACHE / "ortools"


def bring() -> None:
    """Installs them when missing; without a package source the bench does with polars and without OR-tools, and says so."""
    if not (PEERS / "pyarrow").is_dir():
        _install(PEERS, "--no-deps", "pyarrow==26.0.1")  # fastexcel reads eagerly through it
    if not (ORTOOLS / "ortools").is_dir():
        _install(ORTOOLS, "ortools==9.15.6755")


def _install(folder: Path, *wanted: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(folder), *wanted]
    subprocess.run(command, check=False, stdout=sys.stderr)
