"""A marked copy of an imported file comes back corrected: only what was changed in it is taken, and it speaks for its original."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty
from sqlalchemy import select

from lvdesk.checks import marking
from lvdesk.checks.marking import mark_copy
from lvdesk.checks.station import Station
from lvdesk.history import undo
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import Batch
from lvdesk.tabular.writing import COPY_PROPERTY, PROBLEM_SHEET
from lvdesk.workspace import Workspace
from tests.helpers.here import HereReader
from tests.helpers.stations import barcode, edited, record, sheet_of, state, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")

LEDGER = ("用户编号", "用户名称", "用电地址", "用户分类", "台区编号", "台区名称", "电能表条形码")
NUMBERS = [f"42097470{n}" for n in range(10, 30)]
Change = Callable[[Any], None]


def customer(number: str, meter: int) -> Sequence[Any]:
    return (number, f"张{meter}", f"某村{meter}号", "03", "4231757328", "某某村2#公变", barcode("01", meter))


ROWS = [LEDGER, *(customer(number, meter) for meter, number in enumerate(NUMBERS, 1))]


def marked(original: Path, target: Path, change: Change, sheet: str = "用户") -> Path:
    """A copy as the checks hand it out, after a person's ``change`` of its sheet."""
    workable = original.suffix == ".xlsx"
    book: Any = openpyxl.load_workbook(original) if workable else openpyxl.Workbook()
    if not workable:
        book.remove(book.active)
        made = book.create_sheet(sheet)
        for row in ROWS:
            made.append(list(row))
    book.custom_doc_props.append(StringProperty(name=COPY_PROPERTY, value=sha256(original)))
    problems = book.create_sheet(PROBLEM_SHEET, 0)
    for row in (["问题", *LEDGER], ["户号重复", *ROWS[3]], ["户号重复", *ROWS[4]]):
        problems.append(row)
    change(book[sheet])
    book.save(target)
    return target


def put(row: int, column: int, value: str) -> Change:
    def change(sheet: Any) -> None:
        sheet.cell(row, column).value = value

    return change


def listing(ws: Workspace) -> list[tuple[int, str | None]]:
    """Batch and key of the rows that count."""
    with ws.store.read() as connection:
        station = Station(ws, connection)
        rows = station.listing.join(station.sheets.select("sheet_id", "batch"), on="sheet_id", maintain_order="left")
        return list(rows.select("batch", "key").iter_rows())


def replaced(ws: Workspace) -> list[int | None]:
    with ws.store.read() as connection:
        return list(connection.execute(select(Batch.replaces).order_by(Batch.id)).scalars())


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return workbook(tmp_path / "用户.xlsx", {"用户": ROWS})


