"""One thing once: box barcodes, meters in boxes, slots, customer numbers."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.contradictions import contradictions
from lvdesk.checks.evidence import field_links
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import listed
from lvdesk.checks.sheetrows import others, suggested, told_apart, with_spots
from lvdesk.checks.station import Station
from lvdesk.network.identifiers import PREFIX_LENGTH, asset_number, check_digits

_SLOT: Final = ["slot_row", "slot_column"]
_FIELD_SLOT: Final = ["field_row", "field_column"]


def _box_codes(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    boxes = station.table("meter_box").drop_nulls("bar_code")
    twice = boxes.filter(pl.col("bar_code").is_duplicated())
    twice = twice.with_columns(listed("asset_no").over("bar_code").alias("all"), _by_asset(boxes, twice).alias("right"))
    message = pl.format("计量箱 {} 的条形码 {} 重复，共用的计量箱：{}", "asset_no", "bar_code", "all")
    yield hits(twice, "meter_box.bar_code", message, suggestion=suggested("bar_code", pl.col("right")))
    other = contradictions(station, "meter_box", "bar_code")
    message = pl.format("计量箱 {} 的条形码登记为 {}{}，本行写的是 {}", "key", "current", "where", "other")
    yield hits(other, "meter_box.bar_code", message, key="key", value=pl.col("current"), detail=pl.col("other"))
    yield from _listed_twice(station)


def _by_asset(boxes: pl.DataFrame, twice: pl.DataFrame) -> pl.Series:
    """The barcode that follows from the box's own asset number, when the code it carries is another box's."""
    body = twice["bar_code"].str.slice(0, PREFIX_LENGTH) + twice["asset_no"]
    digits = check_digits(body + "0")  # null unless the asset number has its 14 digits
    free = (asset_number(pl.col("bar_code")) != pl.col("asset_no")) & pl.col("right").is_not_null()
    found = twice.select("bar_code", "asset_no", (body + digits).alias("right"))
    return found.select(pl.when(free & ~pl.col("right").is_in(boxes["bar_code"].to_list())).then("right")).to_series()


def _listed_twice(station: Station) -> Iterator[pl.DataFrame]:
    """Sheets of field results with a row per box that list one box in two rows."""
    lists = [key for key, template in station.templates.items() if template.effect == "evidence" and template.entity == "meter_box"]
    rows = station.field("meter_box").filter(pl.col("template").is_in(lists)).drop_nulls("bar_code")
    rows = rows.select("sheet_id", "sheet_row", "template", "bar_code").unique(maintain_order=True).sort("sheet_id", "sheet_row")
    twice = told_apart(station, rows.filter(pl.len().over("sheet_id", "bar_code") > 1), "bar_code")
    spot = pl.format("第 {} 行", "sheet_row")
    twice = twice.with_columns(spot.alias("spot")).with_columns(others("spot", "sheet_id", "bar_code").alias("others"))
    message = pl.format("计量箱条形码 {} 在同一张采录表中还列在{}", "bar_code", "others")
    yield hits(twice, "meter_box.bar_code", message, key="bar_code", detail=pl.col("nth"))


def _boxes_of_meter(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    other = contradictions(station, "meter", "box_no")
    message = pl.format("电能表 {} 登记在计量箱 {}{}，本行又列在计量箱 {}", "key", "current", "where", "other")
    yield hits(other, "meter.box_no", message, key="key", value=pl.col("other"), detail=pl.col("other"))
    coded = station.table("meter").drop_nulls(["bar_code", "box_no"])
    same = coded.filter(pl.col("box_no").n_unique().over("bar_code") > 1).with_columns(listed("box_no").over("bar_code").alias("all"))
    message = pl.format("条形码 {} 的电能表登记了不止一块，分别在计量箱 {}", "bar_code", "all")
    yield hits(same, "meter.box_no", message, detail="条形码")
    rows = field_links(station).drop_nulls(["meter_no", "box_no"])
    rows = rows.unique(["meter_no", "box_no"], keep="first", maintain_order=True)
    wrong = with_spots(station, rows.filter(pl.len().over("meter_no") > 1))
    wrong = wrong.with_columns(pl.format("计量箱 {}（{}）", "box_no", "spot").alias("seen"))
    wrong = wrong.with_columns(others("seen", "meter_no").alias("others"))
    message = pl.format("现场采录中电能表 {} 在不止一个计量箱：本行为计量箱 {}，另有{}", "meter_no", "box_no", "others")
    detail = pl.format("现场:{}", "box_no")
    yield hits(wrong, "meter.box_no", message, key="meter_no", value=pl.col("box_no"), detail=detail)


def _slots(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    placed = station.table("meter").drop_nulls(["box_no", *_SLOT]).filter(pl.all_horizontal(pl.col(_SLOT) >= 1))
    twice = placed.filter(pl.len().over("box_no", *_SLOT) > 1).with_columns(listed("asset_no").over("box_no", *_SLOT).alias("all"))
    message = pl.format("计量箱 {} 的 {} 行 {} 列同时登记了电能表 {}", "box_no", *_SLOT, "all")
    yield hits(twice, "meter.slot_row", message, value=pl.format("{} 行 {} 列", *_SLOT))
    rows = field_links(station).drop_nulls(["box_no", "meter_no", *_FIELD_SLOT])
    rows = rows.join(station.sheets.select("sheet_id", "template"), on="sheet_id", how="left", maintain_order="left")
    place = ["template", "box_no", *_FIELD_SLOT]
    rows = rows.sort("sheet_id", "sheet_row", "meter_no").unique([*place, "meter_no"], keep="first", maintain_order=True)
    twice = rows.filter(pl.len().over(place) > 1).with_columns(listed("meter_no").over(place).alias("all"))
    message = pl.format("现场采录：计量箱 {} 的 {} 行 {} 列同时有电能表 {}", "box_no", *_FIELD_SLOT, "all")
    value = pl.format("{} 行 {} 列", *_FIELD_SLOT)
    yield hits(twice, "meter.slot_row", message, key="meter_no", value=value, detail=pl.format("现场:{}", "template"))


def _customers(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """A ledger of customers contradicting itself is a fault; a survey that mentions another name only wants a look."""
    lists = [key for key, template in station.templates.items() if template.entity == "customer"]
    is_ledger = pl.col("template").is_in(lists)
    people = contradictions(station, "customer", "name", "address").with_columns(pl.col("key").alias("customer_no"))
    owners = station.table("metering_point").select(pl.col("mp_no").alias("key"), "customer_no")
    # The area that a survey gives is the box's: whether it is the customer's is another rule.
    points = contradictions(station, "metering_point", "area_no").filter(is_ledger).join(owners, on="key", maintain_order="left")
    for found, place in ((people, "customer.name"), (people, "customer.address"), (points, "metering_point.area_no")):
        entity, _, name = place.partition(".")
        title = station.dictionary.field(entity, name).title
        part = found.filter(pl.col("field") == name)
        current = pl.col("current").fill_null("")
        message = pl.format(
            f"用户 {{}} 的{title}登记为“{{}}”{{}}，本行写的是“{{}}”", pl.coalesce("customer_no", "key"), current, "where", "other"
        )
        milder = (~is_ledger).fill_null(value=True)
        yield hits(part, place, message, key="key", value=pl.col("other"), detail=pl.col("other"), milder=milder)


RULES = (
    Rule(
        code="Q10",
        family="uniqueness",
        title="计量箱条形码重复",
        what="两个计量箱用同一个条形码，或一张采录表把同一条形码列了两行",
        where="计量箱的条形码；现场采录的计量箱清单",
        fix="对照实物核实各箱的条形码，改正写错的一个；资产号能推出条形码时可按建议改正",
        severity=Severity.ERROR,
        find=_box_codes,
        source="营配采录规则：条形码唯一",
    ),
    Rule(
        code="Q11",
        family="uniqueness",
        title="一表多箱",
        what="一块电能表登记在不止一个计量箱",
        where="普查表、箱表关系和现场采录中电能表所在的计量箱",
        fix="到现场核实电能表实际在哪个计量箱，改正或删去另一处",
        severity=Severity.ERROR,
        find=_boxes_of_meter,
    ),
    Rule(
        code="Q12",
        family="uniqueness",
        title="一位多表",
        what="同一计量箱的同一行、列有两块电能表",
        where="电能表的计量箱、所在行、所在列；现场采录的表位",
        fix="对照实物改正所在行、所在列",
        severity=Severity.ERROR,
        find=_slots,
    ),
    Rule(
        code="Q13",
        family="uniqueness",
        title="用户编号重复而内容不同",
        what="同一用户编号出现不同的户名、地址或台区；来自用户台账以外的表时轻一级",
        where="用户台账各行，普查表中提到的用户",
        fix="对照营销系统确定正确的一行，改正或删去另一行",
        severity=Severity.ERROR,
        find=_customers,
    ),
)
