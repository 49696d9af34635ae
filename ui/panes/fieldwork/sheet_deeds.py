"""What is done with sheets: marked, printed again, replaced — the selected ones, or all that are listed after asking."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lvdesk.fieldwork.model import SHEET_STATES, SheetState, SheetView
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.asking import SAMPLE, Asking, Extent, Question
from ui.panes.fieldwork.loading import Paper, Services
from ui.panes.fieldwork.printing import Printing
from ui.panes.fieldwork.sheet_card import AGAIN, ALLOWED, BACK, FOUND, MISSING, PDF, REPLACE
from ui.widgets.table_bar import describe

if TYPE_CHECKING:
    from ui.panes.fieldwork.sheets import SheetsView

_LOST = ("现场丢失", "淋湿、破损", "交接时缺少")
_RENEWED = ("台账有变", "打印不清", "破损", "填写错误")
TITLES = {"all": "全部", **{str(state): title for state, title in SHEET_STATES.items()}, "changed": "台账有变"}
"""What the list can be narrowed to."""
_STATES = {BACK: SheetState.BACK, MISSING: SheetState.MISSING}


class SheetDeeds(QObject):
    """Signals: asked(Asking): a question stands on screen."""

    asked = Signal(object)

    def __init__(self, context: Context, services: Services, view: "SheetsView", printing: Printing) -> None:
        super().__init__(view)
        self._context, self._services, self._view, self._printing = context, services, view, printing
        self.question: Asking | None = None

    def do(self, deed: str) -> None:
        """Does, or asks first."""
        chosen = [sheet for sheet in self._view.selected() if sheet.state in ALLOWED[deed]]
        if deed in {AGAIN, PDF}:
            self._print(deed, chosen)
        elif deed == BACK and len(chosen) == 1:
            self.mark(chosen, SheetState.BACK)
        elif deed == FOUND and len(chosen) == 1:
            self.found(chosen)
        elif chosen:
            self._ask(deed, chosen)

    def mark(self, sheets: Sequence[SheetView], state: SheetState, reason: str = "") -> None:
        """Says where sheets are."""
        numbers = [sheet.sheet_no for sheet in sheets]
        many = _named(numbers)
        self._run(
            f"正在登记 {many}",
            lambda _progress: self._services.mark(numbers, state, reason),
            f"{many} 已登记为{SHEET_STATES[state]}",
            "表单没有登记",
        )

    def found(self, sheets: Sequence[SheetView]) -> None:
        """Sheets are where they were before they were missed, or marked back by mistake."""
        numbers = [sheet.sheet_no for sheet in sheets]
        many = _named(numbers)
        self._run(f"正在登记 {many}", lambda _progress: self._services.found(numbers), f"{many} 已改回", "表单没有登记")

    def replace(self, sheets: Sequence[SheetView], reason: str) -> None:
        """Gives sheets new numbers."""
        numbers = [sheet.sheet_no for sheet in sheets]
        many = _named(numbers)
        work: Callable[[Progress], Changed] = lambda _progress: self._services.replace(numbers, reason)  # noqa: E731 - one word below
        self._run(f"正在换新 {many}", work, f"{many} 已换新编号，请打印新表单", "表单没有换新")

    def _print(self, deed: str, chosen: Sequence[SheetView]) -> None:
        packages = list(dict.fromkeys(sheet.package_no for sheet in chosen))
        if len(packages) > 1:
            self._context.notices.warning("选中的表单属于几个任务包", "、".join(packages[:3]), "请一次打印一个任务包的表单")
        elif chosen:
            paper = Paper(packages[0], tuple(sheet.sheet_no for sheet in chosen))
            (self._printing.print_paper if deed == AGAIN else self._printing.ask_pdf)(paper)

    def _ask(self, deed: str, chosen: Sequence[SheetView]) -> None:
        every = [sheet for sheet in self._view.listed() if sheet.state in ALLOWED[deed]]
        condition = self._condition()
        extents = [_extent("chosen", "选中的", chosen, f"{condition}中选中的行")]
        if len(every) > len(chosen) > 1:
            extents.append(_extent("all", "列出的全部", every, condition))
        questions = {
            BACK: Question("标记收回", "标记收回", "张表单", tuple(extents)),
            FOUND: Question("找到表单", "改回在外", "张表单", tuple(extents), "遗失的表单找到了，或误标了收回。"),
            MISSING: Question(
                "标记遗失", "标记遗失", "张表单", tuple(extents), "遗失的表单可以按同一编号补打，也可以换新编号。", "原因", needed=True,
                reasons=_LOST,
            ),
            REPLACE: Question(
                "换新编号", "换新", "张表单", tuple(extents), "旧表单作废，不再收；新表单编号不同，要重新打印。", "原因", needed=True,
                reasons=_RENEWED,
            ),
        }  # fmt: skip
        self.question = Asking(self._view, questions[deed])
        self.question.agreed.connect(lambda keys, reason: self._agreed(deed, keys, reason))
        self.question.open()
        self.asked.emit(self.question)

    def _agreed(self, deed: str, keys: Sequence[str], reason: str) -> None:
        found = self._view.found or {}
        sheets = [found[key] for key in keys if key in found]
        if deed == REPLACE:
            self.replace(sheets, reason)
        elif deed == FOUND:
            self.found(sheets)
        else:
            self.mark(sheets, _STATES[deed], reason)

    def _condition(self) -> str:
        view, table = self._view, self._view.table
        parts = [view.package.currentText(), TITLES.get(view.states.current(), "")]
        parts += [describe(each, table.model.columns) for each in table.model.query.filters]
        parts += [f"含有“{table.model.query.words}”"] if table.model.query.words else []
        return "；".join(part for part in parts if part)

    def _run(self, title: str, work: Callable[[Progress], Changed], said: str, failed: str) -> None:
        def done(changed: Changed) -> None:
            offer = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
            self._context.notices.success(said, offer=offer)
            self._context.bus.tell(changed)

        self._context.jobs.run(title, work, done=done, failed=lambda error: self._context.notices.show(error, failed))


def _named(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{len(numbers):,} 张表单"


def _extent(key: str, title: str, sheets: Sequence[SheetView], condition: str) -> Extent:
    lines = tuple(f"{sheet.sheet_no}　{sheet.form_title}　{SHEET_STATES[sheet.state]}" for sheet in sheets[:SAMPLE])
    return Extent(key, title, tuple(sheet.sheet_no for sheet in sheets), condition, lines)
