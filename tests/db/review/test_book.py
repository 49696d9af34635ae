"""A stage's list as a workbook: out with looks and locks, filled by colleagues, back in with the checks of the desk."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from lvdesk import history
from lvdesk.cli import review_verbs
from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, Answer
from lvdesk.kit.errors import Cancelled, ConflictError, KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.review import deciding, gathering, locking, stats
from lvdesk.review.book import BookTaken, take_book, write_book
from lvdesk.review.model import Action, Decided, Kind, State
from lvdesk.security import people
from lvdesk.workspace import Workspace
from tests.helpers.here import HereReader
from tests.helpers.returning import results, returned
from tests.helpers.reviewing import (
    ADMIN,
    BOTH,
    CLERK,
    MARKETING,
    MARKETING_2,
    OPERATIONS,
    all_items,
    decide,
    item,
    queued,
    row,
)  # fmt: skip
from tests.helpers.stations import barcode, edited, state, workbook
from tests.helpers.visiting import EAST, customer

pytestmark = pytest.mark.usefixtures("near_reader", "near_book")

HEAD: Final = 3
FORMULA: Final = '=HYPERLINK("http://a","点")'


@pytest.fixture
def near_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook is read in this process: what is done with its cells matters here."""
    monkeypatch.setattr("lvdesk.review.book_reading.Reader", HereReader)


@pytest.fixture
def queue(ws: Workspace, tmp_path: Path) -> Workspace:
    return queued(ws, tmp_path)


@pytest.fixture
def book(queue: Workspace, tmp_path: Path) -> Path:
    """The list of marketing, as exported."""
    path = tmp_path / "营销确认.xlsx"
    write_book(queue, path, State.MARKETING)
    return path


def columns(sheet: Any) -> dict[str, int]:
    """Title -> column of the header."""
    return {cell.value: cell.column for cell in sheet[HEAD] if cell.value}


def row_of(sheet: Any, number: int) -> int:
    """The row of an item."""
    return next(at for at in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(at, 1).value == str(number))


def filled(path: Path, cells: Mapping[int, Mapping[str, str]]) -> Path:
    """The workbook after a colleague typed into the rows of these items."""

    def fill(made: openpyxl.Workbook) -> None:
        sheet = made["复核"]
        at = columns(sheet)
        for number, texts in cells.items():
            for title, text in texts.items():
                sheet.cell(row_of(sheet, number), at[title]).value = text

    return edited(path, fill)


def passed(who: str = MARKETING, decision: str = "通过", **more: str) -> dict[str, str]:
    return {"决定": decision, "确认人": who, **more}


def taken(ws: Workspace, path: Path) -> BookTaken:
    return take_book(ws, path, Progress())


def refusals(done: BookTaken) -> list[tuple[int, str]]:
    return [(each.id, each.code) for each in done.refused]


def test_the_list_reads_like_a_page(queue: Workspace, book: Path) -> None:
    made = openpyxl.load_workbook(book)
    sheet, at = made["复核"], columns(made["复核"])
    view = item(queue, Kind.NAME_CHANGED)
    texts = {title: sheet.cell(row_of(sheet, view.id), column).value for title, column in at.items()}
    assert [texts[name] for name in ("编号", "类别", "名称", "对象")] == [str(view.id), "名称不符", "用户2", f"用户 {customer(2)}"]
    assert [texts[name] for name in ("台账", "现场", "采录人")] == ["用户名称=用户2", "用户名称=赵六", "、".join(view.entered_by)]
    assert texts["依据"].endswith("一班.xlsx 采录结果 第 3 行")
    title = sheet["A1"].value
    assert all(said in title for said in (queue.title, "待营销确认", "2026-11-23 09:00", f"由 {CLERK} 导出"))
    assert sheet.max_row - HEAD == len(all_items(queue, State.MARKETING))
    assert (sheet.freeze_panes, sheet.protection.sheet, sheet.protection.password) == ("D4", True, None)
    open_columns = [name for name, column in at.items() if not sheet.cell(HEAD + 1, column).protection.locked]
    assert open_columns == ["决定", "改为", "原因", "确认人"]
    hidden = [range(each.min, each.max + 1) for each in sheet.column_dimensions.values() if each.hidden]
    assert [name for name, column in at.items() if any(column in part for part in hidden)] == ["事项", "版本", "轮次", "校验"]
    assert openpyxl.utils.range_boundaries(sheet.auto_filter.ref)[2] == at["校验"]
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {'"通过,改后通过,退回"', "人员!$A$1:$A$3"}
    assert [cell.value for cell in made["人员"]["A"]] == sorted([MARKETING, MARKETING_2, BOTH])
    assert made["人员"].sheet_state == "hidden"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.print_title_rows) == ("landscape", 0, "$3:$3")


