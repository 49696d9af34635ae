"""Blank workbooks of the templates: which one, where to, and a word when it lies there."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from lvdesk.kit.settings import Settings
from ui.files import open_folder
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.ledger.loading import Services


class Blanks(QObject):
    """``menu`` offers the templates."""

    def __init__(self, context: Context, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._services, self._owner = context, services, owner
        self.menu = QMenu(owner)
        self.menu.setAccessibleName("空白模板")

    def set_templates(self, templates: Sequence[tuple[str, str]]) -> None:
        """Offers templates: key and title."""
        self.menu.clear()
        for key, title in templates:
            self.menu.addAction(title, partial(self.ask, key, title))

    def choose(self, place: QWidget) -> None:
        """Opens the menu over a widget."""
        self.menu.popup(place.mapToGlobal(place.rect().center()))

    def ask(self, template: str, title: str) -> None:
        """Asks where to, without blocking; the dialog itself asks before a file is replaced."""
        settings: Settings = self._context.workspace.settings
        start = Path(str(settings.get("export_folder", ""))) / f"{title}（空白模板）.xlsx"
        dialog = QFileDialog(self._owner, "空白模板另存为", str(start), "Excel 工作簿 (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda name: self.write(template, title, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, template: str, title: str, target: Path) -> None:
        """Writes the workbook off the window's thread."""
        notices = self._context.notices
        self._context.workspace.settings.set("export_folder", str(target.parent))

        def done(_result: object) -> None:
            notices.success(
                f"已保存空白模板 {target.name}",
                "代码列可下拉选择，填写说明在工作簿里",
                offer=Offer("打开文件夹", partial(open_folder, target.parent)),
            )

        self._context.jobs.run(
            f"正在写出{title}空白模板",
            lambda _progress: self._services.blank(template, target),
            writes=False,
            done=done,
            failed=lambda error: notices.show(error, "空白模板没有写出"),
        )
