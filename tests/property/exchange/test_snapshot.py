"""Snapshots and deltas of any records: there and back gives the very bytes, whatever order they were read in."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvdesk.exchange import snapshot
from lvdesk.exchange.picture import columns_of
from lvdesk.network.frames import schema_of
from lvdesk.network.tables import TABLES

_NAMES = columns_of("meter_box")
_TEXT = st.none() | st.text(max_size=8)
_SLOTS = st.none() | st.integers(0, 9)
_NUMBER = st.none() | st.floats(-180, 180, allow_nan=False) | st.sampled_from([115.6820234, 1e-7, 0.1 + 0.2])


@st.composite
def _records(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    keys = draw(st.lists(st.text(min_size=1, max_size=4), max_size=6, unique=True))
    rows = [
        {
            "id": number,
            "asset_no": key,
            "location": draw(_TEXT),
            "longitude": draw(_NUMBER),
            "slot_rows": draw(_SLOTS),
        }
        for number, key in enumerate(keys, 1)
    ]
    blank: dict[str, Any] = dict.fromkeys(_NAMES)
    return {"meter_box": pl.DataFrame([blank | row for row in rows], schema=schema_of(TABLES["meter_box"], _NAMES))}


@given(_records(), _records())
def test_there_and_back_gives_the_same_bytes(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    before, after = snapshot.taken(one), snapshot.taken(other)
    delta = snapshot.compared(before, after)
    there = snapshot.applied(before, delta)
    assert snapshot.written(there) == snapshot.written(after)
    assert snapshot.written(snapshot.applied(there, delta.undone())) == snapshot.written(before)
    assert snapshot.written(snapshot.unpacked(snapshot.packed(before))) == snapshot.written(before)


@given(_records(), st.randoms())
def test_the_order_of_reading_does_not_matter(records: dict[str, pl.DataFrame], random: Any) -> None:
    order = list(range(records["meter_box"].height))
    random.shuffle(order)
    shuffled = {"meter_box": records["meter_box"][order]} if order else records
    assert snapshot.written(snapshot.taken(shuffled)) == snapshot.written(snapshot.taken(records))


@given(_records())
def test_a_snapshot_says_every_field_that_is_filled(records: dict[str, pl.DataFrame]) -> None:
    said = {row["key"]: json.loads(row["values"]) for row in snapshot.taken(records).iter_rows(named=True)}
    for row in records["meter_box"].drop("id").iter_rows(named=True):
        assert said[row["asset_no"]] == {name: value for name, value in row.items() if value is not None}


def test_a_delta_of_another_snapshot_is_refused() -> None:
    one = {"meter_box": pl.DataFrame([{"asset_no": "1", "location": "东村"}])}
    other = {"meter_box": pl.DataFrame([{"asset_no": "1", "location": "西村"}])}
    nothing = snapshot.unpacked(None)
    delta = snapshot.compared(snapshot.taken(one), nothing)
    with pytest.raises(ValueError, match="another snapshot"):
        snapshot.applied(snapshot.taken(other), delta)
