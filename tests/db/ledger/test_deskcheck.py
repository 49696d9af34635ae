"""The desk check: who is proposed, on which evidence, and what marking keeps."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lvdesk import history
from lvdesk.kit.clock import local_clock
from lvdesk.kit.errors import Cancelled, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Condition, Filter, Query
from lvdesk.ledger import deskcheck
from lvdesk.ledger.deskcheck_column import WithVerdict
from lvdesk.ledger.deskcheck_model import Candidate, State
from lvdesk.network import browsing
from lvdesk.network.batches import Batch
from lvdesk.network.changed import Changed
from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

TODAY = local_clock().date()
HEAD = (
    "用户编号", "用户名称", "用电地址", "用户分类", "用电类别", "用户状态", "立户日期", "销户日期", "计量点编号", "计量点状态", "台区编号",
    "电能表条形码", "近期用电量(kWh)",
)  # fmt: skip
AREAS = [["台区编号", "台区名称", "线路编号", "线路名称"], ["4231757001", "东风1#公变", "1300000001", "10kV东风线"]]


def person(number: int, **changes: Any) -> list[Any]:
    """A customer in use; ``changes`` by heading."""
    row: dict[str, Any] = {
        "用户编号": f"42097470{number:02d}", "用户名称": f"张{number}", "用电地址": f"上湾村{number}号", "用户分类": "低压居民",
        "用电类别": "乡村居民", "用户状态": "正常用电客户", "立户日期": "2015-03-01", "销户日期": None,
        "计量点编号": f"09747019{number:02d}",
        "计量点状态": "在用", "台区编号": "4231757001", "电能表条形码": barcode("01", number), "近期用电量(kWh)": 30 + number,
    }  # fmt: skip
    row.update(changes)
    return [row[title] for title in HEAD]


def ledger(folder: Path, *rows: Sequence[Any], name: str = "10kV东风线.xlsx", without: Sequence[str] = ()) -> Path:
    """A feeder's workbook with twelve ordinary customers (50 to 61) and the given ones."""
    everyone = [*rows, *(person(number) for number in range(50, 62))]
    kept = [place for place, title in enumerate(HEAD) if title not in without]
    table = [[row[place] for place in kept] for row in (HEAD, *everyone)]
    folder.mkdir(exist_ok=True)
    return workbook(folder / name, {"变压器台账": AREAS, "低压用户台账": table})


def proposed(ws: Workspace) -> dict[str, Candidate]:
    return {each.customer_no: each for each in deskcheck.candidates(ws).items()}


def kinds(candidate: Candidate) -> list[str]:
    return [each.kind for each in candidate.evidence]


ALONE: Mapping[str, tuple[dict[str, Any], list[str], str]] = {
    "status": ({"用户状态": "已销户"}, ["cancelled"], "certain"),
    "cancelled and gone from use": (
        {"用户状态": "销户", "销户日期": "2024-05-06", "近期用电量(kWh)": None},
        ["cancelled", "cancel_date"],
        "certain",
    ),
    "date, but running": ({"销户日期": "2024-05-06", "近期用电量(kWh)": None}, ["cancel_date_running"], "likely"),
    "day still to come": ({"销户日期": str(TODAY + timedelta(days=20)), "近期用电量(kWh)": None}, ["cancel_date_future"], "weak"),
    "point removed": ({"计量点状态": "撤销", "近期用电量(kWh)": None}, ["point_removed"], "likely"),
    "no use": ({"近期用电量(kWh)": 0}, ["no_use"], "weak"),
    "no meter": ({"电能表条形码": None, "近期用电量(kWh)": None}, ["no_meter"], "weak"),
    "neither": ({"电能表条形码": "无", "近期用电量(kWh)": 0}, ["no_meter", "no_use"], "likely"),
    "demolished": ({"用电地址": "上湾村3组12号（已拆）", "近期用电量(kWh)": 0}, ["demolished", "no_use"], "likely"),
    "void by name": ({"用户名称": "王小明(作废)", "近期用电量(kWh)": None}, ["void"], "likely"),
    "said twice": ({"用户名称": "王小明(空户)", "用电地址": "空户，上湾村7号", "近期用电量(kWh)": None}, ["vacant", "vacant"], "weak"),
    "used all the same": ({"用户状态": "已销户", "近期用电量(kWh)": 55}, ["cancelled", "in_use"], "weak"),
}


