"""The peer of the rules: the same faults found by hand in plain polars, one function per rule, keys only and no messages.

As a person would write it for frames that hold accepted records and nothing else: no kept rows, no notes, no field results, no
differences. So the rules that only look at those (Q04, Q13, Q16, Q17, Q29, Q36, Q45) have no function here.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from tests.helpers.checking import TODAY

Keys = Iterator[pl.Series]
Frames = dict[str, pl.DataFrame]
CANCELLED: Final = "已销户客户"
DEVICES: Final = ("substation", "feeder", "transformer_area", "transformer", "pole", "branch_box", "access_point", "meter_box")
KEY: Final = {
    "substation": "substation_no", "feeder": "feeder_no", "transformer_area": "area_no", "transformer": "transformer_no", "pole": "pole_no",
    "branch_box": "branch_box_no", "access_point": "access_point_no", "meter_box": "asset_no", "metering_point": "mp_no",
    "customer": "customer_no", "meter": "asset_no",
}  # fmt: skip
LIVE: Final = pl.col("status").ne_missing(CANCELLED)


class Given:
    """The frames, and the one join that many rules share.

    Attributes:
        codes: entity -> field -> values of its closed list.
        numbers: entity -> fields that hold numbers as text.
    """

    def __init__(self, frames: Frames, codes: dict[str, dict[str, list[str]]], numbers: dict[str, list[str]]) -> None:
        self.frames, self.codes, self.numbers = frames, codes, numbers
        self.customer, self.point, self.meter = frames["customer"], frames["metering_point"], frames["meter"]
        self.box, self.area, self.access = frames["meter_box"], frames["transformer_area"], frames["access_point"]

    @cached_property
    def joined(self) -> pl.DataFrame:
        """Each meter with point, customer and box."""
        people = self.customer.select("customer_no", "status", "sort", "voltage", "address", "cancelled_on", "opened_on")
        points = self.point.select("mp_no", "customer_no", pl.col("area_no").alias("point_area"))
        boxes = self.box.select(
            pl.col("asset_no").alias("box_no"), pl.col("area_no").alias("box_area"), "slot_rows", "slot_columns", "access_point_no"
        )
        meters = self.meter.select("asset_no", "bar_code", "mp_no", "box_no", "slot_row", "slot_column", "wiring", "installed_on")
        meters = meters.join(points, on="mp_no", how="left").join(people, on="customer_no", how="left")
        return meters.join(boxes, on="box_no", how="left")


def q01(given: Given) -> Keys:
    """Required fields."""
    devices = given.access.select("access_point_no", pl.col("device_type", "device_name").name.prefix("own_"))
    boxes = given.box.join(devices, on="access_point_no", how="left")
    boxes = boxes.with_columns(pl.coalesce(name, f"own_{name}").alias(name) for name in ("device_type", "device_name"))
    for name in ("bar_code", "slot_rows", "slot_columns", "longitude", "latitude", "location", "device_type", "device_name", "area_no"):
        yield boxes.filter(pl.col(name).is_null())["asset_no"]
    yield given.meter.filter(pl.col("bar_code").is_null())["asset_no"]
    inside = given.joined.filter(pl.col("slot_rows").is_not_null() | pl.col("box_area").is_not_null())
    yield inside.filter(pl.col("slot_row").is_null() | pl.col("slot_column").is_null())["asset_no"]
    for name in ("name", "address"):
        yield given.customer.filter(pl.col(name).is_null())["customer_no"]
    points = given.customer.select("customer_no").join(given.point.select("customer_no", "mp_no", "area_no"), on="customer_no", how="left")
    yield points.filter(pl.col("area_no").is_null()).select(pl.coalesce("mp_no", "customer_no")).to_series()


def q02(given: Given) -> Keys:
    """Boxes without meters."""
    full = pl.col("asset_no").is_in(given.meter["box_no"].drop_nulls().unique().implode())
    boxes = given.box.select("asset_no", "area_no", full.alias("full"))
    known = boxes.filter("full")["area_no"].unique().implode()
    yield boxes.filter(~pl.col("full") & pl.col("area_no").is_in(known))["asset_no"]


def q03(given: Given) -> Keys:
    """Meters in no box."""
    areas = given.joined.filter(pl.col("box_no").is_not_null())["box_area"].drop_nulls().unique().implode()
    loose = given.joined.filter(pl.col("box_no").is_null() & pl.col("customer_no").is_not_null() & pl.col("point_area").is_in(areas))
    yield loose.filter(LIVE & pl.col("status").ne_missing("当前新装客户") & pl.col("sort").ne_missing("01"))["asset_no"]


def q05(given: Given) -> Keys:
    """Areas without customers."""
    served = given.point.join(given.customer.filter(~LIVE).select("customer_no"), on="customer_no", how="anti")["area_no"].unique()
    yield given.area.filter(~pl.col("area_no").is_in(served.implode()) & (pl.col("run_status") == "01"))["area_no"]


def q10(given: Given) -> Keys:
    """Barcodes of boxes."""
    yield given.box.drop_nulls("bar_code").filter(pl.col("bar_code").is_duplicated())["asset_no"]


def q11(given: Given) -> Keys:
    """One meter in several boxes."""
    coded = given.meter.select("asset_no", "bar_code", "box_no").drop_nulls(["bar_code", "box_no"])
    twice = coded.filter(pl.col("bar_code").is_duplicated())
    yield twice.filter(pl.col("box_no").n_unique().over("bar_code") > 1)["asset_no"]


def q12(given: Given) -> Keys:
    """Two meters in one slot."""
    slots = given.meter.select("asset_no", "box_no", "slot_row", "slot_column").drop_nulls()
    yield slots.filter(pl.struct("box_no", "slot_row", "slot_column").is_duplicated())["asset_no"]


def q14(given: Given) -> Keys:
    """Marketing id and GIS id in pairs."""
    for entity in DEVICES:
        pairs = given.frames[entity].select(pl.col(KEY[entity]).alias("key"), "marketing_id", "gis_id")
        for own, other in (("marketing_id", "gis_id"), ("gis_id", "marketing_id")):
            twice = pairs.drop_nulls(own).filter(pl.col(own).is_duplicated())
            yield twice.filter(pl.col(other).drop_nulls().n_unique().over(own) > 1)["key"]


def q15(given: Given) -> Keys:
    """One GIS id, one device."""
    for entity in DEVICES:
        devices = given.frames[entity].select(KEY[entity], "gis_id").drop_nulls("gis_id")
        yield devices.filter(pl.col("gis_id").is_duplicated())[KEY[entity]]


def check_digits(codes: pl.Series) -> pl.Series:
    """The digit each 22-digit code should end with."""
    digits = np.frombuffer("".join(codes).encode(), np.uint8).reshape(-1, 22).astype(np.int64) - 48
    return pl.Series("expected", -(digits[:, :21] @ np.where(np.arange(21) % 2, 1, 3)) % 10).cast(pl.String)


def q20(given: Given) -> Keys:
    """Barcodes: figures, length, check digit, segments."""
    bar = pl.col("bar_code")
    for frame in (given.meter, given.box):
        codes = frame.select("asset_no", "bar_code").drop_nulls("bar_code")
        sound = bar.str.contains(r"^[0-9]{22}$")
        yield codes.filter(~sound)["asset_no"]
        codes = codes.filter(sound)
        codes = codes.with_columns(check_digits(codes["bar_code"]))
        wrong = (pl.col("expected") != bar.str.slice(-1)) | ~bar.str.slice(2, 1).is_in(list("01234")) | (bar.str.slice(3, 2) != "00")
        yield codes.filter(wrong)["asset_no"]


def q21(given: Given) -> Keys:
    """Asset types in barcodes."""
    for frame, kind in ((given.meter, "01"), (given.box, "05")):
        bar = pl.col("bar_code")
        yield frame.filter(bar.str.contains(r"^[0-9]{22}$") & (bar.str.slice(5, 2) != kind))["asset_no"]


def q22(given: Given) -> Keys:
    """Values outside closed lists, poles apart."""
    for entity, fields in given.codes.items():
        if entity != "pole":
            yield from _outside(given, entity, fields)


def q28(given: Given) -> Keys:
    """The same for poles."""
    yield from _outside(given, "pole", given.codes["pole"])


def _outside(given: Given, entity: str, fields: dict[str, list[str]]) -> Keys:
    frame = given.frames[entity]
    for name, known in fields.items():
        yield frame.filter(~pl.col(name).is_in(known))[KEY[entity]]


def q23(given: Given) -> Keys:
    """Customer numbers."""
    number = pl.col("customer_no")
    yield given.customer.filter(~number.str.contains(r"^[0-9]+$") | ~number.str.len_chars().is_in([10, 13]))["customer_no"]


def q24(given: Given) -> Keys:
    """Rows, columns, positions and categories of boxes."""
    sizes = pl.any_horizontal(~pl.col("slot_rows", "slot_columns").is_between(1, 10))
    yield given.box.filter(sizes)["asset_no"]
    for place, size in (("slot_row", "slot_rows"), ("slot_column", "slot_columns")):
        yield given.joined.filter((pl.col(place) < 1) | ((pl.col(place) > 10) & pl.col(size).is_null()))["asset_no"]
    count = pl.col("slot_rows") * pl.col("slot_columns")
    single, several = (pl.col("category") == "单体表箱") & (count > 1), (pl.col("category") == "合体表箱") & (count == 1)
    yield given.box.filter(~sizes & (single | several))["asset_no"]


def q26(given: Given) -> Keys:
    """Numbers with foreign characters."""
    foreign = r"[\s\u00a0\u3000０-９Ａ-Ｚａ-ｚ]|^\d+\.0+$"
    for entity, names in given.numbers.items():
        for name in names:
            yield given.frames[entity].filter(pl.col(name).str.contains(foreign))[KEY[entity]]


def q27(given: Given) -> Keys:
    """Dates after today, ends before beginnings."""
    today = TODAY.isoformat()
    for entity, name in (("customer", "opened_on"), ("meter", "installed_on"), ("transformer", "installed_on")):
        yield given.frames[entity].filter(pl.col(name).str.head(10) > today)[KEY[entity]]
    yield given.customer.filter(pl.col("cancelled_on").str.head(10) < pl.col("opened_on").str.head(10))["customer_no"]


def q30(given: Given) -> Keys:
    """The point's area, the box's, the access point's."""
    live = given.joined.filter(LIVE).drop_nulls(["point_area", "box_area"])
    wrong = live.filter(pl.col("point_area") != pl.col("box_area"))
    boxes = live.join(wrong.select("box_no").unique(), on="box_no", how="semi")
    differs = pl.col("point_area") != pl.col("box_area")
    agreed = boxes.group_by("box_no").agg(
        (pl.len() > 1) & differs.all() & (pl.col("point_area").min() == pl.col("point_area").max())
    ).select("box_no", pl.nth(1).alias("agreed"))  # fmt: skip
    wrong = wrong.join(agreed, on="box_no")
    yield wrong.filter(~pl.col("agreed"))["mp_no"]
    yield wrong.filter("agreed")["box_no"].unique()
    points = given.access.select("access_point_no", pl.col("area_no").alias("other"))
    both = given.box.select("asset_no", "area_no", "access_point_no").join(points, on="access_point_no")
    yield both.filter(pl.col("area_no") != pl.col("other"))["asset_no"]


