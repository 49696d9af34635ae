"""Events that the boxes do not show yet."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.phrases import CANCELLED, IS_LIVE, customer_said
from lvdesk.checks.station import Station

_HIGH, _UNDER_WAY = "01", "当前新装客户"


def _not_shown(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    last = (station.today - timedelta(days=values["days"])).isoformat()
    first = (station.today - timedelta(days=values["window"])).isoformat()
    meters = station.meters
    cancelled = meters.filter(pl.col("box_no").is_not_null() & _between("cancelled_on", first, last) & _ended())
    message = pl.format("{}已于 {} 销户，电能表 {} 仍在计量箱 {}", customer_said(), "cancelled_on", "asset_no", "box_no")
    yield hits(cancelled, "meter.box_no", message, detail="销户")
    opened = station.table("customer").select("customer_no", "opened_on", "sort")
    low = pl.col("sort").ne_missing(_HIGH) & pl.col("customer_status").ne_missing(_UNDER_WAY)
    loose = (
        meters.filter(pl.col("box_no").is_null() & IS_LIVE).join(opened, on="customer_no", how="left", maintain_order="left").filter(low)
    )
    is_new = _between("opened_on", first, last)
    changed = _between("installed_on", first, last) & ~is_new
    message = pl.format("{}已于 {} 换装电能表 {}，还没有装进任何计量箱", customer_said(), "installed_on", "asset_no")
    yield hits(loose.filter(changed), "meter.box_no", message, detail="换表")
    yield _new(station, first, last)


def _new(station: Station, first: str, last: str) -> pl.DataFrame:
    """Accounts without a meter in any box, in areas where boxes are known."""
    surveyed = station.meters.drop_nulls(["point_area", "box_no"]).select(pl.col("point_area").alias("area_no")).unique()
    boxed = station.meters.drop_nulls(["customer_no", "box_no"]).select("customer_no")
    points = station.table("metering_point").select("customer_no", "area_no").join(surveyed, on="area_no", how="semi")
    people = station.table("customer").rename({"name": "customer_name", "status": "customer_status"})
    low = pl.col("sort").ne_missing(_HIGH) & pl.col("customer_status").ne_missing(_UNDER_WAY)
    new = people.filter(_between("opened_on", first, last) & IS_LIVE & low)
    new = new.join(points, on="customer_no", how="semi", maintain_order="left").join(
        boxed, on="customer_no", how="anti", maintain_order="left"
    )
    message = pl.format("{}已于 {} 立户，还没有电能表装进计量箱", customer_said(), "opened_on")
    return hits(new, "customer.opened_on", message, detail="立户")


def _ended() -> pl.Expr:
    return pl.col("customer_status").fill_null(CANCELLED) == CANCELLED


def _between(column: str, first: str, last: str) -> pl.Expr:
    return pl.col(column).str.head(10).is_between(pl.lit(first), pl.lit(last)).fill_null(value=False)


RULES = (
    Rule(
        code="Q44",
        family="consistency",
        title="回执资产编号不符",
        what="GIS 回执中的资产编号与送出的不一致",
        where="导出包的回执",
        fix="核对回执与送出的记录，重新提交",
        severity=Severity.ERROR,
        find=lambda _station, _values: (),
        needs=("never:还没有导出包的回执",),
    ),
    Rule(
        code="Q70",
        family="timeliness",
        title="异动未落实到计量箱",
        what="销户、立户、换表已过规定天数，箱表关系还没有跟上；更早的存量不报",
        where="用户的立户日期、销户日期，电能表的装表日期，箱表关系；高压用户和新装在途用户除外",
        fix="销户的把电能表移出计量箱，新装和换表的安排现场采录补上箱表关系",
        severity=Severity.WARNING,
        find=_not_shown,
        parameters=(
            Parameter("days", "异动后多少天应落实", "integer", unit="天", minimum=0),
            Parameter("window", "只看最近多少天的异动", "integer", unit="天", minimum=1),
        ),
        needs=("meter.box_no",),
    ),
    Rule(
        code="Q71",
        family="timeliness",
        title="回执超期",
        what="送出的对应关系超过规定天数还没有回执",
        where="导出包的回执",
        fix="向 GIS 一方催办，或重新提交",
        severity=Severity.WARNING,
        find=lambda _station, _values: (),
        needs=("never:还没有导出包的回执",),
    ),
)
