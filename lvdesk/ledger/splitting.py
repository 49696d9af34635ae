"""One wide ledger row into records of each entity it speaks about, one record per key, conflicts said."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from lvdesk.ledger.linking import link
from lvdesk.network.words import name_initials
from lvdesk.templates.dictionary import Dictionary

ROW = "row"
_NAMED = {"name": pl.String, "initials": pl.String}
KINDS = {"integer": pl.Int64, "number": pl.Float64, "longitude": pl.Float64, "latitude": pl.Float64}


@dataclass(frozen=True)
class Conflict:
    """Rows of one file that say different things about the same record; the first one counts."""

    row: int
    entity: str
    key: str
    field: str
    first: str
    other: str


CONFLICT: Final = {"row": pl.Int64, "entity": pl.String, "key": pl.String, "field": pl.String, "first": pl.String, "other": pl.String}
"""Conflicts as a frame."""


def split(wide: pl.DataFrame, dictionary: Dictionary) -> tuple[dict[str, pl.DataFrame], list[Conflict]]:
    """Records per entity of rows as read; see ``split_linked``."""
    return split_linked(link(wide), dictionary)


def split_linked(wide: pl.DataFrame, dictionary: Dictionary) -> tuple[dict[str, pl.DataFrame], list[Conflict]]:
    """Records per entity: columns ``row`` (first row that named it), the fields given, ``initials`` beside a name.

    Rows without the entity's key give no record of that entity.
    """
    frames: dict[str, pl.DataFrame] = {}
    conflicts: list[Conflict] = []
    for entity in dictionary.entities:
        names = [name for name in wide.columns if name.startswith(f"{entity}.")]
        key = f"{entity}.{dictionary.key(entity)}"
        if key not in names:
            continue
        frame = wide.select(ROW, *names).filter(pl.col(key).is_not_null())
        frame = frame.rename({name: name.split(".", 1)[1] for name in names})
        frame, found = _one_per_key(frame, entity, dictionary.key(entity))
        if frame.height:
            frames[entity] = _typed(frame, entity, dictionary)
            conflicts += found
    return frames, conflicts


def _one_per_key(frame: pl.DataFrame, entity: str, key: str) -> tuple[pl.DataFrame, list[Conflict]]:
    if frame[key].n_unique() == frame.height:
        return frame, []
    fields = [name for name in frame.columns if name not in {ROW, key}]
    first = frame.group_by(key, maintain_order=True).agg(pl.col(ROW).first(), *[pl.col(name).first(ignore_nulls=True) for name in fields])
    repeated = frame.filter(pl.col(key).is_duplicated())
    joined = repeated.join(first.select(key, *fields), on=key, suffix=".first")
    conflicts: list[Conflict] = []
    for name in fields:
        clash = joined.filter(pl.col(name).is_not_null() & (pl.col(name) != pl.col(f"{name}.first")))
        conflicts += [
            Conflict(row, entity, str(value), name, str(kept), str(other))
            for row, value, kept, other in clash.select(ROW, key, f"{name}.first", name).iter_rows()
        ]
    return first.select(ROW, key, *fields), conflicts


def _typed(frame: pl.DataFrame, entity: str, dictionary: Dictionary) -> pl.DataFrame:
    casts = []
    for name in frame.columns:
        if name == ROW:
            continue
        kind = KINDS.get(dictionary.field(entity, name).kind)
        if kind is not None:
            # A count may be written 2.0: via the number, so that no value is lost on the way.
            casts.append(pl.col(name).cast(pl.Float64, strict=False).cast(kind, strict=False))
    frame = frame.with_columns(casts)
    if "name" not in frame.columns:
        return frame
    names = frame["name"].unique().to_list()
    known = pl.DataFrame({"name": names, "initials": [name_initials({"name": name}) for name in names]}, schema=_NAMED)
    return frame.join(known, on="name", how="left", maintain_order="left")