def test_only_chosen_items_and_only_the_stages_of_others(queue: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "几项.xlsx"
    gone, new, link = item(queue, Kind.CANCELLED), item(queue, Kind.NEW), next(iter(all_items(queue, State.OPERATIONS).values()))
    assert write_book(queue, path, State.MARKETING, [new.id, link.id, gone.id]) == 2
    sheet = openpyxl.load_workbook(path)["复核"]
    assert [sheet.cell(at, 1).value for at in (HEAD + 1, HEAD + 2)] == [str(new.id), str(gone.id)]
    for stage, ids, code in ((State.PREPARING, None, "review.stage"), (State.MARKETING, [link.id], "review.nothing")):
        with pytest.raises(RefusedError) as error:
            write_book(queue, path, stage, ids)
        assert error.value.code == code


def test_values_that_look_like_formulas_stay_text(queue: Workspace, tmp_path: Path) -> None:
    new = row(9, 5, 用户名称=FORMULA, 电能表条码=barcode("01", 909), 核对结论="实有账无", 台区编号=EAST)

    def as_text(made: openpyxl.Workbook) -> None:
        for cell in (cell for line in made["采录结果"].iter_rows() for cell in line if cell.data_type == "f"):
            cell.data_type = "s"

    returned(queue, edited(results(tmp_path / "公式.xlsx", [new]), as_text))
    gathering.refresh(queue, Progress())
    view = item(queue, Kind.NEW, customer(9))
    path = tmp_path / "清单.xlsx"
    write_book(queue, path, State.MARKETING)
    made = openpyxl.load_workbook(path)
    cells = [cell for sheet in made for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert FORMULA in {cell.value for cell in cells}
    assert taken(queue, filled(path, {view.id: passed()})).decided == 1


def test_decisions_come_back_in_the_name_of_who_took_them(queue: Workspace, book: Path) -> None:
    name, gone, new = (item(queue, kind) for kind in (Kind.NAME_CHANGED, Kind.CANCELLED, Kind.NEW))
    filled(book, {
        name.id: passed(决定="改后通过", 改为="用户名称＝赵六六", 原因="听错一字"),
        gone.id: passed(MARKETING_2), new.id: passed(MARKETING_2, "退回", 原因="照片看不清"),
    })  # fmt: skip
    done = taken(queue, book)
    assert (done.decided, done.refused, done.unchanged) == (3, (), done.rows - 3)
    assert state(queue)["customer"][customer(2)]["name"] == "赵六六"
    assert state(queue)["customer"][customer(3)]["status"] == "已销户客户"
    found = {view.id: view for view in all_items(queue).values()}
    assert [found[view.id].state for view in (name, gone, new)] == [State.CONFIRMED, State.CONFIRMED, State.RETURNED]
    rows = [row_of(openpyxl.load_workbook(book)["复核"], view.id) for view in (name, new)]
    last = found[name.id].steps[-1]
    assert (last.person, last.how, last.reason) == (MARKETING, "book", f"听错一字（据 营销确认.xlsx 第 {rows[0]} 行，{CLERK} 代录）")
    assert found[new.id].reason == f"照片看不清（据 营销确认.xlsx 第 {rows[1]} 行，{CLERK} 代录）"
    assert stats.stats(queue).reasons == (("照片看不清", 1),)
    entries = {entry.id: entry.person for entry in history.entries(queue)}
    assert sorted(entries[number] for number in done.entries) == sorted([MARKETING, MARKETING_2, MARKETING_2])
    assert queue.person == CLERK


def test_the_same_workbook_twice_changes_nothing_twice(queue: Workspace, book: Path) -> None:
    name, gone, new = (item(queue, kind) for kind in (Kind.NAME_CHANGED, Kind.CANCELLED, Kind.NEW))
    filled(book, {name.id: passed(决定="改后通过", 改为="用户名称=赵六六"), new.id: passed()})
    assert taken(queue, book).decided == 2
    before = state(queue)
    again = taken(queue, book)
    assert (again.decided, again.refused, again.entries, again.unchanged) == (0, (), (), again.rows)
    assert taken(queue, filled(book, {gone.id: passed()})).decided == 1
    changed_mind = taken(queue, filled(book, {name.id: {"改为": "用户名称=赵七"}, new.id: passed(MARKETING_2, "退回", 原因="再看")}))
    assert sorted(refusals(changed_mind)) == sorted([(name.id, "review.changed"), (new.id, "review.changed")])
    assert state(queue)["customer"][customer(2)] == before["customer"][customer(2)]
    decide(queue, MARKETING, Action.REVOKE, item(queue, Kind.NEW))
    assert (new.id, "review.changed") in refusals(taken(queue, filled(book, {new.id: passed()})))


def test_whatever_excel_makes_of_it_is_understood(queue: Workspace, book: Path) -> None:
    """Rows sorted, one deleted, columns added and moved, numbers for texts, the sheet renamed."""
    name, gone, new = (item(queue, kind) for kind in (Kind.NAME_CHANGED, Kind.CANCELLED, Kind.NEW))
    filled(book, {name.id: passed(), gone.id: passed(决定=" 通 过 ")})

    def shuffled(made: openpyxl.Workbook) -> None:
        sheet = made["复核"]
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=HEAD)]
        head, body = lines[0], [line for line in lines[1:] if line[0] != str(new.id)]
        body.sort(key=lambda line: -int(line[0]))
        sheet.delete_rows(HEAD, sheet.max_row)
        sheet.append(["备注", *reversed(head)])
        for line in body:
            sheet.append([f"已看 {line[0]}", *(int(cell) if str(cell).isdigit() else cell for cell in reversed(line))])
        sheet.title = "回来的"
        sheet.row_dimensions[HEAD + 1].hidden = True
        made.move_sheet(sheet, 1)

    done = taken(queue, edited(book, shuffled))
    assert (done.decided, done.refused) == (2, ())
    assert done.rows == len(all_items(queue, State.MARKETING)) + 1


