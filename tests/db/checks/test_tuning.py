"""The rule book changed by people: checked, undoable, tried first."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from lvdesk.checks.rulebook import rule_book
from lvdesk.checks.tuning import RuleView, change, reset, rules, what_if
from lvdesk.history.journal import undo
from lvdesk.kit.errors import Cancelled, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.network.verdicts import Finding, RuleSetting
from lvdesk.workspace import Workspace
from tests.helpers.rulebook import tried_rules
from tests.helpers.stations import taken, workbook

__all__ = ["tried_rules"]

pytestmark = pytest.mark.usefixtures("tried_rules")

BOXES = [["计量箱资产号", "计量箱条形码", "行数", "列数"], *[[f"05{n:012d}", None, n, 2] for n in range(1, 7)]]


def view(ws: Workspace, code: str) -> RuleView:
    return next(item for item in rules(ws) if item.code == code)


def settings(ws: Workspace) -> int:
    with ws.store.read() as connection:
        return connection.execute(select(func.count()).select_from(RuleSetting)).scalar() or 0


def test_a_rule_is_shown_as_it_is_set(ws: Workspace) -> None:
    shown = view(ws, "Q50")
    assert (shown.family_title, shown.title, shown.enabled, shown.severity, shown.changed) == ("空间", "距离过远", True, "warning", False)
    distance = shown.parameters[0]
    assert (distance.title, distance.unit, distance.value, distance.default, distance.maximum) == ("最大距离", "m", 500, 500, 5000)


def test_settings_are_kept_and_taken_back(ws: Workspace) -> None:
    told = change(ws, {"Q50": {"severity": "info", "distance": 800.5, "states": ["甲"]}, "Q33": {"enabled": False}})
    assert Changed.CHECKS in told
    book = rule_book(ws)
    assert (book["Q50"].severity, book["Q50"].values["distance"], book["Q50"].values["states"]) == ("info", 800.5, ["甲"])
    assert book["Q50"].values["share"] == 0.8
    assert not book["Q33"].enabled
    assert view(ws, "Q33").changed
    undo(ws)
    assert not any(item.changed for item in rules(ws))


def test_what_equals_the_shipped_rule_is_no_setting(ws: Workspace) -> None:
    change(ws, {"Q50": {"distance": 800, "word": "违建"}})
    change(ws, {"Q50": {"distance": 500, "severity": "warning"}})
    assert (view(ws, "Q50").parameters[0].value, view(ws, "Q50").parameters[2].value) == (500, "违建")
    change(ws, {"Q50": {"word": None}})
    assert settings(ws) == 0
    assert change(ws, {"Q50": {"distance": 500}}) == Changed.NOTHING


def test_rules_go_back_to_how_they_are_shipped(ws: Workspace) -> None:
    change(ws, {"Q50": {"distance": 800}, "Q33": {"enabled": False}})
    reset(ws, ["Q50"])
    assert [item.code for item in rules(ws) if item.changed] == ["Q33"]
    undo(ws)
    assert [item.code for item in rules(ws) if item.changed] == ["Q33", "Q50"]


@pytest.mark.parametrize(
    "code, given, words",
    [
        ("Q50", {"distance": 9999}, "规则 Q50 距离过远的“最大距离”应为 10～5000 m，不能是 9999"),
        ("Q50", {"distance": "很远"}, "“最大距离”应填数字"),
        ("Q50", {"distance": True}, "“最大距离”应填数字"),
        ("Q50", {"distance": float("nan")}, "“最大距离”应填数字"),
        ("Q50", {"share": -0.1}, "“占比”应为 不小于 0"),
        ("Q33", {"rows": 2.5}, "“最少行数”应填整数"),
        ("Q50", {"word": "  "}, "“地址词”应填文字"),
        ("Q50", {"states": "甲"}, "“状态”应填若干个值"),
        ("Q50", {"states": ["甲、乙"]}, "含有顿号"),
        ("Q50", {"lengths": ["十"]}, "“十”不是数字"),
        ("Q50", {"severity": "fatal"}, "只能是错误、警告、提示"),
        ("Q50", {"enabled": "maybe"}, "只能是“是”或“否”"),
        ("Q50", {"colour": 1}, "参数“colour”不存在"),
        ("Q99", {"enabled": False}, "没有规则“Q99”"),
    ],
)
def test_what_cannot_be_is_refused_in_plain_words(local_ws: Workspace, code: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        change(local_ws, {"Q33": {"enabled": False}, code: given})
    assert words in refused.value.message
    assert settings(local_ws) == 0


def test_a_setting_is_tried_on_the_present_data(ws: Workspace, near_reader: None, tmp_path: Path) -> None:
    taken(ws, workbook(tmp_path / "箱.xlsx", {"计量箱": BOXES}))
    change(ws, {"Q33": {"rows": 3}})
    effects = what_if(ws, {"Q33": {"rows": 5}, "Q50": {"distance": 50}}, Progress())
    assert [(effect.code, effect.before, effect.after) for effect in effects] == [("Q33", 2, 4), ("Q50", 0, 0)]
    assert effects[0].new == ("计量箱 05000000000003 只有 3 行", "计量箱 05000000000004 只有 4 行")
    assert effects[0].gone == ()
    [stricter] = what_if(ws, {"Q33": {"enabled": False}}, Progress())
    assert (stricter.before, stricter.after, len(stricter.gone)) == (2, 0, 2)
    assert view(ws, "Q33").parameters[0].value == 3
    with ws.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(Finding)).scalar() == 0


def test_a_trial_stops_when_asked(local_ws: Workspace) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        what_if(local_ws, {"Q33": {"rows": 5}}, progress)
