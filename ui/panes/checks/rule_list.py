"""The rules by family, each with its switch, severity and whether it was changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.panes.checks.pending import Pending
from ui.panes.checks.runner import LEVELS
from ui.theme.apply import font
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.checks.tuning import RuleView

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()
_ROW, _HEAD = 42, 34
_SWITCH = QSize(30, 16)
_CENTRE = Qt.AlignmentFlag.AlignVCenter


class RuleModel(QAbstractListModel):
    """Families as headings, rules below them; texts that match ``words`` only."""

    def __init__(self, pending: Pending, parent: QObject) -> None:
        super().__init__(parent)
        self._pending = pending
        self._words: tuple[str, ...] = ()
        self._lines: list[RuleView | str] = []
        pending.changed.connect(self._retell)

    def show_rules(self, rules: "Sequence[RuleView]", words: str = "") -> None:
        """Shows rules in the order given."""
        self.beginResetModel()
        self._words = tuple(words.casefold().split())
        self._lines = []
        family = ""
        for rule in rules:
            if not self._matches(rule):
                continue
            if rule.family_title != family:
                family = rule.family_title
                self._lines.append(family)
            self._lines.append(rule)
        self.endResetModel()

    def rule(self, row: int) -> "RuleView | None":
        """The rule of a line; None for a heading."""
        line = self._lines[row] if 0 <= row < len(self._lines) else ""
        return None if isinstance(line, str) else line

    def row_of(self, code: str) -> int:
        """The line of a rule, -1 when it is not shown."""
        return next((row for row, line in enumerate(self._lines) if not isinstance(line, str) and line.code == code), -1)

    def look(self, rule: "RuleView") -> tuple[bool, str, bool, bool]:
        """On, severity, changed by the station, change pending."""
        wanted = self._pending.value
        return bool(wanted(rule.code, "enabled")), str(wanted(rule.code, "severity")), rule.changed, self._pending.has(rule.code)

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.rule(index.row()) is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        rule = self.rule(index.row())
        if rule is None:
            return self._lines[index.row()] if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole} else None
        if role == Qt.ItemDataRole.DisplayRole:
            return rule.title
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            enabled, severity, changed, pending = self.look(rule)
            parts = [f"{rule.code} {rule.title}", "启用" if enabled else "停用", dict(LEVELS).get(severity, severity)]
            parts += ["与出厂不同"] if changed else []
            return "，".join([*parts, *(["有未生效的改动"] if pending else [])])
        return None

    def _matches(self, rule: "RuleView") -> bool:
        text = f"{rule.code} {rule.title} {rule.what} {rule.where}".casefold()
        return all(word in text for word in self._words)

    def _retell(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))


class RuleList(QListView):
    """Signals: chosen(RuleView), toggled(code)."""

    chosen = Signal(object)
    toggled = Signal(str)

    def __init__(self, pending: Pending) -> None:
        super().__init__()
        self.rules = RuleModel(pending, self)
        self.setModel(self.rules)
        self.setItemDelegate(_Line(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("规则")
        self.setToolTip("空格键启用或停用")
        self.selectionModel().currentChanged.connect(lambda new, _old: self._tell(new))

    def show_rules(self, rules: "Sequence[RuleView]", words: str = "") -> None:
        """Shows rules and stays at the current one."""
        present = self.current()
        self.rules.show_rules(rules, words)
        self.go_to(present.code if present else "")

    def go_to(self, code: str) -> None:
        """Makes a rule current, or the first."""
        row = self.rules.row_of(code)
        first = next((place for place in range(self.rules.rowCount()) if self.rules.rule(place)), -1)
        self.setCurrentIndex(self.rules.index(row if row >= 0 else first, 0))

    def current(self) -> "RuleView | None":
        """The rule the keyboard is on."""
        return self.rules.rule(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rule = self.current()
        if event.key() == Qt.Key.Key_Space and rule is not None:
            self.toggled.emit(rule.code)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        rule = self.rules.rule(index.row()) if index.isValid() else None
        if rule is not None and _switch_of(QRectF(self.visualRect(index))).adjusted(-6, -8, 6, 8).contains(event.position()):
            self.toggled.emit(rule.code)
        super().mouseReleaseEvent(event)

    def _tell(self, index: QModelIndex) -> None:
        rule = self.rules.rule(index.row())
        if rule is not None:
            self.chosen.emit(rule)


def _switch_of(place: QRectF) -> QRectF:
    return QRectF(place.left() + 16, place.center().y() - _SWITCH.height() / 2, _SWITCH.width(), _SWITCH.height())


class _Line(QStyledItemDelegate):
    """Switch, code, title, a dot when changed, severity."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        return QSize(200, _ROW if isinstance(model, RuleModel) and model.rule(index.row()) is not None else _HEAD)

    def editorEvent(self, _event: QEvent, _model: Any, _option: QStyleOptionViewItem, _index: Index) -> bool:
        return False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, look, place = index.model(), tokens(), QRectF(option.rect)
        rule = model.rule(index.row()) if isinstance(model, RuleModel) else None
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not isinstance(model, RuleModel) or rule is None:
            painter.setFont(font(12, QFont.Weight.DemiBold))
            painter.setPen(QColor(look.text2))
            painter.drawText(place.adjusted(16, 6, -10, 0), _CENTRE, str(index.data() or ""))
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            if chosen or option.state & QStyle.StateFlag.State_MouseOver:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.brand_soft if chosen else look.hover))
                painter.drawRoundedRect(place.adjusted(6, 1, -6, -1), 6, 6)
            self._rule(painter, place, rule, model.look(rule))
        painter.restore()

    @staticmethod
    def _rule(painter: QPainter, place: QRectF, rule: "RuleView", shown: tuple[bool, str, bool, bool]) -> None:
        look, (enabled, severity, changed, pending) = tokens(), shown
        switch = _switch_of(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.brand if enabled else look.line_hover))
        painter.drawRoundedRect(switch, 8, 8)
        painter.setBrush(QColor(look.surface))
        knob = switch.right() - 14 if enabled else switch.left() + 2
        painter.drawEllipse(QRectF(knob, switch.top() + 2, 12, 12))
        painter.setFont(font(12))
        ink, soft = tokens().status(severity if enabled else "")
        text = dict(LEVELS).get(severity, severity)
        width = painter.fontMetrics().horizontalAdvance(text) + 16
        chip = QRectF(place.right() - 14 - width, place.center().y() - 9, width, 18)
        painter.setBrush(QColor(soft))
        painter.drawRoundedRect(chip, 9, 9)
        painter.setPen(QColor(ink))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        right = chip.left() - 8
        if changed or pending:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.amber if pending else look.brand))
            painter.drawEllipse(QRectF(right - 7, place.center().y() - 3.5, 7, 7))
            right -= 14
        painter.setPen(QColor(look.text2))
        painter.drawText(QRectF(switch.right() + 10, place.top(), 36, place.height()), _CENTRE, rule.code)
        painter.setFont(font(13))
        painter.setPen(QColor(look.text if enabled else look.text3))
        room = QRectF(switch.right() + 46, place.top(), right - switch.right() - 46, place.height())
        painter.drawText(room, _CENTRE, painter.fontMetrics().elidedText(rule.title, Qt.TextElideMode.ElideRight, round(room.width())))