def q31(given: Given) -> Keys:
    """One box, several areas."""
    inside = given.joined.filter(LIVE).drop_nulls(["point_area", "box_no"])
    areas = inside.group_by("box_no").agg((pl.col("point_area").min() != pl.col("point_area").max()).alias("several"))
    yield areas.filter("several")["box_no"]


def q32(given: Given) -> Keys:
    """Links that lead nowhere; more than three to one number are told at the number."""
    links = (
        ("feeder", "substation_no", "substation"), ("transformer_area", "feeder_no", "feeder"),
        ("transformer", "area_no", "transformer_area"), ("metering_point", "area_no", "transformer_area"),
        ("meter_box", "area_no", "transformer_area"), ("metering_point", "customer_no", "customer"), ("meter", "mp_no", "metering_point"),
        ("meter", "box_no", "meter_box"),
    )  # fmt: skip
    for entity, field, parent in links:
        children = given.frames[entity].select(pl.col(KEY[entity]).alias("key"), pl.col(field).alias("to"))
        parents = given.frames[parent].select(pl.col(KEY[parent]).alias("to"))
        lost = children.drop_nulls("to").join(parents, on="to", how="anti")
        many = pl.len().over("to") > 3
        yield lost.filter(~many)["key"]
        yield lost.filter(many)["to"].unique()
        if field in {"substation_no", "feeder_no", "mp_no"} or entity == "transformer":
            yield children.filter(pl.col("to").is_null())["key"]


