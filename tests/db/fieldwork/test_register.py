"""The register of sheets: every mark along the table, replacing, searching, what is overdue."""

from datetime import datetime
from pathlib import Path

import pytest

from lvdesk.fieldwork.model import SHEET_STATES, SheetState, SheetView
from lvdesk.fieldwork.moving import drop, send
from lvdesk.fieldwork.packages import show
from lvdesk.fieldwork.register import MARKS, REPLACEABLE, find, mark, overdue_sheets, replace, sheets
from lvdesk.fieldwork.sheets import pages, prepare
from lvdesk.history import entries, undo, undo_label
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.sheetwork import amend, payload, printed, words
from tests.helpers.visiting import EAST, FRONT, box, made

S = SheetState
WAYS = {
    S.PREPARED: (),
    S.PRINTED: (S.PRINTED,),
    S.OUT: (S.PRINTED, S.OUT),
    S.BACK: (S.PRINTED, S.OUT, S.BACK),
    S.MISSING: (S.PRINTED, S.MISSING),
    S.REPLACED: (S.PRINTED, S.REPLACED),
}


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    return visiting.laid(ws)


@pytest.fixture
def number(station: Workspace) -> str:
    """A package whose sheets have their numbers."""
    made_no = made(station)
    prepare(station, made_no, Progress())
    return made_no


def boxes_sheet(ws: Workspace, number: str) -> str:
    """The first sheet with boxes that counts."""
    return next(sheet.sheet_no for sheet in sheets(ws, number) if sheet.form == "box_collection" and sheet.state != S.REPLACED)


def brought(ws: Workspace, number: str, state: SheetState, folder: Path) -> str:
    """The number of a sheet in some state; its package is out."""
    sheet_no = boxes_sheet(ws, number)
    cover = sheets(ws, number)[0].sheet_no
    printed(ws, number, folder, cover)
    if state == S.PRINTED:
        printed(ws, number, folder, sheet_no)
    send(ws, number)
    if state not in {S.PREPARED, S.PRINTED}:
        printed(ws, number, folder, sheet_no)
    if state == S.PRINTED:
        mark(ws, [sheet_no], S.PRINTED)
    elif state == S.REPLACED:
        replace(ws, [sheet_no], "台账有变")
    elif state in {S.BACK, S.MISSING}:
        mark(ws, [sheet_no], state)
    assert find(ws, sheet_no).state == state
    return sheet_no


@pytest.mark.parametrize("now", list(S))
def test_only_the_marks_of_the_table_are_made(station: Workspace, number: str, tmp_path: Path, now: SheetState) -> None:
    sheet_no = brought(station, number, now, tmp_path)
    before = find(station, sheet_no)
    for state in S:
        if state in MARKS[now]:
            assert mark(station, [sheet_no], state, "说明") == Changed.PACKAGES | Changed.HISTORY
            after = find(station, sheet_no)
            assert (after.state, after.reason, after.back_at != "") == (state, "说明", state == S.BACK)
            assert undo_label(station) == f"表单标记为{SHEET_STATES[state]}：{sheet_no}"
            undo(station)
        elif state == now:
            assert mark(station, [sheet_no], state) == Changed.NOTHING
        else:
            with pytest.raises(RefusedError, match=SHEET_STATES[now]) as refused:
                mark(station, [sheet_no], state)
            assert (refused.value.code, refused.value.hint != "") == ("sheet.state", True)
        assert find(station, sheet_no) == before


def test_a_replaced_sheet_is_final_and_only_paper_is_replaced(station: Workspace, number: str, tmp_path: Path) -> None:
    assert MARKS[S.REPLACED] == frozenset()
    assert all(S.REPLACED not in states for states in MARKS.values())
    sheet_no = boxes_sheet(station, number)
    with pytest.raises(RefusedError) as refused:
        replace(station, [sheet_no], "破损")
    assert refused.value.code == "sheet.state"
    printed(station, number, tmp_path)
    with pytest.raises(RefusedError) as refused:
        replace(station, [sheet_no], " ")
    assert refused.value.code == "sheet.reason"
    assert {S.PRINTED, S.OUT, S.MISSING} == REPLACEABLE


