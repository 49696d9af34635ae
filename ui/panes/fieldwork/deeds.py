"""What is done with packages: asked for where it needs a reason, stored in the background, told with the way back."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from lvdesk.fieldwork.model import PackageDetail
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.asking import SAMPLE, Asking, Extent, Question
from ui.panes.fieldwork.loading import Move, Paper, Services
from ui.panes.fieldwork.printing import Printing

if TYPE_CHECKING:
    from ui.panes.fieldwork.packages import PackagesView

OUTCOMES = ("无法进入", "现场无此箱", "用户不配合")
_SAID: Mapping[str, tuple[str, str, str]] = {
    "send": ("正在发出任务包", "已发出任务包", "任务包没有发出"),
    "take_back": ("正在登记收回", "已登记收回", "没有登记收回"),
    "close": ("正在结束任务包", "已结束任务包", "任务包没有结束"),
    "cancel": ("正在作废任务包", "已作废任务包", "任务包没有作废"),
    "reopen": ("正在重新打开任务包", "已重新打开任务包", "任务包没有重新打开"),
    "drop": ("正在移出对象", "已移出对象", "没有移出对象"),
}


class Deeds(QObject):
    """Works on what its ``PackagesView`` shows.

    Signals: asked(Asking) a question stands on screen; preview_asked(package number).
    """

    asked = Signal(object)
    preview_asked = Signal(str)

    def __init__(self, context: Context, services: Services, view: "PackagesView", printing: Printing) -> None:
        super().__init__(view)
        self._context, self._services, self._view = context, services, view
        self.printing = printing
        self.question: Asking | None = None
        view.inspector.asked.connect(self.do)
        view.inspector.facts.save_asked.connect(self.save)

    def do(self, deed: str, package_no: str) -> None:
        """Does, or asks first."""
        simple: dict[str, Callable[[], object]] = {
            "preview": lambda: self.preview_asked.emit(package_no),
            "print": lambda: self.printing.print_paper(Paper(package_no)),
            "pdf": lambda: self.printing.ask_pdf(Paper(package_no)),
            "workbook": lambda: self.printing.ask_workbook(package_no),
            "send": lambda: self.move(Move("send", package_no)),
            "reopen": lambda: self.move(Move("reopen", package_no)),
            "take_back": self._ask_back,
            "close": self._ask_close,
            "cancel": self._ask_cancel,
        }
        if deed in simple:
            simple[deed]()

    def do_current(self, deed: str) -> None:
        """The same for the package shown, where its state allows."""
        button = self._view.inspector.buttons.get(deed)
        detail = self._view.inspector.detail
        if detail is not None and button is not None and not button.isHidden():
            self.do(deed, detail.view.package_no)

    def save(self, package_no: str, given: Mapping[str, Any]) -> None:
        """Keeps what is typed about a package."""

        def done(changed: Changed) -> None:
            self._view.inspector.facts.stored()
            self._context.notices.success(f"已修改任务包 {package_no}", offer=self._undo())
            self._context.bus.tell(changed)

        self._run(f"正在修改任务包 {package_no}", lambda _progress: self._services.change(package_no, given), done, "没有保存")

    def move(self, move: Move) -> None:
        """Stores a move."""
        doing, did, failed = _SAID[move.name]
        more = f"，{len(move.items):,} 个对象" if move.items else ""

        def done(changed: Changed) -> None:
            if changed:
                self._context.notices.success(f"{did} {move.package_no}{more}", move.reason, offer=self._undo())
            self._context.bus.tell(changed)

        self._run(f"{doing} {move.package_no}", lambda _progress: self._services.move(move), done, failed)

    def drop(self) -> None:
        """Asks before the selected things leave the package."""
        detail, chosen = self._view.inspector.detail, self._view.chosen_items()
        if detail is None or not chosen:
            return
        number = detail.view.package_no
        lines = self._lines(detail, chosen)
        extent = Extent("chosen", "选中的", tuple(chosen), f"任务包 {number}", lines)
        question = Question("移出任务包", "移出", "个对象", (extent,), "移出后可以放进别的任务包；已编排的表单会标出变动。")
        self._put(question, lambda keys, _reason: self.move(Move("drop", number, _pairs(keys))))

    def _ask_back(self) -> None:
        detail = self._view.inspector.detail
        if detail is None:
            return
        number = detail.view.package_no
        out = [f"{item.entity}|{item.key}" for item in detail.items if item.state == "在外"]
        chosen = self._view.chosen_items()
        extents = [Extent("all", "全部在外的", tuple(out), f"任务包 {number}", self._lines(detail, out))] if out else []
        if chosen and set(chosen) != set(out):
            some = Extent("chosen", "选中的", tuple(chosen), f"任务包 {number}", self._lines(detail, chosen))
            extents.insert(0 if len(chosen) > 1 else len(extents), some)
        if not extents:
            self._context.notices.info(f"任务包 {number} 的对象都已收回", "如要改写结果，请在下方选中对象后再收回")
            return
        note = "结果留空表示已采录；填“无法进入”等结果的对象，下次仍会列入需采录。"
        question = Question("登记收回", "收回", "个对象", tuple(extents), note, "结果", reasons=OUTCOMES)
        self._put(question, lambda keys, outcome: self.move(Move("take_back", number, _pairs(keys), outcome)))

    def _ask_close(self) -> None:
        detail = self._view.inspector.detail
        if detail is None:
            return
        view = detail.view
        left = view.items - view.items_back
        note = f"还有 {left:,} 个对象没有收回，结束后它们可以放进新的任务包。" if left else "全部对象已收回。"
        extent = Extent("one", "这个", (view.package_no,), f"{view.package_no} {view.title}")
        question = Question("结束任务包", "结束", "个任务包", (extent,), note, "说明", reasons=())
        self._put(question, lambda _keys, reason: self.move(Move("close", view.package_no, reason=reason)))

    def _ask_cancel(self) -> None:
        detail = self._view.inspector.detail
        if detail is None:
            return
        view = detail.view
        extent = Extent("one", "这个", (view.package_no,), f"{view.package_no} {view.title}")
        note = f"{view.items:,} 个对象都可以放进新的任务包；编号不再使用。可以撤销，也可以重新打开。"
        reasons = ("重复建立", "计划调整", "天气原因")
        question = Question("作废任务包", "作废", "个任务包", (extent,), note, "原因", needed=True, reasons=reasons)
        self._put(question, lambda _keys, reason: self.move(Move("cancel", view.package_no, reason=reason)))

    def _lines(self, detail: PackageDetail, keys: Sequence[str]) -> tuple[str, ...]:
        wanted = set(keys[:SAMPLE])
        found = [item for item in detail.items if f"{item.entity}|{item.key}" in wanted]
        return tuple(f"{item.position}　{item.key}　{item.address}" for item in found)

    def _put(self, question: Question, agreed: Callable[[Sequence[str], str], object]) -> None:
        self.question = Asking(self._view, question)
        self.question.agreed.connect(agreed)
        self.question.open()
        self.asked.emit(self.question)

    def _run(self, title: str, work: Callable[[Progress], Changed], done: Callable[[Changed], object], failed: str) -> None:
        self._context.jobs.run(title, work, done=done, failed=lambda error: self._context.notices.show(error, failed))

    def _undo(self) -> Offer:
        return Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))


def _pairs(keys: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((key.partition("|")[0], key.partition("|")[2]) for key in keys)
