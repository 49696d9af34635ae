"""The foot of the window: where one works, as whom, in which coordinates; what runs; the last backup."""

from PySide6.QtWidgets import QProgressBar, QStatusBar, QWidget

from lvdesk.kit.progress import Snapshot
from ui.jobs import Job, Jobs
from ui.parts import button, label, row

CRS = "CGCS2000"


class StatusBar(QStatusBar):
    """Reads the jobs on every poll; everything else is told to it."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self.setSizeGripEnabled(False)
        self._place, self._person, self._crs, self._backup = label(), label(), label(f"坐标 {CRS}"), label()
        left, right = QWidget(), QWidget()
        row(self._place, _dot(), self._person, _dot(), self._crs, parent=left, gap=8).setContentsMargins(16, 0, 0, 0)
        row(self._backup, parent=right, gap=8).setContentsMargins(8, 0, 12, 0)
        self._running = _Running()
        self.addWidget(left)
        self.addPermanentWidget(self._running)
        self.addPermanentWidget(right)
        jobs.changed.connect(self._follow)
        self._follow()

    def set_place(self, title: str, folder: str, person: str) -> None:
        """The workspace and the person."""
        self._place.setText(f"工作区：{title}")
        self._place.setToolTip(folder)
        self._person.setText(person)

    def set_backup(self, text: str) -> None:
        """When the last backup was made."""
        self._backup.setText(text)

    def _follow(self) -> None:
        running = self._jobs.running()
        self._running.setVisible(bool(running))
        if running:
            self._running.show_job(running[0], len(running) - 1)


class _Running(QWidget):
    """The running job: what it does, how far, how long yet, cancel."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self._text = label()
        self._bar = QProgressBar()
        self._bar.setFixedWidth(140)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("后台任务进度")
        self._cancel = button("取消", self._stop, "link")
        row(self._text, self._bar, self._cancel, parent=self, gap=10)
        self.hide()

    def show_job(self, job: Job, others: int) -> None:
        """Shows one job and how many more there are."""
        self._job = job
        snapshot = job.snapshot()
        more = f"（另有 {others} 项）" if others else ""
        stopping = "正在取消…　" if job.progress.cancelled else ""
        self._text.setText(stopping + describe(job.title, snapshot) + more)
        self._bar.setRange(0, max(snapshot.total, 0))
        if snapshot.total:
            self._bar.setValue(min(snapshot.done, snapshot.total))
        self._cancel.setEnabled(snapshot.cancellable and not job.progress.cancelled)
        self._cancel.setToolTip("取消任务" if snapshot.cancellable else "这一步不能取消，请稍候")
        self._cancel.setAccessibleName(f"取消：{job.title}")

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()


def describe(title: str, snapshot: Snapshot) -> str:
    """One line about running work: stage, units done, time left."""
    parts = [snapshot.label or title]
    if snapshot.total:
        parts.append(f"{snapshot.done:,} / {snapshot.total:,} {snapshot.unit}")
    elif snapshot.done:
        parts.append(f"{snapshot.done:,} {snapshot.unit}")
    if snapshot.seconds_left is not None:
        parts.append(f"剩余约 {duration(snapshot.seconds_left)}")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """A span as people say it."""
    whole = max(1, round(seconds))
    return f"{whole} 秒" if whole < 60 else f"{whole // 60} 分 {whole % 60:02d} 秒"


def _dot() -> QWidget:
    return label("·", "faint")
