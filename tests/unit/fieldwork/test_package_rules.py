"""The shipped rules of packages fit the rules, fields and verdicts there are; areas stand as people count them."""

from pathlib import Path
from typing import Any

import pytest

from lvdesk.checks.registry import discover
from lvdesk.fieldwork.book import load_book
from lvdesk.fieldwork.choosing import all_areas
from lvdesk.fieldwork.details import day_of, due_after
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace
from tests.helpers.stations import local_ws

__all__ = ["local_ws"]


def test_everything_it_names_exists(local_ws: Workspace) -> None:
    book = load_book(local_ws)
    named = [(rule, entity) for reason in book.reasons for rule, entity in reason.rules]
    assert [pair for pair in named if pair[0] not in discover() or (pair[1] and pair[1] not in local_ws.dictionary.entities)] == []
    assert len(set(named)) == len(named)
    assert len(book.titles) == len(book.reasons)
    assert [(entity, name) for entity, names in book.fields.items() for name in names if name not in TABLES[entity].c] == []
    assert [word for word in book.again if local_ws.codes["verdict"].canonical(word)[1]] == []
    assert [status for status in book.statuses if local_ws.codes["customer_status"].canonical(status)[1]] == []
    assert {form.per for form in load_forms().values()} <= set(book.per_sheet)


@pytest.mark.parametrize("broken", ["days = 3", "days = [", '[[reasons]]\ncode = "x"\ntitle = "y"', 'days = "bald"'])
def test_a_broken_file_of_the_station_is_named(local_ws: Workspace, broken: str) -> None:
    local_ws.overrides.mkdir()
    Path(local_ws.overrides / "fieldwork.toml").write_text(broken, encoding="utf-8")
    with pytest.raises(KnownError) as unreadable:
        load_book(local_ws)
    assert (unreadable.value.code, "fieldwork.toml" in unreadable.value.message) == ("rules.unreadable", True)


def test_areas_are_in_the_order_people_count(local_ws: Workspace) -> None:
    names = ["村10#公变", "村2#公变", "村²公变", "A村1#", "2#变", "村公变", "村2#公变02"]
    rows: list[tuple[Any, ...]] = [(f"{place}", name, "F1", "10kV线", 1) for place, name in enumerate(names)]
    with local_ws.store.write("测试") as write:
        write.insert(TABLES["transformer_area"], ("area_no", "name", "feeder_no", "feeder_name", "listed"), rows, len(rows))
    with local_ws.store.read() as connection:
        order = [area.name for area in all_areas(connection)]
    assert order.index("村2#公变") < order.index("村2#公变02") < order.index("村10#公变")
    assert sorted(order) == sorted(names)


@pytest.mark.parametrize(
    "text, day", [("", None), (" 2026-11-23 ", "2026-11-23"), ("2026/11/23", "2026-11-23"), ("20261123", "2026-11-23")]
)
def test_days_as_people_write_them(text: str, day: str | None) -> None:
    assert day_of(text, "计划日期") == day


def test_what_is_no_day_is_refused() -> None:
    for text in ("2026-11-31", "明天", "2026-W48-1x"):
        with pytest.raises(RefusedError):
            day_of(text, "计划日期")
    assert (due_after("2026-12-28", 7), due_after(None, 7)) == ("2027-01-04", None)
