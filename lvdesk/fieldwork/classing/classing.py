"""All differences between the rows of field results and the ledger, each once."""

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.fieldwork.classing import accounts, damage, duplicates, links, places, values
from lvdesk.fieldwork.classing.answers import FOUND, PLACE, Answers, told
from lvdesk.kit.progress import Progress

_CLASSERS: Final[tuple[Callable[[Answers], pl.DataFrame], ...]] = (
    accounts.cancelled, accounts.new, links.meter_replaced, links.other_box, links.other_area, links.slot_changed, places.moved,
    values.name_changed, values.address_changed, values.attribute_changed, duplicates.duplicate_rows, duplicates.duplicate_identifiers,
    damage.damaged, places.faulty, places.other_system,
)  # fmt: skip
_SAME: Final = ["klass", "entity", "key", "field", "detail"]
_SENTENCES: Final = 6
CLASSED: Final[dict[str, Any]] = {**FOUND, "identity": pl.String, "record": pl.Int64, "area_no": pl.String, "package_no": pl.String}


def said(answers: Answers, progress: Progress) -> pl.DataFrame:
    """What every row says (``FOUND``): the same difference as often as rows say it."""
    progress.start("正在比对采录结果", len(_CLASSERS), "类")
    frames = [pl.DataFrame(schema=FOUND)]
    for classer in _CLASSERS:
        frames.append(classer(answers))
        progress.step()
    return pl.concat(frames)


def classed(answers: Answers, progress: Progress) -> pl.DataFrame:
    """Every difference once with its identity, record, area and the package its row names (``CLASSED``), in the order of the classes."""
    identity = pl.concat_str([pl.col(name).fill_null("") for name in _SAME], separator="|").alias("identity")
    merged = _located(answers.station, _once(said(answers, progress)).with_columns(identity))
    packages = answers.rows.drop_nulls("package_no").unique(PLACE[:2], keep="first").select(*PLACE[:2], "package_no")
    return merged.join(packages, on=PLACE[:2], how="left", maintain_order="left").select(*CLASSED)


def _once(frame: pl.DataFrame) -> pl.DataFrame:
    """One line for what several rows say alike, with what each of them adds."""
    sentences = pl.col("evidence").explode(empty_as_null=False, keep_nulls=False).unique(maintain_order=True).head(_SENTENCES)
    rest = [name for name in FOUND if name not in {*_SAME, "evidence"}]
    merged = frame.group_by(_SAME, maintain_order=True).agg(pl.col(rest).first(), sentences, pl.len().alias("_rows"))
    more = pl.when(pl.col("_rows") > 1).then(pl.format("共 {} 行这样说", "_rows"))
    return merged.with_columns(pl.concat_list("evidence", told(more))).select(*FOUND)


def _located(station: Station, frame: pl.DataFrame) -> pl.DataFrame:
    """``record``: the number of what the ledger has, and its area."""
    parts = [frame.clear().with_columns(pl.lit(None, pl.Int64).alias("record"), pl.lit(None, pl.String).alias("area_no"))]
    for (entity,), part in frame.group_by("entity", maintain_order=True):
        if entity not in KEYS:
            parts.append(part.with_columns(pl.lit(None, pl.Int64).alias("record"), pl.lit(None, pl.String).alias("area_no")))
            continue
        records = station.table(str(entity)).select(pl.col(KEYS[str(entity)]).alias("key"), pl.col("id").alias("record"))
        areas = station.areas(str(entity)).unique("id").rename({"id": "record"})
        joined = part.join(records.unique("key"), on="key", how="left", maintain_order="left")
        parts.append(joined.join(areas, on="record", how="left", maintain_order="left"))
    return pl.concat(parts)
