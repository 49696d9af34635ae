"""The disagreements: what they consist of on the left, the list, the chosen one on the right."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from lvdesk.kit.errors import LVDeskError
from lvdesk.network.changed import Changed
from ui.files import open_folder
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.reconcile.facet_list import FacetList
from ui.panes.reconcile.inspector import Inspector
from ui.panes.reconcile.loading import Services
from ui.parts import card, column
from ui.widgets.asking import Asking
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.exchange.doctor.model import Trace
    from lvdesk.exchange.reconcile.browsing import Facets
    from lvdesk.exchange.reconcile.corrections import CorrectionFile
    from lvdesk.exchange.reconcile.model import Corrections, DisagreementView
    from lvdesk.exchange.reconcile.reading import Scope

_REST_MS: Final = 90
_FOLDER: Final = "reconcile.folder"
_TRACED: Final = {"customer": "customer", "meter_box": "meter_box"}
_SHOWN: Final = 3


class DifferencesView(QWidget):
    """Signals: run_asked, counted(open disagreements)."""

    run_asked = Signal()
    counted = Signal(int)

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._asked = 0
        self._scope: Scope | None = None
        self.facets = FacetList()
        self.table = DataTable("reconcile.differences", context.jobs, context.workspace.settings, name="对账差异")
        self.table.model.editing = False
        self.inspector = Inspector()
        self.state = StateView()
        self.state.loading()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self.facets.scoped.connect(self._narrow)
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)
        self.inspector.opened.connect(lambda entity, key: context.navigate("ledger", (entity, key)))
        self.inspector.correct_asked.connect(self.ask_correct)
        self.inspector.except_asked.connect(self.ask_except)
        self.inspector.withdraw_asked.connect(self.withdraw)

    def refresh(self) -> None:
        """Counts again and lists anew."""
        from lvdesk.exchange.reconcile.reading import Scope

        self._asked += 1
        asked = self._asked

        def take(facets: "Facets") -> None:
            if asked == self._asked:
                self._take(facets)

        self._context.jobs.read(lambda: self._services.facets(Scope()), take, self._failed)

    def start(self) -> None:
        """Puts the keyboard into the list."""
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_area(self, area_no: str) -> None:
        """Lists those of one area."""
        self.facets.tick_only("area", area_no)

    def ask_correct(self) -> None:
        """Says how many and of what before corrections are handed out, then asks where their files go."""
        if not (ids := self._chosen()):
            return
        how = "营销、GIS 该改的写成更正工作簿，要现场核对的进入下一个任务包，台账有误的直接改正。"
        dialog = Asking(self, "派更正", f"给 {len(ids):,} 处差异派更正：{self._sample()}\n{how}")
        dialog.agreed.connect(lambda _reason, _day: self._ask_folder(ids))
        dialog.open()

    def ask_except(self) -> None:
        """Asks for the reason and the last day of an exception."""
        if not (ids := self._chosen()):
            return
        dialog = Asking(self, "列为例外", f"{len(ids):,} 处差异可以保持不一致：{self._sample()}", reason="理由", day="有效期至")
        dialog.agreed.connect(partial(self.allow, ids))
        dialog.open()

    def allow(self, ids: Sequence[int], reason: str, day: str) -> None:
        """Lets them stand."""
        self._write("正在保存例外", lambda: self._services.allow(ids, reason, day or None), f"已列为例外 {len(ids):,} 处")

    def withdraw(self) -> None:
        """Takes exceptions and corrections back."""
        if ids := self._chosen():
            self._write("正在撤回", lambda: self._services.withdraw(ids), "已撤回")

    def correct(self, ids: Sequence[int], folder: Path) -> None:
        """Hands corrections out, their files into a folder."""
        self._context.workspace.settings.set(_FOLDER, str(folder))

        def done(found: "tuple[Corrections, list[CorrectionFile]]") -> None:
            made, files = found
            offer = Offer("打开文件夹", partial(open_folder, folder)) if files else None
            more = f"；{len(made.refused)} 处没有派出：{made.refused[0].why}" if made.refused else ""
            order = f"，编号 {made.order}" if made.order else ""
            self._context.notices.success(f"已派更正 {len(made.done):,} 处{order}", _told(made) + more, offer=offer)
            self._context.bus.tell(made.changed)

        self._context.jobs.run(
            "正在派更正",
            lambda progress: self._services.correct(ids, folder, progress),
            done=done,
            failed=lambda error: self._context.notices.show(error, "" if isinstance(error, LVDeskError) else "更正没有派出"),
        )

    def _ask_folder(self, ids: Sequence[int]) -> None:
        dialog = QFileDialog(self, "更正工作簿放在哪里", str(self._context.workspace.settings.get(_FOLDER, "")))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.correct(ids, Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self, title: str, work: Callable[[], Changed], said: str) -> None:
        def done(changed: Changed) -> None:
            undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
            self._context.notices.success(said, offer=undo)
            self._context.bus.tell(changed)

        self._context.jobs.run(title, lambda _progress: work(), done=done, failed=self._context.notices.show)

    def _chosen(self) -> list[int]:
        """The rows selected, or the one at the cursor."""
        ids = self.table.selected_ids()
        current = self.table.current_id()
        return ids or ([current] if current is not None else [])

    def _sample(self) -> str:
        view = self.inspector.view
        return f"例如 {view.title or view.key} 的{view.field_title}" if view is not None else ""

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        left = card()
        column(self.facets, parent=left, gap=0, margin=6)
        for part, least in ((left, 190), (self.table, 380), (self.inspector, 300)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([210, 560, 330])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages = QStackedWidget()
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _take(self, facets: "Facets") -> None:
        total = sum(count for _klass, count in facets.klasses)
        self.counted.emit(total)
        if not total and self._scope is None:
            hint = "导入台账、现场采录、回执和电源信息回写后，在这里比较三方；没有差异时这里也是空的"
            self.state.say("compare", "没有对账差异", hint, ("现在对账", self.run_asked.emit))
            self._pages.setCurrentIndex(0)
            return
        self._pages.setCurrentIndex(1)
        self.facets.show_facets(facets)
        self._narrow(self.facets.scope())

    def _narrow(self, scope: "Scope") -> None:
        self._scope = scope
        empty = EmptyText("success", "没有这样的差异", "换一个筛选条件，或重新对账")
        self.table.set_source(self._services.table(scope), empty=empty)

    def _look(self) -> None:
        number = self.table.current_id()
        if number is None:
            self.inspector.clear()
            return

        def take(view: "DisagreementView | None") -> None:
            if view is None or self.table.current_id() != number:
                return
            self.inspector.show_view(view)
            self._show_way(view)

        self._context.jobs.read(lambda: self._services.view(number), take, self._context.notices.show)

    def _show_way(self, view: "DisagreementView") -> None:
        entity = _TRACED.get(view.entity)
        if entity is None:
            self.inspector.show_way(None, "选择用户或计量箱的差异时，这里画出它的上级电源")
            return

        def take(trace: "Trace") -> None:
            if self.inspector.view is view:
                self.inspector.show_way(trace)

        def fail(error: Exception) -> None:
            self.inspector.show_way(None, getattr(error, "message", "") or "读取上级电源时出错")

        self._context.jobs.read(lambda: self._services.trace(entity, view.key), take, fail)

    def _failed(self, error: Exception) -> None:
        what, hint = getattr(error, "message", "") or "读取对账差异时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self.refresh), level="error")
        self._pages.setCurrentIndex(0)


def _told(made: "Corrections") -> str:
    from lvdesk.exchange.reconcile.model import TARGET_TITLES

    return "，".join(f"{TARGET_TITLES[target]} {count:,} 处" for target, count in made.told.items())
