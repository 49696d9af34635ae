"""The keys of an item: pass, pass corrected, send back; hold, take back, go on."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy

from lvdesk.review.model import Action, ItemView, State
from ui.parts import button, column, restyle, row, tool
from ui.theme.icons import icon
from ui.theme.tokens import tokens

_WAITING: Final = frozenset({State.PREPARING, State.MARKETING, State.OPERATIONS})


class Keys(QFrame):
    """What can be done with an item. Signals: asked(Action), skipped(1 or -1)."""

    asked = Signal(object)
    skipped = Signal(int)

    def show_view(self, view: ItemView, *, locked: bool) -> None:
        """Another item is shown."""

    def show_given(self, count: int) -> None:
        """So many values are put in."""


class Foot(Keys):
    """The keys of a decision."""

    def __init__(self) -> None:
        super().__init__()
        self.confirm = large("通过", "F9", self._asker(Action.CONFIRM), "primary", "check")
        self.correct = large("改后通过", "F10", self._asker(Action.CORRECT), "", "edit")
        self.send_back = large("退回", "F11", self._asker(Action.RETURN), "danger", "undo")
        self.resume = large("恢复处理", "Ctrl+R", self._asker(Action.RESUME), "primary", "refresh")
        self.revoke = large("撤回决定", "", self._asker(Action.REVOKE), "", "undo")
        self.hold = button("挂起…", self._asker(Action.HOLD), "link", "clock", name="挂起")
        self.take_back = button("撤回上一步", self._asker(Action.REVOKE), "link", "undo", name="撤回上一步的决定")
        self.previous = tool("chevron-up", "上一项", lambda: self.skipped.emit(-1), shortcut="Ctrl+↑")
        self.following = button("跳过  Ctrl+↓", lambda: self.skipped.emit(1), "link", "chevron-down", name="跳过，下一项")
        self._buttons: Sequence[tuple[Action, QPushButton]] = (
            (Action.CONFIRM, self.confirm), (Action.CORRECT, self.correct), (Action.RETURN, self.send_back), (Action.HOLD, self.hold),
            (Action.RESUME, self.resume), (Action.REVOKE, self.revoke), (Action.REVOKE, self.take_back),
        )  # fmt: skip
        keys = row(self.confirm, self.correct, self.send_back, self.resume, self.revoke, gap=8)
        for place, share in enumerate((4, 3, 3, 3, 3)):
            keys.setStretch(place, share)
        small = row(self.hold, self.take_back, None, self.previous, self.following, gap=8)
        inside = column(keys, small, parent=self, gap=6)
        inside.setContentsMargins(14, 10, 14, 8)

    def show_view(self, view: ItemView, *, locked: bool) -> None:
        """Offers what may be done with an item."""
        waiting = view.state in _WAITING
        for action, made in self._buttons:
            made.setEnabled(action in view.allowed and not locked)
            made.setToolTip("" if action in view.allowed else view.forbidden)
        for made in (self.confirm, self.send_back, self.hold):
            made.setVisible(waiting)
        self.correct.setVisible(waiting and view.state is not State.PREPARING)
        self.resume.setVisible(Action.RESUME in view.allowed)
        self.revoke.setVisible(Action.REVOKE in view.allowed and not waiting)
        self.take_back.setVisible(Action.REVOKE in view.allowed and waiting)
        name_key(self.confirm, "按规则通过" if view.state is State.PREPARING else "通过", "F9")

    def show_given(self, count: int) -> None:
        """Once a value was put in, passing without it is not what Enter means."""
        for made, main in ((self.confirm, not count), (self.correct, bool(count))):
            kind = "primary" if main else ""
            if made.property("kind") != kind:
                made.setProperty("kind", kind)
                look = tokens()
                made.setIcon(icon("check" if made is self.confirm else "edit", look.on_brand if main else look.text2))
                restyle(made)
        name_key(self.correct, f"改后通过 {count} 处" if count else "改后通过", "F10")

    def _asker(self, action: Action) -> Callable[[], None]:
        return lambda: self.asked.emit(action)


def large(title: str, key: str, run: Callable[[], object], kind: str, sign: str) -> QPushButton:
    """One of the large keys."""
    made = button("", run, kind, sign)
    made.setProperty("large", "true")
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    name_key(made, title, key)
    return made


def name_key(made: QPushButton, title: str, key: str) -> None:
    """Writes title and key on it."""
    made.setText(f"{title}  {key}".strip())
    made.setAccessibleName(title)
