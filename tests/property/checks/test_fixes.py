"""A suggested value, once it stands in the record, ends its finding and starts no other one."""

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.checks.engine import run_rules
from lvdesk.checks.model import KEYS
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook import Tuning
from lvdesk.kit.progress import Progress
from lvdesk.network.identifiers import asset_no
from lvdesk.templates.dictionary import load_dictionary
from tests.helpers.checking import StationOf, values_of
from tests.helpers.faulty import clean_station

Record = dict[str, Any]
Records = dict[str, list[Record]]

_LINKS = {"metering_point": {"customer_no": "customer.customer_no"}, "transformer": {"area_no": "transformer_area.area_no"}}
_MANY = 10_000


@cache
def _clean() -> Records:
    """The accepted records of a station without a fault."""
    found: dict[str, dict[str, Record]] = {entity: {} for entity in KEYS}
    for rows in clean_station(100).tables.values():
        for row in rows:
            _take(found, row)
    return {entity: list(records.values()) for entity, records in found.items()}


def _take(found: dict[str, dict[str, Record]], row: dict[str, str]) -> None:
    entities = {name.partition(".")[0] for name in row}
    assets = {entity: row.get(f"{entity}.asset_no") or asset_no(row.get(f"{entity}.bar_code", "")) for entity in ("meter", "meter_box")}
    for entity in entities:
        record = {name.partition(".")[2]: _typed(name, text) for name, text in row.items() if name.startswith(f"{entity}.")}
        record |= {name: row[source] for name, source in _LINKS.get(entity, {}).items() if source in row}
        if entity in assets:
            record["asset_no"] = assets[entity]
        if entity == "meter":
            record |= {"mp_no": row["metering_point.mp_no"], "box_no": assets["meter_box"]}
        key = record.get(KEYS[entity])
        if key:
            found[entity].setdefault(key, {}).update({name: value for name, value in record.items() if value not in {None, ""}})


@cache
def _kind(name: str) -> str:
    field = load_dictionary().find(name)
    return field.kind if field else ""


def _typed(name: str, text: str) -> Any:
    kind = _kind(name)
    if not text or kind == "integer":
        return int(float(text)) if text else None
    return float(text) if kind in {"number", "longitude", "latitude"} else text


# ---------------------------------------------------------------- dirt


def _digit(entity: str) -> Callable[[Records, int], None]:
    def spoil(records: Records, place: int) -> None:
        record = _pick(records, entity, place)
        code = record["bar_code"]
        record["bar_code"] = code[:12] + str((int(code[12]) + 3) % 10) + code[13:]

    return spoil


def _pick(records: Records, entity: str, place: int) -> Record:
    return records[entity][place % len(records[entity])]


def _box_code(records: Records, place: int) -> None:
    _pick(records, "meter_box", place)["bar_code"] = _pick(records, "meter_box", place + 1)["bar_code"]


def _category(records: Records, place: int) -> None:
    box = _pick(records, "meter_box", place)
    box["category"] = "单体表箱" if box["category"] == "合体表箱" else "合体表箱"


def _full_width(records: Records, place: int) -> None:
    point = _pick(records, "metering_point", place)
    point["area_no"] = "".join(chr(ord(digit) + 0xFEE0) if digit < "～" else digit for digit in point["area_no"])


def _code_name(records: Records, place: int) -> None:
    _pick(records, "customer", place)["sort"] = "低压居民用户"


def _swapped(records: Records, place: int) -> None:
    box = _pick(records, "meter_box", place)
    if box["longitude"] > box["latitude"]:
        box["longitude"], box["latitude"] = box["latitude"], box["longitude"]


def _cancelled(records: Records, place: int) -> None:
    """Cancelled by date, without a meter, but not by status."""
    customer = _pick(records, "customer", place)
    customer |= {"opened_on": "2015-05-06", "cancelled_on": "2024-03-05"}
    points = {point["mp_no"] for point in records["metering_point"] if point["customer_no"] == customer["customer_no"]}
    records["meter"] = [meter for meter in records["meter"] if meter["mp_no"] not in points]


DIRT: dict[str, tuple[str, Callable[[Records, int], None]]] = {
    "a wrong digit in a meter's barcode": ("Q20", _digit("meter")),
    "a wrong digit in a box's barcode": ("Q20", _digit("meter_box")),
    "another box's barcode": ("Q10", _box_code),
    "the category of a box": ("Q24", _category),
    "full-width digits": ("Q26", _full_width),
    "a name instead of a code": ("Q22", _code_name),
    "swapped coordinates": ("Q25", _swapped),
    "a cancel date without its status": ("Q39", _cancelled),
}


# ---------------------------------------------------------------- checking


@cache
def _book() -> dict[str, Tuning]:
    return {code: Tuning(enabled=True, severity=rule.severity, values=values_of(rule)) for code, rule in discover().items()}


def _found(records: Records) -> dict[str, dict[str, Any]]:
    """Identity -> finding."""
    found = run_rules(StationOf(records), _book(), Progress()).found
    return {row["identity"]: row for row in found.iter_rows(named=True)}


def _fixed(records: Records, findings: list[dict[str, Any]]) -> Records:
    after = copy.deepcopy(records)
    for finding in findings:
        entity = finding["entity"]
        record = after[entity][finding["record"] - 1]
        assert record[KEYS[entity]] == finding["key"]
        record |= {name: _typed(f"{entity}.{name}", text) for name, text in json.loads(finding["suggestion"]).items()}
    return after


def _suggested(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in found.values() if row["suggestion"] and row["record"] is not None]


def test_the_clean_station_has_nothing_to_fix() -> None:
    assert _suggested(_found(_clean())) == []


@pytest.mark.parametrize("kind", DIRT)
def test_each_kind_of_dirt_has_a_suggestion_that_helps(kind: str) -> None:
    code, spoil = DIRT[kind]
    records = copy.deepcopy(_clean())
    spoil(records, 3)
    before = _found(records)
    offered = [row for row in _suggested(before) if row["rule"] == code]
    assert offered
    for finding in offered:
        after = _found(_fixed(records, [finding]))
        assert finding["identity"] not in after
        assert after.keys() <= before.keys()


@pytest.mark.slow
@pytest.mark.timeout(600)  # every example checks a whole station three times
@given(st.lists(st.tuples(st.sampled_from(sorted(DIRT)), st.integers(0, _MANY)), min_size=1, max_size=6), st.integers(0, _MANY))
@settings(max_examples=6)
def test_suggestions_in_the_midst_of_other_faults(dirt: list[tuple[str, int]], choice: int) -> None:
    records = copy.deepcopy(_clean())
    for kind, place in dirt:
        DIRT[kind][1](records, place)
    before = _found(records)
    offered = _suggested(before)
    if not offered:
        return
    one = offered[choice % len(offered)]
    after = _found(_fixed(records, [one]))
    assert one["identity"] not in after
    assert after.keys() <= before.keys()
    everything = _found(_fixed(records, offered))
    assert not {row["identity"] for row in offered} & everything.keys()
    assert everything.keys() <= before.keys()
