"""The sheet on the screen with one keyboard place in it: every key is answered here, nothing in here waits for the station."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from lvdesk.fieldwork.keying_values import normal
from ui.panes.fieldwork.keying_form import KeyingForm, Stop
from ui.panes.fieldwork.keying_hands import Hands
from ui.panes.fieldwork.keying_layout import CELL, Layout
from ui.panes.fieldwork.keying_paint import DIGITS_PX, SheetPainter, spoken
from ui.panes.fieldwork.keying_words import stop_title
from ui.theme.apply import font

_AROUND = 90
_KEY = Qt.FocusReason.OtherFocusReason


class _Canvas(QWidget):
    """What is scrolled; the page paints and answers for it."""

    def __init__(self, page: "KeyingPage") -> None:
        super().__init__()
        self._page = page
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._page.paint(self, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._page.press(event.position())


class KeyingPage(QScrollArea):
    """Signals: said(): something has to be stored; settled(places); moved(): another stop; told(text, level); scanned(code) of a sheet.

    Attributes:
        form: the sheet, None when there is none.
        hands: answers the keys.
        unsaved: the places on their way to the station.
    """

    said = Signal()
    settled = Signal(object)
    moved = Signal()
    told = Signal(str, str)
    scanned = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.form: KeyingForm | None = None
        self.hands = Hands(self)
        self.unsaved: Callable[[], set[str]] = set
        self._layout: Layout | None = None
        self._face = QFontMetricsF(font(13))
        self.canvas = _Canvas(self)
        self.digits, self.words = QLineEdit(self.canvas), QLineEdit(self.canvas)
        self.digits.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.digits.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        for line in (self.digits, self.words):
            line.setFrame(False)
            line.setProperty("bare", "true")
        for each in (self.canvas, self.digits, self.words):
            each.installEventFilter(self)
            each.installEventFilter(self.hands)
            each.setAccessibleName("录入")
        self.digits.hide()
        self.words.hide()
        self.setWidget(self.canvas)
        self.setWidgetResizable(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_form(self, form: KeyingForm | None) -> None:
        """Shows a sheet."""
        self.form = form
        self._arrange()
        self.stand(focus=False)
        self.verticalScrollBar().setValue(0)
        self._reach()

    def start(self) -> None:
        """Puts the keyboard on the present stop."""
        self.stand(focus=True)

    def follow(self) -> None:
        """Shows what the station says now; what is being typed stays."""
        self.canvas.update()

    def settle_field(self) -> None:
        """Keeps what is typed at the present stop, as when one goes elsewhere."""
        form = self.form
        if form is None or not form.stops:
            return
        self.hands.settle()
        if not form.stop.ticks:
            text = normal(form.stop.field, self._editor().text())
            if text != form.text(form.stop):
                form.write(form.stop, text)
        self.said.emit()

    def go(self, index: int) -> None:
        """Stands at another stop; what was typed is kept."""
        if self.form is not None:
            self.settle_field()
            self.form.go(index)
            self.stand(focus=True)

    def rect_here(self) -> QRectF:
        """Where the present stop stands in what is seen."""
        box = self._layout.boxes.get(self.form.here) if self._layout is not None and self.form is not None else None
        return box.rect.translated(0, -self.verticalScrollBar().value()) if box else QRectF()

    def typed(self) -> str:
        """What stands in the line that is typed in."""
        return self._editor().text()

    def retype(self, text: str) -> None:
        """Puts a text into the line that is typed in, all of it selected."""
        self._editor().setText(text)
        self._editor().selectAll()

    def untouched(self) -> bool:
        """Whether nothing was typed at the present stop since one came there."""
        return self._editor().selectedText() == self._editor().text()

    def changed(self) -> None:
        """The present stop says something else."""
        self.canvas.update()
        self.moved.emit()

    def has_keyboard(self) -> bool:
        """Whether what is typed comes here."""
        return any(each.hasFocus() for each in (self.canvas, self.digits, self.words))

    def paint(self, canvas: QWidget, event: QPaintEvent) -> None:
        """Paints the blocks that are seen."""
        if self.form is None or self._layout is None:
            return
        painter = QPainter(canvas)
        made = SheetPainter(painter, self.form, self.unsaved(), active=self.has_keyboard())
        for block in self._layout.blocks:
            if block.rect.intersects(QRectF(event.rect())):
                made.block(block)
        painter.end()

    def press(self, point: QPointF) -> None:
        """Goes to what was clicked, and ticks it."""
        hit = self._layout.at(point) if self._layout is not None else None
        if hit is None or self.form is None:
            self.stand(focus=True)
            return
        box, number = hit
        self.go(box.stop.index)
        if number and self.form.toggle(box.stop, number):
            self.said.emit()
            self.changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.canvas.update()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.stand(focus=False)

    def _editor(self) -> QLineEdit:
        return self.words if self.form is not None and self.form.stop.field.kind in {"text", "choice"} else self.digits

    def _arrange(self) -> None:
        width = self.viewport().width()
        self._layout = Layout(self.form, width, self._face.horizontalAdvance) if self.form is not None and self.form.stops else None
        self.canvas.resize(width, round(self._layout.height) if self._layout else 10)
        self.canvas.update()

    def stand(self, *, focus: bool) -> None:
        """Brings the keyboard's place to the present stop."""
        form, layout = self.form, self._layout
        if form is None or layout is None:
            self.digits.hide()
            self.words.hide()
            return
        stop = form.stop
        box = layout.boxes[stop.index]
        name = f"{stop_title(stop) or stop.field.title}，{spoken(form, stop)}"
        if stop.ticks:
            place: QWidget = self.canvas
        else:
            place = self._editor()
            self._dress(stop, box.area)
        place.setAccessibleName(name)
        self._reach()
        if focus:
            place.setFocus(_KEY)
        for each in (self.digits, self.words):
            if each is not place:
                each.hide()
        self.canvas.update()
        self.moved.emit()

    def _dress(self, stop: Stop, area: QRectF) -> None:
        """Puts the line for typing over the field, its digits over the cells."""
        line = self._editor()
        face = font(DIGITS_PX if line is self.digits else 13)
        if line is self.digits and stop.field.length:
            advance = QFontMetricsF(face).horizontalAdvance("0")
            face.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, CELL - advance)
            line.setTextMargins(round((CELL - advance) / 2) - 2, 0, 0, 0)
        else:
            line.setTextMargins(7, 0, 4, 0)
        line.setFont(face)
        line.setGeometry(area.toRect().adjusted(0, 1, round(CELL) if line is self.digits else 0, -1))
        if not line.isVisible() or not line.hasFocus() or line.property("place") != stop.field.place:
            line.setText(self.form.text(stop) if self.form is not None else "")
            line.setProperty("place", stop.field.place)
            line.selectAll()
        line.show()
        line.raise_()

    def _reach(self) -> None:
        """Scrolls so that the present stop and what follows are seen."""
        box = self._layout.boxes.get(self.form.here) if self._layout is not None and self.form is not None else None
        if box is not None:
            centre = box.rect.center().toPoint()
            self.ensureVisible(centre.x(), centre.y(), 0, min(_AROUND, self.viewport().height() // 3))
