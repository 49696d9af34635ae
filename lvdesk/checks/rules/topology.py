"""What boxes hang on: access points and their devices."""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from lvdesk.checks.devices import KINDS, hanging, hanging_rows, known_devices, plain
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import listed, with_area_names
from lvdesk.checks.sheetrows import told_apart
from lvdesk.checks.station import Station

_NO_TERMINALS: Final = "never:需要 GIS 的设备端子连接数据，目前没有来源"


def _no_device(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """A wall bracket has no name; a pole or a branch box has one."""
    named = pl.col("device_name").is_not_null()
    missing = ~named & (pl.col("device_type").is_null() | pl.col("device_type").is_in(list(KINDS)))
    only_type = pl.col("device_type").is_not_null()
    words = pl.when(only_type).then(pl.format("挂接设备只有类型“{}”，没有名称", "device_type")).otherwise(pl.lit("没有挂接设备"))
    points = hanging(station, "access_point").filter(missing).drop("sheet_id", "sheet_row")
    yield hits(points, "access_point.device_name", pl.format("接入点 {} {}", "key", words), key="key")
    rows = told_apart(station, hanging_rows(station).filter(missing), "key")
    message = pl.format("现场采录的计量箱 {} {}", "key", words)
    yield hits(rows, "meter_box.device_name", message, key="key", detail=pl.col("nth"), milder=1)


def _unknown_device(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    for entity in ("access_point", "meter_box"):
        wrong = _unknown(station, hanging(station, entity)).drop("sheet_id", "sheet_row")
        yield _told(station, wrong, entity, pl.lit(""), pl.lit(""))
    rows = told_apart(station, _unknown(station, hanging_rows(station)), "key")
    yield _told(station, rows, "meter_box", pl.lit("现场采录的"), pl.col("nth"))


def _unknown(station: Station, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows whose device the ledger of its kind does not list for their area, though it lists others; with the areas that have it.

    Most names stand in the ledger letter by letter; only the others are compared as ``plain``.
    """
    kind = pl.col("device_type").replace_strict(KINDS, default=None, return_dtype=pl.String)
    frame = frame.drop_nulls(["device_name", "area_no"]).with_columns(kind.alias("kind")).drop_nulls("kind").with_row_index("place")
    known = known_devices(station, frame["kind"].unique().to_list())
    place = ["kind", "area_no", "name"]
    frame = frame.join(known, left_on=["kind", "area_no", "device_name"], right_on=place, how="anti", maintain_order="left")
    frame = frame.with_columns(plain(pl.col("device_name")).alias("name"))
    known = known.join(frame.select("kind").unique(), on="kind", how="semi").with_columns(plain(pl.col("name")).alias("name"))
    frame = frame.join(known, on=["kind", "area_no"], how="semi", maintain_order="left")
    frame = frame.join(known, on=place, how="anti", maintain_order="left")
    pairs = frame.select("place", "kind", "area_no", "name").join(known.rename({"name": "short"}), on=["kind", "area_no"])
    alike = pairs.filter(pl.col("name").str.ends_with(pl.col("short")) | pl.col("short").str.ends_with(pl.col("name")))
    frame = frame.join(alike.select("place"), on="place", how="anti", maintain_order="left")
    named = known.join(frame.select("kind", "name"), on=["kind", "name"], how="semi")
    elsewhere = with_area_names(station, named.rename({"area_no": "there"}), "there")
    where = elsewhere.group_by("kind", "name").agg(listed("there_said", 3).alias("where"))
    return frame.join(where, on=["kind", "name"], how="left", maintain_order="left").drop("place")


def _told(station: Station, wrong: pl.DataFrame, entity: str, before: pl.Expr, detail: pl.Expr) -> pl.DataFrame:
    wrong = with_area_names(station, wrong, "area_no")
    other = pl.when(pl.col("where").is_not_null()).then(pl.format("，台区 {} 有此设备", "where")).otherwise(pl.lit(""))
    title = pl.col("kind").replace_strict({kind: station.dictionary.title(kind) for kind in KINDS.values()}, return_dtype=pl.String)
    message = pl.format(
        f"{{}}{station.dictionary.title(entity)} {{}} 的挂接设备“{{}}”不在台区 {{}} 的{{}}台账中{{}}",
        before, "key", "device_name", "area_no_said", title, other,
    )  # fmt: skip
    return hits(wrong, f"{entity}.device_name", message, key="key", detail=detail)


def _no_box(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """A box hangs on an access point by its number or, where it gives none, by the device both name in one area."""
    points = station.table("access_point")
    links = [frame.select("access_point_no") for frame in (station.table("meter_box"), station.field("meter_box"))]
    free = points.join(pl.concat(links).drop_nulls().unique(), on="access_point_no", how="anti", maintain_order="left")
    device = ["area_no", "name"]
    boxes = pl.concat([hanging(station, "meter_box"), hanging_rows(station)])
    numbered = station.table("meter_box").drop_nulls("access_point_no").select(pl.col("asset_no").alias("key"))
    boxes = boxes.join(numbered, on="key", how="anti").select("area_no", plain(pl.col("device_name")).alias("name"))
    free = free.with_columns(plain(pl.col("device_name")).alias("name"))
    free = free.join(boxes.drop_nulls().unique(), on=device, how="anti", maintain_order="left")
    free = with_area_names(station, free, "area_no")
    yield hits(free, "access_point.access_point_no", pl.format("接入点 {} 没有计量箱（台区 {}）", "access_point_no", "area_no_said"))


def _never(_station: Station, _values: Values) -> Iterable[pl.DataFrame]:
    return ()


RULES = (
    Rule(
        code="Q60",
        family="topology",
        title="没有挂接设备",
        what="接入点或现场采录的计量箱没有写挂接设备",
        where="接入点台账、现场采录的挂接设备类型与名称；墙支架等没有名称的设备除外，采录为销户、缺失的除外",
        fix="补上挂接设备的类型和名称",
        severity=Severity.ERROR,
        find=_no_device,
    ),
    Rule(
        code="Q61",
        family="topology",
        title="挂接设备不在台账",
        what="挂接设备不在本台区的杆塔、分支箱等台账中",
        where="接入点、计量箱、现场采录的挂接设备名称；只查本台区已有该类设备台账的",
        fix="改正设备名称或台区；设备确实存在的补进台账",
        severity=Severity.WARNING,
        find=_unknown_device,
    ),
    Rule(
        code="Q62",
        family="topology",
        title="接入点没有计量箱",
        what="没有一个计量箱挂在这个接入点上",
        where="接入点台账，对照计量箱台账和现场采录的接入点编号、挂接设备",
        fix="补上计量箱的接入点编号，或删除多余的接入点",
        severity=Severity.WARNING,
        find=_no_box,
        needs=("access_point", "meter_box.access_point_no"),
    ),
    Rule(
        code="Q63",
        family="topology",
        title="接入点到变电站不通",
        what="从接入点沿设备端子走不到变电站",
        where="接入点及其上游设备的端子",
        fix="在 GIS 中补全连接关系",
        severity=Severity.ERROR,
        find=_never,
        needs=(_NO_TERMINALS,),
    ),
    Rule(
        code="Q64",
        family="topology",
        title="环路或双电源",
        what="从接入点沿设备端子走成环，或走到两台变压器",
        where="接入点及其上游设备的端子",
        fix="在 GIS 中改正连接关系",
        severity=Severity.ERROR,
        find=_never,
        needs=(_NO_TERMINALS,),
    ),
)
