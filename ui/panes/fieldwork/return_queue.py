"""What came back and waits for a person: pages, doubtful ticks, photos, sheets to type."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.panes.base import Context
from ui.panes.fieldwork.crop_wall import CropWall
from ui.panes.fieldwork.keying_start import KeyingStart
from ui.panes.fieldwork.return_latest import Latest
from ui.panes.fieldwork.return_loading import Incoming
from ui.panes.fieldwork.return_pages import UnreadPages
from ui.panes.fieldwork.return_photos import WaitingPhotos
from ui.parts import column, row
from ui.widgets.segmented import Segmented

PAGES, CROPS, PHOTOS, SHEETS = "pages", "crops", "photos", "sheets"
View = UnreadPages | CropWall | WaitingPhotos | KeyingStart
_TITLES: Final = ((PAGES, "未识别的页"), (CROPS, "拿不准的勾和字"), (PHOTOS, "待归箱照片"), (SHEETS, "待录表单"))


class ReturnQueue(QWidget):
    """Signals: sheet_asked(number, second), counted(how many wait, None while nothing is known).

    Attributes:
        counts: how many wait of each kind; None while unknown.
    """

    sheet_asked = Signal(str, bool)
    counted = Signal(object)

    def __init__(self, context: Context, incoming: Incoming) -> None:
        super().__init__()
        self._services = services = incoming.returns
        self._latest = Latest(context.jobs)
        self.counts: dict[str, int | None] = dict.fromkeys((PAGES, CROPS, PHOTOS, SHEETS))
        self._chosen = False
        self.kinds = Segmented(_TITLES, name="待处理的种类")
        self.pages, self.photos = UnreadPages(context, services), WaitingPhotos(context, services)
        self.sheets = KeyingStart(context, incoming.keying)
        self.wall = CropWall(context, incoming.crops)
        self._walled = False
        self._views: dict[str, UnreadPages | CropWall | WaitingPhotos | KeyingStart] = {
            PAGES: self.pages,
            CROPS: self.wall,
            PHOTOS: self.photos,
            SHEETS: self.sheets,
        }
        self._stack = QStackedWidget()
        for view in self._views.values():
            self._stack.addWidget(view)
        column(row(self.kinds, None), self._stack, parent=self, gap=8).setStretch(1, 1)
        self.kinds.chosen.connect(self.turn_to)
        self.sheets.opened.connect(self.sheet_asked)
        self.pages.counted.connect(lambda count: self._count(PAGES, count))
        self.photos.counted.connect(lambda count: self._count(PHOTOS, count))
        self.sheets.counted.connect(lambda: self._count(SHEETS, len(self.sheets.waiting or ())))

    def refresh(self) -> None:
        """Reads again what waits."""
        self.pages.refresh()
        self.photos.refresh()
        self.sheets.refresh()
        self._latest.read(
            lambda: sum(group.waiting for group in self._services.crop_groups()),
            lambda count: self._count(CROPS, count),
            lambda _error: self._count(CROPS, None),
        )
        if self._walled:
            self.wall.refresh()

    def start(self) -> None:
        """Puts the keyboard on what is shown."""
        self.turn_to(self.kinds.current())

    def turn_to(self, kind: str) -> None:
        """Shows one kind and gives it the keyboard."""
        self._chosen = True
        self.kinds.select(kind)
        self._stack.setCurrentWidget(self._views[kind])
        self._walled = self._walled or kind == CROPS
        if isinstance(view := self._views[kind], KeyingStart):
            view.table.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            view.start()

    @property
    def waiting(self) -> int:
        """How many wait, as far as known."""
        return sum(count or 0 for count in self.counts.values())

    def _count(self, kind: str, count: int | None) -> None:
        self.counts[kind] = count
        self.kinds.set_count(kind, count)
        first = next((key for key, _title in _TITLES if self.counts[key]), "")
        if first and not self._chosen and not self.counts[self.kinds.current()]:
            self.kinds.select(first)
            self._stack.setCurrentWidget(self._views[first])
        self.counted.emit(None if all(each is None for each in self.counts.values()) else self.waiting)
