"""A question inside the page: what will happen, how many, yes or no. Nothing blocks."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from ui.parts import button, column, label, picture, row
from ui.theme.tokens import tokens


class Confirm(QFrame):
    """Hidden until asked; one question at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("confirm")
        self._yes: Callable[[], object] | None = None
        self._what, self._why = label("", wrap=True), label("", "muted", wrap=True)
        self._what.setObjectName("noticeTitle")
        self.yes = button("确认", self._agree, "danger")
        self.no = button("取消", self.hide, name="取消，不做改动")
        texts = column(self._what, self._why, gap=2)
        inside = row(picture("warning", 20, tokens().amber), gap=12)
        inside.addLayout(texts, 1)
        inside.addWidget(self.no)
        inside.addWidget(self.yes)
        inside.setContentsMargins(16, 10, 12, 10)
        self.setLayout(inside)
        self.hide()

    def ask(self, what: str, why: str, verb: str, yes: Callable[[], object]) -> None:
        """Shows the question; the keyboard stands on 取消."""
        self._what.setText(what)
        self._why.setText(why)
        self.yes.setText(verb)
        self.yes.setAccessibleName(verb)
        self._yes = yes
        self.show()
        self.no.setFocus()

    def _agree(self) -> None:
        self.hide()
        if self._yes is not None:
            self._yes()
