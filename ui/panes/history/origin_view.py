"""Where a value comes from: one record, each value with its file, sheet, row, person."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ui.panes.base import Context
from ui.panes.history.loading import OriginLine, Services
from ui.panes.history.model import TextTable
from ui.panes.history.tables import table
from ui.parts import button, card, column, label, row


class OriginView(QWidget):
    """Asks for the kind and number of a record."""

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.entity, self.key = QComboBox(), QLineEdit()
        self.entity.setAccessibleName("对象种类")
        self.entity.setMinimumWidth(120)
        self.key.setAccessibleName("编号")
        self.key.setPlaceholderText("户号、条码或编号，回车查看")
        self.key.setMinimumWidth(260)
        self.key.returnPressed.connect(self.ask)
        self.model = TextTable(
            (
                ("字段", lambda line: line.title),
                ("当前值", lambda line: line.value or "—"),
                ("原始文本", lambda line: line.raw or "—"),
                ("归口系统", lambda line: line.owner),
                ("来源文件 · 表 · 行", lambda line: line.place or "—"),
                ("时间", lambda line: line.when),
                ("人员", lambda line: line.who),
            ),
            self,
        )
        self._title, self._note = label("每个值从哪里来", "h1"), label("输入编号，看每个值来自哪个文件、哪张表、哪一行。", "muted")
        head = row(column(self._title, self._note, gap=2), None, self.entity, self.key, button("查看", self.ask, "primary"), gap=8)
        head.setContentsMargins(20, 16, 16, 0)
        frame = card()
        inside = column(head, table(self.model, "值的来源", (110, 160, 160, 80, 350, 130)), parent=frame, gap=12)
        inside.setStretch(1, 1)
        inside.setContentsMargins(1, 1, 1, 8)
        column(frame, parent=self)

    def load(self) -> None:
        """Learns the kinds of records once."""
        if not self.entity.count():
            self._context.jobs.read(self._services.entities, self._learn)

    def _learn(self, kinds: Sequence[tuple[str, str]]) -> None:
        for key, title in kinds:
            self.entity.addItem(title, key)
        self.entity.setCurrentIndex(max(self.entity.findData("customer"), 0))

    def reveal(self, entity: str, key: str) -> None:
        """Shows one record."""
        at = self.entity.findData(entity)
        self.entity.setCurrentIndex(max(at, 0))
        self.key.setText(key)
        self.ask()

    def ask(self) -> None:
        """Reads the record of the given number."""
        entity, key = str(self.entity.currentData() or ""), self.key.text().strip()
        if entity and key:
            self._note.setText("正在读取…")
            self._context.jobs.read(lambda: self._services.origin(entity, key), self._show, self._failed)

    def _show(self, found: tuple[str, Sequence[OriginLine]]) -> None:
        self._title.setText(found[0])
        self.model.show(found[1])
        self._note.setText(f"{self.entity.currentText()} {self.key.text().strip()} · {len(found[1])} 个字段")

    def _failed(self, error: Exception) -> None:
        self.model.show(())
        self._note.setText("没有找到。请核对编号。")
        self._context.notices.show(error)
