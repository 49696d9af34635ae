"""Indicators against what one counts by hand on a small station; frozen months stay as they were; the report says what changed."""

import warnings
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lvdesk import history
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.page import Picture, TextBox
from lvdesk.statistics.charts import figure_of, png_of, shown
from lvdesk.statistics.indicators import figures, indicators
from lvdesk.statistics.model import Figures
from lvdesk.statistics.reports import freeze, month_before, pages, report, sentences, write_report
from lvdesk.workorders.creating import NewOrder, create
from lvdesk.workorders.model import Action, Request
from lvdesk.workorders.moving import act, finish_task, prove
from lvdesk.workspace import Workspace
from tests.helpers.grids import organised, with_areas


class Clock:
    """A clock that a test turns on."""

    def __init__(self) -> None:
        self.now = datetime.fromisoformat("2026-10-12T09:00:00+08:00")

    def __call__(self) -> datetime:
        return self.now

    def turn(self, text: str) -> None:
        self.now = datetime.fromisoformat(f"{text}+08:00")


@pytest.fixture
def clock(ws: Workspace, tmp_path: Path) -> Clock:
    """Two repairs in October (one late), a complaint in November; nothing else has happened."""
    made = Clock()
    ws.clock = made
    areas = with_areas(ws)
    organised(ws, tmp_path)
    for area, minutes in ((areas[0], 30), (areas[10], 100)):
        made.turn("2026-10-12T09:00:00")
        number = create(ws, [NewOrder("repair", "停电", "transformer_area", area)]).numbers[0]
        made.turn(f"2026-10-12T{9 + minutes // 60:02d}:{minutes % 60:02d}:00")
        done(ws, number)
    made.turn("2026-11-20T09:00:00")
    create(ws, [NewOrder("complaint", "投诉", "transformer_area", areas[0])])
    return made


def done(ws: Workspace, number: str) -> None:
    for action in (Action.DISPATCH, Action.ARRIVE):
        act(ws, [number], Request(action))
    finish_task(ws, number, 1)
    prove(ws, number, "photo", "照片")
    prove(ws, number, "note", "已恢复")
    act(ws, [number], Request(Action.FINISH))
    act(ws, [number], Request(Action.ARCHIVE, satisfaction="满意"))


def values(found: Figures) -> dict[str, float | None]:
    return {line.name: line.value for line in found.lines}


def test_orders_of_a_month_by_type_grid_and_in_time(ws: Workspace, clock: Clock) -> None:
    assert values(figures(ws, "orders", "kind", "2026-10")) == {"故障抢修": 2}
    assert values(figures(ws, "orders", "kind")) == {"故障抢修": 2, "投诉": 1}
    assert values(figures(ws, "orders", "grid", "2026-10")) == {"城东网格": 1, "文一网格": 1}
    timely = figures(ws, "timely", "grid", "2026-10")
    assert values(timely) == {"文一网格": 0.0, "城东网格": 1.0}
    assert timely.total.value == 0.5
    assert timely.lines[0].name == "文一网格"  # the worst first
    assert figures(ws, "first_visit", "kind", "2026-10").total.value == 1.0
    assert figures(ws, "arrival", "grid", "2026-10").total.value == 65
    assert figures(ws, "arrival", "grid", "2026-09").total.value is None


def test_boxes_and_customers_by_place(ws: Workspace, clock: Clock) -> None:
    grids = figures(ws, "placed", "grid")
    assert (grids.total.part, grids.total.whole) == (24, 24)
    assert sum(line.part for line in figures(ws, "customers", "area").lines) == 60
    assert figures(ws, "collection", "feeder").total.value == 0.0
    assert figures(ws, "consistency").total.value is None
    assert len(figures(ws, "workload").lines) == 3


def test_every_indicator_can_be_asked_in_all_its_scopes_and_drawn_without_a_missing_letter(ws: Workspace, clock: Clock) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that no font has
        for key, each in indicators(None).items():
            for scope in each.scopes:
                found = figures(ws, key, scope)
                assert figure_of(found).axes
                assert len(shown(found)) <= 20
        assert png_of(figures(ws, "timely")).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "asked, code", [(("nothing",), "stats.indicator"), (("pareto", "grid"), "stats.scope"), (("orders", "kind", "x"), "stats.period")]
)
def test_what_is_not_there_is_refused_with_what_is(ws: Workspace, clock: Clock, asked: tuple[str, ...], code: str) -> None:
    with pytest.raises(RefusedError) as raised:
        figures(ws, *asked)
    assert raised.value.code == code


def test_the_report_says_what_changed_and_its_pages_have_their_charts(ws: Workspace, clock: Clock, tmp_path: Path) -> None:
    said = sentences(report(ws, "2026-11"))
    assert any(text.startswith("工单数 1 张，比上月下降 1.00 张") for text in said)
    said = sentences(report(ws, "2026-10"))
    assert any("工单按期率 50.00%，未达到目标 98.00%，最差的是" in text or "工单按期率 50.00%，未达到目标 98.00%" in text for text in said)
    made = list(pages(ws, "2026-10"))
    assert sum(isinstance(item, Picture) for page in made for item in page.items) >= 4
    assert any(isinstance(item, TextBox) and item.text == "本月概要" for item in made[0].items)
    write_report(ws, "2026-10", tmp_path / "r.xlsx")
    book = load_workbook(tmp_path / "r.xlsx")
    assert book["汇总"].cell(1, 1).value == "指标"
    assert [row[0].value for row in book["工单按期率"].iter_rows(min_row=2)] == ["故障抢修"]


def test_a_frozen_month_stays_as_it_was(ws: Workspace, clock: Clock) -> None:
    before = report(ws, "2026-10")
    freeze(ws, "2026-10")
    clock.turn("2026-11-24T09:00:00")
    create(ws, [NewOrder("inquiry", "补录", at="2026-10-15T10:00:00+08:00")])
    kept = report(ws, "2026-10")
    assert (kept.frozen, kept.figures) == (True, before.figures)
    with pytest.raises(RefusedError, match="已经封存"):
        freeze(ws, "2026-10")
    with pytest.raises(RefusedError, match="还没有过完"):
        freeze(ws, "2026-11")
    history.undo(ws)
    history.undo(ws)
    assert not report(ws, "2026-10").frozen


def test_the_month_before_january_is_december() -> None:
    assert (month_before("2026-01"), month_before("2026-11")) == ("2025-12", "2026-10")
