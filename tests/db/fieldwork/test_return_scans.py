"""Sheets on a pile of scans: those with nothing but ticks become field results at once, the others wait for a person."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lvdesk.fieldwork import differences, keying, scan_queue
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.packages import show
from lvdesk.fieldwork.register import find
from lvdesk.fieldwork.returns import undo
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.helpers.keying import block_of, finished, rows, sent, typed
from tests.helpers.returning import classes, results, returned
from tests.helpers.scan_truth import FINE, Blank, as_pdf, of_pages
from tests.helpers.scan_truth_reader import NearScans
from tests.helpers.sheetwork import printed
from tests.helpers.stations import barcode
from tests.helpers.visiting import box, customer, meter

pytestmark = pytest.mark.usefixtures("near_reader", "qapp")


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans are read in this process."""
    monkeypatch.setattr("lvdesk.fieldwork.scans.Reader", NearScans)


@pytest.fixture
def package(ws: Workspace, tmp_path: Path) -> str:
    return sent(ws, tmp_path)


def sheet(ws: Workspace, package: str, sheet_no: str, folder: Path) -> Blank:
    """A sheet of the package as it came from the printer."""
    _, paper = printed(ws, package, folder, sheet_no)
    (blank,) = of_pages(paper.pages, load_forms(), folder)
    return blank


def marked(blank: Blank, places: Sequence[str], path: Path) -> Path:
    """A scan of the sheet with a cross through each of these places."""
    picture = Image.fromarray(blank.picture).copy()
    pen, scale = ImageDraw.Draw(picture), FINE / 25.4
    for place in blank.places:
        if place.spot.name in places:
            x, y = place.spot.x * scale, place.spot.y * scale
            right, low = x + place.spot.width * scale, y + place.spot.height * scale
            pen.line((x, y, right, low), 30, 7)
            pen.line((x, low, right, y), 30, 7)
    return as_pdf([np.asarray(picture)], path, FINE)


def test_a_sheet_with_nothing_but_ticks_needs_nobody(ws: Workspace, package: str, tmp_path: Path) -> None:
    number, at = block_of(ws, box(2))
    path = marked(sheet(ws, package, number, tmp_path), [f"{at}tick.missing"], tmp_path / "扫描.pdf")
    done = returned(ws, path)
    assert (done.pages_read, done.pages_queued, done.sheets_done) == (1, 0, (number,))
    assert [(file.kind, file.status) for file in done.files] == [("scan", "taken")]
    assert rows(ws).select("meter_box.asset_no", "note.verdict", "note.form_no").rows() == [(box(2), "缺失", number)]
    assert find(ws, number).state is SheetState.BACK
    assert classes(done.differences) == [("cancelled", box(2), "缺失")]
    again = returned(ws, path)
    assert (again.changed, again.files[0].status, again.sheets_done) == (Changed.NOTHING, "unchanged", ())
    assert rows(ws).height == 1


def test_writing_waits_for_a_person_and_then_belongs_to_the_same_sheet(ws: Workspace, package: str, tmp_path: Path) -> None:
    number, at = block_of(ws, box(1))
    comb = f"{at}meter_box.bar_code"
    path = marked(sheet(ws, package, number, tmp_path), [f"{at}tick.new", comb], tmp_path / "扫描.pdf")
    done = returned(ws, path)
    assert (done.pages_read, done.sheets_done, rows(ws).height) == (1, (), 0)
    (group,) = [group for group in scan_queue.groups(ws) if group.waiting]
    (crop,) = scan_queue.crops(ws, group.key)
    assert (crop.place, crop.value) == (comb, None)
    typed(ws, number, {comb: barcode("05", 777)})
    assert [(each.kind, each.fields) for each in keying.waiting(ws)] == [("second", 1)]
    typed(ws, number, {comb: barcode("05", 777)}, "乙", second=True)
    assert finished(ws, number).rows == 1
    again = returned(ws, path)
    assert (again.files[0].status, again.sheets_done, rows(ws).height) == ("unchanged", (), 1)


def test_what_a_book_and_a_sheet_say_of_the_same_thing_counts_once(ws: Workspace, package: str, tmp_path: Path) -> None:
    number, at = block_of(ws, box(2))
    path = marked(sheet(ws, package, number, tmp_path), [f"{at}tick.missing"], tmp_path / "扫描.pdf")
    told = {"用户编号": customer(3), "计量箱条码": barcode("05", 502), "电能表条码": barcode("01", 3), "核对结论": "现场无表"}
    done = returned(ws, results(tmp_path / "一班.xlsx", [told]), path)
    assert (done.rows_in, done.matched, done.pages_read) == (1, 1, 1)
    assert sorted(view.key for view in done.differences if view.klass == "cancelled") == sorted([box(2), customer(3)])
    assert len(differences.listed(ws)) == len(done.differences)
    assert meter(3) in str(rows(ws).rows())


def test_a_page_nobody_can_read_is_told_with_its_next_step(ws: Workspace, package: str, tmp_path: Path) -> None:
    path = as_pdf([np.asarray(Image.effect_noise((1200, 900), 90))], tmp_path / "糊.pdf")
    done = returned(ws, path)
    assert (done.pages_queued, done.files[0].status) == (1, "unread")
    assert [(each.path, each.page, each.code) for each in done.unread] == [("糊.pdf", 1, "scan.no_code")]
    assert done.unread[0].hint
    again = returned(ws, path)
    assert (again.pages_queued, len(again.unread), again.changed) == (0, 1, Changed.NOTHING)


def test_undo_takes_back_all_that_a_return_did(ws: Workspace, package: str, tmp_path: Path) -> None:
    number, at = block_of(ws, box(2))
    path = marked(sheet(ws, package, number, tmp_path), [f"{at}tick.missing"], tmp_path / "扫描.pdf")
    book = results(tmp_path / "一班.xlsx", [{"用户编号": customer(1), "计量箱条码": barcode("05", 501), "电能表条码": barcode("01", 1)}])
    done = returned(ws, book, path, package_no=package)
    assert rows(ws).height == 2
    undo(ws, done.steps)
    assert (rows(ws).height, scan_queue.pages(ws), find(ws, number).state) == (0, [], SheetState.OUT)
    assert not [item for item in show(ws, package).items if item.state == "已收回"]
    assert undo(ws, done.steps) == Changed.NOTHING
    assert classes(returned(ws, book, path, package_no=package).differences) == classes(done.differences)
