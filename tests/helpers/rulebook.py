"""Rules with every kind of parameter, to try the rule book with; what they find is plain to see."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from lvdesk.checks import registry
from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.station import Station


def _small(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    boxes = station.table("meter_box").filter(pl.col("slot_rows") < values["rows"])
    yield hits(boxes, "meter_box.slot_rows", pl.format("计量箱 {} 只有 {} 行", "asset_no", "slot_rows"))


def _never(_station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    return iter(())


def tried() -> tuple[Rule, ...]:
    """Q33 finds boxes of less than so many rows; Q50 has every kind of parameter."""
    words: dict[str, Any] = {"what": "试", "where": "计量箱", "fix": "改正行数"}
    return (
        Rule(
            code="Q33", family="consistency", title="行数过少", severity=Severity.ERROR, find=_small, needs=("meter_box.slot_rows",),
            parameters=(Parameter("rows", "最少行数", "integer", 0, "行", 0, 99),), **words,
        ),
        Rule(
            code="Q50", family="spatial", title="距离过远", severity=Severity.WARNING, find=_never, certain=False,
            parameters=(
                Parameter("distance", "最大距离", "number", 500, "m", 10, 5000),
                Parameter("share", "占比", "number", 0.8, "", 0, None),
                Parameter("word", "地址词", "text", "临时"),
                Parameter("states", "状态", "list", ["正常用电客户", "当前变更客户"]),
                Parameter("lengths", "位数", "list", [10, 13], "位"),
            ), **words,
        ),
    )  # fmt: skip


@pytest.fixture
def tried_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program knows the tried rules and no others, as shipped in their code."""
    found = registry.check(tried())
    registry.discover.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(registry, "check", lambda _rules: found)
        patch.setattr("lvdesk.checks.rulebook.FILE", "no-such-rules.toml")
        yield
    registry.discover.cache_clear()
