"""Broken pairs of identifiers: one number on two records, another number than the system's own pair, none where it ought to be."""

from typing import Final

import polars as pl
from sqlalchemy import select

from lvdesk.checks.station import Station
from lvdesk.exchange.reconcile.book import Book
from lvdesk.exchange.reconcile.gathering import Sides
from lvdesk.exchange.reconcile.model import JUDGED, Klass, Target
from lvdesk.network.answers import IdPair
from lvdesk.network.frames import read_frame

_PAIR: Final = {"entity": pl.String, "key": pl.String, "system": pl.String, "value": pl.String}
_LIST: Final = "、"
_FED: Final = {"meter_box": "box_no", "access_point": "point"}
"""What the feedback proves to be drawn in the GIS -> its column there; customers are not, their boxes are."""


def broken(station: Station, sides: Sides, book: Book) -> tuple[pl.DataFrame, dict[str, int]]:
    """The disagreements about identifiers (``JUDGED``), and ``entity.field`` -> how many records were looked at."""
    pairs = _pairs(station)
    frames, looked = [pl.DataFrame(schema=JUDGED)], {}
    for entity, system in book.ids:
        name = f"{system}_id"
        frame = sides.things(entity).join(station.table(entity).select("id", pl.col(name).alias("base")), on="id", maintain_order="left")
        own = pairs.filter((pl.col("entity") == entity) & (pl.col("system") == system)).select("key", pl.col("value").alias("said"))
        frame = frame.join(own, on="key", how="left", maintain_order="left").join(
            _proved(sides, entity, system), on="key", how="left", maintain_order="left"
        )
        looked[f"{entity}.{name}"] = frame.filter(pl.col("base").is_not_null() | pl.col("said").is_not_null()).height
        frames += [_judged(found, entity, system) for found in (_shared(frame), _contradicted(frame), _lacking(frame, book.expected))]
    found = pl.concat(frames)
    return found.unique(["entity", "key", "field"], keep="first", maintain_order=True), looked


def _pairs(station: Station) -> pl.DataFrame:
    """The pairs that hold; a record with several of one system gets them in one text, which no value equals."""
    query = select(IdPair.entity, IdPair.key, IdPair.system, IdPair.value).where(IdPair.until.is_(None)).order_by(IdPair.id)
    pairs = read_frame(station.connection, query, _PAIR).unique(maintain_order=True)
    return pairs.group_by("entity", "key", "system", maintain_order=True).agg(pl.col("value").str.join(_LIST))


def _proved(sides: Sides, entity: str, system: str) -> pl.DataFrame:
    """key, proved: the GIS speaks of it, so it has a number for it."""
    column = _FED.get(entity) if system == "gis" else None
    if column is None:
        return pl.DataFrame(schema={"key": pl.String, "proved": pl.Boolean})
    return sides.gis.fed.select(pl.col(column).alias("key")).drop_nulls().unique().with_columns(pl.lit(value=True).alias("proved"))


def _shared(frame: pl.DataFrame) -> pl.DataFrame:
    """One number on several records; the one whose pair says so keeps it."""
    several = frame.drop_nulls("base").filter(pl.len().over("base") > 1)
    others = several.group_by("base").agg(pl.col("key").alias("keys"))
    several = several.filter((pl.col("said") != pl.col("base")).fill_null(value=True)).join(others, on="base", maintain_order="left")
    rest = pl.col("keys").list.set_difference(pl.concat_list("key")).list.sort().list.head(3).list.join(_LIST)
    return several.with_columns(pl.concat_str(pl.lit("与 "), rest, pl.lit(" 的编号相同")).alias("note"))


def _contradicted(frame: pl.DataFrame) -> pl.DataFrame:
    """The record says another number than the pair."""
    unlike = frame.filter(pl.col("said").is_not_null() & pl.col("base").ne_missing(pl.col("said")))
    return unlike.with_columns(pl.lit("回执给出的编号与台账不同").alias("note"))


def _lacking(frame: pl.DataFrame, expected: float) -> pl.DataFrame:
    """No number, though the system knows the record or most of its area."""
    share = pl.col("base").is_not_null().mean().over("area_no")
    most = pl.col("area_no").is_not_null() & (share >= expected)
    proved = pl.col("proved").fill_null(value=False)
    none = frame.filter(pl.col("base").is_null() & pl.col("said").is_null() & (proved | most))
    note = pl.when(proved).then(pl.lit("电源信息回写中有它，却没有它的编号")).otherwise(pl.lit("同台区的其他对象已有编号"))
    return none.with_columns(note.alias("note"))


def _judged(found: pl.DataFrame, entity: str, system: str) -> pl.DataFrame:
    """Columns of ``JUDGED``: with the system's own word the desk corrects, without it the system has to say."""
    side = "gis" if system in {"gis", "pms"} else system
    known = pl.col("said").is_not_null() & ~pl.col("said").str.contains(_LIST, literal=True)
    target = pl.when(known).then(pl.lit(str(Target.DESK))).otherwise(pl.lit(side))
    given = {
        "entity": pl.lit(entity), "field": pl.lit(f"{system}_id"), side: pl.col("said"), "klass": pl.lit(str(Klass.ID_BROKEN)),
        "owner": pl.lit(system), "suggestion": pl.when(known).then("said"), "target": target, "told": pl.concat_list(target),
        "why": pl.lit("编号以给出它的系统为准"),
    }  # fmt: skip
    kept = {name: pl.col(name) for name in ("key", "title", "area_no", "base", "note")}
    values = {**kept, **given}
    return found.select(values.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in JUDGED.items())
