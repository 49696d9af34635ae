"""The desk check: feeders with their progress, the candidates, one in full with its verdict."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from lvdesk.kit.errors import LVDeskError
from lvdesk.ledger.deskcheck_model import STATES, Candidate, State
from lvdesk.network.changed import Changed
from ui.jobs import Job
from ui.panes.base import Context
from ui.panes.ledger.desk_feeders import FeederList, total
from ui.panes.ledger.desk_inspector import DeskInspector
from ui.panes.ledger.desk_loading import DeskServices, Shown
from ui.panes.ledger.desk_marking import Marking
from ui.parts import Elided, card, column, label, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.ledger.deskcheck_candidates import Candidates

_REST_MS, _LONG_MS = 60, 800
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_DATA = Changed.NETWORK | Changed.BATCHES
_EMPTY = EmptyText("check", "没有要核实的用户", "换一条线路，或在上方查看已标注的用户")


class DeskView(QWidget):
    """Signals: link_asked(record id), import_asked: the ledger is empty.

    Attributes:
        found: the candidates shown; None before the first search ended.
    """

    link_asked = Signal(int)
    import_asked = Signal()

    def __init__(self, context: Context, services: DeskServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.found: Candidates | None = None
        self._source: Shown | None = None
        self._job: Job | None = None
        self._asked = 0
        self._stale = True
        settings = context.workspace.settings
        self.states = Segmented([(str(state), title) for state, title in STATES.items()], name="核实状态")
        self.feeders = FeederList()
        self.where = Elided("全部线路", Qt.TextElideMode.ElideMiddle, "muted")
        self.table = DataTable("ledger.desk", context.jobs, settings, name="销户候选")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset({"error", "warning", "neutral", "info"}), by_rows=True)
        self.table.bar.slot.addWidget(self.where, 1)
        for way, text in ((self.table.foot.previous, "上一户 Shift+F8"), (self.table.foot.following, "下一户 F8")):
            way.setText(text)
            way.setAccessibleName(text)
        self.inspector = DeskInspector(settings)
        self.marking = Marking(context, services, self)
        self.state = StateView()
        self._pages = QStackedWidget()
        self._rest, self._long = QTimer(self), QTimer(self)
        for timer, pause, run in ((self._rest, _REST_MS, self._show_row), (self._long, _LONG_MS, self._say_long)):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(run)
        self._lay_out()
        self._connect()

    def refresh(self, changed: Changed) -> None:
        """Notes what changed; looks again at once when it is on screen."""
        if changed & _DATA:
            self._stale = True
        if not self.isVisible():
            self._stale = self._stale or bool(changed & Changed.MARKS)
        elif self._stale:
            self.search()
        elif changed & Changed.MARKS:
            self._look_at_marks()

    def enter(self) -> None:
        """The view comes to the front."""
        if self._stale and self._job is None:
            self.search()
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_feeder(self, feeder_no: str) -> None:
        """Turns to one feeder, now or when the candidates are there."""
        self.feeders.go_to(feeder_no)

    def search(self) -> None:
        """Looks for candidates anew; what is shown stays until the answer comes."""
        if self._job is not None:
            self._job.cancel()
        self._stale = False
        if self.found is None:
            self.state.loading()
            self._pages.setCurrentIndex(0)
            self._long.start()
        job = self._context.jobs.run("正在查找销户候选", self._services.find, writes=False, failed=self._failed)
        job.succeeded.connect(self._take)
        job.cancelled.connect(lambda: self._stopped(job))
        job.ended.connect(lambda: self._ended(job))
        self._job = job

    def _lay_out(self) -> None:
        left = card()
        head = row(label("线路进度", "h2"))
        head.setContentsMargins(18, 11, 12, 4)
        column(head, self.feeders, parent=left, gap=2, margin=1).setStretch(1, 1)
        middle = QWidget()
        column(self.table, parent=middle, gap=0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 190), (middle, 330), (self.inspector, 290)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([212, 620, 324])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.feeders.chosen.connect(lambda _feeder: self._turn())
        self.states.chosen.connect(lambda _state: self._turn())
        self.table.current_changed.connect(lambda _identity: self._rest.start())
        self.table.view.selectionModel().selectionChanged.connect(lambda *_parts: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.opened.connect(self.link_asked)
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)
        self.inspector.link_asked.connect(self.link_asked)
        self.inspector.verdict.given.connect(self.marking.judge)
        self.inspector.verdict.all_asked.connect(self.marking.ask_all)
        self.table.view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table.view and isinstance(event, QKeyEvent) and _is_enter(event):
            self.marking.judge_suggested()
            return True
        return super().eventFilter(watched, event)

    def _take(self, found: "Candidates") -> None:
        self.found = found
        if not found.feeders:
            self.found = None
            self.states.setEnabled(False)
            self.state.say(
                "inbox", "台账还是空的", "把营销系统按线路导出的台账导入后，在这里核实已销户的用户", ("导入台账", self.import_asked.emit)
            )
            self._pages.setCurrentIndex(0)
            return
        self.states.setEnabled(True)
        first = self._pages.currentIndex() == 0
        self._pages.setCurrentIndex(1)
        self._turn()
        if first and self.isVisible():
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self) -> None:
        """Shows the chosen feeder and state of what was found."""
        if self.found is None:
            return
        self.feeders.show_feeders(self.found.feeders)
        feeder = self.feeders.current()
        chosen = next((each for each in self.found.feeders if each.feeder_no == feeder), None) or total(self.found.feeders)
        state = State(self.states.current())
        for key, count in ((State.OPEN, chosen.open), (State.MARKED, chosen.marked)):
            self.states.set_count(str(key), count)
        self.states.set_count(str(State.ALL), self.found.count(feeder))
        self.where.set_text(self.feeders.title())
        if self._source is None or self._source.state is not state:
            self._source = Shown(self.found)
            self._source.turn(self.found, feeder, state)
            self.table.set_source(self._source, key=f"ledger.desk.{state}", empty=_EMPTY)
        else:
            self._source.turn(self.found, feeder, state)
            self.table.reload()

    def _look_at_marks(self) -> None:
        present = self.found
        if present is None:
            return
        self._asked += 1
        asked = self._asked

        def take(found: "Candidates") -> None:
            if asked == self._asked and self.found is present:
                self._take(found)

        self._context.jobs.read(lambda: self._services.refreshed(present), take, self._context.notices.show)

    def _show_row(self) -> None:
        identity, found = self.table.current_id(), self.found
        if identity is None or found is None or not self.table.model.ids:
            self.inspector.clear()
            self.inspector.verdict.show_selection(0, 0, "", "")
            return

        def take(candidate: Candidate | None) -> None:
            if candidate is not None and self.table.current_id() == identity:
                self.inspector.show_candidate(candidate)
                self.marking.show_selection()

        self._context.jobs.read(lambda: found.find(identity), take, self._context.notices.show)

    def _say_long(self) -> None:
        if self._job is not None and self.found is None:
            self.state.say("search", "正在查找销户候选", "比对用户状态、销户日期、用电量、电能表和地址", ("取消", self._job.cancel))

    def _stopped(self, job: Job) -> None:
        if job is self._job:
            self._stale = True
            if self.found is None:
                self.state.say("stop", "已取消查找", "没有改动任何数据", ("重新查找", self.search))

    def _failed(self, error: Exception) -> None:
        self._stale = True
        if self.found is None:
            said = getattr(error, "message", "") or "查找销户候选时出错"
            self.state.say("error", said, getattr(error, "hint", ""), ("重试", self.search), level="error")
            if isinstance(error, LVDeskError):
                return
        self._context.notices.show(error, retry=self.search)

    def _ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._long.stop()


def _is_enter(event: QKeyEvent) -> bool:
    keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return event.type() == QEvent.Type.KeyPress and event.key() in keys and not event.modifiers() & _CHORD
