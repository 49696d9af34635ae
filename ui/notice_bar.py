"""Shows the open notices under the top bar; only success goes away by itself."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.notices import Level, Notice, Notices, Offer
from ui.parts import button, column, label, picture, row, tool
from ui.theme.tokens import tokens

_SHOWN = 3
_SUCCESS_MS = 6000


class NoticeBar(QWidget):
    """Up to three notices, newest on top; the rest is counted."""

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self._cards: dict[int, NoticeCard] = {}
        self._more = label("", "faint")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(20, 12, 16, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._more)
        notices.changed.connect(self._show)
        self._show()

    def cards(self) -> list["NoticeCard"]:
        """What is on screen, oldest first."""
        return list(self._cards.values())

    def _show(self) -> None:
        wanted = self._notices.open()[-_SHOWN:]
        keep = {id(notice) for notice in wanted}
        for key in [key for key in self._cards if key not in keep]:
            old = self._cards.pop(key)
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        for notice in wanted:
            if id(notice) not in self._cards:
                self._cards[id(notice)] = card = NoticeCard(notice, self._notices)
                self._layout.insertWidget(0, card)
        hidden = len(self._notices.open()) - len(wanted)
        self._more.setText(f"另有 {hidden} 条较早的提示，关闭上面的提示后显示")
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(wanted))


class NoticeCard(QFrame):
    """One notice: what in bold, why and what to do below, ways on at the right."""

    def __init__(self, notice: Notice, notices: Notices) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setProperty("level", notice.level.value)
        self.notice, self._notices = notice, notices
        colour = tokens().status(notice.level.value)[0]
        what = label(notice.what, wrap=True)
        what.setObjectName("noticeTitle")
        texts = column(what, gap=2)
        reason = "　".join(part for part in (notice.why, notice.todo) if part)
        if reason:
            text = label(reason, wrap=True)
            text.setObjectName("noticeText")
            texts.addWidget(text)
        self._details = QPlainTextEdit(notice.details)
        self._details.setObjectName("noticeDetails")
        self._details.setReadOnly(True)
        self._details.setAccessibleName("提示的详情")
        self._details.setFixedHeight(72)
        self._details.hide()
        texts.addWidget(self._details)
        sign = picture(notice.level.value, 18, colour)
        inside = row(column(2, sign, None) if reason else column(None, sign, None), parent=self, gap=10)
        inside.setContentsMargins(14, 8, 8, 8)
        inside.addLayout(texts, 1)
        inside.addLayout(self._buttons(notice))
        if notice.level == Level.SUCCESS:
            timer = QTimer(self, interval=_SUCCESS_MS, singleShot=True)
            timer.timeout.connect(self._leave)
            timer.start()

    def _buttons(self, notice: Notice) -> QHBoxLayout:
        buttons = row(gap=6)
        if notice.details:
            buttons.addWidget(button("详情", self._toggle, "link", name=f"详情：{notice.what}"))
        for offer in notice.offers:
            buttons.addWidget(button(offer.text, partial(self._take, offer)))
        buttons.addWidget(tool("close", "关闭提示", self._leave, shortcut="Shift+Esc", side=16))
        return buttons

    def _toggle(self) -> None:
        self._details.setVisible(self._details.isHidden())

    def _take(self, offer: Offer) -> None:
        self._leave()
        offer.callback()

    def _leave(self) -> None:
        self._notices.dismiss(self.notice)
