"""How far work on this page is, and the way to stop it."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QProgressBar

from ui.jobs import Job
from ui.parts import button, label, row

_LOOK_MS = 120


class Working(QFrame):
    """Hidden while nothing is done."""

    def __init__(self, cancel_name: str) -> None:
        super().__init__()
        self.setObjectName("working")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(180)
        self.bar.setAccessibleName("进度")
        self.doing = label("", "muted")
        self.cancel = button("取消", self.stop, name=cancel_name)
        self._job: Job | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._look)
        inside = row(self.bar, self.doing, None, self.cancel, parent=self, gap=12)
        inside.setContentsMargins(14, 4, 6, 4)
        self.hide()

    def follow(self, job: Job, title: str) -> None:
        """Shows a job until it ends, in place of any before."""
        self._job = job
        self.bar.setRange(0, 0)
        self.doing.setText(title)
        self.cancel.setEnabled(True)
        self._clock.start()
        self.show()
        job.ended.connect(lambda: self._ended(job))

    def stop(self) -> None:
        """Asks the work to stop."""
        if self._job is not None:
            self.cancel.setEnabled(False)
            self._job.cancel()

    def _look(self) -> None:
        if self._job is None:
            return
        seen = self._job.snapshot()
        self.bar.setRange(0, seen.total)
        self.bar.setValue(min(seen.done, seen.total))
        done = f"{seen.done:,} / {seen.total:,} {seen.unit}" if seen.total else ""
        left = f"约剩 {seen.seconds_left:.0f} 秒" if seen.seconds_left is not None else ""
        if text := "  ·  ".join(part for part in (seen.label, done, left) if part):
            self.doing.setText(text)
        self.cancel.setVisible(seen.cancellable)

    def _ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._clock.stop()
            self.hide()
