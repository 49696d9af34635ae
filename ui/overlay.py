"""Things laid over the window without a second window: a veil with a card, the hint while files are dragged."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QWidget

from ui.parts import column, label, picture
from ui.theme.tokens import tokens


class Overlay(QWidget):
    """A veil over ``parent`` with ``card`` at the top middle; Escape or a click beside the card closes it."""

    def __init__(self, parent: QWidget, card: QFrame, width: int) -> None:
        super().__init__(parent)
        self.setObjectName("veil")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.card, self._width = card, width
        self._before: QWidget | None = None
        card.setParent(self)
        shadow = QGraphicsDropShadowEffect(card)
        shadow.setBlurRadius(36)
        shadow.setOffset(0, 10)
        shadow.setColor("#50102022")
        card.setGraphicsEffect(shadow)
        parent.installEventFilter(self)
        self.hide()

    def open(self, focus: QWidget) -> None:
        """Shows the card and puts the keyboard on ``focus``."""
        self._before = self.window().focusWidget()
        self._fit()
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_card(self) -> None:
        """Hides it and gives the keyboard back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_card()

    def _fit(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        width = min(self._width, self.width() - 48)
        height = min(self.card.sizeHint().height(), self.height() - 120)
        self.card.setGeometry((self.width() - width) // 2, 72, width, height)


class DropHint(QFrame):
    """Shown over the page while files hang over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dropHint")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        text = label("松开鼠标，导入台账文件")
        text.setObjectName("dropText")
        kinds = label("支持 xlsx、xls、csv、ods 等，可一次放入多个文件", "muted")
        lines = (picture("import", 44, tokens().brand), text, kinds)
        inside = column(None, *lines, None, parent=self, gap=10)
        for part in lines:
            inside.setAlignment(part, Qt.AlignmentFlag.AlignHCenter)
        self.hide()

    def cover(self, place: QRect) -> None:
        """Lays itself over ``place`` of its parent."""
        self.setGeometry(place.adjusted(16, 16, -16, -16))
        self.show()
        self.raise_()
