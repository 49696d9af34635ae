"""The classes of difference with their counts, in two sections: what the field says differently, what is wrong with what came back."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lvdesk.fieldwork.return_model import CLASS_TITLES, DifferenceClass
from ui.panes.fieldwork.return_words import CLASS_LEVELS, OF_RETURN
from ui.theme.apply import font
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
_ENTRY = Qt.ItemDataRole.UserRole + 1
_HIGH, _SECTION_HIGH = 34, 32
_SECTIONS = ("现场与台账不同", "采录数据有问题")


@dataclass(frozen=True)
class _Entry:
    """A line: a class, all of them, or the heading of a section."""

    title: str
    klass: DifferenceClass | None = None
    count: int = 0
    heading: bool = False


class ClassList(QListView):
    """Signals: chosen(DifferenceClass, None for all)."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Lines(self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("差异类别")
        self.selectionModel().currentChanged.connect(lambda *_places: self._tell())

    def show_counts(self, counts: Mapping[DifferenceClass, int]) -> None:
        """Shows the classes there are; stays where it was, without telling."""
        present = self.current()
        self.selectionModel().blockSignals(True)
        self._model.clear()
        self._add(_Entry("全部", count=sum(counts.values())))
        for place, title in enumerate(_SECTIONS):
            inside = [klass for klass in DifferenceClass if counts.get(klass) and (klass in OF_RETURN) == bool(place)]
            if inside:
                self._add(_Entry(title, heading=True))
            for klass in inside:
                self._add(_Entry(CLASS_TITLES[klass], klass, counts[klass]))
        self.setCurrentIndex(self._model.index(self._row_of(present), 0))
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def choose(self, klass: DifferenceClass | None) -> None:
        """Stands at a class, at all of them where there is none of it, and tells."""
        self.setCurrentIndex(self._model.index(self._row_of(klass), 0))

    def current(self) -> DifferenceClass | None:
        """The class chosen, None for all."""
        entry = self.currentIndex().data(_ENTRY)
        return entry.klass if isinstance(entry, _Entry) else None

    def lines(self) -> list[tuple[str, int]]:
        """What is shown: titles and counts, headings left out."""
        entries = [self._model.item(row).data(_ENTRY) for row in range(self._model.rowCount())]
        return [(entry.title, entry.count) for entry in entries if not entry.heading]

    def sizeHint(self) -> QSize:
        return QSize(192, 200)

    def _add(self, entry: _Entry) -> None:
        item = QStandardItem(entry.title)
        item.setData(entry, _ENTRY)
        item.setFlags(Qt.ItemFlag.NoItemFlags if entry.heading else Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        if not entry.heading:
            item.setData(f"{entry.title}，{entry.count:,} 处", Qt.ItemDataRole.AccessibleTextRole)
        self._model.appendRow(item)

    def _row_of(self, klass: DifferenceClass | None) -> int:
        rows = range(self._model.rowCount())
        return next((row for row in rows if klass is not None and self._model.item(row).data(_ENTRY).klass is klass), 0)

    def _tell(self) -> None:
        if self.currentIndex().isValid():
            self.chosen.emit(self.current())


class _Lines(QStyledItemDelegate):
    """A dot in the colour of the class, its title, the count at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(_ENTRY)
        return QSize(120, _SECTION_HIGH if isinstance(entry, _Entry) and entry.heading else _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, place, entry = tokens(), QRectF(option.rect), index.data(_ENTRY)
        if not isinstance(entry, _Entry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(Qt.PenStyle.NoPen)
        if not entry.heading and (chosen or option.state & QStyle.StateFlag.State_MouseOver):
            painter.setBrush(QColor(look.brand_soft if chosen else look.hover))
            painter.drawRoundedRect(place.adjusted(6, 1, -6, -1), 6, 6)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(look.brand))
            painter.drawRoundedRect(place.adjusted(6.5, 1.5, -6.5, -1.5), 6, 6)
        left = 16
        if entry.klass is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.status(CLASS_LEVELS[entry.klass])[0]))
            painter.drawEllipse(QRectF(place.left() + 17, place.center().y() - 3, 7, 7))
            left = 33
        weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal
        painter.setFont(font(12) if entry.heading else font(13, weight))
        painter.setPen(QColor(look.text3 if entry.heading else look.brand if chosen else look.text))
        text = place.adjusted(left, 4 if entry.heading else 0, -14, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.title)
        if not entry.heading:
            painter.setFont(font(12, weight))
            painter.setPen(QColor(look.brand if chosen else look.text2))
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{entry.count:,}")
        painter.restore()
