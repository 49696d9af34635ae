"""Sheets of a package: numbered once, laid out anew only while they were never printed, marked only when they are on paper."""

from pathlib import Path

import pytest

from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.model import SheetState, SheetView
from lvdesk.fieldwork.moving import close, drop, send
from lvdesk.fieldwork.packages import change
from lvdesk.fieldwork.register import find, mark, sheets
from lvdesk.fieldwork.sheets import pages, prepare, print_sheets
from lvdesk.history import entries, redo, undo, undo_label
from lvdesk.kit.errors import Cancelled, ConflictError, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.sheetwork import Paper, amend, payload, printed, words
from tests.helpers.visiting import box, made

S = SheetState
MORE = ("cover", "box_collection", "customer_visit")


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    return visiting.laid(ws)


@pytest.fixture
def number(station: Workspace) -> str:
    """A package whose sheets have their numbers."""
    made_no = made(station)
    prepare(station, made_no, Progress())
    return made_no


def of_form(ws: Workspace, number: str, form: str) -> list[SheetView]:
    return [sheet for sheet in sheets(ws, number) if sheet.form == form and sheet.state != S.REPLACED]


def grow(ws: Workspace, *numbers: int) -> None:
    """Boxes get so many slots that their blocks need more room."""
    for each in numbers:
        amend(ws, "meter_box", box(each), slot_rows=8, slot_columns=4)


def test_numbers_follow_the_pages_and_the_cover_comes_first(station: Workspace) -> None:
    number = made(station)
    assert sheets(station, number) == []
    assert prepare(station, number, Progress()) == Changed.PACKAGES | Changed.HISTORY
    found = sheets(station, number)
    assert [sheet.sheet_no for sheet in found] == [f"{number}-{place:03d}" for place in range(1, len(found) + 1)]
    assert [sheet.page for sheet in found] == list(range(1, len(found) + 1))
    assert {(sheet.pages, sheet.state, sheet.copies) for sheet in found} == {(len(found), S.PREPARED, 0)}
    assert (found[0].form, found[0].form_title) == ("cover", "采录任务包")
    assert undo_label(station) == f"编排任务包 {number} 的表单（{len(found)} 张待打印）"


def test_again_changes_nothing(station: Workspace, number: str) -> None:
    before, count = sheets(station, number), len(entries(station))
    assert prepare(station, number, Progress()) == Changed.NOTHING
    amend(station, "meter_box", box(1), location="另一条街 8 号")
    assert prepare(station, number.lower(), Progress()) == Changed.NOTHING
    assert (sheets(station, number), len(entries(station))) == (before, count + 1)


def test_pages_carry_station_number_and_place_and_say_what_the_records_say(station: Workspace, number: str) -> None:
    amend(station, "meter_box", box(1), location="另一条街 8 号")
    found = sheets(station, number)
    shown = list(pages(station, number))
    codes = [payload(page) for page in shown]
    assert {code.station for code in codes} == {station_code(station)}
    assert [(code.sheet_no, code.page, code.pages) for code in codes] == [(each.sheet_no, each.page, len(found)) for each in found]
    assert sum("另一条街 8 号" in words(page) for page in shown) >= 1
    assert all(sheet.sheet_no in words(shown[0]) for sheet in found[1:])
    (one,) = pages(station, number, [found[2].sheet_no.lower()])
    assert payload(one).sheet_no == found[2].sheet_no
    with pytest.raises(KnownError) as raised:
        pages(station, number, ["CL000101-01-001"])
    assert raised.value.code == "sheet.missing"


def test_every_thing_to_visit_stands_on_a_sheet_of_its_kind(station: Workspace, number: str) -> None:
    shown = {payload(page).sheet_no: words(page) for page in pages(station, number)}
    for form, addresses in (("box_collection", ("某村1号", "某村2号", "某村4号")), ("customer_visit", ("某村6号",))):
        text = "\n".join(shown[sheet.sheet_no] for sheet in of_form(station, number, form))
        assert all(address in text for address in addresses), form


