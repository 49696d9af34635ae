"""Ctrl+K: one box that finds records, pages and commands; also takes a barcode from a scanner gun."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.jobs import Jobs
from ui.overlay import Overlay
from ui.parts import column, picture, row
from ui.theme.icons import paint
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.network.searching import Hit

_PAUSE_MS = 120
_LIMIT = 30
_ROW = 38
_ICONS = {
    "substation": "substation", "feeder": "feeder", "transformer_area": "area", "transformer": "transformer", "meter_box": "box",
    "meter": "meter", "customer": "customer", "metering_point": "metering-point", "pole": "pole", "access_point": "pin",
    "branch_box": "box",
}  # fmt: skip
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Choice:
    """One line of the box: what it is, what happens on Enter; ``words`` are what it is found by."""

    title: str
    detail: str
    icon: str
    run: Callable[[], object]
    words: str = ""
    keys: str = ""


def _said(hit: "Hit") -> str:
    """Kind, number and the rest; the number once, even where the rest begins with it."""
    detail = hit.detail if hit.key in hit.detail else f"{hit.key}  {hit.detail}"
    return f"{hit.entity_title} {detail}".strip()


class SearchBox(Overlay):
    """Asks ``commands()`` for pages and commands and ``search(words, limit)`` for records, the latter on a reader thread."""

    def __init__(
        self,
        parent: QWidget,
        jobs: Jobs,
        commands: Callable[[], Sequence[Choice]],
        search: "Callable[[str, int], Sequence[Hit]]",
        reveal: Callable[[str, str], object],
    ) -> None:
        self._jobs, self._commands, self._search, self._reveal = jobs, commands, search, reveal
        frame = QFrame()
        frame.setObjectName("palette")
        super().__init__(parent, frame, 640)
        self.line = QLineEdit()
        self.line.setPlaceholderText("户号、条码、名称、地址、拼音首字母，或命令")
        self.line.setAccessibleName("全局搜索")
        self.line.installEventFilter(self)
        self.model = _Choices(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Line(self.list))
        self.list.setMinimumHeight(_ROW * 9 + 14)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("搜索结果")
        self.list.clicked.connect(self._open_index)
        self._foot = QLabel()
        self._foot.setObjectName("paletteFoot")
        head = row(picture("search", 20), self.line, gap=8)
        head.setContentsMargins(16, 4, 12, 4)
        column(head, self.list, self._foot, parent=frame, gap=0)
        self._serial = 0
        self._waiting = self._enter_when_found = False
        self._initials: dict[str, str] = {}
        self._pause = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._ask)
        self.line.textChanged.connect(self._typed)

    def show_box(self) -> None:
        """Opens it empty: all commands are listed."""
        if not self._initials:
            titles = [choice.title for choice in self._commands()]
            self._jobs.read(lambda: _initials(titles), self._learn)
        self.line.clear()
        self._show_commands([])
        self.open(self.line)

    def _learn(self, initials: dict[str, str]) -> None:
        self._initials = initials

    def _typed(self, text: str) -> None:
        self._serial += 1
        self._enter_when_found = False
        self._waiting = bool(text.strip())
        self._show_commands([])
        if self._waiting:
            self._pause.start()

    def _ask(self) -> None:
        serial, words = self._serial, self.line.text().strip()
        self._jobs.read(
            lambda: self._search(words, _LIMIT), lambda hits: self._found(serial, hits), lambda error: self._failed(serial, error)
        )

    def _found(self, serial: int, hits: "Sequence[Hit]") -> None:
        if serial != self._serial or self.isHidden():
            return
        self._waiting = False
        self._show_commands([Choice(hit.title, _said(hit), _ICONS.get(hit.entity, "file"), self._opener(hit)) for hit in hits])
        if self._enter_when_found:
            self._enter()

    def _failed(self, serial: int, error: Exception) -> None:
        if serial == self._serial:
            self._waiting = False
            self._foot.setText(f"搜索没有完成：{error}")

    def _opener(self, hit: "Hit") -> Callable[[], object]:
        return lambda: self._reveal(hit.entity, hit.key)

    def _show_commands(self, records: list[Choice]) -> None:
        words = self.line.text().strip().lower()
        found = [choice for choice in self._commands() if not words or self._matches(choice, words)]
        self.model.show([*records, *found])
        self.list.setCurrentIndex(self.model.index(0, 0))
        if self.model.rowCount():
            self._foot.setText("↑↓ 选择　Enter 打开　Esc 关闭")
        else:
            self._foot.setText("正在搜索…" if self._waiting else "没有找到。可试试户号或条码的后几位、拼音首字母")

    def _matches(self, choice: Choice, words: str) -> bool:
        return words in f"{choice.title} {choice.words}".lower() or words in self._initials.get(choice.title, "")

    def _enter(self) -> None:
        if self._waiting:
            self._enter_when_found = True
        else:
            self._open_index(self.list.currentIndex())

    def _open_index(self, index: QModelIndex) -> None:
        choice = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(choice, Choice):
            self.close_card()
            choice.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(Qt.Key(event.key()), 0)
            if step:
                at = min(max(self.list.currentIndex().row() + step, 0), self.model.rowCount() - 1)
                self.list.setCurrentIndex(self.model.index(at, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
        return super().eventFilter(watched, event)


class _Choices(QAbstractListModel):
    """The lines of the box."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._choices: list[Choice] = []

    def show(self, choices: list[Choice]) -> None:
        """Replaces all lines."""
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return choice
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{choice.title}  {choice.detail}".strip()
        return None


class _Line(QStyledItemDelegate):
    """Icon, title, what it is; the key at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        choice = index.data(Qt.ItemDataRole.UserRole)
        look, place = tokens(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.brand_soft))
            painter.drawRoundedRect(place.adjusted(2, 1, -2, -1), 6, 6)
        paint(painter, choice.icon or "command", QRectF(place.left() + 12, place.center().y() - 9, 18, 18), look.text2)
        metrics = painter.fontMetrics()
        left, right = place.left() + 42, place.right() - 14
        keys_width = metrics.horizontalAdvance(choice.keys)
        painter.setPen(QColor(look.text3))
        painter.drawText(QRectF(right - keys_width, place.top(), keys_width, place.height()), Qt.AlignmentFlag.AlignVCenter, choice.keys)
        painter.setPen(QColor(look.text))
        title = metrics.elidedText(choice.title, Qt.TextElideMode.ElideRight, round((right - left) * 0.55))
        painter.drawText(QRectF(left, place.top(), right - left, place.height()), Qt.AlignmentFlag.AlignVCenter, title)
        left += metrics.horizontalAdvance(title) + 14
        painter.setPen(QColor(look.text3))
        room = round(right - keys_width - left - 12)
        detail = metrics.elidedText(choice.detail, Qt.TextElideMode.ElideRight, max(room, 0))
        painter.drawText(QRectF(left, place.top(), max(room, 0), place.height()), Qt.AlignmentFlag.AlignVCenter, detail)
        painter.restore()


def _initials(titles: Sequence[str]) -> dict[str, str]:
    from lvdesk.network.words import initials

    return {title: initials(title) for title in titles}
