"""The chain 站-线-变-箱-户: every link leads to a record that its ledger lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS, Parameter, Rule, Severity, Values, hits
from lvdesk.checks.phrases import listed, named
from lvdesk.checks.station import Station


@dataclass(frozen=True)
class _Link:
    """A field that names another record.

    Attributes:
        name: field with the other record's name, for ledgers that give no number; "" when there is none.
        is_strict: that others mention the record is not enough, its own ledger must list it.
        is_required: an empty link is a break too; elsewhere other rules tell what is empty.
    """

    entity: str
    field: str
    parent: str
    name: str = ""
    is_strict: bool = True
    is_required: bool = True


_LINKS: Final = (
    _Link("feeder", "substation_no", "substation", name="substation_name"),
    _Link("transformer_area", "feeder_no", "feeder", name="feeder_name"),
    _Link("transformer", "area_no", "transformer_area"),
    _Link("metering_point", "area_no", "transformer_area", name="area_name", is_required=False),
    _Link("meter_box", "area_no", "transformer_area", is_required=False),
    _Link("metering_point", "customer_no", "customer", is_strict=False),
    _Link("meter", "mp_no", "metering_point", is_strict=False),
    _Link("meter", "box_no", "meter_box", is_strict=False, is_required=False),
)
_TOGETHER: Final = Parameter("together", "同一编号断开多少处以上合并为一条", "integer", 3, "处", minimum=1)


def _broken(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    unknown: set[str] = set()
    for link in _LINKS:
        children = _children(station, link)
        if not children.height:
            continue
        if link.is_strict and "listed" not in station.standing(link.parent)["standing"]:
            if link.parent not in unknown:
                yield _no_ledger(station, link, children)
            unknown.add(link.parent)
            continue
        yield from _ends(station, link, children, values["together"])


def _children(station: Station, link: _Link) -> pl.DataFrame:
    """The records that their own ledger lists: id, key, name, value (the link), other (the name it gives), from_sheet, from_row."""
    frame = station.listed(link.entity)
    nothing = pl.lit(None, pl.String)
    return frame.select(
        "id", pl.col(KEYS[link.entity]).alias("key"), (pl.col("name") if "name" in frame.columns else nothing).alias("name"),
        pl.col(link.field).alias("value"), (pl.col(link.name) if link.name else nothing).alias("other"), "from_sheet", "from_row",
    )  # fmt: skip


def _no_ledger(station: Station, link: _Link, children: pl.DataFrame) -> pl.DataFrame:
    title = station.dictionary.title
    text = f"还没有导入列出{title(link.parent)}的台账，{children.height} 条{title(link.entity)}的所属{title(link.parent)}无法核对"
    return hits(pl.DataFrame({"message": [text]}), f"{link.parent}.{KEYS[link.parent]}", pl.col("message"), milder=2)


def _ends(station: Station, link: _Link, children: pl.DataFrame, together: int) -> Iterator[pl.DataFrame]:
    """What is empty, leads nowhere or to a record no longer listed."""
    title, field = station.dictionary.title(link.entity), station.dictionary.field(link.entity, link.field).title
    place, owner = f"{link.entity}.{link.field}", named("key", "name")
    if link.is_required:
        empty = children.filter(pl.col("value").is_null() & pl.col("other").is_null())
        yield hits(empty, place, pl.format(f"{title} {{}} 没有{field}", owner), key="key")
    standing = station.standing(link.parent).rename({"key": "value"})
    resolved = standing.filter(pl.col("standing").is_in(["listed"] if link.is_strict else ["listed", "mentioned"]))
    lost = children.join(resolved, on="value", how="anti", maintain_order="left")
    lost = lost.filter(pl.col("value").is_not_null() | ~_named_parent(station, link))
    if lost.is_empty():
        return
    gone = standing.filter(pl.col("standing") == "gone").select("value", pl.lit(value=True).alias("gone"))
    lost = lost.join(gone, on="value", how="left", maintain_order="left").with_columns(
        pl.coalesce("value", "other").alias("value"), pl.col("gone").fill_null(value=False)
    )
    lost = lost.drop_nulls("value").rename({"from_sheet": "sheet_id", "from_row": "sheet_row"})
    lost = lost.with_columns(pl.len().over("value").alias("times"))
    parent = station.dictionary.title(link.parent)
    why = pl.when("gone").then(pl.lit(f"最新台账中已没有该{parent}")).otherwise(pl.lit(f"台账中没有该{parent}"))
    few = lost.filter(pl.col("times") <= together).drop("sheet_id", "sheet_row")
    yield hits(few, place, pl.format(f"{title} {{}} 的{field}为 {{}}，{{}}", owner, "value", why), key="key", milder=pl.col("gone"))
    records = station.table(link.parent).select(pl.col(KEYS[link.parent]).alias("value"), pl.col("id").alias("record"))
    many = lost.filter(pl.col("times") > together).group_by("value", maintain_order=True).agg(
        pl.first("times", "gone", "sheet_id", "sheet_row"), listed("key", 3).alias("people")
    ).join(records, on="value", how="left", maintain_order="left").rename({"record": "id"})  # fmt: skip
    message = pl.format(f"{parent} {{}}：{{}}，却有 {{}} 个{title}登记在其下（{{}}）", "value", why, "times", "people")
    yield hits(many, f"{link.parent}.{KEYS[link.parent]}", message, key="value", value=pl.col("value"), milder=pl.col("gone"))


def _named_parent(station: Station, link: _Link) -> pl.Expr:
    """Whether a record called ``other`` exists; true where nothing is given."""
    if not link.name:
        return pl.lit(value=True)
    names = station.table(link.parent)["name"].drop_nulls().unique()
    return pl.col("other").is_in(names.implode()).fill_null(value=True)


RULES = (
    Rule(
        code="Q32",
        family="consistency",
        title="站线变户链条断开",
        what="变电站—线路—台区—变压器—计量箱—计量点—用户中有一环没有填写，或指向台账中没有的记录",
        where="线路的变电站、台区的线路、变压器的台区、计量箱和计量点的台区、计量点的用户、电能表的计量点和计量箱",
        fix="改正写错的编号，或补充导入缺少的台账；上级已从最新台账中消失的，核实下级应改到哪里",
        severity=Severity.ERROR,
        find=_broken,
        parameters=(_TOGETHER,),
    ),
)