def test_never_printed_sheets_follow_the_contents(station: Workspace, number: str) -> None:
    before = {sheet.sheet_no for sheet in sheets(station, number)}
    grow(station, 1, 2, 4)
    assert prepare(station, number, Progress()) != Changed.NOTHING
    found = sheets(station, number)
    assert before < {sheet.sheet_no for sheet in found}
    assert len(of_form(station, number, "box_collection")) > 1
    assert [sheet.page for sheet in found] == list(range(1, len(found) + 1))
    assert {sheet.pages for sheet in found} == {len(found)}
    assert len(list(pages(station, number))) == len(found)
    undo(station)
    assert {sheet.sheet_no for sheet in sheets(station, number)} == before


def test_a_number_is_not_given_twice_though_its_sheet_went(station: Workspace) -> None:
    number = made(station, forms=("cover", "box_collection"))
    prepare(station, number, Progress())
    grow(station, 1, 2, 4)
    prepare(station, number, Progress())
    many = {sheet.sheet_no for sheet in sheets(station, number)}
    for each in (1, 2, 4):
        amend(station, "meter_box", box(each), slot_rows=1, slot_columns=1)
    prepare(station, number, Progress())
    few = {sheet.sheet_no for sheet in sheets(station, number)}
    assert few < many
    change(station, number, forms=list(MORE))
    prepare(station, number, Progress())
    assert not ({sheet.sheet_no for sheet in sheets(station, number)} - few) & many
    with pytest.raises(KnownError):
        find(station, min(many - few))


def test_undone_numbers_stay_used(station: Workspace, number: str) -> None:
    first = {sheet.sheet_no for sheet in sheets(station, number)}
    undo(station)
    assert sheets(station, number) == []
    prepare(station, number, Progress())
    assert not first & {sheet.sheet_no for sheet in sheets(station, number)}


def test_printing_marks_what_is_there(station: Workspace, number: str, tmp_path: Path) -> None:
    done, paper = printed(station, number, tmp_path)
    found = sheets(station, number)
    assert (done.pages, done.changed) == (len(found), Changed.PACKAGES | Changed.HISTORY)
    assert [(each.sheet_no, each.page) for each in done.sheets] == [(each.sheet_no, each.page) for each in found]
    assert {key for each in done.sheets for key in each.items} >= {box(1), box(2), box(4), visiting.customer(6)}
    assert paper.sheet_nos == [each.sheet_no for each in found]
    assert {(each.state, each.copies, each.printed_by) for each in found} == {(S.PRINTED, 1, "张三")}
    assert all(each.printed_at and not each.changed_since for each in found)
    assert undo_label(station) == f"打印任务包 {number} 的表单 {len(found)} 张"
    undo(station)
    assert {(each.state, each.copies) for each in sheets(station, number)} == {(S.PREPARED, 0)}
    redo(station)
    assert sheets(station, number) == found


@pytest.mark.parametrize("fault", [Cancelled(), OSError("disk"), KnownError("file.in_use", "被占用")])
def test_what_did_not_come_out_whole_is_not_marked(station: Workspace, number: str, tmp_path: Path, fault: Exception) -> None:
    before = sheets(station, number)

    def fail(count: int) -> None:
        if count == 2:
            raise fault

    with pytest.raises(type(fault)):
        print_sheets(station, number, tmp_path / "表单.pdf", Paper(fail), Progress())
    assert sheets(station, number) == before


def test_a_package_made_ready_only_by_printing(station: Workspace, tmp_path: Path) -> None:
    number = made(station)
    done, _ = printed(station, number, tmp_path)
    assert [each.page for each in done.sheets] == list(range(1, done.pages + 1))


def test_a_reprint_is_the_same_sheet(station: Workspace, number: str, tmp_path: Path) -> None:
    _, paper = printed(station, number, tmp_path)
    boxes = of_form(station, number, "box_collection")[0]
    before = next(page for page in paper.pages if payload(page).sheet_no == boxes.sheet_no)
    grow(station, 1)
    drop(station, number, [("meter_box", box(2))])
    change(station, number, forms=list(MORE))
    done, again = printed(station, number, tmp_path, boxes.sheet_no)
    assert (done.pages, [each.page for each in done.sheets]) == (1, [1])
    assert payload(again.pages[0]) == payload(before)
    assert done.sheets[0].items == (box(1), box(2))
    assert all(address in words(again.pages[0]) for address in ("某村1号", "某村2号"))
    assert (find(station, boxes.sheet_no).copies, find(station, boxes.sheet_no).state) == (2, S.PRINTED)


