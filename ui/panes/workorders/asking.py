"""Small questions: one word out of a list (a reason, a person, a satisfaction), a new order, a piece of evidence."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from ui.parts import button, column, label, row

if TYPE_CHECKING:
    from lvdesk.workorders.types import OrderBook

ENTITIES = (("transformer_area", "台区"), ("customer", "用户"), ("meter_box", "计量箱"), ("feeder", "线路"), ("", "无"))


class AskWord(QDialog):
    """Signals: agreed(word). ``free``: any other word may be typed."""

    agreed = Signal(str)

    def __init__(self, parent: QWidget, title: str, what: str, words: Sequence[str], *, free: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.word = QComboBox(self)
        self.word.setEditable(free)
        self.word.addItems(list(words))
        self.word.setAccessibleName(what)
        self.yes = button(title, self.agree, "primary")
        self.yes.setDefault(True)
        self.word.currentTextChanged.connect(lambda text: self.yes.setEnabled(bool(text.strip())))
        self.yes.setEnabled(bool(self.word.currentText()))
        column(label(what, wrap=True), self.word, 4, row(None, button("取消", self.reject), self.yes), parent=self, gap=8, margin=18)
        self.finished.connect(self.deleteLater)

    def agree(self) -> None:
        """Says yes."""
        self.agreed.emit(self.word.currentText().strip())
        self.accept()


class NewOrderForm(QDialog):
    """Signals: agreed(values of a ``NewOrder``)."""

    agreed = Signal(dict)

    def __init__(self, parent: QWidget, book: "OrderBook") -> None:
        super().__init__(parent)
        self.setWindowTitle("新建工单")
        self.setMinimumWidth(520)
        self.kind, self.source, self.zone, self.entity = QComboBox(self), QComboBox(self), QComboBox(self), QComboBox(self)
        for key, each in book.types.items():
            self.kind.addItem(f"{each.group} · {each.title}", key)
        self.source.addItems(list(book.sources))
        self.source.setCurrentText("95598")
        self.zone.addItem("按台账", "")
        for key, title in book.zones.items():
            self.zone.addItem(title, key)
        for key, title in ENTITIES:
            self.entity.addItem(title, key)
        names = ("title", "key", "source_no", "address", "contact", "phone")
        self.lines = {name: QLineEdit(self) for name in names}
        self.tasks = QPlainTextEdit(self)
        self.tasks.setPlaceholderText("一行一项，如 计量：更换电能表；不填则按类型")
        self.tasks.setFixedHeight(72)
        self.wrong = label("", wrap=True)
        self.wrong.setProperty("error", "true")
        self.wrong.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("类型", self.kind), ("事项", self.lines["title"]), ("对象", self.entity), ("对象编号", self.lines["key"]),
            ("来源", self.source), ("来源编号", self.lines["source_no"]), ("区域", self.zone), ("地址", self.lines["address"]),
            ("联系人", self.lines["contact"]), ("电话", self.lines["phone"]), ("任务", self.tasks),
        )  # fmt: skip
        for place, (title, widget) in enumerate(fields):
            widget.setAccessibleName(title)
            grid.addWidget(label(title, "muted"), place, 0)
            grid.addWidget(widget, place, 1)
        self.yes = button("建立工单", self.agree, "primary")
        column(grid, self.wrong, 4, row(None, button("取消", self.reject), self.yes), parent=self, gap=10, margin=18)
        self.finished.connect(self.deleteLater)

    def values(self) -> dict[str, object]:
        """What is filled in."""
        tasks = []
        for text in filter(None, (line.strip() for line in self.tasks.toPlainText().splitlines())):
            kind, _sign, what = text.replace(":", "：").partition("：")
            tasks.append((kind, what) if what else ("核实", text))
        lines = {name: each.text().strip() for name, each in self.lines.items()}
        entity = self.entity.currentData() if lines["key"] else ""
        chosen = {"kind": self.kind.currentData(), "source": self.source.currentText(), "zone": self.zone.currentData(), "entity": entity}
        return {**lines, **chosen, "tasks": tuple(tasks)}

    def agree(self) -> None:
        """Asks for it; the form stays until it is made."""
        self.yes.setEnabled(False)
        self.agreed.emit(self.values())

    def refuse(self, why: str) -> None:
        """Says what is wrong and stays."""
        self.wrong.setText(why)
        self.wrong.show()
        self.yes.setEnabled(True)


class ProveForm(QDialog):
    """Signals: agreed(kind, value, path or "")."""

    agreed = Signal(str, str, str)

    def __init__(self, parent: QWidget, order_no: str, kinds: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"添加凭证 {order_no}")
        self.setMinimumWidth(460)
        self.kind, self.value, self.path = QComboBox(self), QLineEdit(self), QLineEdit(self)
        for key, title in kinds:
            self.kind.addItem(title, key)
        for widget, name in ((self.kind, "种类"), (self.value, "内容"), (self.path, "文件")):
            widget.setAccessibleName(name)
        self.path.setReadOnly(True)
        self.yes = button("添加", self.agree, "primary")
        for line in (self.value, self.path):
            line.textChanged.connect(lambda _text: self._follow())
        file = row(self.path, button("选择文件…", self._ask, name="选择凭证文件"))
        column(label("种类", "muted"), self.kind, label("内容（示数、测试值、说明）", "muted"), self.value, label("照片或文件", "muted"),
               file, 4,
               row(None, button("取消", self.reject), self.yes), parent=self, gap=6, margin=18)  # fmt: skip
        self.finished.connect(self.deleteLater)
        self._follow()

    def agree(self) -> None:
        """Adds it."""
        self.agreed.emit(self.kind.currentData(), self.value.text().strip(), self.path.text())
        self.accept()

    def _follow(self) -> None:
        self.yes.setEnabled(bool(self.value.text().strip() or self.path.text()))

    def _ask(self) -> None:
        dialog = QFileDialog(self, "选择凭证文件", str(Path.home()), "照片和文件 (*)")
        dialog.fileSelected.connect(self.path.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
