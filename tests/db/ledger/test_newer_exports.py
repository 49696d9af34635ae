"""A newer export of one feeder: new, changed, gone and back again, each only inside what the file covers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import load, preview
from lvdesk.ledger.model import Counts, ImportRequest, SheetReport
from lvdesk.network.counting import unresolved
from lvdesk.network.records import show
from lvdesk.network.searching import search
from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, edited, record, sheet_of, state, taken

pytestmark = pytest.mark.usefixtures("near_reader")

LEDGER = "低压用户台账"
TRANSFORMERS = "变压器台账"
HEADER_ROW = 2
Sheet = Any


def place(sheet: Sheet, header: str) -> int:
    return next(cell.column for cell in sheet[HEADER_ROW] if cell.value == header)


def row_of(sheet: Sheet, customer: str) -> int:
    column = place(sheet, "用户编号")
    return next(row for row in range(HEADER_ROW + 1, sheet.max_row + 1) if sheet.cell(row, column).value == customer)


def put(sheet: Sheet, row: int, **values: str | None) -> None:
    for header, value in values.items():
        sheet.cell(row, place(sheet, header)).value = value


@pytest.fixture
def feeder_file(clean: SampleStation) -> Path:
    return clean.files[1]


@pytest.fixture
def customers(clean: SampleStation) -> list[str]:
    """The first feeder's customers in the order of its workbook."""
    feeder = clean.station.feeders[0]
    return [customer.customer_no for customer in clean.station.customers if customer.box.area.feeder is feeder]


