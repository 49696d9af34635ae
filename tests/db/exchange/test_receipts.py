"""Receipts of marketing and GIS: identifiers find their records, refusals their desk, nothing is done twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from lvdesk import history
from lvdesk.exchange.receipts import learning
from lvdesk.exchange.receipts.listing import lines, waiting
from lvdesk.exchange.receipts.model import Outcome, Received
from lvdesk.exchange.receipts.settling import settle
from lvdesk.exchange.receipts.taking import take
from lvdesk.exchange.rejects import FILE
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.answers import IdPair
from lvdesk.network.changed import Changed
from lvdesk.network.tables import Customer, Meter, MeterBox
from lvdesk.review.model import State
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace
from tests.helpers import reviewing
from tests.helpers.exporting import confirmed, export
from tests.helpers.exporting import form as _form
from tests.helpers.stations import barcode
from tests.helpers.visiting import box, customer, laid, meter

pytestmark = pytest.mark.usefixtures("near_reader")
form = _form
HEAD = ["设备类型", "资产编号", "处理结果", "失败原因", "营销_ID"]


def received(
    ws: Workspace, folder: Path, rows: list[tuple[str, ...]], head: list[str] | None = None, name: str = "营销回执.xlsx"
) -> Received:
    headers = head or HEAD
    write_sheets(folder / name, [("回执", headers, rows)], text_columns=headers)
    return take(ws, [folder / name], Progress())


def ids(ws: Workspace, table: type[MeterBox | Meter], name: str = "marketing_id") -> dict[str, str]:
    with ws.store.read() as connection:
        rows = connection.execute(select(table.asset_no, getattr(table, name)).where(getattr(table, name).is_not(None)))
        return {row[0]: row[1] for row in rows}


def pairs(ws: Workspace) -> list[tuple[str, str, str, bool]]:
    with ws.store.read() as connection:
        rows = connection.execute(select(IdPair.key, IdPair.system, IdPair.value, IdPair.until).order_by(IdPair.id))
        return [(key, system, value, until is None) for key, system, value, until in rows]


def test_identifiers_come_to_their_records_and_refusals_to_a_desk(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    done = received(ws, tmp_path, [
        ("计量箱", box(1), "导入成功", "", "8001"),
        ("表箱", barcode("05", 502), "成功", "", "8002"),
        ("电能表", meter(1), "成功", "", "9001"),
        ("计量箱", box(3), "失败", "经度不能为空", ""),
        ("计量箱", "05000000000000", "成功", "", "8009"),
        ("用户", customer(1), "退回", "用户不存在", ""),
    ])  # fmt: skip
    assert (done.rows, done.accepted, done.paired) == (6, 4, 3)
    assert ids(ws, MeterBox) == {box(1): "8001", box(2): "8002"}
    assert ids(ws, Meter) == {meter(1): "9001"}
    assert [(view.key, view.outcome, view.desk, view.reason) for view in done.rejects] == [
        (box(3), Outcome.REJECTED, "fieldwork", "经度不能为空"),
        (customer(1), Outcome.REJECTED, "ledger", "用户不存在"),
        ("05000000000000", Outcome.UNKNOWN, "ledger", ""),
    ]
    assert done.rejects[0].todo == "外勤采录：坐标没有或不对，请到现场重新采集坐标"
    assert (done.rejects[0].file, done.rejects[0].row) == ("营销回执.xlsx", 5)
    assert waiting(ws) == {"fieldwork": 1, "ledger": 2}


def test_the_same_file_again_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    rows = [("计量箱", box(1), "成功", "", "8001"), ("计量箱", box(2), "失败", "条形码重复", "")]
    received(ws, tmp_path, rows)
    again = take(ws, [tmp_path / "营销回执.xlsx"], Progress())
    assert (again.paired, again.unchanged, again.rejects, again.changed & ~Changed.BATCHES) == (0, 1, (), Changed.NOTHING)
    assert len(lines(ws)) == 1


def test_one_undo_takes_identifiers_and_work_back_and_the_file_gives_them_again(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    received(ws, tmp_path, [("计量箱", box(1), "成功", "", "8001"), ("计量箱", box(2), "失败", "条形码重复", "")])
    history.undo(ws)
    assert (ids(ws, MeterBox), lines(ws), pairs(ws)) == ({}, [], [])
    assert take(ws, [tmp_path / "营销回执.xlsx"], Progress()).paired == 1


@pytest.mark.parametrize(
    "rows, why",
    [
        ([(1, "8001"), (2, "8001")], ["营销_ID 8001 也给了 "] * 2),
        ([(1, "8001"), (1, "8002")], ["同一对象给了几个营销_ID：8001、8002"]),
        ([(5, "7777")], ["营销_ID 7777 已是 "]),
    ],
    ids=["two boxes one number", "one box two numbers", "a number that another box has"],
)
def test_identifiers_stay_one_to_one(ws: Workspace, tmp_path: Path, rows: list[tuple[int, str]], why: list[str]) -> None:
    laid(ws)
    received(ws, tmp_path, [("计量箱", box(4), "成功", "", "7777")], name="前一包.xlsx")
    done = received(ws, tmp_path, [("计量箱", box(number), "成功", "", value) for number, value in rows])
    assert ids(ws, MeterBox) == {box(4): "7777"}
    assert [view.outcome for view in done.rejects] == [Outcome.CONFLICT] * len(why)
    assert all(view.reason.startswith(said) for view, said in zip(done.rejects, why, strict=True))


def test_two_boxes_may_swap_their_numbers_and_the_past_stays(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    received(ws, tmp_path, [("计量箱", box(1), "成功", "", "8001"), ("计量箱", box(2), "成功", "", "8002")])
    done = received(ws, tmp_path, [("计量箱", box(1), "成功", "", "8002"), ("计量箱", box(2), "成功", "", "8001")], name="更正.xlsx")
    assert done.rejects == ()
    assert ids(ws, MeterBox) == {box(1): "8002", box(2): "8001"}
    assert sorted(pairs(ws)) == sorted([
        (box(1), "marketing", "8001", False), (box(1), "marketing", "8002", True),
        (box(2), "marketing", "8002", False), (box(2), "marketing", "8001", True),
    ])  # fmt: skip
    take(ws, [tmp_path / "营销回执.xlsx"], Progress())
    assert ids(ws, MeterBox) == {box(1): "8002", box(2): "8001"}


def test_a_later_receipt_settles_what_waited(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    received(ws, tmp_path, [("计量箱", box(1), "失败", "条形码重复", ""), ("计量箱", box(2), "失败", "缺照片", "")])
    done = received(ws, tmp_path, [("计量箱", box(1), "成功", "", "8001")], name="第二次.xlsx")
    assert done.settled == 1
    assert [view.key for view in lines(ws)] == [box(2)]
    settle(ws, [lines(ws)[0].number], "照片已补")
    assert lines(ws) == []
    assert [view.settled_how for view in lines(ws, everything=True)] == ["后来的回执已接收", "照片已补"]


def test_settling_asks_how_and_knows_what_waits(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    received(ws, tmp_path, [("计量箱", box(1), "失败", "条形码重复", "")])
    with pytest.raises(RefusedError, match="怎么办结"):
        settle(ws, [1], " ")
    with pytest.raises(RefusedError, match="没有编号为 99"):
        settle(ws, [99], "已改")


def test_the_gis_names_our_boxes_by_the_marketing_number(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    received(ws, tmp_path, [("计量箱", box(1), "成功", "", "8001")])
    head = ["营销_ID", "GIS_ID", "设备类型", "回写时间", "状态"]
    done = received(ws, tmp_path, [("8001", "40773158", "计量箱", "2026-11-22", "正常")], head, "ID映射.xlsx")
    assert (done.paired, done.rejects) == (1, ())
    assert ids(ws, MeterBox, "gis_id") == {box(1): "40773158"}
    other = received(ws, tmp_path, [("8888", "40773159", "计量箱", box(1))], ["营销_ID", "GIS_ID", "设备类型", "资产编号"], "ID映射2.xlsx")
    assert [view.reason for view in other.rejects] == ["它说营销_ID 是 8888，台账是 8001"]


def test_our_own_table_with_results_behind_it_is_read(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    head = ["计量箱条形码", "电能表资产号", "用户编号", "导入结果", "错误信息", "营销ID"]
    first, second = barcode("05", 501), barcode("05", 502)
    rows = [(first, meter(1), customer(1), "成功", "", "8001"), (first, meter(2), customer(2), "成功", "", "8001"),
            (second, meter(3), customer(3), "成功", "", "8002")]  # fmt: skip
    done = received(ws, tmp_path, rows, head)
    assert done.rejects == ()
    assert ids(ws, MeterBox) == {box(1): "8001", box(2): "8002"}
    assert ids(ws, Meter) == {}


def test_a_list_of_results_alone_is_whose_package_it_names(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    head = ["计量箱条码", "提交结果", "退回原因"]
    done = received(ws, tmp_path, [(barcode("05", 501), "退回", "坐标超出范围")], head, "GIS提交结果.xlsx")
    assert [(view.system, view.desk) for view in done.rejects] == [("gis", "fieldwork")]


def test_what_left_goes_on_to_receipted(ws: Workspace, tmp_path: Path, form: Callable[..., None]) -> None:
    confirmed(ws, tmp_path)
    number = export(ws, tmp_path / "out").number
    left = {view.id for view in reviewing.all_items(ws).values() if view.state is State.EXPORTED}
    assert left
    with ws.store.read() as connection:
        boxes = list(connection.execute(select(MeterBox.asset_no)).scalars())
        people = list(connection.execute(select(Customer.customer_no)).scalars())
    rows = [("计量箱", asset, "成功", "", f"80{place:02d}") for place, asset in enumerate(boxes)]
    rows += [("用户", person, "成功", "", f"90{place:02d}") for place, person in enumerate(people)]
    done = received(ws, tmp_path, rows)
    after = {view.id: view.state for view in reviewing.all_items(ws).values()}
    assert {after[item] for item in left} == {State.RECEIPTED}
    assert done.items == len(left)
    assert done.packages == (number,)


def test_refusals_teach_a_check_that_a_person_confirms(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    received(ws, tmp_path, [
        ("计量箱", box(1), "失败", "制造单位不能为空", ""), ("计量箱", box(2), "失败", "制造单位不能为空", ""),
        ("计量箱", box(3), "成功", "", "8003"), ("计量箱", box(4), "失败", "天气不好", ""),
    ])  # fmt: skip
    (rule,) = learning.proposals(ws)
    assert (rule.entity, rule.field, rule.check) == ("meter_box", "manufacturer", "filled")
    assert (rule.refused, rule.caught, rule.taken, rule.blamed) == (2, 2, 1, 1)
    learning.adopt(ws, [1])
    assert 'why = "计量箱制造单位：制造单位不能为空"' in (ws.overrides / FILE).read_text(encoding="utf-8")
    assert learning.proposals(ws) == []
    with pytest.raises(RefusedError, match="没有第 1 条建议"):
        learning.adopt(ws, [1])


def test_other_answers_are_no_receipts(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    head = ["户号", "变电站", "馈线", "变压器GIS_ID", "台区编号"]
    done = received(ws, tmp_path, [(customer(1), "110kV银岗变电站", "10kV银岗线", "4077", "1")], head)
    assert [(report.status, report.reason) for report in done.files] == [("refused", "这是“电源信息回写”，不是回执")]


def test_both_answers_at_once_need_no_order(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    gis, marketing = tmp_path / "1 ID映射.xlsx", tmp_path / "2 营销回执.xlsx"
    head = ["营销_ID", "GIS_ID", "设备类型", "状态"]
    write_sheets(gis, [("ID映射", head, [("8001", "40773158", "计量箱", "正常")])], text_columns=head)
    write_sheets(marketing, [("回执", HEAD, [("计量箱", box(1), "成功", "", "8001")])], text_columns=HEAD)
    done = take(ws, [gis, marketing], Progress())
    assert (done.paired, done.rejects) == (2, ())
    assert ids(ws, MeterBox, "gis_id") == {box(1): "40773158"}
