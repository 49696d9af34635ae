"""The files of an import with their sheets, each with what became of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from lvdesk.ledger.model import FileReport
from ui.panes.ledger.report_tables import FILE_STATUS, kind_title, sheet_status
from ui.theme.apply import font
from ui.theme.icons import paint
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
_PLACE = Qt.ItemDataRole.UserRole + 1
_LOOK = Qt.ItemDataRole.UserRole + 2
_FILE_HEIGHT, _SHEET_HEIGHT = 50, 44


class Place(NamedTuple):
    """A sheet (by number) of a file, or the file itself (sheet -1)."""

    path: Path
    sheet: int


class Look(NamedTuple):
    """What a line shows."""

    title: str
    detail: str
    chip: str
    level: str
    is_file: bool


class FileList(QTreeView):
    """Signals: chosen(Place), removed(path)."""

    chosen = Signal(object)
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setItemsExpandable(False)
        self.setItemDelegate(_Lines(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setObjectName("ownRows")
        self.setAccessibleName("要导入的文件和工作表")
        self.selectionModel().currentChanged.connect(self._tell)

    def show_files(self, files: Sequence[FileReport], skipped: set[tuple[Path, str]]) -> None:
        """Shows reports; stays at the line that was current."""
        present = self.current()
        if present and present.sheet < 0 and not self._model.rowCount(self.currentIndex()):
            present = None  # it was only waiting to be read
        self.selectionModel().blockSignals(True)
        self._model.clear()
        for report in files:
            item = _item(Place(report.path, -1), _file_look(report))
            for number, sheet in enumerate(report.sheets):
                chip, level = sheet_status(sheet, skipped=(report.path, sheet.name) in skipped)
                what = sheet.template_title or "没有对应的模板"
                item.appendRow(_item(Place(report.path, number), Look(sheet.name, what, chip, level, is_file=False)))
            self._model.appendRow(item)
        self.expandAll()
        self.selectionModel().blockSignals(False)
        self.go_to(present) if present and self._find(present) else self._go_first()

    def current(self) -> Place | None:
        """The line the keyboard is on."""
        found = self.currentIndex().data(_PLACE)
        return Place(*found) if found else None

    def go_to(self, place: Place) -> None:
        """Makes a line current."""
        item = self._find(place)
        if item is not None:
            self.setCurrentIndex(item.index())
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self.current()
        if event.key() == Qt.Key.Key_Delete and place is not None:
            self.removed.emit(place.path)
        else:
            super().keyPressEvent(event)

    def _go_first(self) -> None:
        """The first sheet that needs a look, else the first sheet, else the first file."""
        items = [self._model.item(row) for row in range(self._model.rowCount())]
        sheets = [item.child(row) for item in items for row in range(item.rowCount())]
        worst = next((each for each in sheets if each.data(_LOOK)[3] in {"error", "warning"}), None)
        first = worst or next(iter(sheets or items), None)
        if first is not None:
            self.setCurrentIndex(first.index())
        self._tell()

    def _find(self, place: Place) -> QStandardItem | None:
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            if Place(*item.data(_PLACE)).path != place.path:
                continue
            return item.child(place.sheet) if 0 <= place.sheet < item.rowCount() else item
        return None

    def _tell(self) -> None:
        self.chosen.emit(self.current())


def _item(place: Place, look: Look) -> QStandardItem:
    item = QStandardItem(look.title)
    item.setEditable(False)
    item.setData(tuple(place), _PLACE)
    item.setData(tuple(look), _LOOK)
    item.setData(f"{'文件' if look.is_file else '工作表'} {look.title}，{look.detail}，{look.chip}", Qt.ItemDataRole.AccessibleTextRole)
    item.setToolTip(f"{look.title}\n{look.detail}")
    return item


def _file_look(report: FileReport) -> Look:
    chip, level = FILE_STATUS.get(report.status, (report.status, "neutral"))
    detail = report.reason if report.status == "refused" else kind_title(report) or str(report.path.parent)
    if report.status == "unchanged":
        detail = "同一文件已导入过，内容没有变化"
    return Look(report.path.name, detail, chip, level, is_file=True)


class _Lines(QStyledItemDelegate):
    """Two lines of text and a chip; files with an icon on a soft ground."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        look = Look(*index.data(_LOOK))
        return QSize(option.rect.width(), _FILE_HEIGHT if look.is_file else _SHEET_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, colours = Look(*index.data(_LOOK)), tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.brand_soft))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(6, 2, -6, -2), 6, 6)
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(colours.brand))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(6.5, 2.5, -6.5, -2.5), 6, 6)
        left = option.rect.left() + (16 if look.is_file else 44)
        if look.is_file:
            paint(painter, "file", QRectF(left, option.rect.center().y() - 10, 20, 20), colours.brand)
            left += 28
        right = _chip(painter, option, look)
        room = QRect(left, option.rect.top(), right - left - 8, option.rect.height())
        upper, lower = room.adjusted(0, 7, 0, -room.height() // 2), room.adjusted(0, room.height() // 2, 0, -6)
        _line(painter, font(13, QFont.Weight.DemiBold if look.is_file else QFont.Weight.Normal), upper, look.title, colours.text)
        ink = colours.red if look.level == "error" and look.is_file else colours.text3
        _line(painter, font(12), lower, look.detail, ink)
        painter.restore()


def _line(painter: QPainter, face: QFont, place: QRect, text: str, ink: str) -> None:
    painter.setFont(face)
    painter.setPen(QColor(ink))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _chip(painter: QPainter, option: QStyleOptionViewItem, look: Look) -> int:
    ink, soft = tokens().status(look.level)
    painter.setFont(font(12))
    width = painter.fontMetrics().horizontalAdvance(look.chip) + 18
    place = QRectF(option.rect.right() - 14 - width, option.rect.center().y() - 10, width, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(soft))
    painter.drawRoundedRect(place, 10, 10)
    painter.setPen(QColor(ink))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), look.chip)
    return int(place.left())