@pytest.mark.parametrize(
    "cells, code",
    [
        ({"决定": "同意", "确认人": MARKETING}, "review.decision"),
        ({"改为": "用户名称=张三", "确认人": MARKETING}, "review.decision"),
        ({"决定": "通过", "改为": "用户名称=张三", "确认人": MARKETING}, "review.value"),
        ({"决定": "改后通过", "确认人": MARKETING}, "review.value"),
        ({"决定": "改后通过", "改为": "张三", "确认人": MARKETING}, "review.value"),
        ({"决定": "改后通过", "改为": "鞋码=42", "确认人": MARKETING}, "review.value"),
        ({"决定": "改后通过", "改为": "用户状态=没听说过", "确认人": MARKETING}, "review.value"),
        ({"决定": "退回", "确认人": MARKETING}, "review.reason"),
        ({"决定": "通过"}, "review.person"),
        ({"决定": "通过", "确认人": "路人"}, "people.unknown"),
        ({"决定": "通过", "确认人": OPERATIONS}, "review.not_allowed"),
        ({"决定": "通过", "确认人": CLERK}, "review.not_allowed"),
        ({"决定": "通过", "确认人": MARKETING, "现场": "用户名称=别人"}, "review.altered"),
        ({"决定": "通过", "确认人": MARKETING, "版本": "9"}, "review.altered"),
        ({"决定": "通过", "确认人": MARKETING, "事项": "99999"}, "review.unknown"),
        ({"决定": "通过", "确认人": MARKETING, "事项": ""}, "review.unknown"),
    ],
)
def test_rows_that_cannot_be_taken_say_why(queue: Workspace, book: Path, cells: dict[str, str], code: str) -> None:
    name, gone = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    at = row_of(openpyxl.load_workbook(book)["复核"], name.id)
    done = taken(queue, filled(book, {name.id: cells, gone.id: passed()}))
    assert [(each.row, each.code) for each in done.refused] == [(at, code)]
    assert done.refused[0].why
    assert done.decided == 1
    assert item(queue, Kind.NAME_CHANGED).version == name.version


