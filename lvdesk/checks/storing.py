"""Brings the stored findings up to date with what a run found: whole frames against the table, nothing row by row."""

from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import delete, select, update

from lvdesk.checks.registry import discover
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.verdicts import Finding
from lvdesk.store.bulk import among, insert_tuples
from lvdesk.store.write import Write

_SLICE: Final = 50_000
_KEPT: Final = (
    "identity", "rule", "severity", "entity", "record", "key", "field", "value", "message", "fix", "suggestion", "sheet_id", "sheet_row",
    "area_no",
)  # fmt: skip
"""What a run says of a finding; its number and dates are the table's."""


@dataclass(frozen=True)
class Stored:
    """How many findings stand that did not before, and how many that stood are gone."""

    new: int
    resolved: int


def store_found(write: Write, found: pl.DataFrame, moment: str, progress: Progress) -> Stored:
    """New faults get numbers, known ones keep theirs, those no longer found are resolved; what is as before is not touched.

    Args:
        write: the transaction; findings are not journalled, so it leaves no entry.
        found: everything the run found (``engine.FOUND``), each identity once.
        moment: of the run.
        progress: counts findings that are written.
    """
    found = _with_fix(found)
    present = _present(write)
    fresh = found.join(present, on="identity", how="anti", maintain_order="left")
    known = found.join(present.select("identity", "id", "found_at"), on="identity", how="inner", maintain_order="left")
    unlike = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_old")) for name in _KEPT[1:])
    both = known.join(present.select("id", "resolved_at", *_KEPT[1:]), on="id", suffix="_old", maintain_order="left")
    back = both.filter(pl.col("resolved_at").is_not_null()).height
    changed = both.filter(unlike | pl.col("resolved_at").is_not_null())
    gone = present.filter(pl.col("resolved_at").is_null()).join(found, on="identity", how="anti")["id"].to_list()
    progress.start("正在保存结果", fresh.height + changed.height + len(gone), "条")
    _insert(write, fresh, moment, progress)
    _replace(write, changed, progress)
    _resolve(write, gone, moment, progress)
    return Stored(fresh.height + back, len(gone))


def _with_fix(found: pl.DataFrame) -> pl.DataFrame:
    fixes = {code: rule.fix for code, rule in discover().items()}
    return found.with_columns(pl.col("rule").replace_strict(fixes, default="", return_dtype=pl.String).alias("fix")).select(_KEPT)


def _present(write: Write) -> pl.DataFrame:
    table = table_of(Finding)
    names = ["id", *_KEPT, "found_at", "resolved_at"]
    return read_frame(write.connection, select(*(table.c[name] for name in names)), schema_of(table, names))


def _insert(write: Write, fresh: pl.DataFrame, moment: str, progress: Progress) -> None:
    rows = fresh.with_columns(pl.lit(moment).alias("found_at"))
    for piece in rows.iter_slices(_SLICE):
        write.insert(table_of(Finding), piece.columns, piece.iter_rows(), piece.height)
        progress.step(piece.height)


def _replace(write: Write, changed: pl.DataFrame, progress: Progress) -> None:
    """Deletes and inserts under the same numbers: many times faster than an update for each."""
    rows = changed.select("id", *_KEPT, "found_at")
    for piece in rows.iter_slices(_SLICE):
        write.connection.execute(delete(Finding).where(among(write.connection, _number(), piece["id"].to_list())))
        insert_tuples(write.connection, table_of(Finding), piece.columns, piece.iter_rows())
        progress.step(piece.height)


def _resolve(write: Write, gone: list[int], moment: str, progress: Progress) -> None:
    for start in range(0, len(gone), _SLICE):
        piece = gone[start : start + _SLICE]
        write.connection.execute(update(Finding).where(among(write.connection, _number(), piece)).values(resolved_at=moment))
        progress.step(len(piece))


def _number() -> Any:
    return table_of(Finding).c.id
