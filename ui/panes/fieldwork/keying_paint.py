"""How a sheet that is keyed looks: as on the paper, with what was typed, what waits, and where the keyboard stands."""

from collections.abc import Set as AbstractSet

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from ui.panes.fieldwork.keying_form import FOOT, KeyingForm, Stop
from ui.panes.fieldwork.keying_layout import CELL, HEAD, LABEL, PAD, BlockBox, Box
from ui.panes.fieldwork.keying_words import option_titles
from ui.theme.apply import font
from ui.theme.icons import paint as paint_icon
from ui.theme.tokens import Tokens, tokens

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MIDDLE = Qt.AlignmentFlag.AlignCenter
DIGITS_PX = 15


class SheetPainter:
    """Paints blocks; ``unsaved`` places are on their way to the station."""

    def __init__(self, painter: QPainter, form: KeyingForm, unsaved: AbstractSet[str] = frozenset(), *, active: bool = True) -> None:
        self._painter, self._form, self._unsaved, self._active = painter, form, unsaved, active
        self._look: Tokens = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def block(self, block: BlockBox) -> None:
        """A block with all that is in it."""
        painter, look = self._painter, self._look
        here = block.index == self._form.stop.block
        painter.setPen(QPen(QColor(look.brand_line if here else look.line), 1))
        painter.setBrush(QColor(look.surface))
        painter.drawRoundedRect(block.rect.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        if block.index != FOOT:
            self._head(block, here=here)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for slot in block.slots:
            painter.setPen(QPen(QColor(look.line2), 1))
            painter.drawRoundedRect(slot.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        for box in block.boxes:
            self._box(box)

    def _head(self, block: BlockBox, *, here: bool) -> None:
        painter, look = self._painter, self._look
        top, width = block.rect.top() + 8, block.head
        badge = QRectF(PAD, top + 4, 24, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.brand if here else look.grey_soft))
        painter.drawRoundedRect(badge, 6, 6)
        self._text(badge, str(block.index + 1), look.on_brand if here else look.text2, _MIDDLE, font(12, QFont.Weight.DemiBold))
        said, every = self._form.progress(block.index)
        room = QRectF(badge.right() + 10, top, width - badge.right() - 2 * PAD - 70, HEAD)
        found = self._form.block(block.index)
        self._text(room, found.heading if found else "", look.text, _LEFT, font(13, QFont.Weight.DemiBold))
        done = said == every
        end = QRectF(width - PAD - 80, top, 80, HEAD)
        self._text(end, "已录完" if done else f"{said}/{every}", look.green if done else look.text3, _RIGHT, font(12))
        for place, words in enumerate(found.lines if found else ()):
            below = QRectF(badge.right() + 10, top + HEAD - 2 + place * LABEL, width - badge.right() - 2 * PAD, LABEL)
            self._text(below, words, look.text2, _LEFT, font(12))

    def _box(self, box: Box) -> None:
        stop, look, painter = box.stop, self._look, self._painter
        here = stop.index == self._form.here
        if here and stop.ticks:
            painter.setPen(QPen(QColor(look.brand if self._active else look.line2), 1.5))
            painter.setBrush(QColor(look.brand_soft if self._active else look.alt))
            inside = box.rect.adjusted(1, 1, -1, 0) if stop.field.slot is not None else box.rect.adjusted(-5, 1, 2, -1)
            painter.drawRoundedRect(inside, 6, 6)
        if box.title:
            self._text(box.label, box.title, look.text2, _LEFT, font(12))
        if stop.ticks:
            self._ticks(box, here=here)
        else:
            self._written(box, here=here)
        problem = self._form.problem(stop)
        if problem:
            self._corner(box.area)

    def _ticks(self, box: Box, *, here: bool) -> None:
        look, painter = self._look, self._painter
        if box.stop.field.slot is not None:
            self._slot_number(box)
        said = self._form.said(box.stop)
        rows = zip(box.stop.fields, box.ticks, option_titles(box.stop), strict=True)
        for number, (field, (square, words), title) in enumerate(rows, 1):
            on = self._form.values[field.place] == "1"
            ink = look.blue if field.how == "tick" else look.brand
            painter.setPen(QPen(QColor(ink if on else look.line_hover if not said else look.line2), 1.2))
            painter.setBrush(QColor(ink) if on else QColor(look.surface if not said else look.alt))
            painter.drawRoundedRect(square, 4, 4)
            if on:
                paint_icon(painter, "check", square.adjusted(2, 2, -2, -2), look.on_brand)
            self._text(words.adjusted(0, 0, 6, 0), title, look.text if on or not said else look.text2, _LEFT, font(13))
            if here and self._active and box.stop.field.slot is None:
                hint = QRectF(square.left() - 13, words.top(), 10, words.height())
                self._text(hint, str(number), look.brand, _MIDDLE, font(11, QFont.Weight.DemiBold))

    def _slot_number(self, box: Box) -> None:
        """The last six digits printed in the slot, as the eye finds them on the paper."""
        for stop in self._form.stops:
            if not stop.ticks and stop.field.slot == box.stop.field.slot and stop.block == box.stop.block and not self._form.second:
                number = stop.field.ledger[-6:]
                start = QFontMetricsF(font(12)).horizontalAdvance(box.title) + 6
                self._text(box.label.adjusted(start, 0, 0, 0), number, self._look.text, _LEFT, font(12, QFont.Weight.DemiBold))

    def _written(self, box: Box, *, here: bool) -> None:
        look, painter, stop = self._look, self._painter, box.stop
        text, said = self._form.text(stop), self._form.said(stop)
        wrong = bool(self._form.problem(stop))
        edge = look.red if wrong else look.line2 if said else look.line_hover
        if here and self._active:
            edge = look.red if wrong else look.brand
        painter.setPen(QPen(QColor(edge), 2 if here and self._active else 1))
        painter.setBrush(QColor(look.red_soft if wrong else look.alt if said and not text and not here else look.surface))
        painter.drawRoundedRect(box.area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        cells = stop.field.length if stop.field.kind in {"digits", "barcode", "number", "date"} else 0
        if here:
            self._cells(box.area, "", cells, wrong=wrong)
        elif said and not text:
            self._text(box.area, "空白", look.text3, _MIDDLE, font(12))
        elif cells:
            self._cells(box.area, text, cells, wrong=wrong)
        else:
            ink = look.red if wrong else look.text
            self._text(box.area.adjusted(9, 0, -6, 0), text, ink, _LEFT, font(13))

    def _cells(self, area: QRectF, text: str, count: int, *, wrong: bool) -> None:
        """A comb: one digit in each cell, as many cells as the paper has."""
        look, painter = self._look, self._painter
        painter.setPen(QPen(QColor(look.line), 1))
        for place in range(1, count):
            at = round(area.left() + place * CELL) + 0.5
            painter.drawLine(QPointF(at, area.top() + 4), QPointF(at, area.bottom() - 4))
        face = font(DIGITS_PX)
        if len(text) > count:
            self._text(area.adjusted(6, 0, -2, 0), text, look.red if wrong else look.text, _LEFT, font(12))
            return
        for place, letter in enumerate(text):
            cell = QRectF(area.left() + place * CELL, area.top(), CELL, area.height())
            self._text(cell, letter, look.red if wrong else look.text, _MIDDLE, face)

    def _corner(self, area: QRectF) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._look.red))
        tip = area.topRight()
        self._painter.drawPolygon([tip + QPointF(-8, 0), tip, tip + QPointF(0, 8)])

    def _text(self, rect: QRectF, text: str, colour: str, align: Qt.AlignmentFlag, face: QFont) -> None:
        self._painter.setFont(face)
        self._painter.setPen(QColor(colour))
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, rect.width()) if rect.width() > 24 else text
        self._painter.drawText(rect, align, shown)


def spoken(form: KeyingForm, stop: Stop) -> str:
    """A stop for the screen reader."""
    if not stop.ticks:
        return form.text(stop) or ("空白" if form.said(stop) else "未录")
    pairs = zip(option_titles(stop), stop.fields, strict=True)
    chosen = [title for title, field in pairs if form.values[field.place] == "1"]
    return "、".join(chosen) or ("都没有打勾" if form.said(stop) else "未录")