@pytest.mark.parametrize("case", ALONE)
def test_evidence_against_a_customer(ws: Workspace, tmp_path: Path, case: str) -> None:
    changes, wanted, strength = ALONE[case]
    given = {"近期用电量(kWh)": None} | changes if case == "status" else changes
    taken(ws, ledger(tmp_path / "in", person(1, **given)))
    found = proposed(ws)
    assert list(found) == ["4209747001"]
    assert kinds(found["4209747001"]) == wanted
    assert found["4209747001"].strength == strength
    assert found["4209747001"].suggested == ("确认销户" if strength == "certain" else "疑似销户")
    assert found["4209747001"].feeder_name == "10kV东风线"


HARMLESS: Mapping[str, dict[str, Any]] = {
    "ordinary": {},
    "new account": {"用户状态": "当前新装客户", "电能表条形码": None, "近期用电量(kWh)": 0},
    "just opened": {"立户日期": str(TODAY - timedelta(days=9)), "电能表条形码": None, "近期用电量(kWh)": 0},
    "placeholder of a system": {"销户日期": "2999-12-31"},
    "resettlement estate": {"用电地址": "拆迁安置小区3幢101室"},
    "demolition firm": {"用户名称": "宏达拆除工程有限公司"},
    "village name": {"用电地址": "废弃庄村5号", "近期用电量(kWh)": None},
    "waste shop": {"用户名称": "废弃物回收站"},
    "outdoor shop": {"用户名称": "天空户外用品店"},
    "unreadable meter number": {"电能表条形码": "4.13E+21"},
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_is_no_evidence(ws: Workspace, tmp_path: Path, case: str) -> None:
    taken(ws, ledger(tmp_path / "in", person(1, **HARMLESS[case])))
    assert proposed(ws) == {}


def test_a_column_that_nobody_filled_says_nothing(ws: Workspace, tmp_path: Path) -> None:
    rows = [person(number, **{"近期用电量(kWh)": 0}) for number in range(1, 20)]
    taken(ws, ledger(tmp_path / "in", *rows))
    assert proposed(ws) == {}


def test_a_ledger_without_meters_says_nothing_of_missing_ones(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path / "in", without=("电能表条形码", "近期用电量(kWh)")))
    assert proposed(ws) == {}


def test_gone_from_the_newer_export_names_the_file(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path / "old", person(1, **{"近期用电量(kWh)": None}), person(2)))
    taken(ws, ledger(tmp_path / "new", person(2)))
    with ws.store.read() as connection:
        day = max(connection.execute(select(Batch.imported_at)).scalars())[:10]
    (one,) = proposed(ws).values()
    (said,) = one.evidence
    assert (one.customer_no, one.strength, said.kind) == ("4209747001", "likely", "absent")
    assert said.text == f"台账已不再列出：{day} 导入的《10kV东风线.xlsx》中没有该户"
    assert (said.file, said.sheet) == ("10kV东风线.xlsx", "低压用户台账")


def test_gone_and_its_meter_with_somebody_else_is_certain(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path / "old", person(1, **{"近期用电量(kWh)": None}), person(2)))
    taken(ws, ledger(tmp_path / "new", person(2), person(3, 电能表条形码=barcode("01", 1))))
    (one,) = proposed(ws).values()
    assert set(kinds(one)) == {"absent", "meter_elsewhere"}
    assert one.strength == "certain"
    moved = next(each for each in one.evidence if each.kind == "meter_elsewhere")
    assert "4209747003" in moved.text
    assert "张3" in moved.text
    assert moved.row > 1


def test_the_same_person_at_the_same_address_twice(ws: Workspace, tmp_path: Path) -> None:
    twin = {"用户名称": "李 大山", "用电地址": "上湾村 9 号", "近期用电量(kWh)": None}
    empty = {"电能表条形码": None}
    shop = {"用电类别": "商业用电"}
    taken(ws, ledger(tmp_path / "in", person(1, **twin), person(2, **{**twin, "用户名称": "李大山"}, **empty), person(3, **twin, **shop)))
    found = proposed(ws)
    assert list(found) == ["4209747002"]  # the one with a meter stays, and a shop in the same house is its own account
    assert set(kinds(found["4209747002"])) == {"duplicate", "no_meter"}
    assert "4209747001" in found["4209747002"].evidence[1].text


def test_evidence_tells_its_row(ws: Workspace, tmp_path: Path) -> None:
    taken(ws, ledger(tmp_path / "in", person(1), person(2, **{"用户状态": "已销户", "近期用电量(kWh)": None})))
    (one,) = proposed(ws).values()
    assert asdict(one.evidence[0]) == {
        "kind": "cancelled", "text": "用户状态为已销户客户", "weight": 100, "file": "10kV东风线.xlsx", "sheet": "低压用户台账", "row": 3,
        "typed": False,
    }  # fmt: skip
    assert one.reason == "营销系统已销户"