def test_the_rules_of_the_desk_hold(queue: Workspace, tmp_path: Path) -> None:
    """Own entries, both stages, versions, locks."""
    returned(queue, results(tmp_path / "自己.xlsx", [row(7, 5, 用户名称="孙七", 采录人=MARKETING)]))
    gathering.refresh(queue, Progress())
    own, new = item(queue, Kind.NAME_CHANGED, customer(7)), item(queue, Kind.NEW)
    name, gone = item(queue, Kind.NAME_CHANGED, customer(2)), item(queue, Kind.CANCELLED)
    path = tmp_path / "营销.xlsx"
    write_book(queue, path, State.MARKETING)
    decide(queue, MARKETING_2, Action.RETURN, name, reason="再看")
    assert locking.open_item(queue, gone.id, "别的窗口") == ""
    done = taken(queue, filled(path, {view.id: passed() for view in (own, name, gone)} | {new.id: passed(BOTH)}))
    assert dict(refusals(done)) == {own.id: "review.own_entry", name.id: "review.changed", gone.id: "review.locked"}
    write_book(queue, path, State.OPERATIONS)
    done = taken(queue, filled(path, {new.id: passed(BOTH)}))
    assert refusals(done) == [(new.id, "review.both_stages")]
    assert taken(queue, filled(path, {new.id: passed(OPERATIONS)})).decided == 1
    assert customer(8) in state(queue)["customer"]


def test_a_new_field_result_makes_the_old_list_void(queue: Workspace, book: Path, tmp_path: Path) -> None:
    name = item(queue, Kind.NAME_CHANGED)
    filled(book, {name.id: passed()})
    returned(queue, results(tmp_path / "二班.xlsx", [row(2, 1, 用户名称="赵六子", 采录日期="2026-11-22")]))
    assert refusals(taken(queue, book)) == [(name.id, "review.changed")]
    assert item(queue, Kind.NAME_CHANGED).state is State.MARKETING


def test_who_has_a_pin_is_not_spoken_for_by_anybody(queue: Workspace, book: Path) -> None:
    name, gone = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    queue.store.person = ADMIN
    people.set_pin(queue.store, queue.overrides, MARKETING, "2468")
    people.change(queue.store, queue.overrides, MARKETING_2, active=False)
    filled(book, {name.id: passed(), gone.id: passed(MARKETING_2)})
    queue.store.person = OPERATIONS
    assert dict(refusals(taken(queue, book))) == {name.id: "people.pin", gone.id: "people.left"}
    queue.store.person = MARKETING
    assert taken(queue, book).decided == 1
    assert all_items(queue)[f"{Kind.NAME_CHANGED} {customer(2)}"].steps[-1].reason.endswith("行")
    queue.store.person = CLERK
    assert taken(queue, filled(book, {gone.id: passed()})).decided == 1