def q33(given: Given) -> Keys:
    """More meters than slots."""
    inside = given.meter.group_by(pl.col("box_no").alias("asset_no")).len()
    boxes = given.box.select("asset_no", pl.col("slot_rows") * pl.col("slot_columns")).join(inside, on="asset_no")
    yield boxes.filter(pl.col("len") > pl.col("slot_rows"))["asset_no"]


def q34(given: Given) -> Keys:
    """Positions outside the box."""
    for place, size in (("slot_row", "slot_rows"), ("slot_column", "slot_columns")):
        yield given.joined.filter(pl.col(place) > pl.col(size))["asset_no"]


def q35(given: Given) -> Keys:
    """One customer in several boxes."""
    boxed = given.joined.filter(LIVE).drop_nulls(["customer_no", "box_no"])
    boxed = boxed.group_by("customer_no").agg((pl.col("box_no").min() != pl.col("box_no").max()).alias("several"))
    yield boxed.filter("several")["customer_no"]


def q37(given: Given) -> Keys:
    """Voltage and wiring."""
    wiring, voltage = pl.col("wiring"), pl.col("voltage")
    meters = given.joined.filter(LIVE)
    yield meters.filter((voltage == "AC02202") & (wiring != "1"))["asset_no"]
    four = meters.filter((voltage == "AC03802") & (wiring != "3"))
    singles = given.meter.join(four.select("mp_no"), on="mp_no", how="semi").filter(wiring == "1").group_by("mp_no").len()
    four = four.join(singles, on="mp_no", how="left")
    yield four.filter((wiring != "1") | (pl.col("len").fill_null(0) < 3))["asset_no"]


