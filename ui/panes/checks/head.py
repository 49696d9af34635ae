"""The line above the views: counts, when the last run was, how the present one goes, and that the data changed."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QWidget

from ui.moments import said
from ui.panes.base import Context
from ui.panes.checks.runner import LEVELS, Runner
from ui.parts import Elided, button, column, label, picture, row
from ui.status_bar import describe
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.checks.checking import CheckState

_CHIPS = (*LEVELS, ("excepted", "例外"))


class Head(QWidget):
    """Signals: level_asked(severity) or "excepted": the findings of one count are wanted."""

    level_asked = Signal(str)

    def __init__(self, context: Context, runner: Runner, switch: QWidget) -> None:
        super().__init__()
        self._context, self._runner = context, runner
        self.counts: dict[str, QPushButton] = {}
        chips = row(gap=6)
        for key, title in _CHIPS:
            chip = button(title, partial(self.level_asked.emit, key))
            chip.setProperty("count", key)
            self.counts[key] = chip
            chips.addWidget(chip)
        self.last = Elided("", role="muted")
        self.bar = QProgressBar()
        self.bar.setFixedWidth(130)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("检查进度")
        self.cancel = button("取消 Esc", runner.cancel, "link", name="取消检查")
        self.stale = _Stale(runner)
        line = row(switch, 8, chips, 8, self.last, self.bar, self.cancel, gap=6)
        line.setStretchFactor(self.last, 1)
        column(line, self.stale, parent=self, gap=8)
        runner.arrived.connect(self._show)
        runner.moved.connect(self._show)
        self._show()

    def _show(self) -> None:
        state, job = self._runner.state, self._runner.job
        seen = self._runner.seen
        self.bar.setVisible(seen)
        self.cancel.setVisible(seen)
        ran = state is not None and bool(state.at)
        for key, title in _CHIPS:
            self._show_count(key, title, state if ran else None)
        if job is not None and seen:
            snapshot = job.snapshot()
            self.last.set_text("正在取消…" if job.progress.cancelled else describe(job.title, snapshot))
            self.bar.setRange(0, max(snapshot.total, 0))
            self.bar.setValue(min(snapshot.done, snapshot.total))
            self.cancel.setEnabled(snapshot.cancellable and not job.progress.cancelled)
        elif state is not None and ran:
            more = "，正在按最新数据重查…" if job is not None else ""
            took = f" · 用时 {self._runner.seconds:.1f} 秒" if self._runner.seconds is not None else ""
            when = said(state.at, self._context.workspace.clock().date())
            self.last.set_text(f"上次检查 {when} · {state.person}{took}{more}")
        else:
            self.last.set_text("")
        self.stale.setVisible(state is not None and ran and state.stale and job is None)

    def _show_count(self, key: str, title: str, state: "CheckState | None") -> None:
        chip = self.counts[key]
        chip.setVisible(state is not None)
        if state is not None:
            count = state.excepted if key == "excepted" else state.counts.get(key, 0)
            chip.setText(f"{title} {count:,}")
            chip.setAccessibleName(f"{title} {count:,}，打开列表")
            chip.setToolTip("查看已列为例外的问题" if key == "excepted" else f"只看{title}")
            chip.setEnabled(count > 0)


class _Stale(QWidget):
    """The data changed since the last run."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        card = QFrame()
        card.setObjectName("staleLine")
        card.setAccessibleName("数据已变化，按 F5 重新检查")
        self.again = button("重新检查 F5", runner.check, "link", name="重新检查")
        inside = row(
            picture("warning", 16, tokens().amber), label("数据已变化，按 F5 重新检查"),
            label("下面仍是上次检查的结果", "muted"), None, self.again, parent=card, gap=8,
        )  # fmt: skip
        inside.setContentsMargins(12, 4, 8, 4)
        column(card, parent=self, gap=0)
        self.hide()