def test_rows_that_contradict_each_other_are_left(queue: Workspace, book: Path) -> None:
    name, gone = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    filled(book, {name.id: passed(), gone.id: passed()})

    def doubled(made: openpyxl.Workbook) -> None:
        sheet = made["复核"]
        for number, decision in ((name.id, "退回"), (gone.id, "通过")):
            line = [cell.value for cell in sheet[row_of(sheet, number)]]
            sheet.append([decision if value == "通过" else value for value in line])
        sheet.cell(sheet.max_row - 1, columns(sheet)["原因"]).value = "不对"

    done = taken(queue, edited(book, doubled))
    assert refusals(done) == [(name.id, "review.twice")] * 2
    assert done.decided == 1


def test_what_is_no_list_is_said(queue: Workspace, tmp_path: Path) -> None:
    for path, code in ((workbook(tmp_path / "别的.xlsx", {"表": [["编号", "名称"], ["1", "甲"]]}), "review.not_a_book"),
                       (tmp_path / "没有.xlsx", "file.missing")):  # fmt: skip
        with pytest.raises(KnownError) as error:
            taken(queue, path)
        assert error.value.code == code


def test_correction_by_titles_names_and_codes(queue: Workspace, book: Path) -> None:
    """Fields of what belongs to a new account too; a number with the name that the list shows behind it."""
    new = item(queue, Kind.NEW)
    cells = passed(决定="改后通过", 改为=f"用户名称：王五；customer.address=东村 3 号\n台区编号={EAST} 东村1#公变; 用户状态=正常用电客户")
    assert taken(queue, filled(book, {new.id: cells})).decided == 1
    decide(queue, OPERATIONS, Action.CONFIRM, item(queue, Kind.NEW))
    found = state(queue)["customer"][customer(8)]
    assert (found["name"], found["address"], found["status"]) == ("王五", "东村 3 号", "正常用电客户")


def test_stopped_between_two_writes_the_rest_is_told(queue: Workspace, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, gone = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    filled(book, {name.id: passed(), gone.id: passed(MARKETING_2)})
    progress = Progress()

    def once(*given: Any) -> Decided:
        done = deciding.decide(*given)
        progress.cancel()
        return done

    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        take_book(queue, book, stopped)
    monkeypatch.setattr("lvdesk.review.book_taking.decide", once)
    done = take_book(queue, book, progress)
    assert (done.decided, [each.code for each in done.refused]) == (1, ["cancelled"])
    monkeypatch.undo()
    monkeypatch.setattr("lvdesk.review.book_reading.Reader", HereReader)
    again = taken(queue, book)
    assert (again.decided, again.refused) == (1, ())


def test_somebody_else_at_the_same_moment(queue: Workspace, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The write that met another is tried once more, and then says which item that was."""
    name, gone = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    filled(book, {name.id: passed(), gone.id: passed()})
    tries: list[int] = []

    def raced(*given: Any) -> Decided:
        tries.append(1)
        if len(tries) == 1:
            decide(queue, MARKETING_2, Action.RETURN, name, reason="先看到")
            raise ConflictError("store.changed", "已被他人修改", "请刷新")
        return deciding.decide(*given)

    monkeypatch.setattr("lvdesk.review.book_taking.decide", raced)
    done = taken(queue, book)
    assert (done.decided, refusals(done)) == (1, [(name.id, "review.changed")])


def test_on_the_command_line(queue: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "清单.xlsx"

    def run(part: str, **options: Any) -> Answer:
        return review_verbs.review(queue, Namespace(part=part, **options), Progress())

    told = run("export", stage="marketing", out=path)
    assert (told.data["items"], told.status) == (len(all_items(queue, State.MARKETING)), DONE)
    name, gone = item(queue, Kind.NAME_CHANGED), item(queue, Kind.CANCELLED)
    filled(path, {name.id: passed(), gone.id: passed("路人")})
    told = run("take", file=path, who="", pin="")
    assert (told.data["decided"], [each["id"] for each in told.data["refused"]]) == (1, [gone.id])
    assert (told.status, len(told.data["entries"])) == (DONE_WITH_REFUSALS, 1)
    assert "没有登记人员" in told.lines[-1]
