"""One field of many sheets at once: crops side by side, the doubtful first; one key decides one, or all that are picked."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from lvdesk.fieldwork.scan_model import Crop, CropGroup
from lvdesk.network.changed import Changed
from ui.panes.base import Context
from ui.panes.fieldwork.crop_grid import CropGrid
from ui.panes.fieldwork.crop_groups import CropGroups
from ui.panes.fieldwork.crop_hands import CropHands, is_undo
from ui.panes.fieldwork.crop_loading import CropServices
from ui.panes.fieldwork.crop_side import CropSide
from ui.panes.fieldwork.crop_store import CropStore
from ui.panes.fieldwork.crop_words import TEXT_KEYS, TICK_KEYS
from ui.panes.fieldwork.keying_closing import Closing
from ui.panes.fieldwork.keying_legend import Legend
from ui.parts import button, card, column, label, restyle, row
from ui.widgets.state_view import StateView

_TELL_MS = 800
_STATE, _WALL = range(2)
_CROPS, _AFTER = range(2)
Read = tuple[Sequence[CropGroup], Sequence[Crop]]


class CropWall(QWidget):
    """Signals: decided(): something was decided and stored.

    Attributes:
        list: fields that wait; ``grid`` the crops of one of them, ``side`` the present one.
        store: decisions on their way.
    """

    decided = Signal()

    def __init__(self, context: Context, services: CropServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._group = ""
        self._asked = self._steps = 0
        self._changed = Changed.NOTHING
        self.list = CropGroups()
        self.grid = CropGrid(context.jobs, services.picture)
        self.store = CropStore(context.jobs, services, self)
        self.side = CropSide(self.take_back)
        self.grid.key = CropHands(self).key
        self.state, self.after = StateView(), StateView()
        self.title, self.count, self.saved = label("", "h2"), label("", "muted"), label("", "muted")
        self.again = button("重试", self.store.retry, "link", "refresh", name="重新保存")
        self.legend = Legend()
        self._closing = Closing(self, self.store, lambda: None)
        self._pages, self._walls = QStackedWidget(), QStackedWidget()
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_TELL_MS)
        self._telling.timeout.connect(self._tell_all)
        self._lay_out()
        self._connect()
        self.state.loading()
        self._follow_store()

    def start(self, group_key: str = "") -> None:
        """Shows the crops of a field, of the first that waits where none is named; the keyboard is on the first of them."""
        wanted = group_key or self._group
        if self._pages.currentIndex() == _STATE:
            self.state.loading()
        self._read(wanted, fresh=True)

    def refresh(self) -> None:
        """Reads again what waits; what was decided here stays where it is unless it was taken back."""
        if not self.store.waiting():
            self._read(self._group, fresh=not self.grid.crops)

    def take_back(self) -> None:
        """Takes the last decision back; its crop has the keyboard again."""
        places = {decision[:2] for decision in self.store.take_back()}
        if not places:
            self.side.tell("没有可以撤回的判读", "warning")
            return
        found = [at for at, crop in enumerate(self.grid.crops) if (crop.page, crop.place) in places]
        for place in found:
            self.grid.values.pop(place, None)
        if found:
            self.grid.go(found[0])
            self._show_wall()
            self.side.tell(f"已撤回 {len(found)} 格" if len(found) > 1 else "已撤回上一格", "success")
        self._count()

    def decide(self, values: Mapping[int, str]) -> None:
        """Says what crops show, by their place on the wall, in one step; goes to the next one."""
        crops = self.grid.crops
        self._steps += 1
        self.grid.values.update(values)
        self.store.put([(crops[place].page, crops[place].place, value) for place, value in values.items()])
        following = self.grid.following()
        self._count()
        if following is None:
            self._all_decided()
        else:
            self.grid.go(following)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._closing.watch()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_undo(event) and self.store.can_take_back():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_undo(event):
            self.take_back()
        else:
            super().keyPressEvent(event)

    def _read(self, wanted: str, *, fresh: bool) -> None:
        self._asked += 1
        asked, steps = self._asked, self._steps

        def read() -> Read:
            groups = [group for group in self._services.groups() if group.waiting or group.key == wanted]
            keys = [group.key for group in groups]
            key = wanted if wanted in keys else next(iter(keys), "")
            return groups, self._services.crops(key) if key else ()

        def take(found: Read) -> None:
            if asked == self._asked:
                self._take(*found, wanted, fresh=fresh and steps == self._steps)  # who decides meanwhile keeps their place

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._context.jobs.read(read, take, fail)

    def _take(self, groups: Sequence[CropGroup], crops: Sequence[Crop], wanted: str, *, fresh: bool) -> None:
        if not groups:
            self._none()
            return
        if not fresh and wanted in {"", self._group} and self.store.waiting():
            return
        self.list.show_groups(groups, wanted)
        group = self.list.group()
        if group is None:
            return
        if fresh or group.key != self._group:
            self.store.forget()
            self.grid.show_crops([crop for crop in crops if _key(crop) not in self.store.places()])
        else:
            self._merge(crops)
        self._group = group.key
        self.title.setText(group.title)
        self.side.tell("", "")
        self.legend.set_keys(TEXT_KEYS if self.grid.written else TICK_KEYS)
        self._count()
        if self.grid.following() is not None:
            self._show_wall(take=fresh)
        else:
            self._all_decided()

    def _merge(self, crops: Sequence[Crop]) -> None:
        """What still waits, and what was decided here."""
        grid = self.grid
        waiting = {(crop.page, crop.place): crop for crop in crops}
        said = {_key(grid.crops[place]): value for place, value in grid.values.items()}
        self.store.forget(waiting.keys() & said.keys())
        kept = [crop for crop in grid.crops if _key(crop) in waiting or _key(crop) in said]
        known = {_key(crop) for crop in kept}
        shown = [*kept, *(crop for crop in crops if _key(crop) not in known)]
        values = {at: said[_key(crop)] for at, crop in enumerate(shown) if _key(crop) in said and _key(crop) not in waiting}
        if [_key(crop) for crop in shown] != [_key(crop) for crop in grid.crops] or values != grid.values:
            present = _key(grid.crops[grid.here])
            grid.show_crops(shown, values, next((at for at, crop in enumerate(shown) if _key(crop) == present), 0))

    def _turned(self) -> None:
        group = self.list.group()
        if group is not None and group.key != self._group:
            self._read(group.key, fresh=True)

    def _show_wall(self, *, take: bool = True) -> None:
        self._pages.setCurrentIndex(_WALL)
        self._walls.setCurrentIndex(_CROPS)
        if take and self.isVisible() and not self.list.hasFocus():
            self.grid.start()

    def _all_decided(self) -> None:
        following = self.list.following()
        again = ("重新读取", self.start)
        if following is None:
            self.after.say("check", "都判完了", "结果已记到表单上，可以去“录入”完成这些表单", again, level="success")
        else:
            offer = (f"下一组：{following.title}", self.list.turn_on)
            self.after.say("check", "这一组判完了", f"下一组还有 {following.waiting:,} 格", offer, level="success")
        had = self.grid.hasFocus() or self.grid.line.hasFocus()
        self._pages.setCurrentIndex(_WALL)
        self._walls.setCurrentIndex(_AFTER)
        if had:
            self.after.setFocus(Qt.FocusReason.OtherFocusReason)

    def _none(self) -> None:
        self.state.say("check", "没有等待判读的格子", "扫描件里拿不准的勾和手写内容会排在这里", ("重新读取", self.start))
        self._pages.setCurrentIndex(_STATE)

    def _failed(self, error: Exception) -> None:
        what = getattr(error, "message", "") or "读取裁片时出错"
        if self._pages.currentIndex() == _WALL:
            self._context.notices.show(error, "没有读到裁片", retry=self.refresh)
            return
        self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.start), level="error")

    def _follow(self) -> None:
        crop = self.grid.crop
        if crop is not None:
            self.side.show_crop(crop, self.grid.picture(), len(self.grid.picked()))
            self.side.tell("", "")

    def _count(self) -> None:
        every, done = len(self.grid.crops), len(self.grid.values)
        self.count.setText(f"已判 {done:,}/{every:,} 格，拿不准的在前")
        self.side.back.setEnabled(self.store.can_take_back())
        self.list.count_down(every - done)

    def _follow_store(self) -> None:
        waiting = self.store.waiting()
        self.saved.setText(f"{waiting} 格未保存" if self.store.broken else "正在保存" if waiting else "已保存")
        self.saved.setProperty("ink", "error" if self.store.broken else "")
        restyle(self.saved)
        self.again.setVisible(self.store.broken)

    def _tell_all(self) -> None:
        changed, self._changed = self._changed | Changed.HISTORY, Changed.NOTHING
        self._context.bus.tell(changed)
        self.decided.emit()

    def _stored(self, changed: Changed) -> None:
        self._changed |= changed
        self._telling.start()
        self._closing.stored()

    def _not_stored(self, error: Exception) -> None:
        self._closing.wanted = False
        self._context.notices.show(error, f"{self.store.waiting()} 格没有保存", retry=self.store.retry)

    def _lay_out(self) -> None:
        self.after.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._walls.addWidget(self.grid)
        done = card()
        column(self.after, parent=done, gap=0, margin=1)
        self._walls.addWidget(done)
        wall = QWidget()
        bar = row(self.title, self.count, None, self.saved, self.again, gap=10)
        middle = row(self.list, self._walls, self.side, gap=12)
        middle.setStretch(1, 1)
        column(bar, middle, self.legend, parent=wall, gap=10).setStretch(1, 1)
        before = card()
        column(self.state, parent=before, gap=0, margin=1)
        self._pages.addWidget(before)
        self._pages.addWidget(wall)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _row: self._turned())
        self.list.itemActivated.connect(lambda _item: self.grid.start())
        self.list.itemClicked.connect(lambda _item: self.grid.start())
        self.grid.moved.connect(self._follow)
        self.store.moved.connect(self._follow_store)
        self.store.stored.connect(self._stored)
        self.store.failed.connect(self._not_stored)


def _key(crop: Crop) -> tuple[int, str]:
    return crop.page, crop.place
