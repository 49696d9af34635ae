"""The few things a person may choose: name of the station, own name, size of the text; and where everything lies."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFormLayout, QLineEdit, QWidget

from lvdesk.kit.settings import Settings
from lvdesk.network.changed import Changed
from ui.bus import Bus
from ui.crash import log_folder
from ui.parts import Elided, button, column, label, line, row
from ui.theme.apply import apply, look_of

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace

_SIZES = (("标准", 13), ("较大", 15))


class SettingsDialog(QDialog):
    """Non-blocking; takes effect on 保存."""

    def __init__(self, workspace: "Workspace", settings: Settings, bus: Bus, parent: QWidget | None = None, *, fixed: bool = False) -> None:
        """``fixed``: people are registered, whoever sits there has signed in under his own name."""
        super().__init__(parent)
        self._workspace, self._settings, self._bus = workspace, settings, bus
        self.setWindowTitle("设置")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.station = QLineEdit(workspace.title)
        self.person = QLineEdit(workspace.person)
        self.person.setReadOnly(fixed)
        self.person.setEnabled(not fixed)
        self.text_size = QComboBox()
        for name, pixels in _SIZES:
            self.text_size.addItem(name, pixels)
        self.text_size.setCurrentIndex(max(self.text_size.findData(settings.get("font_px", _SIZES[0][1])), 0))
        form = QFormLayout()
        form.setSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for title, field in (("供电所名称", self.station), ("我的姓名", self.person), ("文字大小", self.text_size)):
            field.setAccessibleName(title)
            form.addRow(title, field)
        places = QFormLayout()
        places.setSpacing(8)
        places.addRow("工作区文件夹", self._place(str(workspace.folder), "打开工作区文件夹"))
        places.addRow("日志文件夹", self._place(str(log_folder()), "打开日志文件夹"))
        buttons = row(None, button("取消", self.reject), button("保存", self.save, "primary"))
        said = "人员已登记，换人请用“切换人员”。" if fixed else "姓名会记在每次操作上，用于历史记录和复核。"
        hint = label(said, "muted", wrap=True)
        column(label("设置", "h1"), form, hint, 4, line(), 4, places, 8, buttons, parent=self, gap=12, margin=24)

    def _place(self, path: str, name: str) -> QWidget:
        made = QWidget()
        shown = Elided(path, Qt.TextElideMode.ElideMiddle, "muted")
        row(shown, button("打开", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(path)), "link", name=name), parent=made)
        return made

    def save(self) -> None:
        """Stores the choices and shows them at once."""
        title, person = self.station.text().strip(), self.person.text().strip()
        if title:
            self._workspace.settings.set("title", title)
        if person and person != self._workspace.person:
            self._settings.set("person", person)
            self._workspace.store.person = person
        pixels = int(self.text_size.currentData())
        if pixels != self._settings.get("font_px", _SIZES[0][1]):
            self._settings.set("font_px", pixels)
            app = QApplication.instance()
            if isinstance(app, QApplication):
                apply(app, look_of(pixels))
        self._bus.tell(Changed.SETTINGS)
        self.accept()