def q38(given: Given) -> Keys:
    """Meters of cancelled customers."""
    yield given.joined.filter(pl.col("status") == CANCELLED)["asset_no"]


def q39(given: Given) -> Keys:
    """Cancelled by date or by status, not by both."""
    dated = pl.col("cancelled_on").str.head(10) <= TODAY.isoformat()
    yield given.customer.filter(dated & (pl.col("status") != CANCELLED))["customer_no"]
    gone = given.customer.filter((pl.col("status") == CANCELLED) & pl.col("cancelled_on").is_null())
    sheets = given.customer.filter(pl.col("cancelled_on").is_not_null())["from_sheet"].unique()
    yield gone.filter(pl.col("from_sheet").is_in(sheets.implode()))["customer_no"]


def q40(given: Given) -> Keys:
    """High voltage on public areas, low voltage on private ones."""
    people = given.customer.filter(LIVE).select("customer_no", "sort")
    areas = given.area.select("area_no", "usage")
    public, private = areas.filter(pl.col("usage") == "01"), areas.filter(pl.col("usage") == "02")
    high = people.filter(pl.col("sort") == "01").join(given.point.select("customer_no", "area_no"), on="customer_no")
    yield high.join(public, on="area_no", how="semi")["customer_no"].unique()
    hung = given.point.join(private, on="area_no", how="semi").join(people, on="customer_no")
    hung = hung.unique(["customer_no", "area_no"]).with_columns(
        pl.col("sort").is_in(["02", "03"]).alias("low"), pl.len().over("area_no").alias("all")
    )
    lows = hung.filter("low").with_columns(pl.len().over("area_no").alias("lows"))
    yield lows.filter((pl.col("lows") < 2) & (pl.col("all") > 1))["mp_no"]
    yield lows.filter(pl.col("lows") >= 2)["area_no"].unique()


