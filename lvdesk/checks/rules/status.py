"""Cancelled customers: what they still hold, and whether status and date agree."""

from collections.abc import Iterator

import polars as pl

from lvdesk.checks.evidence import field_links, standing
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.phrases import CANCELLED, customer_said, named
from lvdesk.checks.station import Station

_SUGGESTED = f'{{"status":"{CANCELLED}"}}'


def _holds_meter(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    held = station.meters.filter(pl.col("customer_status") == CANCELLED)
    slot = pl.format(" {} 行 {} 列", "slot_row", "slot_column").fill_null("")
    date = pl.format("（{} 销户）", "cancelled_on").fill_null("")
    message = pl.format("已销户{}{}的电能表 {} 仍在计量箱 {}{}", customer_said(), date, "asset_no", "box_no", slot)
    yield hits(held.drop_nulls("box_no"), "meter.box_no", message)
    seen = standing(station, field_links(station).drop_nulls("box_no"))
    rows = seen.select("sheet_id", "sheet_row", "meter_no", pl.col("box_no").alias("found_in"))
    found = held.filter(pl.col("box_no").is_null()).join(rows, left_on="asset_no", right_on="meter_no", maintain_order="left")
    message = pl.format("已销户{}{}的电能表 {} 在现场采录中仍在计量箱 {}", customer_said(), date, "asset_no", "found_in")
    yield hits(found, "meter.box_no", message, value=pl.col("found_in"))
    message = pl.format("已销户{}{}名下仍有电能表 {}", customer_said(), date, "asset_no")
    loose = held.filter(pl.col("box_no").is_null()).join(rows, left_on="asset_no", right_on="meter_no", how="anti")
    yield hits(loose, "meter.mp_no", message, milder=1)


def _date_or_status(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    today = station.today.isoformat()
    people = station.table("customer").with_columns(pl.col("from_sheet").fill_null(-1).alias("ledger"))
    said = named("customer_no", "name")
    dated = people.filter((pl.col("cancelled_on").str.head(10) <= today) & pl.col("status").is_not_null())
    free = (
        dated.join(station.meters.select("customer_no"), on="customer_no", how="semi")
        .select("id")
        .with_columns(pl.lit(value=True).alias("held"))
    )
    wrong = dated.filter(pl.col("status") != CANCELLED).join(free, on="id", how="left", maintain_order="left")
    idle = pl.col("held").is_null() & (pl.col("recent_kwh").fill_null(0) == 0) & (pl.col("status") == "正常用电客户")
    ended = (pl.col("cancelled_on") >= pl.col("opened_on")).fill_null(value=True)
    suggestion = pl.when(idle & ended).then(pl.lit(_SUGGESTED))
    message = pl.format("用户 {} 有销户日期 {}，用户状态却是{}", said, "cancelled_on", "status")
    yield hits(wrong, "customer.status", message, suggestion=suggestion)
    # A ledger without any cancel date does not give that field.
    gives = pl.col("cancelled_on").is_not_null().any().over("ledger")
    undated = people.filter(gives & pl.col("cancelled_on").is_null() & (pl.col("status") == CANCELLED))
    yield hits(undated, "customer.cancelled_on", pl.format("用户 {} 已销户，却没有销户日期", said), milder=1)


RULES = (
    Rule(
        code="Q38",
        family="consistency",
        title="销户仍占表位",
        what="已销户用户名下仍有电能表，或其电能表仍占着表位",
        where="用户状态为已销户客户的用户，其电能表与箱表关系、现场采录",
        fix="核实该户是否确已销户：已拆表的从计量箱中移出，表仍在用的改正用户状态或过户",
        severity=Severity.ERROR,
        find=_holds_meter,
        needs=("customer.status", "meter"),
    ),
    Rule(
        code="Q39",
        family="consistency",
        title="销户日期与状态不符",
        what="有销户日期而用户状态不是已销户，或已销户而没有销户日期",
        where="用户的销户日期、用户状态；晚于今天的日期不查，整本台账都没有销户日期时不查缺失",
        fix="确已销户的把用户状态改为已销户客户，仍在用电的删去销户日期",
        severity=Severity.ERROR,
        find=_date_or_status,
        needs=("customer.status", "customer.cancelled_on"),
    ),
)
