"""What the rules find does not depend on the order in which the station's rows come, nor on where they stand."""

import re

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.checks.engine import FOUND, found_by, missing, placed
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook import Tuning
from lvdesk.checks.station import Station
from tests.helpers.anystation import AnyStation
from tests.helpers.checking import values_of

SEEDS = st.integers(0, 2**32 - 1)


def _found(station: Station, code: str) -> list[tuple[object, ...]]:
    rule = discover()[code]
    if missing(station, rule):
        return []
    frames = found_by(station, rule, {code: Tuning(enabled=True, severity=rule.severity, values=values_of(rule))})
    return sorted(placed(station, pl.concat([pl.DataFrame(schema=FOUND), *frames])).rows(), key=repr)


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, order=SEEDS)
def test_the_order_of_rows_changes_no_finding(seed: int, order: int) -> None:
    station = AnyStation(seed)
    shuffled = station.shuffled(order)
    assert [code for code in discover() if _found(shuffled, code) != _found(station, code)] == []


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_findings_are_the_same_where_the_rows_stand_elsewhere(seed: int) -> None:
    """A file that comes again under another name, with rows put in above: the same findings, about the same other rows."""
    station = AnyStation(seed)
    moved = station.moved()
    assert [code for code in discover() if _said(moved, code) != _said(station, code)] == []


def _said(station: Station, code: str) -> list[tuple[object, ...]]:
    """Everything but the places; a message never names its own."""
    told = pl.DataFrame(_found(station, code), schema=FOUND, orient="row").join(station.sheets, on="sheet_id", how="left")
    for file, row, message in told.select("file", "sheet_row", "message").iter_rows():
        assert f"{file} 第 {row} 行" not in message
    message = [re.sub(r"\S+?\.xlsx 第 \d+ 行|第 \d+ 行", "某行", text) for text in told["message"]]
    return told.select("identity", "severity", "value", pl.Series("message", message, dtype=pl.String), "suggestion").rows()


def test_random_stations_make_most_rules_speak() -> None:
    """Otherwise the order of nothing would have been compared."""
    stations = [AnyStation(seed) for seed in range(4)]
    silent = [code for code in discover() if not any(_found(station, code) for station in stations)]
    assert len(silent) < len(discover()) / 2, silent
