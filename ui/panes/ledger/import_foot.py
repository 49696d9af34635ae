"""Under the import: the sums, or the progress; cancel and the one main button."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from lvdesk.kit.progress import Snapshot
from ui.panes.ledger import import_words
from ui.panes.ledger.importing import Importing, Stage
from ui.panes.ledger.report_tables import totals
from ui.parts import Elided, button, column, label, row


class ImportFoot(QFrame):
    """Shows an ``Importing``."""

    def __init__(self, cancel: Callable[[], object], load: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.summary = label("")
        self.differences = Elided(role="muted")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("进度")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(220)
        self.doing = label("", "muted")
        self.cancel = button("取消  Esc", cancel, name="取消")
        self.start = button("导入  Ctrl+Enter", load, "primary", "import", name="导入")
        self._sums, self._progress = QWidget(), QWidget()
        column(self.summary, self.differences, parent=self._sums, gap=2)
        row(self.bar, self.doing, None, parent=self._progress, gap=12)
        line = row(self._sums, self._progress, self.cancel, self.start, parent=self, gap=10)
        line.setContentsMargins(16, 9, 12, 9)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        self.setMinimumHeight(58)

    def show_import(self, importing: Importing, titles: Mapping[str, str]) -> None:
        """Shows where the import stands."""
        busy = importing.busy
        self._progress.setVisible(busy)
        self.cancel.setVisible(busy)
        self.cancel.setEnabled(True)
        self._sums.setVisible(not busy)
        self.start.setVisible(importing.stage is not Stage.DONE)
        self.start.setEnabled(importing.can_load)
        cancelled = importing.stage is Stage.CANCELLED
        self.summary.setText("已取消，未保存任何数据" if cancelled else import_words.said(importing.files))
        changes = import_words.differences(totals(importing.files), titles) or "与现有台账相比没有新增或变更"
        self.differences.set_text(changes)
        self.differences.setVisible(importing.can_load)
        if busy:
            self.bar.setRange(0, 0)
            self.doing.setText("正在读取文件…" if importing.stage is Stage.READING else "正在导入…")

    def show_progress(self, snapshot: Snapshot) -> None:
        """Shows a look at the running job."""
        self.bar.setRange(0, snapshot.total)
        self.bar.setValue(min(snapshot.done, snapshot.total))
        done = f"{snapshot.done:,} / {snapshot.total:,} {snapshot.unit}" if snapshot.total else f"{snapshot.done:,} {snapshot.unit}"
        left = f"约剩 {snapshot.seconds_left:.0f} 秒" if snapshot.seconds_left is not None else ""
        parts = (snapshot.label, done if snapshot.done else "", left)
        self.doing.setText("  ·  ".join(part for part in parts if part))
        self.cancel.setEnabled(snapshot.cancellable)
