"""A paper sheet on its way into the field results: typed, typed again blindly, finished, undone, finished twice."""

from pathlib import Path

import pytest

from lvdesk.fieldwork import differences, keying, keying_finishing
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.packages import show
from lvdesk.fieldwork.register import find
from lvdesk.history import entries, undo
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers.keying import block_of, finished, rows, sent, sheet_of, typed
from tests.helpers.stations import barcode
from tests.helpers.visiting import box, customer, meter

pytestmark = pytest.mark.usefixtures("near_reader")
_NEW_CODE = barcode("05", 777)


@pytest.fixture
def package(ws: Workspace, tmp_path: Path) -> str:
    return sent(ws, tmp_path)


def said(ws: Workspace, *columns: str) -> list[tuple[str | None, ...]]:
    """Cells of the field results, sorted."""
    found = rows(ws)
    return sorted(found.select(*columns).rows(), key=str)


def test_a_sheet_shows_its_fields_as_the_paper_has_them(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    seen = keying.sheet(ws, number)
    block = next(block for block in seen.blocks if block.key == box(1))
    assert (block.heading, block.lines[0]) == (f"计量箱 {barcode('05', 501)}", "某村1号")
    mine = {field.place.removeprefix(at): field for field in seen.fields if field.place.startswith(at)}
    assert (mine["meter_box.bar_code"].kind, mine["meter_box.bar_code"].length, mine["meter_box.bar_code"].risky) == ("barcode", 22, True)
    assert (mine["meter_box.longitude"].kind, mine["tick.same"].kind, mine["meter_box.note"].kind) == ("number", "tick", "text")
    assert mine["tick.missing"].title == "核对结果：缺失"
    assert mine["tick.same"].place in mine["tick.missing"].exclusive
    assert (seen.package_no, seen.people, seen.state) == (package, ("张三", "李四"), "open")


def test_a_box_as_in_the_ledger_comes_back_with_its_meters(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    typed(ws, number, {f"{at}tick.same": "1", f"{at}meter_box.longitude": "11568052", f"{at}meter_box.latitude": "3444102"})
    done = finished(ws, number)
    assert (done.rows, done.waiting) == (3, 0)
    assert find(ws, number).state is SheetState.BACK
    assert {item.key for item in show(ws, package).items if item.state == "已收回"} == {box(1)}
    found = rows(ws)
    assert said(ws, "meter.asset_no", "customer.customer_no") == [
        (meter(1), customer(1)), (meter(2), customer(2)), (None, None),
    ]  # fmt: skip
    assert set(found["note.verdict"]) == {"正常"}
    assert (set(found["note.form_no"]), set(found["note.package"])) == ({number}, {package})
    assert set(found["note.collected_on"]) == {"2026-11-22"}
    assert set(found["note.collected_by"]) == {"张三、李四"}
    differences.recount(ws, Progress())
    assert [view.klass for view in differences.listed(ws)] == []


def test_finished_twice_changes_nothing_twice_and_undo_takes_it_back(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    typed(ws, number, {f"{at}tick.same": "1"})
    finished(ws, number)
    before = (rows(ws).height, len(entries(ws)))
    assert finished(ws, number).changed == Changed.NOTHING
    assert (rows(ws).height, len(entries(ws))) == before
    while find(ws, number).state is SheetState.BACK or rows(ws).height:
        undo(ws)
    assert keying.sheet(ws, number).state == "open"
    assert finished(ws, number).rows == before[0]


def test_what_names_a_thing_is_typed_twice_by_two_people(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    place = f"{at}meter_box.bar_code"
    typed(ws, number, {place: _NEW_CODE, f"{at}tick.new": "1"})
    assert finished(ws, number).waiting == 1
    with pytest.raises(RefusedError, match="另一个人"):
        typed(ws, number, {place: _NEW_CODE}, second=True)
    blind = {field.place: field for field in keying.sheet(ws, number, "乙").fields}[place]
    assert (blind.value, blind.ledger) == (None, "")
    wrong = _NEW_CODE[:-2] + "00"
    seen = typed(ws, number, {place: wrong}, "乙", second=True)
    assert [name for name, _ in seen.problems if name == place]
    assert finished(ws, number).waiting == 1
    assert keying.error_rates(ws) == []
    settled = keying.settle(ws, number, place, _NEW_CODE)
    assert not [name for name, _ in settled.problems if name == place]
    rates = {(rate.role, rate.person): (rate.fields, rate.wrong) for rate in keying.error_rates(ws)}
    assert rates == {("keyer", "甲"): (1, 0), ("verifier", "乙"): (1, 1)}
    assert finished(ws, number).rows == 1
    assert said(ws, "meter_box.bar_code", "note.verdict") == [(_NEW_CODE, "新增")]


def test_sheets_that_wait_say_for_what(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    assert keying.waiting(ws) == []
    places = [field.place for field in keying.sheet(ws, number).fields]
    typed(ws, number, {f"{at}meter_box.bar_code": _NEW_CODE})
    (waiting,) = keying.waiting(ws)
    assert (waiting.sheet_no, waiting.kind, waiting.fields, waiting.first_by) == (number, "keying", len(places) - 1, "甲")
    typed(ws, number, dict.fromkeys(places, "") | {f"{at}meter_box.bar_code": _NEW_CODE})
    (waiting,) = keying.waiting(ws)
    assert (waiting.kind, waiting.fields) == ("second", 1)
    assert keying.complete(ws, [number]) == []
    typed(ws, number, {f"{at}meter_box.bar_code": _NEW_CODE}, "乙", second=True)
    assert keying.complete(ws, [number]) == [number]


def test_slots_say_which_meter_was_found(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    loose = [field.place for field in keying.sheet(ws, number).fields if field.place.startswith(f"{at}loose.") and field.kind == "tick"]
    same, differs = f"{at}loose.1.same", f"{at}loose.2.differs"
    assert {same, differs} <= set(loose)
    typed(ws, number, {same: "1", differs: "1", f"{at}loose.1.row": "1", f"{at}loose.1.column": "2"})
    finished(ws, number)
    assert said(ws, "meter.asset_no", "meter.slot_row", "meter.slot_column", "note.verdict", "note.remark")[:2] == [
        (meter(1), "1", "2", "正常", None), (meter(2), None, None, "缺失", "现场无表"),
    ]  # fmt: skip


def test_a_customer_nobody_let_in_is_visited_again(ws: Workspace, package: str) -> None:
    number = sheet_of(ws, "未入箱")
    typed(ws, number, {"0.tick.locked": "1", "0.note.remark": "大门上锁"})
    finished(ws, number)
    assert said(ws, "customer.customer_no", "note.verdict", "note.remark") == [(customer(6), "无法进入", "大门上锁")]
    assert {item.key: item.state for item in show(ws, package).items}[customer(6)] == "无法进入"


def test_new_accounts_are_new_whatever_is_written_of_them(ws: Workspace, package: str) -> None:
    number = sheet_of(ws, "新增用户")
    typed(ws, number, {"1.customer.name": "王五", "1.meter.bar_code": barcode("01", 55), "1.note.collected_on": "20261121"})
    typed(ws, number, {"1.meter.bar_code": barcode("01", 55)}, "乙", second=True)
    assert finished(ws, number).rows == 1
    assert said(ws, "customer.name", "meter.bar_code", "note.verdict") == [("王五", barcode("01", 55), "新增")]


def test_an_access_point_says_where_its_boxes_hang(ws: Workspace, package: str) -> None:
    number = sheet_of(ws, "接入点")
    typed(ws, number, {"0.tick.new": "1", "0.1.here.yes": "1", "0.2.here.no": "1", "0.2.other": "村口分支箱", "0.device_type.pole": "1"})
    typed(ws, number, {"0.device_type.pole": "1", "0.2.other": "村口分支箱"}, "乙", second=True)
    finished(ws, number)
    assert said(ws, "meter_box.device_type", "meter_box.device_name", "access_point.device_type", "note.verdict") == [
        ("低压杆塔", None, None, "正常"), (None, "村口分支箱", None, "信息不符"), (None, None, "低压杆塔", "新增"),
    ]  # fmt: skip


def test_a_cover_comes_back_without_results(ws: Workspace, package: str) -> None:
    number = sheet_of(ws, "任务包")
    seen = keying.sheet(ws, number)
    assert seen.blocks[0].heading == f"任务包 {package}"
    typed(ws, number, {next(field.place for field in seen.fields if field.kind == "tick"): "1"})
    assert finished(ws, number).rows == 0
    assert (find(ws, number).state, rows(ws).height) == (SheetState.BACK, 0)


def test_an_empty_sheet_and_a_strange_place_are_refused(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(1))
    with pytest.raises(RefusedError, match="没有填写"):
        finished(ws, number)
    with pytest.raises(KnownError, match=r"没有“9\.nothing”"):
        typed(ws, number, {"9.nothing": "1"})
    with pytest.raises(KnownError, match="没有表单"):
        keying.sheet(ws, "CL999999-01-001")
    typed(ws, number, {f"{at}tick.same": "1", f"{at}tick.missing": "1"})
    assert "矛盾" in keying.sheet(ws, number).problems[0][1]


def test_a_sheet_keyed_again_replaces_what_it_said(ws: Workspace, package: str) -> None:
    number, at = block_of(ws, box(2))
    typed(ws, number, {f"{at}tick.missing": "1"})
    finished(ws, number)
    assert said(ws, "note.verdict") == [("缺失",)]
    typed(ws, number, {f"{at}tick.missing": "", f"{at}tick.other_area": "1"})
    assert keying.sheet(ws, number).state == "done"
    finished(ws, number)
    assert said(ws, "note.verdict") == [("户变不符",)]


@pytest.mark.parametrize("step", ["mark", "moving.take_back"])
def test_stopped_between_its_steps_it_is_completed_by_finishing_again(
    ws: Workspace, package: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    number, at = block_of(ws, box(1))
    typed(ws, number, {f"{at}tick.same": "1"})
    with monkeypatch.context() as broken:
        broken.setattr(f"{keying_finishing.__name__}.{step}", lambda *_given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            finished(ws, number)
    assert rows(ws).height == 3
    finished(ws, number)
    assert rows(ws).height == 3
    assert find(ws, number).state is SheetState.BACK
    assert {item.key for item in show(ws, package).items if item.state == "已收回"} == {box(1)}
