"""A short list with one sentence for the chosen row and what can be done with it: receipts, suspects, cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from lvdesk.kit.table import Column, Row
from ui.jobs import Jobs
from ui.models.source import ListSource
from ui.notices import Notices
from ui.parts import button, card, column, label, row
from ui.widgets.data_table import DataTable
from ui.widgets.state_view import StateView


@dataclass(frozen=True)
class Listing:
    """What a list shows.

    Attributes:
        page, key, name: of its table: under which page's name its widths are remembered.
        columns: with ``row`` the values of one thing in their order; ``said``: its sentence.
        read: asks for the things, on a reader thread.
        empty: icon, title, hint of the empty list.
    """

    page: str
    key: str
    name: str
    columns: tuple[Column, ...]
    row: Callable[[Any], tuple[str, ...]]
    said: Callable[[Any], str]
    read: Callable[[], Sequence[Any]]
    empty: tuple[str, str, str]


class Around(Protocol):
    """What a list needs of the window; a pane's context has it."""

    @property
    def jobs(self) -> Jobs:
        """Runs its reading."""
        ...

    @property
    def notices(self) -> Notices:
        """Tells what went wrong."""
        ...

    @property
    def workspace(self) -> Any:
        """Whose settings remember the widths."""
        ...


class ListView(QWidget):
    """Signals: counted(how many), chosen(thing or None)."""

    counted = Signal(int)
    chosen = Signal(object)

    def __init__(self, context: Around, listing: Listing, deeds: Sequence[tuple[str, Callable[[], object]]]) -> None:
        super().__init__()
        self._context, self._listing, self._asked = context, listing, 0
        self.things: Sequence[Any] = ()
        self.table = DataTable(f"{listing.page}.{listing.key}", context.jobs, context.workspace.settings, name=listing.name)
        self.table.model.editing = False
        self.said = label("", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.deeds: list[QPushButton] = [button(text, do, "primary" if not place else "") for place, (text, do) in enumerate(deeds)]
        self.state = StateView()
        self.state.loading()
        foot = card()
        inside = row(self.said, *self.deeds, parent=foot, gap=10)
        inside.setContentsMargins(14, 8, 10, 8)
        inside.setStretch(0, 1)
        full = QWidget()
        column(self.table, foot, parent=full, gap=10).setStretch(0, 1)
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages = QStackedWidget()
        self._pages.addWidget(waiting)
        self._pages.addWidget(full)
        column(self._pages, parent=self, gap=0)
        self.table.current_changed.connect(lambda _number: self._follow())
        self.table.model.state_changed.connect(self._follow)
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)

    def refresh(self) -> None:
        """Reads the list again."""
        self._asked += 1
        asked = self._asked

        def take(things: Sequence[Any]) -> None:
            if asked == self._asked:
                self.show_things(things)

        self._context.jobs.read(self._listing.read, take, self.failed)

    def show_things(self, things: Sequence[Any]) -> None:
        """Shows these."""
        self.things = things
        self.counted.emit(len(things))
        if not things:
            self.state.say(*self._listing.empty)
            self._pages.setCurrentIndex(0)
            return
        rows = [Row(place, self._listing.row(each)) for place, each in enumerate(things, 1)]
        self.table.set_source(ListSource(self._listing.columns, rows))
        self._pages.setCurrentIndex(1)

    def choose(self, place: int) -> None:
        """Makes a thing the current one."""
        self.table.go_to(place + 1)

    def failed(self, error: Exception) -> None:
        """The list could not be read."""
        what, hint = getattr(error, "message", "") or "读取时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self.refresh), level="error")
        self._pages.setCurrentIndex(0)

    def picked(self) -> list[Any]:
        """The things selected, or the one at the cursor."""
        current = self.table.current_id()
        ids = self.table.selected_ids() or ([current] if current is not None else [])
        return [self.things[number - 1] for number in ids if 0 < number <= len(self.things)]

    def _follow(self) -> None:
        found = self.picked()
        self.said.setText(self._listing.said(found[0]) if found else "")
        for deed in self.deeds:
            deed.setEnabled(bool(found))
        self.chosen.emit(found[0] if found else None)