def test_printed_sheets_stay_when_the_contents_change(station: Workspace, tmp_path: Path) -> None:
    number = made(station, forms=("cover", "box_collection"))
    printed(station, number, tmp_path)
    before = {sheet.sheet_no: (sheet.page, sheet.pages, sheet.items) for sheet in sheets(station, number)}
    grow(station, 1, 2, 4)
    assert prepare(station, number, Progress()) == Changed.NOTHING
    change(station, number, forms=["cover", "box_collection", "access_point"])
    prepare(station, number, Progress())
    found = sheets(station, number)
    assert {sheet.sheet_no: (sheet.page, sheet.pages, sheet.items) for sheet in found if sheet.sheet_no in before} == before
    fresh = [sheet for sheet in found if sheet.sheet_no not in before]
    assert fresh
    assert {(sheet.form, sheet.state) for sheet in fresh} == {("access_point", S.PREPARED)}
    assert min(sheet.page for sheet in fresh) == len(before) + 1


@pytest.mark.parametrize(
    "entity, key, values, told",
    [
        ("meter_box", box(1), {"location": "另一条街 8 号"}, {"box_collection", "area_overview", "access_point"}),
        ("meter_box", box(1), {"made_no": "123"}, set()),
        ("meter_box", box(5), {"location": "别处"}, set()),
        ("customer", visiting.customer(6), {"name": "李六"}, {"customer_visit"}),
    ],
)
def test_what_changed_since_it_was_printed_is_told(
    station: Workspace, number: str, tmp_path: Path, entity: str, key: str, values: dict[str, str], told: set[str]
) -> None:
    printed(station, number, tmp_path)
    assert not any(sheet.changed_since for sheet in sheets(station))
    amend(station, entity, key, **values)
    assert {sheet.form for sheet in sheets(station, number) if sheet.changed_since} == told
    assert {sheet.form for sheet in sheets(station) if sheet.changed_since} == told
    printed(station, number, tmp_path)
    assert not any(sheet.changed_since for sheet in sheets(station))


def test_what_was_printed_once_is_not_another_sheet_after_undo(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    old = {sheet.sheet_no for sheet in of_form(station, number, "box_collection")}
    undo(station)
    grow(station, 1, 2, 4)
    prepare(station, number, Progress())
    assert not old & {sheet.sheet_no for sheet in of_form(station, number, "box_collection")}


def test_sheets_printed_after_the_package_went_out_are_out(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    send(station, number)
    assert {sheet.state for sheet in sheets(station, number)} == {S.OUT}
    first, second, *_ = sheets(station, number)
    mark(station, [first.sheet_no], S.MISSING, "风吹走")
    mark(station, [second.sheet_no], S.BACK)
    done, _ = printed(station, number, tmp_path)
    assert second.sheet_no not in {each.sheet_no for each in done.sheets}
    assert {find(station, first.sheet_no).state, find(station, first.sheet_no).reason == ""} == {S.OUT, True}
    printed(station, number, tmp_path, second.sheet_no)
    assert (find(station, second.sheet_no).state, find(station, second.sheet_no).copies) == (S.BACK, 2)


def test_a_closed_package_is_looked_at_but_not_printed(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    send(station, number)
    close(station, number)
    assert len(list(pages(station, number))) == len(sheets(station, number))
    for act in (lambda: prepare(station, number, Progress()), lambda: printed(station, number, tmp_path)):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.code == "package.state"


def test_a_sheet_changed_by_somebody_else_meanwhile_is_not_marked(station: Workspace, number: str, tmp_path: Path) -> None:
    printed(station, number, tmp_path)
    other = Workspace.open(tmp_path / "other", station.store.url, person="李四")
    lost = sheets(station, number)[0].sheet_no

    def meanwhile(count: int) -> None:
        if count == 1:
            mark(other, [lost], S.MISSING)

    with pytest.raises(ConflictError):
        print_sheets(station, number, tmp_path / "表单.pdf", Paper(meanwhile), Progress())
    other.close()
    assert {sheet.copies for sheet in sheets(station, number)} == {1}


def test_the_station_keeps_its_code(station: Workspace) -> None:
    code = station_code(station)
    count = len(entries(station))
    assert (len(code), code.isalnum(), code.isupper() or code.isdigit()) == (8, True, True)
    assert (station_code(station), len(entries(station))) == (code, count)