def test_a_clean_station_proposes_nobody(ws: Workspace, clean: SampleStation) -> None:
    taken(ws, *clean.files[:-1])
    assert proposed(ws) == {}


CANCELLED = {"用户状态": "已销户", "近期用电量(kWh)": None}


@pytest.fixture
def station(ws: Workspace, tmp_path: Path) -> Workspace:
    """Five cancelled customers (1 to 5) among twelve others."""
    taken(ws, ledger(tmp_path / "in", *(person(number, **CANCELLED) for number in range(1, 6))))
    return ws


def number(last: int) -> str:
    return f"42097470{last:02d}"


def test_marking_keeps_the_evidence_and_is_taken_back(station: Workspace) -> None:
    done = deskcheck.mark(station, [number(1), number(2), number(1)], "已销户", " 户主确认 ")
    assert (done.marked, done.changed_verdicts, done.unchanged, done.label) == (2, 0, 0, "销户标注 2 户")
    assert Changed.MARKS in done.changed
    kept = proposed(station)[number(1)].mark
    assert kept is not None
    assert (kept.verdict, kept.reason, kept.person, kept.evidence) == ("确认销户", "户主确认", "张三", ("用户状态为已销户客户",))
    assert deskcheck.left_out(station) == {number(1), number(2)}
    assert history.undo_label(station) == "销户标注 2 户"
    history.undo(station)
    assert deskcheck.left_out(station) == frozenset()
    history.redo(station)
    assert deskcheck.left_out(station) == {number(1), number(2)}


def test_marking_again_changes_the_verdict(station: Workspace) -> None:
    deskcheck.mark(station, [number(1), number(2)], "确认销户", "营销已销户")
    done = deskcheck.mark(station, [number(1), number(3)], "疑似销户", "需现场看")
    assert (done.marked, done.changed_verdicts, done.unchanged) == (1, 1, 0)
    same = deskcheck.mark(station, [number(1)], "疑似销户", "需现场看")
    assert (same.unchanged, same.changed, same.label) == (1, Changed.NOTHING, "")
    assert deskcheck.left_out(station) == {number(2)}
    history.undo(station)
    assert deskcheck.left_out(station) == {number(1), number(2)}


def test_unmarking(station: Workspace) -> None:
    deskcheck.mark(station, [number(1), number(2)], "确认销户", "营销已销户")
    done = deskcheck.unmark(station, [number(2), number(3)])
    assert (done.marked, done.unchanged, done.label) == (1, 1, "取消核实标注 1 户")
    assert deskcheck.left_out(station) == {number(1)}
    history.undo(station)
    assert deskcheck.left_out(station) == {number(1), number(2)}


@pytest.mark.parametrize(
    "numbers, verdict, reason, code, said",
    [
        ([number(1), "4209799999", "12"], "确认销户", "是", "deskcheck.unknown", "4209799999、12"),
        ([number(1)], "不知道", "是", "deskcheck.verdict", "不知道"),
        ([number(1)], "确认销户", "  ", "deskcheck.reason", "原因"),
        ([], "确认销户", "是", "deskcheck.none", "户号"),
    ],
)
def test_refused_marks_leave_nothing_half_done(
    station: Workspace, numbers: list[str], verdict: str, reason: str, code: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=said) as error:
        deskcheck.mark(station, numbers, verdict, reason)
    assert error.value.code == code
    assert all(each.mark is None for each in proposed(station).values())


def test_unmarking_unknown_customers_is_refused(station: Workspace) -> None:
    with pytest.raises(RefusedError, match="4209799999"):
        deskcheck.unmark(station, ["4209799999"])


def test_cancelled_marking_saves_nothing(station: Workspace) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        deskcheck.mark(station, [number(1)], "确认销户", "是", progress)
    assert deskcheck.left_out(station) == frozenset()


def test_progress_of_a_feeder(station: Workspace) -> None:
    deskcheck.mark(station, [number(1)], "确认销户", "营销已销户")
    deskcheck.mark(station, [number(2), number(50)], "正常", "户主在用")
    (one,) = deskcheck.progress_by_feeder(station)
    assert asdict(one) == {
        "feeder_no": "1300000001", "name": "10kV东风线", "customers": 17, "candidates": 5, "marked": 3, "confirmed": 1, "open": 3,
    }  # fmt: skip


