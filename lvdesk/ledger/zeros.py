"""Numbers that a spreadsheet stripped of their leading zeros, put right where the store knows the full number and not the short one."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from lvdesk.ledger.rows import ROW
from lvdesk.templates.dictionary import Dictionary

Records = dict[str, pl.DataFrame]
_DIGITS = r"^[1-9]\d{3,}$"


@dataclass(frozen=True)
class Padded:
    """One value that got its zeros back."""

    row: int
    field: str
    before: str
    after: str

    @property
    def why(self) -> str:
        """The evidence."""
        return f"补回开头的 0：库中有编号 {self.after}，没有 {self.before}"


def restore_zeros(records: Records, keys: Callable[[str], pl.DataFrame], dictionary: Dictionary) -> tuple[Records, list[Padded]]:
    """Pads keys and references in bulk. ``keys`` gives key and id of every stored record of an entity."""
    found: list[Padded] = []
    result = dict(records)
    for entity in records:
        for name, target in _numbers(entity, result[entity], dictionary):
            frame = result[entity]
            pairs = _pairs(frame[name], keys(target)[dictionary.key(target)])
            if pairs:
                changed = frame.filter(pl.col(name).is_in(list(pairs))).select(ROW, name)
                found += [Padded(row, f"{entity}.{name}", value, pairs[value]) for row, value in changed.iter_rows()]
                result[entity] = frame.with_columns(pl.col(name).replace(pairs))
    return result, found


def _numbers(entity: str, frame: pl.DataFrame, dictionary: Dictionary) -> list[tuple[str, str]]:
    """Columns of ``frame`` that hold a record's number, and whose."""
    fields = (dictionary.find(f"{entity}.{name}") for name in frame.columns)
    known = [field for field in fields if field is not None]
    key = dictionary.key(entity)
    return [(field.name, entity if field.name == key else field.reference) for field in known if field.name == key or field.reference]


def _pairs(values: pl.Series, stored: pl.Series) -> dict[str, str]:
    """Short number -> stored number, for those with exactly one."""
    if stored.is_empty():
        return {}
    lengths = stored.filter(stored.str.starts_with("0")).str.len_bytes().unique().to_list()
    short = values.drop_nulls().unique().rename("short").to_frame().filter(pl.col("short").str.contains(_DIGITS))
    if short.is_empty() or not lengths:
        return {}
    short = short.filter(~pl.col("short").is_in(stored.implode()))
    tries = [short.with_columns(pl.col("short").str.zfill(length).alias("full")) for length in lengths]
    full = pl.concat(tries).filter(pl.col("full") != pl.col("short")).unique()
    full = full.filter(pl.col("full").is_in(stored.implode())).unique("short", keep="none")
    return dict(full.select("short", "full").iter_rows())
