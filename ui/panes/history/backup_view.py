"""Backups: make one, look at them, go back to one; and the check that nothing was tampered with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from lvdesk.network.changed import Changed
from ui.moments import said, size
from ui.panes.base import Context
from ui.panes.history.confirm import Confirm
from ui.panes.history.loading import Services
from ui.panes.history.model import TextTable
from ui.panes.history.tables import table
from ui.parts import button, card, column, label, row


class BackupView(QWidget):
    """The list of backups with what can be done."""

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        today = context.workspace.clock().date()
        self.model = TextTable(
            (
                ("时间", lambda backup: said(str(backup.at), today)),
                ("原因", lambda backup: str(backup.reason)),
                ("行数", lambda backup: f"{backup.rows:,}"),
                ("大小", lambda backup: _size(Path(backup.path))),
                ("文件", lambda backup: Path(backup.path).name),
            ),
            self,
        )
        self.table = table(self.model, "备份列表", (150, 170, 110, 100))
        self.table.selectionModel().currentChanged.connect(lambda _new, _old: self._follow())
        self.confirm = Confirm()
        self.restore_button = button("还原选中的备份…", self.ask_restore, "danger", "restore")
        self.backup_button = button("立即备份", self.backup, "primary", "backup")
        self.verify_button = button("核验数据与历史", self.verify, icon_name="shield")
        self._note = label("", "muted", wrap=True)
        said_ = column(label("备份与还原", "h1"), label("大批导入、升级和还原之前会自动备份；每份备份做完都核验过。", "muted"), gap=2)
        head = row(said_, None, self.verify_button, self.restore_button, self.backup_button, gap=8)
        head.setContentsMargins(20, 16, 16, 0)
        asked = row(self.confirm)
        asked.setContentsMargins(16, 0, 16, 0)
        self._note.setContentsMargins(20, 0, 20, 14)
        frame = card()
        inside = column(head, asked, self.table, self._note, parent=frame, gap=12)
        inside.setStretch(2, 1)
        inside.setContentsMargins(1, 1, 1, 1)
        column(frame, parent=self)
        self._follow()

    def load(self) -> None:
        """Reads the list."""
        self._note.setText("正在读取…")
        self._context.jobs.read(self._services.backups, self._show, self._failed)

    def _show(self, backups: Sequence[Any]) -> None:
        chosen = self.model.at(self.table.currentIndex().row())
        self.model.show(backups)
        paths = [backup.path for backup in backups]
        if chosen is not None and chosen.path in paths:  # the same backup stays chosen when the list is read again
            self.table.selectRow(paths.index(chosen.path))
        self._note.setText(f"共 {len(backups)} 份备份" if backups else "还没有备份。点“立即备份”做第一份。")
        self._follow()

    def _failed(self, error: Exception) -> None:
        self._note.setText("没有读到备份列表")
        self._context.notices.show(error, "没有读到备份列表", retry=self.load)

    def _follow(self) -> None:
        self.restore_button.setEnabled(self.model.at(self.table.currentIndex().row()) is not None)

    def backup(self) -> None:
        """Makes one now."""
        self._context.jobs.run("正在备份", self._services.backup, done=self._backed_up)

    def _backed_up(self, _info: object) -> None:
        self._context.notices.success("备份完成，已核验")
        self._context.bus.tell(Changed.HISTORY)

    def verify(self) -> None:
        """Checks journal and database."""
        self._context.jobs.run("正在核验数据与历史", self._services.verify, writes=False, done=self._verified)

    def _verified(self, problems: Sequence[str]) -> None:
        if problems:
            todo = "请先立即备份，再联系维护人员；必要时还原最近的备份。"
            self._context.notices.error(f"核验发现 {len(problems)} 处问题", problems[0], todo, details="\n".join(problems))
        else:
            self._context.notices.success("核验通过", "历史记录首尾相连，数据库完好。")

    def ask_restore(self) -> None:
        """Asks before going back to the selected backup."""
        backup = self.model.at(self.table.currentIndex().row())
        if backup is None:
            return
        when = said(str(backup.at), self._context.workspace.clock().date())
        why = "此后的改动将不在当前数据里。现在的数据库会保留在 recovery 文件夹，可以再找回。"
        self.confirm.ask(f"用 {when} 的备份（{backup.rows:,} 行）替换当前数据？", why, "还原这份备份", lambda: self._restore(backup))

    def _restore(self, backup: Any) -> None:
        path = Path(backup.path)
        self._context.jobs.run("正在还原备份", lambda progress: self._services.restore(path, progress), done=self._restored)

    def _restored(self, _result: object) -> None:
        self._context.notices.success("已还原备份", "原来的数据库保留在 recovery 文件夹。")
        self._context.bus.tell(Changed.ALL)


def _size(path: Path) -> str:
    return size(path.stat().st_size) if path.exists() else "—"