@pytest.fixture
def stocked(lists: tuple[Path, ...], stock: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace that knows the station's lists."""
    copy = tmp_path / "stock"
    if not stock.exists():
        made = Workspace.open(stock, person="张三")
        taken(made, *lists)
        made.close()
    shutil.copytree(stock, copy)
    opened = Workspace.open(copy, person="张三")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the stocked workspace is kept for copying."""
    return tmp_path_factory.mktemp("stock") / "workspace"


@pytest.fixture
def newer(stocked: Workspace, feeder_file: Path, tmp_path: Path) -> Callable[[Callable[[Sheet], None]], SheetReport]:
    """Imports the first feeder's workbook again after a change of its customer sheet."""
    number = iter(range(100))

    def run(change: Callable[[Sheet], None], sheet: str = LEDGER) -> SheetReport:
        path = edited(feeder_file, lambda book: change(book[sheet]), tmp_path / f"newer{next(number)}.xlsx")
        template = "customer_ledger" if sheet == LEDGER else "transformer_ledger"
        return sheet_of(taken(stocked, path), template)

    return run


def test_a_changed_name_is_one_change(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    report = newer(lambda sheet: put(sheet, row_of(sheet, customers[3]), 用户名称="王改名"))
    assert (report.new, report.changed, report.gone, report.unchanged) == (0, 1, 0, report.rows_stored - 1)
    assert report.entities["customer"].changed == 1
    assert report.entities["meter"] == Counts(unchanged=len(customers))
    found = record(stocked, "customer", customers[3])
    assert (found["name"], [hit.key for hit in search(stocked, "wgm", 5)]) == ("王改名", [customers[3]])
    assert report.samples["customer.changed"][0].endswith("→ 王改名")


def test_a_new_customer_is_new_with_all_that_hangs_on_him(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    def add(sheet: Sheet) -> None:
        like = [cell.value for cell in sheet[row_of(sheet, customers[0])]]
        sheet.append(like)
        put(sheet, sheet.max_row, 用户编号="5550001112", 用户名称="新来户", 计量点编号="7770001112", 电能表条形码=barcode("01", 999))

    report = newer(add)
    assert (report.new, report.changed, report.gone) == (1, 0, 0)
    assert {entity: counts.new for entity, counts in report.entities.items() if counts.new} == {
        "customer": 1,
        "metering_point": 1,
        "meter": 1,
    }
    assert record(stocked, "metering_point", "7770001112")["customer_no"] == "5550001112"
    assert unresolved(stocked) == {}


def test_a_removed_customer_is_gone_but_kept(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    report = newer(lambda sheet: sheet.delete_rows(row_of(sheet, customers[5])))
    assert report.gone == 1
    assert {entity: counts.gone for entity, counts in report.entities.items() if counts.gone} == {
        "customer": 1,
        "metering_point": 1,
        "meter": 1,
    }
    assert report.samples["customer.gone"] == (customers[5],)
    assert record(stocked, "customer", customers[5])["absent"]
    assert show(stocked, "customer", customers[5]).absent


def test_one_feeder_says_nothing_about_the_others(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    def keep_only_first(sheet: Sheet) -> None:
        sheet.delete_rows(HEADER_ROW + 2, sheet.max_row)

    newer(keep_only_first)
    absent = {key for key, values in state(stocked)["customer"].items() if values["absent"]}
    assert absent == set(customers[1:])


def test_who_reappears_is_no_longer_gone(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    newer(lambda sheet: sheet.delete_rows(row_of(sheet, customers[5])))
    report = newer(lambda sheet: put(sheet, row_of(sheet, customers[6]), 用户名称="另一处改动"))
    assert report.gone == 0
    assert not record(stocked, "customer", customers[5])["absent"]
    assert [values["absent"] for values in state(stocked)["meter"].values()].count(True) == 0


def test_a_replaced_meter_is_a_new_one_and_the_old_one_gone(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    old = next(key for key, values in state(stocked)["meter"].items() if values["mp_no"] in points(stocked, customers[2]))
    report = newer(lambda sheet: put(sheet, row_of(sheet, customers[2]), 电能表条形码=barcode("01", 4711)))
    assert report.entities["meter"].new == 1
    assert report.entities["meter"].gone == 1
    assert (report.entities["customer"].changed, report.gone) == (0, 0)
    assert record(stocked, "meter", old)["absent"]
    assert record(stocked, "meter", "18000000004711")["mp_no"] in points(stocked, customers[2])


def points(ws: Workspace, customer: str) -> set[str]:
    return {key for key, values in state(ws)["metering_point"].items() if values["customer_no"] == customer}


def test_a_customer_moved_to_another_area_is_a_change_of_his_point(
    stocked: Workspace, newer: Any, customers: list[str], clean: SampleStation
) -> None:
    target = [area.area_no for area in clean.station.areas if area.feeder is clean.station.feeders[0]][-1]
    report = newer(lambda sheet: put(sheet, row_of(sheet, customers[0]), 台区编号=target))
    assert (report.entities["metering_point"].changed, report.gone) == (1, 0)
    assert {record(stocked, "metering_point", key)["area_no"] for key in points(stocked, customers[0])} == {target}


def test_an_area_left_out_of_the_transformer_ledger_is_gone(stocked: Workspace, newer: Any, clean: SampleStation) -> None:
    areas = [area.area_no for area in clean.station.areas if area.feeder is clean.station.feeders[0]]
    report = newer(lambda sheet: sheet.delete_rows(HEADER_ROW + 1), TRANSFORMERS)
    assert report.samples["transformer_area.gone"] == (areas[0],)
    assert {key for key, values in state(stocked)["transformer_area"].items() if values["absent"]} == {areas[0]}


def test_what_is_gone_is_shown_before_it_is_taken(stocked: Workspace, feeder_file: Path, customers: list[str], tmp_path: Path) -> None:
    path = edited(feeder_file, lambda book: book[LEDGER].delete_rows(HEADER_ROW + 1), tmp_path / "newer.xlsx")
    shown = preview(stocked, ImportRequest((path,)), Progress())
    sheet = next(sheet for sheet in shown.files[0].sheets if sheet.template == "customer_ledger")
    assert (sheet.gone, sheet.samples["customer.gone"]) == (1, (customers[0],))
    assert not record(stocked, "customer", customers[0])["absent"]
    load(stocked, shown, Progress())
    assert record(stocked, "customer", customers[0])["absent"]


def test_new_changed_and_gone_on_both_engines(
    ws: Workspace, lists: tuple[Path, ...], feeder_file: Path, customers: list[str], tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        sheet = book[LEDGER]
        sheet.delete_rows(row_of(sheet, customers[5]))
        put(sheet, row_of(sheet, customers[3]), 用户名称="王改名")
        put(sheet, row_of(sheet, customers[2]), 电能表条形码=barcode("01", 4711))

    taken(ws, *lists)
    report = sheet_of(taken(ws, edited(feeder_file, change, tmp_path / "newer.xlsx")), "customer_ledger")
    assert (report.new, report.changed, report.gone) == (0, 2, 1)
    shown = {
        entity: (report.entities[entity].new, report.entities[entity].changed, report.entities[entity].gone)
        for entity in ("customer", "metering_point", "meter")
    }
    assert shown == {"customer": (0, 1, 1), "metering_point": (0, 0, 1), "meter": (1, 0, 2)}
    assert unresolved(ws) == {}


def test_an_emptied_cell_does_not_erase(stocked: Workspace, newer: Any, customers: list[str]) -> None:
    """A blank cell says nothing: an export with fewer columns must not empty the ledger."""
    before = record(stocked, "customer", customers[1])
    report = newer(lambda sheet: put(sheet, row_of(sheet, customers[1]), 用电地址=None, 用户名称=None))
    assert report.changed == 0
    assert record(stocked, "customer", customers[1]) == before