def test_marks_are_seen_without_searching_again(station: Workspace) -> None:
    seen = deskcheck.candidates(station)
    ids = seen.table(state=State.OPEN).ids(Query())
    assert len(ids) == 5
    deskcheck.mark(station, seen.numbers(ids[:2]), "确认销户", "营销已销户", seen=seen)
    again = deskcheck.refreshed(station, seen)
    assert list(again.table(state=State.OPEN).ids(Query())) == list(ids[2:])
    assert list(again.table(state=State.MARKED).ids(Query())) == list(ids[:2])
    kept = again.find(ids[0])
    assert kept is not None
    assert kept.mark is not None
    assert json.dumps(kept.mark.evidence, ensure_ascii=False) == '["用户状态为已销户客户"]'
    assert deskcheck.mark_of(station, ids[0]) == kept.mark
    assert deskcheck.mark_of(station, ids[4]) is None


def test_a_marked_customer_without_evidence_is_listed_too(station: Workspace) -> None:
    deskcheck.mark(station, [number(50)], "确认销户", "户主来电")
    seen = deskcheck.candidates(station)
    (row,) = seen.table(state=State.MARKED).rows(seen.table(state=State.MARKED).ids(Query()))
    assert row.values[:4] == (number(50), "张50", "确认销户", "人工")
    assert number(50) not in {each.customer_no for each in seen.items()}


QUERIES: Sequence[tuple[Query, list[int]]] = (
    (Query(), [1, 2, 3, 4, 5]),
    (Query(order=(("name", True),)), [5, 4, 3, 2, 1]),
    (Query(words="张3"), [3]),
    (Query(words="已销户 张4"), [4]),
    (Query(filters=(Filter("name", Condition.ONE_OF, ("张1", "张5")),)), [1, 5]),
    (
        Query(filters=(Filter("customer_no", Condition.STARTS, ("420974700",)), Filter("name", Condition.NOT_EQUALS, ("张1",)))),
        [2, 3, 4, 5],
    ),
    (Query(filters=(Filter("said", Condition.CONTAINS, ("零",)),)), []),
    (Query(filters=(Filter("name", Condition.NOT_CONTAINS, ("3",)),)), [1, 2, 4, 5]),
    (Query(filters=(Filter("customer_no", Condition.BETWEEN, (number(2), number(3))),)), [2, 3]),
    (Query(filters=(Filter("customer_no", Condition.AT_LEAST, (number(4),)),)), [4, 5]),
    (Query(filters=(Filter("customer_no", Condition.AT_MOST, (number(1),)),)), [1]),
    (Query(filters=(Filter("verdict", Condition.EMPTY),)), [1, 2, 3, 4, 5]),
    (Query(filters=(Filter("verdict", Condition.NOT_EMPTY),)), []),
    (Query(filters=(Filter("name", Condition.EQUALS, ("张2",)),)), [2]),
)


def test_the_table_answers_questions(station: Workspace) -> None:
    table = deskcheck.candidates(station).table()
    for query, wanted in QUERIES:
        assert [row.values[0] for row in table.rows(table.ids(query))] == [number(last) for last in wanted], query
    assert table.values("strength", Query(), 10) == [("确定", 5)]
    assert table.rows([0]) == []


def test_the_customers_table_shows_the_verdicts(station: Workspace) -> None:
    deskcheck.mark(station, [number(1), number(52)], "确认销户", "营销已销户")
    deskcheck.mark(station, [number(3)], "正常", "户主在用")
    table = WithVerdict(station, browsing.table(station, "customer"))
    place = [column.key for column in table.columns].index("customer_no")
    everyone = table.ids(Query())

    def named(*filters: Filter, order: tuple[tuple[str, bool], ...] = ()) -> list[str]:
        return [row.values[place] for row in table.rows(table.ids(Query(filters, order)))]

    assert len(everyone) == 17
    assert named(Filter("desk_check", Condition.ONE_OF, ("确认销户",))) == [number(1), number(52)]
    assert len(named(Filter("desk_check", Condition.EMPTY))) == 14
    assert named(Filter("desk_check", Condition.NOT_EMPTY), Filter("name", Condition.NOT_EQUALS, ("张1",))) == [number(3), number(52)]
    assert named(order=(("desk_check", False),))[:3] == [number(3), number(1), number(52)]
    assert sorted(table.values("desk_check", Query(), 10)) == [("", 14), ("正常", 1), ("确认销户", 2)]
    assert table.values("status", Query((Filter("desk_check", Condition.EQUALS, ("正常",)),)), 10) == [("已销户客户", 1)]
    first = table.rows(everyone[:1])[0]
    assert (first.values[-1], first.marks["desk_check"].level) == ("确认销户", "error")
    assert "营销已销户（张三" in first.marks["desk_check"].reason
