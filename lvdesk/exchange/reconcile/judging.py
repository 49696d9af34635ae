"""From what the sides say to what should hold and who has to correct: whole frames, nothing row by row."""

from typing import Final

import numpy as np
import polars as pl

from lvdesk.checks.devices import plain
from lvdesk.exchange.reconcile.book import Compare
from lvdesk.exchange.reconcile.model import JUDGED, Klass, Target
from lvdesk.geo.distances import distance
from lvdesk.geo.offsets import Pair

COLUMN: Final = {"marketing": "marketing", "field": "field_value", "gis": "gis"}
"""Side -> its column."""
IN_USE, CANCELLED, ABSENT = "在用", "已销户", "无"
"""What a side says of a customer's presence."""
_GONE: Final = (CANCELLED, ABSENT)
_TITLES: Final = {"marketing": "营销系统", "field": "现场采录", "gis": "电网 GIS"}
_ORDER: Final = (("base", "field_value"), ("base", "marketing"), ("base", "gis"), ("field_value", "marketing"), ("field_value", "gis"),
                 ("gis", "marketing"))  # fmt: skip


def judged(sides: pl.DataFrame, rule: Compare) -> tuple[pl.DataFrame, int]:
    """The disagreements (``JUDGED``) among ``SIDES`` of one attribute, and how many things had two sides to compare."""
    frame = snapped(sides.rechunk(), rule)
    frame = frame.with_columns(_suggestion(rule), _why(rule)).with_columns(_told(rule).alias("told"))
    unlike = frame.filter(pl.col("told").list.len() > 0)
    known = pl.sum_horizontal(pl.col(column).is_not_null().cast(pl.Int64) for column in (*COLUMN.values(), "base"))
    apart = pl.sum_horizontal(pl.col(column).is_not_null().cast(pl.Int64) for column in COLUMN.values())
    compared = frame.filter((apart > 1) | ((pl.col("told").list.len() > 0) & (known > 0))).height
    unlike = unlike.with_columns(pl.col("told").list.first().alias("target"), pl.lit(rule.owner).alias("owner"), _klass(rule))
    ended = (pl.col("suggestion") == ABSENT) & (pl.col("base") == IN_USE) & pl.lit(rule.same == "gone")
    unlike = unlike.with_columns(pl.when(ended).then(pl.lit(CANCELLED)).otherwise("suggestion").alias("suggestion"))
    return unlike.select(pl.col(name).cast(kind) for name, kind in JUDGED.items()), compared


def snapped(sides: pl.DataFrame, rule: Compare) -> pl.DataFrame:
    """The sides with what counts as the same written the same: the accepted value's way first, then the field's."""
    if rule.same == "text":
        return sides
    for one, other in _ORDER:
        alike = _alike(sides, one, other, rule)
        sides = sides.with_columns(pl.when(alike).then(pl.col(one)).otherwise(pl.col(other)).alias(other))
    return sides


def _alike(sides: pl.DataFrame, one: str, other: str, rule: Compare) -> pl.Series:
    if rule.same == "place":
        return pl.Series(distance(_points(sides[one]), _points(sides[other])) <= rule.metres)
    if rule.same == "gone":
        both = pl.col(one).is_in(_GONE) & pl.col(other).is_in(_GONE)
        return sides.select(both.fill_null(value=False)).to_series()
    return sides.select((plain(pl.col(one)) == plain(pl.col(other))).fill_null(value=False)).to_series()


def _points(texts: pl.Series) -> Pair:
    """Longitudes and latitudes of ``lon,lat``, NaN where there is none."""
    halves = texts.str.split_exact(",", 1).struct.unnest()
    longitude, latitude = (halves[name].cast(pl.Float64, strict=False).to_numpy().astype(np.float64) for name in halves.columns)
    return longitude, latitude


def _votes(rule: Compare) -> tuple[pl.Expr, pl.Expr]:
    """What two others say against the one that decides: both other sides together, or the accepted value with one of them."""
    decides = pl.col(COLUMN[rule.decides])
    first, second = (pl.col(column) for side, column in COLUMN.items() if side != rule.decides)
    base = pl.col("base")
    both = pl.when((first == second) & (first != decides)).then(first)
    confirmed = pl.when((base != decides) & ((base == first) | (base == second))).then(base)
    return both, confirmed


def _suggestion(rule: Compare) -> pl.Expr:
    votes = _votes(rule) if rule.outvoted else ()
    rest = ("field_value", "base", "marketing", "gis")
    return pl.coalesce(*votes, COLUMN[rule.decides], COLUMN[rule.side], *rest).alias("suggestion")


def _why(rule: Compare) -> pl.Expr:
    """The reason of the suggestion, as a sentence."""
    decides, owner = COLUMN[rule.decides], COLUMN[rule.side]
    trusted = pl.when(pl.col(decides).is_not_null()).then(pl.lit(f"此项以{_TITLES[rule.decides]}为准"))
    said = trusted.when(pl.col(owner).is_not_null()).then(pl.lit(f"此项由{_TITLES[rule.side]}维护，以其为准"))
    usual = said.otherwise(pl.lit(f"{_TITLES[rule.decides]}没有给出此项，按已有的值"))
    if not rule.outvoted:
        return usual.alias("why")
    both, confirmed = _votes(rule)
    others = "和".join(title for side, title in _TITLES.items() if side != rule.decides)
    against = f"，与维护方{_TITLES[rule.decides]}不同"
    told = pl.when(both.is_not_null()).then(pl.lit(f"{others}一致{against}"))
    return told.when(confirmed.is_not_null()).then(pl.lit(f"台账已确认的值有另一方印证{against}")).otherwise(usual).alias("why")


def _told(rule: Compare) -> pl.Expr:
    """All who have to correct, first who maintains the value: the desk follows its owner's next ledger, else it changes the record."""
    right = pl.col("suggestion")
    wrong = {side: (pl.col(column) != right).fill_null(value=False) for side, column in COLUMN.items()}
    lacking = pl.col("base").is_null() & right.is_not_null() if rule.fill else pl.lit(value=False)
    desk = ((pl.col("base") != right).fill_null(value=False) | lacking) & ~wrong[rule.side]
    order = [(rule.side, wrong[rule.side]), (str(Target.DESK), desk)]
    order += [(side, wrong[side]) for side in ("gis", "marketing", "field") if side != rule.side]
    return pl.concat_list([pl.when(condition).then(pl.lit(side)) for side, condition in order]).list.drop_nulls()


def _klass(rule: Compare) -> pl.Expr:
    """The class, from the values where the rule has none: the accepted record is gone, a side lacks it, a side alone has it."""
    if rule.klass is not None:
        return pl.lit(str(rule.klass)).alias("klass")
    base, gis = pl.col("base"), pl.col("gis")
    ended = (base == CANCELLED) | ((base == IN_USE) & (pl.col("field_value").is_in(_GONE) | (pl.col("marketing") == CANCELLED)))
    chosen = pl.when(ended.fill_null(value=False)).then(pl.lit(str(Klass.CANCELLED)))
    lacks = (base == IN_USE) & (gis.is_in(_GONE) | pl.col("marketing").is_in(_GONE))
    return chosen.when(lacks.fill_null(value=False)).then(pl.lit(str(Klass.MISSING))).otherwise(pl.lit(str(Klass.EXTRA))).alias("klass")