def q41(given: Given) -> Keys:
    """Contracted against installed capacity."""
    people = given.customer.filter(LIVE).select("customer_no", "contract_capacity")
    points = given.point.select("customer_no", "area_no").unique().join(people, on="customer_no")
    loads = points.group_by("area_no").agg(
        pl.len(), pl.sum("contract_capacity"), pl.col("contract_capacity").is_null().any().alias("partial")
    )
    areas = given.area.select("area_no", "capacity_kva").filter(pl.col("capacity_kva") > 0).join(loads, on="area_no")
    ratio = pl.col("contract_capacity") / pl.col("capacity_kva")
    low = (ratio < 0.05) & ~pl.col("partial") & (pl.col("len") >= 20)
    yield areas.filter(low | (ratio > 15))["area_no"]


def q42(given: Given) -> Keys:
    """An area's capacity is that of its running transformers."""
    running = given.frames["transformer"].filter(pl.col("run_status").fill_null("01") == "01")
    sums = running.group_by("area_no").agg(pl.sum("capacity_kva").alias("sum"), pl.col("capacity_kva").is_null().any().alias("partial"))
    areas = given.area.select("area_no", "capacity_kva").join(sums, on="area_no")
    yield areas.filter(~pl.col("partial") & ((pl.col("capacity_kva") - pl.col("sum")).abs() > 0.5))["area_no"]


def q43(given: Given) -> Keys:
    """Area and transformer are called alike."""
    names = given.area.select("area_no", pl.col("name").alias("area_name"))
    pairs = given.frames["transformer"].select("transformer_no", "area_no", "name").join(names, on="area_no")
    yield pairs.filter(pl.col("name") != pl.col("area_name"))["transformer_no"]


def q70(given: Given) -> Keys:
    """Events of the last year that no box shows a month later."""
    last, first = [(TODAY - timedelta(days=days)).isoformat() for days in (30, 365)]
    ended, opened, changed = [pl.col(name).str.head(10).is_between(pl.lit(first), pl.lit(last)).fill_null(value=False)
                              for name in ("cancelled_on", "opened_on", "installed_on")]  # fmt: skip
    boxed = pl.col("box_no").is_not_null()
    low = LIVE & pl.col("sort").ne_missing("01") & pl.col("status").ne_missing("当前新装客户")
    yield given.joined.filter(boxed & ended & (pl.col("status").fill_null(CANCELLED) == CANCELLED))["asset_no"]
    yield given.joined.filter(~boxed & changed & ~opened & low)["asset_no"]
    new = given.customer.filter(opened & low)
    yield new.join(given.joined.filter(boxed).select("customer_no"), on="customer_no", how="anti")["customer_no"]


Rule = Callable[[Given], Keys]
RECORDS: Final[dict[str, Rule]] = {name.upper(): rule for name, rule in list(globals().items()) if name[0] == "q" and name[1:].isdigit()}
"""Code -> the search by hand."""
