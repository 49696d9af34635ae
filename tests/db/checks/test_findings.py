"""Findings as people look at them: groups with counts, a table that is filtered and ordered, one with everything, all in order."""

from pathlib import Path

import pytest

from lvdesk.checks.checking import state
from lvdesk.checks.exceptions import accept
from lvdesk.checks.findings import Group, Scope, groups, listed, show, table
from lvdesk.kit.errors import KnownError
from lvdesk.kit.table import Cell, Condition, Filter, Query
from lvdesk.workspace import Workspace
from tests.helpers.trials import by_identity, checked, customer, imported, numbers, renamed, trial_rules

__all__ = ["trial_rules"]
pytestmark = pytest.mark.usefixtures("near_reader", "trial_rules")


@pytest.fixture
def station(ws: Workspace, tmp_path: Path) -> Workspace:
    """T01 for 1 and 3 (excepted), T02 for 2 and 4, T03 for 3; 4 is resolved."""
    imported(
        ws, tmp_path, customer(1, "张三!"), customer(2, "李四", ""), customer(3, "王五!", capacity="500", area=2), customer(4, "赵六!")
    )
    checked(ws)
    renamed(ws, "4209747014", "赵六")
    checked(ws)
    accept(ws, [number(ws, "T01", 3)], "现场名称如此", None)
    return ws


def number(ws: Workspace, rule: str, which: int) -> int:
    return by_identity(ws)[rule, str(4209747010 + which)].id


def called(ws: Workspace, ids: list[int]) -> list[tuple[str, str]]:
    known = {finding.id: (finding.rule, finding.key[-1]) for finding in listed(ws, "all")}
    return [known[each] for each in ids]


@pytest.mark.parametrize(
    "by, state_, expected",
    [
        ("rule", "open", [("T01", "名称有感叹号", "规范性", 1, 0, 0, 1), ("T02", "没有地址", "规范性", 0, 1, 0, 0),
                          ("T03", "容量过大", "规范性", 0, 0, 1, 0)]),
        ("rule", "excepted", [("T01", "名称有感叹号", "规范性", 1, 0, 0, 1)]),
        ("rule", "resolved", [("T01", "名称有感叹号", "规范性", 1, 0, 0, 1)]),
        ("area", "open", [("4231757321", "1号公变", "", 1, 1, 0, 0), ("4231757322", "2号公变", "", 0, 0, 1, 1)]),
        ("area", "all", [("4231757321", "1号公变", "", 2, 1, 0, 0), ("4231757322", "2号公变", "", 1, 0, 1, 1)]),
        ("field", "open", [("customer.name", "用户 · 用户名称", "", 1, 0, 0, 1), ("customer.address", "用户 · 用电地址", "", 0, 1, 0, 0),
                           ("customer.contract_capacity", "用户 · 合同容量(kVA)", "", 0, 0, 1, 0)]),
    ],
)  # fmt: skip
def test_groups_count_what_is_in_the_asked_state(station: Workspace, by: str, state_: str, expected: list[tuple[object, ...]]) -> None:
    assert groups(station, by, state_) == [Group(*each) for each in expected]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "scope, expected",
    [
        (Scope(), [("T01", "1"), ("T02", "2"), ("T03", "3")]),
        (Scope("rule", "T01"), [("T01", "1")]),
        (Scope("rule", "T01", "all"), [("T01", "1"), ("T01", "4"), ("T01", "3")]),
        (Scope("rule", "T01", "excepted"), [("T01", "3")]),
        (Scope("rule", "T01", "resolved"), [("T01", "4")]),
        (Scope("area", "4231757322"), [("T03", "3")]),
        (Scope("area", ""), []),
        (Scope("field", "customer.address"), [("T02", "2")]),
    ],
)
def test_a_scope_holds_its_findings(station: Workspace, scope: Scope, expected: list[tuple[str, str]]) -> None:
    assert called(station, numbers(station, scope=scope)) == expected


