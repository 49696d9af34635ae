"""What may be chosen of a format beyond the records: purpose, coordinates, the receiver's own workbook."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from lvdesk.exchange.model import GEOGRAPHIC, Options, System
from ui.panes.export.memory import Memory
from ui.panes.export.words import coordinate_systems
from ui.parts import Elided, button, column, label, row, tool

_FILTER: Final = "Excel 工作簿 (*.xlsx *.xlsm)"
_PURPOSE_HINT: Final = "不填用途，文件中没有户名、地址、电话；填了才有，用途记入归档。"
_MANY: Final = 18


class OptionsForm(QWidget):
    """Signals: changed(): personal data is asked for or no longer, which changes what would be exported."""

    changed = Signal()

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self._system = System.MARKETING
        self._template: Path | None = None
        self._had_purpose = False
        self.purpose, self.crs = QComboBox(), QComboBox()
        self.purpose.setEditable(True)
        self.purpose.setAccessibleName("用途")
        self.purpose.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.purpose.addItems(memory.purposes())
        self.purpose.setCurrentIndex(-1)
        if (typing := self.purpose.lineEdit()) is not None:
            typing.setPlaceholderText("如：GIS 图纸标注户名")
            typing.setAccessibleName("用途")
        self.crs.setAccessibleName("坐标系")
        self.crs.setMaxVisibleItems(_MANY)
        self.crs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.template = Elided("", Qt.TextElideMode.ElideMiddle)
        self.browse = button("选择…", self.ask_template, name="选择接收方模板")
        self.clear = tool("close", "不用模板", lambda: self.use_template(None), side=14)
        self.parts = {"purpose": QWidget(), "crs": QWidget(), "template": QWidget()}
        column(label("用途", "muted"), self.purpose, label(_PURPOSE_HINT, "muted", wrap=True), parent=self.parts["purpose"], gap=4)
        column(label("坐标系", "muted"), self.crs, parent=self.parts["crs"], gap=4)
        chosen = row(self.template, self.clear, self.browse, gap=4)
        chosen.setStretch(0, 1)
        column(label("接收方自己的模板", "muted"), chosen, parent=self.parts["template"], gap=4)
        column(*self.parts.values(), parent=self, gap=10)
        self.purpose.editTextChanged.connect(lambda _text: self._follow_purpose())
        self.crs.activated.connect(lambda _place: memory.keep(crs=self.crs.currentData()))

    def set_longitude(self, longitude: float | None) -> None:
        """Offers coordinate systems, those of the station's own zone first."""
        self.crs.clear()
        for code, name in coordinate_systems(longitude):
            self.crs.addItem(f"{name}（{code}）", code)
            self.crs.setItemData(self.crs.count() - 1, f"{name}（{code}）", Qt.ItemDataRole.ToolTipRole)
        self.crs.setCurrentIndex(max(self.crs.findData(self._memory.crs()), 0))

    def turn_to(self, system: System, choices: frozenset[str]) -> None:
        """Shows what means something in a format of this receiver."""
        self._system = system
        for name, part in self.parts.items():
            part.setVisible(name in choices)
        self._show_template(self._memory.template(system))

    def offered(self) -> bool:
        """Whether the format leaves anything to choose."""
        return any(not part.isHidden() for part in self.parts.values())

    def options(self) -> Options:
        """What is chosen; what the format does not offer keeps its default."""
        shown = {name for name, part in self.parts.items() if not part.isHidden()}
        return Options(
            self._template if "template" in shown else None,
            str(self.crs.currentData() or GEOGRAPHIC) if "crs" in shown else GEOGRAPHIC,
            self.purpose.currentText().strip() if "purpose" in shown else "",
        )

    def lacking(self) -> str:
        """Why nothing can be written so; "" when it can."""
        template = self.options().template
        if template is not None and not template.is_file():
            return f"找不到模板 {template.name}，请重新选择或清除"
        return ""

    def ask_template(self) -> None:
        """Asks for the file without blocking."""
        start = str(self._template.parent) if self._template is not None else self._memory.folder()
        dialog = QFileDialog(self, "选择接收方的空白工作簿", start, _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.use_template(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_template(self, path: Path | None) -> None:
        """Fills this workbook, or ours."""
        self._memory.keep_for("templates", self._system, str(path) if path is not None else "")
        self._show_template(path)
        self.changed.emit()

    def _show_template(self, path: Path | None) -> None:
        self._template = path
        self.template.set_text(path.name if path is not None else "不用，按内置格式")
        self.template.setToolTip(str(path) if path is not None else "")
        self.clear.setVisible(path is not None)

    def _follow_purpose(self) -> None:
        has = bool(self.purpose.currentText().strip())
        if has != self._had_purpose:
            self._had_purpose = has
            self.changed.emit()
