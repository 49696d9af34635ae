"""The crops of one field side by side; one of them has the keyboard, what is written is typed under it."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLineEdit

from lvdesk.fieldwork.scan_model import Crop
from ui.jobs import Jobs
from ui.panes.fieldwork.crop_words import field_of, hint, said
from ui.theme.apply import font
from ui.theme.icons import paint as paint_icon
from ui.theme.tokens import tokens

_GAP, _PAD, _HELD = 10, 8, 600
_WORDS, _LINE = 20, 34
_HIGH_TICK, _HIGH_TEXT = 132, 142
_LEAST_TICK, _LEAST_TEXT, _LEAST_LONG = 116, 276, 520
_LONG = 12  # cells of a comb that needs a line of its own
_MIDDLE = Qt.AlignmentFlag.AlignCenter


class CropGrid(QAbstractScrollArea):
    """Signals: moved(): another crop has the keyboard.

    Attributes:
        crops: what is shown; ``values`` what was decided, by place in ``crops``; ``here`` the one with the keyboard.
        line: where handwriting is typed; ``key`` answers a key, False when it is not one of the wall.
    """

    moved = Signal()

    def __init__(self, jobs: Jobs, picture: Callable[[int, str], bytes]) -> None:
        super().__init__()
        self._jobs, self._picture = jobs, picture
        self.crops: Sequence[Crop] = ()
        self.values: dict[int, str] = {}
        self.here = self._anchor = 0
        self._more: set[int] = set()
        self.key: Callable[[QKeyEvent], bool] = lambda _event: False
        self._pictures: OrderedDict[tuple[int, str], QPixmap] = OrderedDict()
        self._asked: set[tuple[int, str]] = set()
        self._drafts: dict[int, str] = {}
        self.line = QLineEdit(self.viewport())
        self.line.hide()
        self.line.installEventFilter(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("裁片")
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._place_line())

    def show_crops(self, crops: Sequence[Crop], values: Mapping[int, str] | None = None, here: int = 0) -> None:
        """Shows other crops."""
        self.crops, self.values = crops, dict(values or {})
        self.here = self._anchor = 0
        self._more.clear()
        self._drafts.clear()
        self.line.hide()
        self._asked = {key for key in self._asked if key in self._pictures}
        if crops:
            self.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=field_of(crops[0]).kind == "text")
        self._measure()
        self.go(here)

    @property
    def crop(self) -> Crop | None:
        """The one with the keyboard."""
        return self.crops[self.here] if self.crops else None

    @property
    def written(self) -> bool:
        """Whether these are typed and not ticked."""
        return bool(self.crops) and self.crops[0].kind != "tick"

    def start(self) -> None:
        """Puts the keyboard on the present crop."""
        (self.line if self.written else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def picked(self) -> list[int]:
        """The crops that are decided at once: those picked, else the present one."""
        return sorted({*self._more, self.here}) if self.crops else []

    def pick_open(self) -> None:
        """Picks all that are not decided."""
        self._more = {place for place in range(len(self.crops)) if place not in self.values}
        self._moved()

    def go(self, place: int, *, pick: bool = False) -> None:
        """Gives the keyboard to another crop, the nearest there is; ``pick`` picks all on the way from where picking began."""
        if not self.crops:
            self.line.hide()
            self.viewport().update()
            return
        if self.written and self.line.isVisible() and self.here not in self.values:
            self._drafts[self.here] = self.line.text()
        self.here = max(0, min(place, len(self.crops) - 1))
        if pick:
            self._more = set(range(min(self._anchor, self.here), max(self._anchor, self.here) + 1))
        else:
            self._anchor = self.here
            self._more.clear()
        rect, bar = self.tile(self.here), self.verticalScrollBar()
        if rect.top() < bar.value():
            bar.setValue(rect.top() - _GAP)
        elif rect.bottom() > bar.value() + self.viewport().height():
            bar.setValue(rect.bottom() - self.viewport().height() + _GAP)
        self._place_line(fresh=True)
        self._moved()

    def _moved(self) -> None:
        crop = self.crops[self.here]
        self.setAccessibleName(f"{crop.title}，{crop.sheet_no}，{self._spoken(self.here)}")
        self.line.setAccessibleName(f"{crop.title}，{crop.sheet_no}")
        self.viewport().update()
        self.moved.emit()

    def following(self) -> int | None:
        """The next crop without a decision, going round; None when all are decided."""
        order = [(self.here + offset) % len(self.crops) for offset in range(1, len(self.crops) + 1)]
        return next((place for place in order if place not in self.values), None)

    def across(self) -> int:
        """How many stand side by side."""
        return max((self.viewport().width() + _GAP) // (self._least() + _GAP), 1)

    def page(self) -> int:
        """How many are seen at once, in whole rows."""
        return max(self.viewport().height() // (self._size().height() + _GAP), 1) * self.across()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.key(event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.key(event):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        at.setY(at.y() + self.verticalScrollBar().value())
        found = next((place for place in range(len(self.crops)) if self.tile(place).contains(at)), None)
        if found is not None:
            self._press(found, event.modifiers())
        self.start()

    def _press(self, place: int, held: Qt.KeyboardModifier) -> None:
        if held & Qt.KeyboardModifier.ControlModifier:
            more = {*self.picked()} ^ {place}
            self.go(place)
            self._more = more
            self._moved()
        else:
            self.go(place, pick=bool(held & Qt.KeyboardModifier.ShiftModifier))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        self._place_line()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top, high = self.verticalScrollBar().value(), self.viewport().height()
        row = self._size().height() + _GAP
        first = max(top // row * self.across(), 0)
        last = min(((top + high) // row + 1) * self.across(), len(self.crops))
        for place in range(first, last):
            self._paint(painter, place, QRectF(self.tile(place).translated(0, -top)))
        painter.end()
        for place in range(first, min(last + self.across(), len(self.crops))):
            self._fetch(place)

    def _paint(self, painter: QPainter, place: int, rect: QRectF) -> None:
        look, crop = tokens(), self.crops[place]
        here = place == self.here
        active = self.hasFocus() or self.line.hasFocus()
        decided = place in self.values
        picked = len(self._more) > 1 and place in self._more
        edge = look.brand if (here and active) or picked else look.green_line if decided else look.line
        painter.setPen(QPen(QColor(edge), 2 if here else 1))
        painter.setBrush(QColor(look.brand_soft if picked else look.alt if decided else look.surface))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)
        shown = rect.adjusted(_PAD, _PAD, -_PAD, -(_PAD + _WORDS + _LINE))
        picture = self._pictures.get((crop.page, crop.place))
        if picture is None or picture.isNull():
            painter.fillRect(shown, QColor(look.grey_soft))
            self._text(painter, shown, "" if picture is None else "没有图像", look.text3, 12)
        else:
            painter.setOpacity(0.55 if decided and not here else 1.0)
            size = picture.size().scaled(shown.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(shown.center())
            painter.drawPixmap(target.toRect(), picture)
            painter.setOpacity(1.0)
        words = QRectF(shown.left(), shown.bottom() + 2, shown.width(), _WORDS)
        self._text(painter, words, crop.sheet_no[-6:] if crop.kind == "tick" else crop.sheet_no, look.text2, 12)
        self._answer(painter, place, QRectF(shown.left(), words.bottom(), shown.width(), _LINE))

    def _answer(self, painter: QPainter, place: int, rect: QRectF) -> None:
        look, crop = tokens(), self.crops[place]
        if place in self.values:
            text = said(crop, self.values[place])
            wide = QFontMetricsF(font(13)).horizontalAdvance(text) + 22
            start = rect.center().x() - min(wide, rect.width()) / 2
            paint_icon(painter, "check", QRectF(start, rect.center().y() - 7, 14, 14), look.green)
            self._text(painter, rect.adjusted(20, 0, 0, 0), text, look.text, 13, bold=True)
        elif crop.kind == "tick":
            self._text(painter, rect, hint(crop), look.text3, 13)
        else:
            painter.setPen(QPen(QColor(look.line2), 1))
            painter.setBrush(QColor(look.surface))
            painter.drawRoundedRect(rect.adjusted(0.5, 2.5, -0.5, -2.5), 5, 5)
            self._text(painter, rect, self._drafts.get(place, ""), look.text, 13)

    def _text(self, painter: QPainter, rect: QRectF, text: str, colour: str, pixels: int, *, bold: bool = False) -> None:
        face = font(pixels, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(rect, _MIDDLE, QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width()))

    def _spoken(self, place: int) -> str:
        crop = self.crops[place]
        if place in self.values:
            return said(crop, self.values[place])
        return hint(crop) if crop.kind == "tick" else "未录"

    def _least(self) -> int:
        if not self.written:
            return _LEAST_TICK
        return _LEAST_LONG if self.crops[0].count > _LONG else _LEAST_TEXT

    def _size(self) -> QSize:
        across = self.across()
        wide = (self.viewport().width() - (across - 1) * _GAP) // across
        return QSize(max(wide, 60), _HIGH_TEXT if self.written else _HIGH_TICK)

    def _measure(self) -> None:
        rows = -(-len(self.crops) // self.across())
        high = max(rows * (self._size().height() + _GAP) - _GAP, 0)
        self.verticalScrollBar().setRange(0, max(high - self.viewport().height(), 0))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(self._size().height() // 2)

    def _place_line(self, *, fresh: bool = False) -> None:
        """The line for typing lies under the present crop."""
        if not self.written:
            self.line.hide()
            return
        tile = self.tile(self.here).translated(0, -self.verticalScrollBar().value())
        self.line.setGeometry(tile.left() + _PAD, tile.bottom() - _PAD - _LINE + 3, tile.width() - 2 * _PAD, _LINE - 4)
        if fresh:
            self.line.setText(self.values.get(self.here, self._drafts.get(self.here, "")))
            self.line.selectAll()
        had = self.hasFocus()
        self.line.show()
        if had:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self, place: int) -> None:
        crop = self.crops[place]
        key = (crop.page, crop.place)
        if key in self._asked:
            return
        self._asked.add(key)

        def take(data: bytes) -> None:
            picture = QPixmap()
            picture.loadFromData(data)
            self._keep(key, picture)

        self._jobs.read(lambda: self._picture(*key), take, lambda _error: self._keep(key, QPixmap()))

    def _keep(self, key: tuple[int, str], picture: QPixmap) -> None:
        self._pictures[key] = picture
        while len(self._pictures) > _HELD:
            old, _picture = self._pictures.popitem(last=False)
            self._asked.discard(old)
        self.viewport().update()
        if self.crop is not None and key == (self.crop.page, self.crop.place):
            self.moved.emit()

    def tile(self, place: int) -> QRect:
        """Where a crop stands on the wall."""
        size, across = self._size(), self.across()
        return QRect(place % across * (size.width() + _GAP), place // across * (size.height() + _GAP), size.width(), size.height())

    def picture(self) -> QPixmap | None:
        """The picture of the present crop, None while it is read."""
        return self._pictures.get((self.crop.page, self.crop.place)) if self.crop is not None else None
