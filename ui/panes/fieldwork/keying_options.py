"""The boxes of a row with their numbers, and what the scan shows of each."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.apply import font
from ui.theme.icons import paint as paint_icon
from ui.theme.tokens import tokens

_PLAIN, _SHOWN, _PICTURE = 24, 40, 36


class KeyingOptions(QWidget):
    """One line for each choice: its number, a sign when it is chosen, its words, its picture."""

    def __init__(self) -> None:
        super().__init__()
        self._titles: Sequence[str] = ()
        self._chosen: Sequence[bool] = ()
        self._pictures: Sequence[QPixmap | None] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_options(self, titles: Sequence[str], chosen: Sequence[bool], pictures: Sequence[QPixmap | None]) -> None:
        """Shows other choices; ``pictures`` where there is a scan."""
        self._titles, self._chosen, self._pictures = titles, chosen, pictures
        self.setVisible(bool(titles))
        self.setAccessibleName("；".join(f"{place} {title}" for place, title in enumerate(titles, 1)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self._titles) * self._high())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, high = tokens(), self._high()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        middle, left = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for place, title in enumerate(self._titles):
            line, on = QRectF(0, place * high, self.width(), high), self._chosen[place]
            cap = QRectF(0, line.center().y() - 9, 20, 18)
            painter.setPen(QColor(look.brand if on else look.line2))
            painter.setBrush(QColor(look.brand if on else look.alt))
            painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if on:
                paint_icon(painter, "check", cap.adjusted(4, 3, -4, -3), look.on_brand)
            else:
                painter.setFont(font(12))
                painter.setPen(QColor(look.text2))
                painter.drawText(cap, middle, str(place + 1))
            painter.setFont(font(13, QFont.Weight.DemiBold if on else QFont.Weight.Normal))
            painter.setPen(QColor(look.text))
            painter.drawText(line.adjusted(28, 0, -_PICTURE * 2, 0), left, title)
            self._picture(painter, place, line)
        painter.end()

    def _picture(self, painter: QPainter, place: int, line: QRectF) -> None:
        picture = self._pictures[place] if place < len(self._pictures) else None
        if picture is not None and not picture.isNull():
            size = picture.size().scaled(QSize(_PICTURE * 2, _PICTURE), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(line.right() - size.width(), line.center().y() - size.height() / 2, size.width(), size.height())
            painter.drawPixmap(target.toRect(), picture)

    def _high(self) -> int:
        return _SHOWN if self._pictures else _PLAIN
