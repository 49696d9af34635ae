"""What comes back from the field without a database: files, differences, pages, photos, sheets to type."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPainter, QPen

from lvdesk.fieldwork.photo_model import PhotoView
from lvdesk.fieldwork.return_model import (
    CLASS_TITLES,
    DifferenceClass,
    FieldDifferenceView,
    Returned,
    ReturnedFile,
    ReturnRequest,
    Suggestion,
    Unread,
)
from lvdesk.fieldwork.scan_model import CropGroup, PageState, ScannedPageView
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.panes.fieldwork.return_loading import Compared, PackageChoice

AT = "2026-11-22T10:26:00+08:00"
CHANGED = Changed.RETURNS | Changed.BATCHES | Changed.HISTORY
BOX, METER, CUSTOMER = "4130005154778547808283", "4130001000000005079709", "4209747019"
BOOK, SCAN, LOCKED_BOOK = Path("外勤一班 11-22.xlsx"), Path("扫描 11-22.pdf"), Path("外勤二班.xlsx")
K = DifferenceClass
OTHER_BOX = "4130005150414038044146"
_NAME = {"field": "name", "field_title": "用户名称"}
_DAMAGED = "4.13001E+21"
_TITLES = {"meter_box": "计量箱", "meter": "电能表", "customer": "用户"}


def difference(number: int, klass: DifferenceClass, **given: Any) -> FieldDifferenceView:
    """A difference that stands."""
    values: dict[str, Any] = {
        "entity": "meter_box", "key": BOX, "record": number, "field": "", "field_title": "", "ledger": None, "field_value": None,
        "evidence": ("按箱条码对上台账",), "file": BOOK.name, "sheet": "箱采录", "row": number + 2, "area_no": "4649726068",
        "area_name": "文晖路1#公变", "package_no": "CL261122-03", "found_at": AT, "status": "open",
    }  # fmt: skip
    values |= given
    return FieldDifferenceView(number, klass, CLASS_TITLES[klass], entity_title=_TITLES[values["entity"]], **values)


def differences() -> list[FieldDifferenceView]:
    """Seven of them in five classes."""
    return [
        difference(1, K.CANCELLED, ledger="在用", evidence=("采录结论“缺失”", "同箱另外 3 户都已采录")),
        difference(2, K.NEW, record=None, entity="customer", key="4209990001", field_value="张记小吃", evidence=("台账中没有这个户号",)),
        difference(3, K.METER_REPLACED, entity="meter", key=METER, field="bar_code", field_title="电能表条码", ledger=METER,
                   field_value="4130001000000009547031", evidence=("表位 1-2 上现场是另一块表", "新表条码校验位正确")),
        difference(4, K.OTHER_BOX, entity="meter", key=METER, field="box_no", field_title="计量箱", ledger=BOX, field_value=OTHER_BOX),
        difference(5, K.NAME_CHANGED, entity="customer", key=CUSTOMER, **_NAME, ledger="王小明", field_value="王晓明"),
        difference(6, K.NAME_CHANGED, entity="customer", key="4209747020", **_NAME, ledger="周记粮油", field_value="周记粮油店"),
        difference(7, K.DAMAGED_IDENTIFIER, record=None, key=_DAMAGED, field="bar_code", field_title="条形码", field_value=_DAMAGED),
    ]  # fmt: skip


def a_page(number: int, **given: Any) -> ScannedPageView:
    """A page nobody could read."""
    values: dict[str, Any] = {
        "name": SCAN.name, "page": number, "sheet_no": "", "package_no": "", "form_title": "", "state": PageState.UNREAD,
        "code": "scan.no_code", "why": "页上没有找到二维码", "hint": "请看图上的表单编号，输入之后就能读出勾选", "doubts": 0, "at": AT,
    }  # fmt: skip
    return ScannedPageView(number, **(values | given))


def a_photo(number: int, **given: Any) -> PhotoView:
    """A photo that waits for its box."""
    values: dict[str, Any] = {
        "name": f"mmexport17637{number:05d}.jpg", "sha256": f"{number:064x}", "taken_at": f"2026-11-22T09:{number % 60:02d}:00+08:00",
        "taken_from": "name", "longitude": None, "latitude": None, "codes": (), "meters": (), "box_no": "", "box_address": "",
        "bound_by": "", "why": "图中没有条码", "candidates": (BOX, OTHER_BOX), "missing": (), "strange": (),
    }  # fmt: skip
    return PhotoView(number, **(values | given))


def a_return(**given: Any) -> Returned:
    """A pile of one good workbook, one with a password, three scanned pages and two photos."""
    photos, wrong = Path("/交回/照片"), ("file.encrypted", "文件有打开密码", "在 Excel 中去掉密码，保存后再回收")
    files = (
        ReturnedFile(Path("/交回") / BOOK, "workbook", "taken", 412),
        ReturnedFile(Path("/交回") / LOCKED_BOOK, "workbook", "refused", 0, *wrong),
        ReturnedFile(Path("/交回") / SCAN, "scan", "taken", 3),
        ReturnedFile(photos / "IMG_20261122_093001.jpg", "photo", "taken", 1),
        ReturnedFile(photos / "mmexport1763700001.jpg", "photo", "unread", 1, "photo.no_code", "图中没有条码", "在待处理里选一个箱"),
    )
    values: dict[str, Any] = {
        "files": files, "rows_in": 412, "matched": 404, "new": 5, "missing": 1, "changed_rows": 6, "refused": 3,
        "unread": (Unread(str(Path("/交回") / SCAN), 2, "scan.no_code", "页上没有找到二维码", "输入表单编号"),),
        "differences": tuple(differences()), "photos_filed": 1, "photos_queued": 1, "pages_read": 2, "pages_queued": 1,
        "suggestions": (Suggestion(BOOK.name, "箱采录", 18, "customer", CUSTOMER, 0.92, ("名称相同", "同一个箱")),),
        "entry_id": 7, "steps": (8, 7), "label": "回收采录结果", "changed": CHANGED,
    }  # fmt: skip
    return Returned(**(values | given))


def drawing(wide: int, high: int, text: str, ground: str = "#F4F2EC", kind: str = "PNG") -> bytes:
    """A picture with a word on it."""
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = QLinearGradient(QPointF(0, 0), QPointF(wide, high))
    shade.setColorAt(0, QColor(ground))
    shade.setColorAt(1, QColor(ground).darker(118))
    painter.fillRect(image.rect(), shade)
    painter.setPen(QPen(QColor("#3A3A3A"), max(wide // 300, 1)))
    for line in range(4):
        painter.drawRect(QRectF(wide * 0.08, high * (0.26 + line * 0.16), wide * 0.84, high * 0.13))
    face = QFont()
    face.setPixelSize(max(high // 14, 8))
    painter.setFont(face)
    painter.drawText(QRectF(0, high * 0.06, wide, high * 0.16), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)  # type: ignore[call-overload]  # the stubs want bytes, which it refuses
    return bytes(buffer.data().data())


@dataclass
class FakeReturns:
    """Services whose answers the test sets; ``hold`` keeps a return waiting until set, ``error`` is raised by every read."""

    answer: Returned = field(default_factory=a_return)
    found: list[FieldDifferenceView] = field(default_factory=list)
    gone: list[FieldDifferenceView] = field(default_factory=list)
    waiting_pages: list[ScannedPageView] = field(default_factory=list)
    waiting_photos: list[PhotoView] = field(default_factory=list)
    filed_photos: list[PhotoView] = field(default_factory=list)
    groups: list[CropGroup] = field(default_factory=list)
    stale: bool = False
    error: Exception | None = None
    take_error: Exception | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    asked: list[ReturnRequest] = field(default_factory=list)
    done: list[tuple[Any, ...]] = field(default_factory=list)

    @classmethod
    def full(cls) -> "FakeReturns":
        """A station where something of every kind stands."""
        made = cls(found=differences(), groups=[CropGroup("a|tick", "核对结果：一致", "tick", 40, 12)])
        made.gone = [difference(20, K.SLOT_CHANGED, ledger="1-2", field_value="1-3", status="resolved")]
        replaced = {"code": "scan.replaced", "why": "这张表单已换新编号", "sheet_no": "CL261122-03-002"}
        made.waiting_pages = [a_page(1), a_page(2, **replaced), a_page(4, code="scan.corners", why="四角的方块不全")]
        made.waiting_photos = [a_photo(number) for number in range(1, 15)]
        made.filed_photos = [
            a_photo(30, box_no=BOX, box_address="文晖路1号", bound_by="code", why="", candidates=(), codes=(BOX, METER), meters=(METER,),
                    missing=("4130001000000009547031",), strange=("4130001000000002548870",)),
        ]  # fmt: skip
        made.hold.set()
        return made

    @classmethod
    def fresh(cls) -> "FakeReturns":
        """A station where nothing has come back."""
        made = cls()
        made.hold.set()
        return made

    def packages(self) -> Sequence[PackageChoice]:
        return [PackageChoice("CL261122-03", "文晖路1#公变"), PackageChoice("CL261110-02", "临江1#公变")]

    def take_back(self, request: ReturnRequest, progress: Progress) -> Returned:
        self.asked.append(request)
        progress.start("正在读取采录结果", 412, "行")
        progress.step(120)
        while not self.hold.wait(0.01):
            progress.check()
        if self.take_error:
            raise self.take_error
        known = {view.id for view in self.found}
        self.found += [view for view in self.answer.differences if view.id not in known]
        return self.answer

    def undo(self, steps: Sequence[int]) -> Changed:
        self.done.append(("undo", tuple(steps)))
        self.found = []
        return CHANGED

    def differences(self, klass: DifferenceClass | None, *, resolved: bool) -> Compared:
        self._fail()
        views = self.gone if resolved else self.found
        counts = Counter(view.klass for view in self.found)
        order = [(each, counts[each]) for each in DifferenceClass if counts[each]]
        return Compared(order, [view for view in views if klass is None or view.klass is klass], self.stale)

    def recount(self, progress: Progress) -> Changed:
        self.done.append(("recount",))
        self.stale = False
        return Changed.RETURNS

    def pages(self) -> Sequence[ScannedPageView]:
        self._fail()
        return list(self.waiting_pages)

    def page_picture(self, page: int) -> bytes:
        return drawing(1240, 877, f"计量箱现场采录表　第 {page} 页")

    def sheet_no(self, text: str) -> str:
        return text.strip().upper()

    def name_page(self, page: int, sheet_no: str, progress: Progress) -> Changed:
        if not sheet_no.startswith("CL"):
            raise RefusedError("scan.sheet", f"没有编号为 {sheet_no} 的表单", "请核对编号")
        self.done.append(("name", page, sheet_no))
        self.waiting_pages = [each for each in self.waiting_pages if each.id != page]
        return CHANGED

    def drop_page(self, page: int, reason: str) -> Changed:
        self.done.append(("drop", page, reason))
        self.waiting_pages = [each for each in self.waiting_pages if each.id != page]
        return CHANGED

    def crop_groups(self) -> Sequence[CropGroup]:
        self._fail()
        return list(self.groups)

    def photos(self, *, waiting: bool) -> Sequence[PhotoView]:
        self._fail()
        return list(self.waiting_photos if waiting else self.filed_photos)

    def photo_picture(self, photo: int, longest: int) -> bytes:
        wide = min(longest, 800)
        return drawing(wide, wide * 3 // 4, f"箱 {photo}", "#9DB4B0", "JPG")

    def bind_photos(self, photos: Sequence[int], box_no: str) -> Changed:
        if not box_no.isdecimal():
            raise RefusedError("photo.box", f"台账中没有计量箱 {box_no}", "请核对箱编号")
        self.done.append(("bind", tuple(photos), box_no))
        self.filed_photos += [replace(each, box_no=box_no, bound_by="person") for each in self.waiting_photos if each.id in photos]
        self.waiting_photos = [each for each in self.waiting_photos if each.id not in photos]
        return CHANGED

    def unbind_photos(self, photos: Sequence[int], reason: str) -> Changed:
        self.done.append(("unbind", tuple(photos), reason))
        self.waiting_photos += [replace(each, box_no="", bound_by="") for each in self.filed_photos if each.id in photos]
        self.filed_photos = [each for each in self.filed_photos if each.id not in photos]
        return CHANGED

    def _fail(self) -> None:
        if self.error:
            raise self.error
