"""Every sheet of the organisation as a table: rows added, changed, taken away."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.panes.base import Context
from ui.panes.organisation import listings
from ui.panes.organisation.loading import Services
from ui.parts import column
from ui.widgets.list_view import ListView
from ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from lvdesk.organisation.setup import Setup


class RowsView(QWidget):
    """Signals: edit_asked(sheet, row or None), remove_asked(sheet, rows)."""

    edit_asked = Signal(str, object)
    remove_asked = Signal(str, list)

    def __init__(self, context: Context, services: Services, setup: "Setup") -> None:
        super().__init__()
        self.switch = Segmented([(sheet.key, sheet.title) for sheet in setup.sheets.values()], name="表")
        self.views = QStackedWidget()
        self.lists: dict[str, ListView] = {}
        for sheet in setup.sheets.values():
            deeds = [("新增…", lambda: self._edit(None)), ("修改…", self._change), ("删除", self._remove)]
            self.lists[sheet.key] = ListView(context, listings.rows(services, sheet), deeds)
            self.views.addWidget(self.lists[sheet.key])
        self.switch.chosen.connect(self.show_sheet)
        column(self.switch, self.views, parent=self, gap=10).setStretch(1, 1)

    def refresh(self) -> None:
        """Reads the sheet in front again."""
        self.lists[self.switch.current()].refresh()

    def show_sheet(self, key: str) -> None:
        """Turns to a sheet."""
        self.switch.select(key)
        self.views.setCurrentWidget(self.lists[key])
        self.refresh()

    def picked(self) -> list[Any]:
        """The rows chosen in front."""
        return self.lists[self.switch.current()].picked()

    def _edit(self, row: Any) -> None:
        self.edit_asked.emit(self.switch.current(), row)

    def _change(self) -> None:
        for row in self.picked()[:1]:
            self._edit(row)

    def _remove(self) -> None:
        self.remove_asked.emit(self.switch.current(), self.picked())