def test_many_are_marked_together_or_none(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    found = [sheet.sheet_no for sheet in sheets(station, number)]
    with pytest.raises(RefusedError) as refused:
        mark(station, found, S.OUT)
    assert "发出任务包" in refused.value.hint
    send(station, number)
    mark(station, found, S.BACK)
    assert undo_label(station) == f"表单标记为已收回：{found[0]}、{found[1]} 等 {len(found)} 张"
    with pytest.raises(KnownError) as raised:
        mark(station, [*found, "CL000101-01-001"], S.OUT)
    assert (raised.value.code, {sheet.state for sheet in sheets(station, number)}) == ("sheet.missing", {S.BACK})
    undo(station)
    assert {sheet.state for sheet in sheets(station, number)} == {S.OUT}
    with pytest.raises(KnownError):
        mark(station, [], S.BACK)


def test_a_lost_sheet_is_found_again_or_printed_again(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    lost = boxes_sheet(station, number)
    mark(station, [lost], S.MISSING, "现场丢失")
    assert [sheet.sheet_no for sheet in sheets(station, state=S.MISSING)] == [lost]
    printed(station, number, tmp_path, lost)
    again = find(station, lost)
    assert (again.state, again.copies, again.reason) == (S.PRINTED, 2, "")


def test_a_new_sheet_takes_the_place_of_the_old_one(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    old = find(station, boxes_sheet(station, number))
    highest = max(sheet.sheet_no for sheet in sheets(station, number))
    amend(station, "meter_box", box(1), location="另一条街 8 号")
    assert replace(station, [old.sheet_no], "台账有变") == Changed.PACKAGES | Changed.HISTORY
    gone = find(station, old.sheet_no)
    new = find(station, gone.replaced_by)
    assert (gone.state, gone.reason) == (S.REPLACED, "台账有变")
    assert (new.state, new.page, new.form, new.items, new.copies) == (S.PREPARED, old.page, old.form, old.items, 0)
    assert new.sheet_no > highest
    assert undo_label(station) == f"表单换新：{old.sheet_no}"
    assert prepare(station, number, Progress()) == Changed.NOTHING
    live = [payload(page).sheet_no for page in pages(station, number)]
    assert (old.sheet_no in live, new.sheet_no in live, len(live)) == (False, True, len(set(live)))
    (page,) = pages(station, number, [new.sheet_no])
    assert "另一条街 8 号" in words(page)
    with pytest.raises(RefusedError) as refused:
        printed(station, number, tmp_path, old.sheet_no)
    assert (refused.value.code, new.sheet_no in refused.value.message) == ("sheet.state", True)
    item = next(item for item in show(station, number).items if item.key == box(1))
    assert new.sheet_no in item.sheet_nos
    undo(station)
    assert find(station, old.sheet_no) == SheetView(**{**old.__dict__, "changed_since": True})
    replace(station, [old.sheet_no], "再换")
    assert find(station, old.sheet_no).replaced_by > new.sheet_no


def test_what_takes_more_room_by_now_takes_more_sheets(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    before = sheets(station, number)
    old = boxes_sheet(station, number)
    for each in (1, 2):
        amend(station, "meter_box", box(each), slot_rows=8, slot_columns=4)
    replace(station, [old], "台账有变")
    fresh = [sheet for sheet in sheets(station, number) if sheet.state == S.PREPARED]
    assert len(fresh) > 1
    assert fresh[0].sheet_no == find(station, old).replaced_by
    assert [sheet.page for sheet in fresh] == [find(station, old).page, *range(len(before) + 1, len(before) + len(fresh))]
    text = "\n".join(words(page) for page in pages(station, number, [sheet.sheet_no for sheet in fresh]))
    assert all(address in text for address in ("某村1号", "某村2号"))
    assert prepare(station, number, Progress()) == Changed.NOTHING


def test_all_sheets_at_once_with_the_cover_last(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    old = [sheet.sheet_no for sheet in sheets(station, number)]
    replace(station, old, "打印不清")
    fresh = [sheet for sheet in sheets(station, number) if sheet.state != S.REPLACED]
    assert [(sheet.page, sheet.form) for sheet in fresh] == [
        (sheet.page, sheet.form) for sheet in sheets(station, number) if sheet.state == S.REPLACED
    ]
    assert not {sheet.sheet_no for sheet in fresh} & set(old)
    cover = next(iter(pages(station, number)))
    assert all(sheet.sheet_no in words(cover) for sheet in fresh)
    assert not any(sheet_no in words(cover) for sheet_no in old)


def test_a_sheet_whose_things_left_the_package_is_replaced_by_none(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    old = next(sheet.sheet_no for sheet in sheets(station, number) if sheet.form == "customer_visit")
    drop(station, number, [("customer", visiting.customer(6))])
    replace(station, [old], "不再去")
    assert (find(station, old).state, find(station, old).replaced_by) == (S.REPLACED, "")
    assert old not in {payload(page).sheet_no for page in pages(station, number)}
    assert prepare(station, number, Progress()) == Changed.NOTHING


def test_the_register_is_searched(station: Workspace, number: str, tmp_path: Path) -> None:
    other = made(station, feeder=FRONT, areas=(EAST,))
    prepare(station, other, Progress())
    printed(station, number, tmp_path, boxes_sheet(station, number))
    both = sheets(station)
    assert [sheet.package_no for sheet in both] == sorted((sheet.package_no for sheet in both), reverse=True)
    assert {sheet.package_no for sheet in sheets(station, other)} == {other}
    assert [sheet.sheet_no for sheet in sheets(station, state=S.PRINTED)] == [boxes_sheet(station, number)]
    assert {sheet.package_no for sheet in sheets(station, text=box(5))} == {other}
    assert {sheet.form for sheet in sheets(station, text="采录任务包")} == {"cover"}
    assert sheets(station, "CL000101-01") == []
    assert find(station, f" {boxes_sheet(station, number).lower()} ").form == "box_collection"
    with pytest.raises(KnownError) as raised:
        find(station, "没有")
    assert raised.value.code == "sheet.missing"


def test_what_is_out_too_long_is_told(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    station.clock = lambda: datetime.fromisoformat("2026-12-02T10:00:00+08:00")
    send(station, number)
    assert overdue_sheets(station) == []
    station.clock = lambda: datetime.fromisoformat("2026-12-03T10:00:00+08:00")
    assert len(overdue_sheets(station)) == len(sheets(station, number))
    mark(station, [sheets(station, number)[0].sheet_no], S.BACK)
    assert {sheet.state for sheet in overdue_sheets(station)} == {S.OUT}
    assert len(overdue_sheets(station)) == len(sheets(station, number)) - 1


def test_looking_writes_nothing(station: Workspace, number: str) -> None:
    list(pages(station, number))
    count = len(entries(station))
    list(pages(station, number))
    sheets(station)
    overdue_sheets(station)
    assert len(entries(station)) == count