def test_only_the_corrected_cell_is_taken(ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(ws, original)
    before = state(ws)
    result = taken(ws, marked(original, tmp_path / "用户（问题）.xlsx", put(5, 2, "李改正")))
    report = sheet_of(result, "customer_ledger")
    assert [sheet.name for file in result.files for sheet in file.sheets] == ["用户"]
    assert (report.new, report.changed, report.gone, report.unchanged) == (0, 1, 0, len(NUMBERS) - 1)
    assert replaced(ws) == [None, 1]
    after = state(ws)
    assert after["customer"].pop(NUMBERS[3])["name"] == "李改正"
    before["customer"].pop(NUMBERS[3])
    assert after == before
    assert listing(ws) == [(2, number) for number in NUMBERS]


def test_a_corrected_number_is_a_new_record_and_the_wrong_one_no_longer_counts(ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(ws, original)
    report = sheet_of(taken(ws, marked(original, tmp_path / "b.xlsx", put(5, 1, "4209747099"))), "customer_ledger")
    assert (report.new, report.unchanged, report.gone) == (1, len(NUMBERS) - 1, 1)
    assert record(ws, "customer", NUMBERS[3])["absent"]
    assert listing(ws) == [(2, "4209747099" if number == NUMBERS[3] else number) for number in NUMBERS]


def test_undoing_the_copy_lets_the_original_count_again(ws: Workspace, original: Path, tmp_path: Path) -> None:
    taken(ws, original)
    before = state(ws)
    undo(ws, taken(ws, marked(original, tmp_path / "b.xlsx", put(5, 1, "4209747099"))).entry_id)
    assert state(ws) == before
    assert listing(ws) == [(1, number) for number in NUMBERS]


def test_a_copy_of_an_undone_import_replaces_the_one_that_counts(ws: Workspace, original: Path, tmp_path: Path) -> None:
    first = taken(ws, original)
    undo(ws, first.entry_id)
    copy = marked(original, tmp_path / "b.xlsx", put(5, 2, "李改正"))
    assert sheet_of(taken(ws, copy), "customer_ledger").new == len(NUMBERS)
    taken(ws, original)
    taken(ws, marked(original, tmp_path / "c.xlsx", put(6, 2, "李改正")))
    assert replaced(ws) == [None, None, None, 3]


@pytest.mark.parametrize("separator, suffix, encoding", [(",", ".csv", "gb18030"), ("\t", ".xls", "utf-8")])
def test_a_text_file_that_came_back_as_a_workbook(ws: Workspace, tmp_path: Path, separator: str, suffix: str, encoding: str) -> None:
    path = tmp_path / f"用户{suffix}"
    path.write_text("\n".join(separator.join(map(str, row)) for row in ROWS), encoding=encoding)
    taken(ws, path)
    report = sheet_of(taken(ws, marked(path, tmp_path / "用户.xlsx", put(5, 2, "李改正"), "Sheet1")), "customer_ledger")
    assert (report.new, report.changed, report.gone, report.unchanged) == (0, 1, 0, len(NUMBERS) - 1)
    assert listing(ws) == [(2, number) for number in NUMBERS]


def test_a_copy_whose_sheet_could_not_keep_its_name(local_ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet is called by its csv file, but Excel allows 31 characters; the person who corrects may call it anything."""
    monkeypatch.setattr(marking, "Reader", HereReader)
    path = tmp_path / f"{'某某供电所低压用户台账' * 4}.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in ROWS), encoding="utf-8")
    taken(local_ws, path)
    copy = tmp_path / "标注.xlsx"
    mark_copy(local_ws, 1, copy, Progress())
    (name,) = [name for name in openpyxl.load_workbook(copy).sheetnames if name != PROBLEM_SHEET]
    assert len(name) == 31
    taken(local_ws, edited(copy, lambda made: put(5, 1, "4209747099")(made[name]), tmp_path / "b.xlsx"))
    right = ["4209747099" if number == NUMBERS[3] else number for number in NUMBERS]
    assert listing(local_ws) == [(2, number) for number in right]

    def change(made: Any) -> None:
        put(5, 1, "4209747088")(made[name])
        made[name].title = "改正后"

    taken(local_ws, edited(copy, change, tmp_path / "c.xlsx"))
    assert replaced(local_ws) == [None, 1, 1]
    assert listing(local_ws) == [(3, number.replace("4209747099", "4209747088")) for number in right]


@pytest.mark.parametrize(
    "content",
    [b"<Properties", b"", b"<!DOCTYPE a><Properties/>", b"<Properties>" + b" " * 100_000 + b"</Properties>"],
    ids=["broken", "empty", "with a document type", "huge"],
)
def test_unreadable_properties_are_no_reason_to_refuse(local_ws: Workspace, original: Path, tmp_path: Path, content: bytes) -> None:
    import zipfile

    copy = marked(original, tmp_path / "b.xlsx", put(5, 2, "李改正"))
    spoilt = tmp_path / "c.xlsx"
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == "docProps/custom.xml" else source.read(name))
    taken(local_ws, original)
    assert sheet_of(taken(local_ws, spoilt), "customer_ledger").changed == 1
    assert replaced(local_ws) == [None, None]
