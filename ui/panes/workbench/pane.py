"""The workbench page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.moments import day_name
from ui.panes.base import Context, Pane
from ui.panes.workbench.loading import KINDS, Overview, Services, StationServices
from ui.panes.workbench.parts import DoubtRow, Hero, RecentRow, StepRow, Tile, titled
from ui.parts import Elided, column, label, row

if TYPE_CHECKING:
    from lvdesk.network.counting import LoopStep

_NARROW = 900  # below it the two cards stand one under the other
_PLACES: dict[str, tuple[str, str | None]] = {
    "import": ("ledger", "import"),
    "deskcheck": ("ledger", "desk"),
    "packages": ("fieldwork", None),
    "returns": ("fieldwork", "returns"),
    "marketing": ("review", "marketing"),
    "operations": ("review", "operations"),
    "export": ("export", "issue"),
    "receipts": ("reconcile", "receipts"),
    "feedback": ("reconcile", "differences"),
}


class WorkbenchPane(Pane):
    """Numbers, the ten steps of the loop, the last imports; each leads to what is behind it."""

    key: ClassVar[str] = "workbench"
    title: ClassVar[str] = "工作台"
    group: ClassVar[str] = ""
    icon: ClassVar[str] = "workbench"
    order: ClassVar[int] = 0

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services: Services = services or StationServices()
        self._waiting = 0
        self._day = label("", "h2")
        self._last = Elided(role="muted", align=Qt.AlignmentFlag.AlignRight)
        self._tiles = {entity: Tile(title, icon, self._opener(entity)) for entity, title, icon, _short in KINDS}
        self._hero = Hero(lambda: context.actions.trigger("file.import"), self._open_sample)
        self._hero.hide()
        self._steps_card, self._steps = titled("从台账到贯通", "十步一圈，点一步去做")
        self._recent_card, self._recent = titled("最近导入")
        self._doubt_card, doubts = titled("需要留意", "点一行看这些记录")
        self._doubts = QGridLayout(doubts)
        self._doubts.setContentsMargins(10, 0, 10, 0)
        self._doubts.setHorizontalSpacing(12)
        self._doubt_card.hide()
        self._grid = QGridLayout(self._steps)
        self._grid.setContentsMargins(10, 0, 10, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._list = QVBoxLayout(self._recent)
        self._list.setContentsMargins(10, 0, 10, 0)
        self._list.setSpacing(2)
        self._lay_out()
        self._say("正在读取…")

    def _lay_out(self) -> None:
        head = row(self._day, self._last, gap=16)
        head.setStretch(1, 1)
        self._numbers = QWidget()
        row(*self._tiles.values(), parent=self._numbers, gap=12)
        self._lower = lower = row(self._steps_card, self._recent_card, gap=12)
        lower.setStretch(0, 2)
        lower.setStretch(1, 1)
        page = QWidget()
        page.setProperty("page", "true")
        inside = column(head, self._numbers, self._hero, lower, self._doubt_card, None, parent=page, gap=12)
        inside.setContentsMargins(20, 14, 16, 16)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName("工作台内容")
        column(scroll, parent=self, gap=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self._lower.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def _open_sample(self) -> None:
        if not self.context.actions.trigger("workspace.sample"):
            self.context.notices.info("这个版本没有带样例供电所")

    def toolbar_actions(self) -> Sequence[Action]:
        """Import is the main thing to do from here."""
        start = lambda: self.context.actions.trigger("file.import")  # noqa: E731 - one word for the button
        return (Action("workbench.import", "导入台账", start, "", "import", "工作台", primary=True),)

    def badge(self) -> int:
        """The rail shows what waits at each pane itself; the workbench none."""
        return 0

    def refresh(self, _changed: Changed) -> None:
        """Reads everything anew."""
        workspace = self.context.workspace
        self._day.setText(day_name(workspace.clock().date()))
        self.context.jobs.read(lambda: self._services.overview(workspace), self._show, self._failed)

    def _say(self, text: str) -> None:
        """One line in both cards in place of their content."""
        _clear(self._grid)
        _clear(self._list)
        self._grid.addWidget(_message(text), 0, 0)
        self._grid.setRowStretch(1, 1)
        self._list.addWidget(_message(text))
        self._list.addStretch(1)

    def _failed(self, error: Exception) -> None:
        self._say("没有读到数据，原因见上方提示。")
        self.context.notices.show(error, "工作台没有读到数据", retry=lambda: self.refresh(Changed.ALL))

    def _show(self, overview: Overview) -> None:
        for entity, tile in self._tiles.items():
            tile.set_count(overview.counts.get(entity, 0))
        self._hero.setVisible(overview.empty)
        self._numbers.setVisible(not overview.empty)
        self._last.set_text(f"上次导入：{overview.recent[0].line}" if overview.recent else "还没有导入过")
        self._show_steps(overview.steps)
        self._show_recent(overview)
        self._show_doubts(overview)

    def _show_steps(self, steps: "Sequence[LoopStep]") -> None:
        _clear(self._grid)
        half = (len(steps) + 1) // 2
        for index, step in enumerate(steps):
            line = StepRow(index + 1, step, self._step_opener(step))
            self._grid.addWidget(line, index % half, index // half)
        for at in (0, 1):
            self._grid.setColumnStretch(at, 1)
        self._grid.setRowStretch(1, 0)
        self._grid.setRowStretch(half, 1)

    def _show_recent(self, overview: Overview) -> None:
        _clear(self._list)
        for recent in overview.recent:
            self._list.addWidget(RecentRow(recent, partial(self.context.navigate, "history", ("entry", recent.entry))))
        if not overview.recent:
            self._list.addWidget(_message("还没有导入记录。导入之后，每一次都能在这里找到并撤销。"))
        self._list.addStretch(1)

    def _show_doubts(self, overview: Overview) -> None:
        _clear(self._doubts)
        for index, doubt in enumerate(overview.doubts):
            line = DoubtRow(doubt, partial(self.context.navigate, "ledger", doubt.target))
            alone = index % 2 == 0 and index == len(overview.doubts) - 1
            self._doubts.addWidget(line, index // 2, index % 2, 1, 2 if alone else 1)
        for at in (0, 1):
            self._doubts.setColumnStretch(at, 1)
        self._doubt_card.setVisible(bool(overview.doubts))

    def _opener(self, entity: str) -> Callable[[], object]:
        return lambda: self.context.navigate("ledger", (entity, None))

    def _step_opener(self, step: "LoopStep") -> Callable[[], object] | None:
        place, view = _PLACES.get(step.key, (step.key, None))
        if not step.enabled or self.context.actions.qaction(f"pane.{place}") is None:
            return None
        return lambda: self.context.navigate(place, view)


def _message(text: str) -> QWidget:
    made = label(text, "muted", wrap=True)
    made.setContentsMargins(8, 6, 8, 6)
    return made


def _clear(layout: QGridLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