@pytest.mark.parametrize(
    "query, expected",
    [
        (Query((Filter("severity", Condition.ONE_OF, ("错误", "警告")),)), ["T01", "T02"]),
        (Query((Filter("severity", Condition.NOT_EQUALS, ("错误",)),)), ["T02", "T03"]),
        (Query((Filter("title", Condition.CONTAINS, ("地址",)),)), ["T02"]),
        (Query((Filter("field", Condition.STARTS, ("用电地",)),)), ["T02"]),
        (Query((Filter("entity", Condition.ONE_OF, ("用户",)), Filter("key", Condition.CONTAINS, ("4209747011",)))), ["T01"]),
        (Query((Filter("area", Condition.CONTAINS, ("2号",)),)), ["T03"]),
        (Query((Filter("file", Condition.EQUALS, ("用户.xlsx",)), Filter("row", Condition.AT_LEAST, ("4",)))), ["T03"]),
        (Query((Filter("value", Condition.EMPTY),)), ["T02"]),
        (Query((Filter("state", Condition.ONE_OF, ("例外",)),)), []),
        (Query(order=(("severity", True),)), ["T03", "T02", "T01"]),
        (Query(order=(("area", True), ("title", False))), ["T03", "T01", "T02"]),
        (Query(words="张三"), ["T01"]),
        (Query(words="容量过大 2号"), ["T03"]),
        (Query(words="t02"), ["T02"]),
        (Query(words="合同"), ["T03"]),
        (Query(words="没有这个词"), []),
    ],
)
def test_a_table_is_asked_like_a_spreadsheet(station: Workspace, query: Query, expected: list[str]) -> None:
    assert [rule for rule, _ in called(station, numbers(station, query))] == expected


def test_a_row_says_everything_in_words(station: Workspace) -> None:
    one = number(station, "T01", 1)
    source = table(station, Scope())
    (row,) = source.rows([one, 10**6])
    assert row.values == (
        str(one), "错误", "T01", "名称有感叹号", "用户", "4209747011", "用户名称", "张三!",
        "用户 4209747011 的名称“张三!”有感叹号", "1号公变", "用户.xlsx", "用户", "2", "未处理",
    )  # fmt: skip
    assert row.marks == {"severity": Cell("error", row.values[8])}
    assert len(source.columns) == len(row.values)


def test_values_of_a_column_are_counted_as_shown(station: Workspace) -> None:
    source = table(station, Scope(state="all"))
    assert source.values("severity", Query()) == [("错误", 3), ("提示", 1), ("警告", 1)]
    assert source.values("state", Query()) == [("未处理", 3), ("例外", 1), ("已解决", 1)]
    assert dict(source.values("area", Query(words="有感叹号"))) == {"1号公变": 2, "2号公变": 1}
    for column in source.columns:
        assert sum(count for _, count in source.values(column.key, Query(), 1000)) == 5
        assert len(source.ids(Query(order=((column.key, True),)))) == 5


def test_one_finding_with_everything_known_of_it(station: Workspace) -> None:
    found = show(station, number(station, "T01", 3))
    assert (found.rule_title, found.entity_title, found.field_title, found.severity) == ("名称有感叹号", "用户", "用户名称", "error")
    assert (found.what, found.fix) == ("名称有感叹号的记录", "请改正名称有感叹号")
    assert found.suggestion == (("name", "用户名称", "王五"),)
    assert (found.state, found.reason, found.person, found.expires_on) == ("excepted", "现场名称如此", "张三", "")
    assert found.at
    with pytest.raises(KnownError) as missing:
        show(station, 10**6)
    assert missing.value.code == "finding.missing"


def test_all_findings_come_in_order_of_rule_area_and_key(station: Workspace) -> None:
    assert [(f.rule, f.key[-1]) for f in listed(station, "all")] == [("T01", "1"), ("T01", "4"), ("T01", "3"), ("T02", "2"), ("T03", "3")]
    assert [f.rule for f in listed(station)] == ["T01", "T02", "T03"]
    assert sum(state(station).counts.values()) == 3
