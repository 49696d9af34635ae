"""One folder with everything in it: workbooks, scans, photos of sheets and photos of boxes, each finds its way."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from lvdesk.fieldwork import photo_queue
from lvdesk.fieldwork.returns import undo
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace
from tests.db.fieldwork.test_return_scans import marked, sheet
from tests.helpers.keying import block_of, rows, sent
from tests.helpers.photo_truth_picture import Look, jpeg, picture
from tests.helpers.returning import classes, results, returned
from tests.helpers.scan_truth import as_pdf
from tests.helpers.scan_truth_reader import NearScans
from tests.helpers.stations import barcode
from tests.helpers.visiting import box, customer

pytestmark = pytest.mark.usefixtures("near_reader", "qapp")
_LOOK = Look((900, 700), noise=2)


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are read in this process."""
    for module in ("scans", "photos"):
        monkeypatch.setattr(f"lvdesk.fieldwork.{module}.Reader", NearScans)


def test_a_mixture_is_sorted_counted_and_taken_once(ws: Workspace, tmp_path: Path) -> None:
    package = sent(ws, tmp_path)
    folder = tmp_path / "回收"
    (folder / "照片").mkdir(parents=True)
    number, at = block_of(ws, box(2))
    paper = marked(sheet(ws, package, number, tmp_path), [f"{at}tick.missing"], tmp_path / "纸.pdf")
    paper.rename(folder / "扫描.pdf")
    results(folder / "一班.xlsx", [{"用户编号": customer(1), "计量箱条码": barcode("05", 501), "电能表条码": barcode("01", 1)}])
    for name, codes in (("IMG_1.jpg", [barcode("05", 504)]), ("IMG_2.jpg", [])):
        (folder / "照片" / name).write_bytes(jpeg(picture(codes, _LOOK, Random(name)), None))
    (folder / "坏.jpg").write_bytes(b"\xff\xd8\xff" + bytes(64))
    done = returned(ws, folder, package_no=package)
    told = {file.path.name: (file.kind, file.status) for file in done.files}
    assert told == {
        "一班.xlsx": ("workbook", "taken"), "扫描.pdf": ("scan", "taken"), "IMG_1.jpg": ("photo", "taken"),
        "IMG_2.jpg": ("photo", "unread"), "坏.jpg": ("photo", "refused"),
    }  # fmt: skip
    assert (done.photos_filed, done.photos_queued, done.pages_read, done.rows_in) == (1, 1, 1, 1)
    assert [(each.path, each.code, bool(each.hint)) for each in done.unread] == [("IMG_2.jpg", "photo.waiting", True)]
    assert {view.name: view.box_no for view in photo_queue.photos(ws)} == {"IMG_1.jpg": box(4), "IMG_2.jpg": ""}
    again = returned(ws, folder, package_no=package)
    assert (again.changed, again.photos_filed, again.photos_queued, rows(ws).height) == (Changed.NOTHING, 0, 0, 2)
    assert classes(again.differences) == [("cancelled", box(2), "缺失")] or not again.differences
    undo(ws, done.steps)
    assert (photo_queue.photos(ws), rows(ws).height) == ([], 0)


def test_a_phone_picture_of_a_sheet_is_no_site_photo(ws: Workspace, tmp_path: Path) -> None:
    package = sent(ws, tmp_path)
    number, _ = block_of(ws, box(2))
    blank = sheet(ws, package, number, tmp_path)
    Image.fromarray(np.rot90(blank.picture)).save(tmp_path / "mmexport1700000000000.jpg", quality=80)
    done = returned(ws, tmp_path / "mmexport1700000000000.jpg")
    assert [(file.kind, file.status) for file in done.files] == [("scan", "taken")]
    assert (done.pages_read, done.sheets_done, photo_queue.photos(ws)) == (1, (), [])
    assert [(each.code, each.why) for each in done.unread] == [("keying.nothing", f"表单 {number} 上没有填写任何内容")]


def test_a_pile_of_something_else_is_queued_page_by_page(ws: Workspace, tmp_path: Path) -> None:
    sent(ws, tmp_path)
    letter = np.full((1100, 800), 255, np.uint8)
    letter[200:220, 100:700] = 0
    done = returned(ws, as_pdf([letter, letter], tmp_path / "通知.pdf"))
    assert (done.pages_queued, len(done.unread), done.files[0].status) == (2, 2, "unread")
