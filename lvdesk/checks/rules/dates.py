"""Dates that cannot be."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS, Rule, Severity, Values, hits
from lvdesk.checks.refusals import refusals
from lvdesk.checks.station import Station

_PAST: Final = (("customer", "opened_on"), ("meter", "installed_on"), ("transformer", "installed_on"))
_DAY: Final = 10
"""Characters of a date as it is stored: 2026-06-01."""


def _dates(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    today = station.today.isoformat()
    for entity, name in _PAST:
        late = station.table(entity).filter(pl.col(name).str.slice(0, _DAY) > today)
        title, field = station.dictionary.title(entity), station.dictionary.field(entity, name).title
        yield hits(late, f"{entity}.{name}", pl.format(f"{title} {{}} 的{field} {{}} 晚于今天", KEYS[entity], name))
    opened, cancelled = pl.col("opened_on").str.slice(0, _DAY), pl.col("cancelled_on").str.slice(0, _DAY)
    wrong = station.table("customer").filter(cancelled < opened)
    who = pl.format("用户 {}（{}）", "customer_no", pl.col("name").fill_null("无户名"))
    yield hits(wrong, "customer.cancelled_on", pl.format("{} 的销户日期 {} 早于立户日期 {}", who, "cancelled_on", "opened_on"))
    yield from refusals(station, "Q27")


RULES = (
    Rule(
        code="Q27",
        family="format",
        title="日期不合理",
        what="立户、装表或投运日期晚于今天，销户日期早于立户日期，或日期无法识别",
        where="用户的立户日期、销户日期，电能表的装表日期，变压器的投运日期，各表的日期列",
        fix="对照营销系统改正日期",
        severity=Severity.ERROR,
        find=_dates,
    ),
)
