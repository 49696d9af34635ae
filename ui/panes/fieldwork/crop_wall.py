"""One field of many sheets at once: crops side by side, the doubtful first; one key decides one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QSizePolicy, QStackedWidget, QWidget

from lvdesk.fieldwork.scan_model import Crop, CropGroup
from lvdesk.network.changed import Changed
from ui.panes.base import Context
from ui.panes.fieldwork.crop_grid import CropGrid
from ui.panes.fieldwork.crop_loading import CropServices
from ui.panes.fieldwork.crop_store import CropStore
from ui.panes.fieldwork.crop_words import TEXT_KEYS, TICK_KEYS, field_of, hint, likely
from ui.panes.fieldwork.keying_checks import normal, wrong
from ui.panes.fieldwork.keying_closing import Closing
from ui.panes.fieldwork.keying_legend import Legend
from ui.parts import button, card, column, label, restyle, row
from ui.widgets.state_view import StateView

_TELL_MS = 800
_SIDE, _LIST = 268, 216
_CTRL = Qt.KeyboardModifier.ControlModifier
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class CropWall(QWidget):
    """Signals: decided(): something was decided and stored.

    Attributes:
        groups: fields that wait; ``grid`` the crops of one of them.
        store: decisions on their way.
    """

    decided = Signal()

    def __init__(self, context: Context, services: CropServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.groups: Sequence[CropGroup] = ()
        self._wanted = self._group = self._refused = ""
        self._asked = 0
        self.list = QListWidget()
        self.list.setObjectName("cropGroups")
        self.list.setAccessibleName("待判读的栏目")
        self.list.setFixedWidth(_LIST)
        self.grid = CropGrid(context.jobs, services.picture)
        self.grid.key = self._key
        self.store = CropStore(context.jobs, services, self)
        self.state = StateView()
        self.title, self.count, self.saved = label("", "h2"), label("", "muted"), label("", "muted")
        self.again = button("重试", self.store.retry, "link", "refresh", name="重新保存")
        self.back = button("撤回上一个", self.take_back, "", "undo", name="撤回上一个判读")
        self.picture = QLabel()
        self.sheet, self.about = label("", "h2"), label("", "muted", wrap=True)
        self.ledger, self.hint, self.message = label("", wrap=True), label("", "muted", wrap=True), label("", wrap=True)
        self.legend = Legend()
        self._closing = Closing(self, self.store, lambda: None)
        self._pages = QStackedWidget()
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_TELL_MS)
        self._telling.timeout.connect(self._tell_all)
        self._lay_out()
        self._connect()
        self.state.loading()
        self._follow_store()

    def start(self, group_key: str = "") -> None:
        """Shows the crops of a field, of the first that waits where none is named."""
        self._wanted = group_key
        self._read_groups()

    def take_back(self) -> None:
        """Takes the last decision back; its crop has the keyboard again."""
        decision = self.store.take_back()
        if decision is None:
            self._told("没有可以撤回的判读", "warning")
            return
        place = next((at for at, crop in enumerate(self.grid.crops) if (crop.page, crop.place) == decision[:2]), None)
        if place is not None:
            self.grid.values.pop(place, None)
            self.grid.go(place)
            self._show_wall()
            self._told("已撤回上一个判读", "success")
        self._count()

    def decide(self, value: str) -> None:
        """Says what the present crop shows and goes to the next."""
        crop = self.grid.crop
        if crop is None:
            return
        self.grid.values[self.grid.here] = value
        self.store.put((crop.page, crop.place, value))
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
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def _key(self, event: QKeyEvent) -> bool:
        """Answers a key of the wall; False leaves it to the line or the list."""
        if _is_undo(event) and not (self.grid.written and self.grid.line.isUndoAvailable() and self.grid.line.isModified()):
            self.take_back()
            return True
        if event.modifiers() & _CTRL:
            steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
            if event.key() in steps:
                self._turn(steps[Qt.Key(event.key())])
            return event.key() in steps
        if self._move(event):
            return True
        return self._write(event) if self.grid.written else self._tick(event)

    def _move(self, event: QKeyEvent) -> bool:
        grid = self.grid
        steps = {Qt.Key.Key_Up: -grid.across(), Qt.Key.Key_Down: grid.across()}
        if not grid.written:
            steps |= {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -grid.here, Qt.Key.Key_End: len(grid.crops)}
        steps |= {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1} if grid.written else {}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and (0 <= grid.here + step < len(grid.crops) or event.key() == Qt.Key.Key_End):
            grid.go(grid.here + step)
        return step is not None

    def _tick(self, event: QKeyEvent) -> bool:
        crop = self.grid.crop
        if crop is None:
            return False
        if event.key() in _ENTER:
            self.decide(self.grid.values.get(self.grid.here, likely(crop)))
        elif event.text() in {"1", " "}:
            self.decide("1")
        elif event.text() in {"0", "-"}:
            self.decide("")
        else:
            return False
        return True

    def _write(self, event: QKeyEvent) -> bool:
        crop, line = self.grid.crop, self.grid.line
        if crop is None:
            return False
        fresh = not line.text() or line.selectedText() == line.text()
        if event.key() in _ENTER:
            self._accept(crop, normal(field_of(crop), line.text()))
        elif event.text() == "-" and fresh:
            self.decide("")
        elif event.text() in {"+", "="} and fresh:
            if crop.ledger:
                self.decide(crop.ledger)
            else:
                self._told("台账没有这一项，请照裁片录入", "warning")
        else:
            return False
        return True

    def _accept(self, crop: Crop, text: str) -> None:
        why = wrong(field_of(crop), text) if text else ""
        if not text:
            self._told("还没有录入；格里确实没有字，按 -", "warning")
        elif why and self._refused != f"{crop.page} {crop.place} {text}":
            self._refused = f"{crop.page} {crop.place} {text}"
            self._told(f"{why}。裁片上确是这样，再按一次 Enter", "error")
            self.grid.line.selectAll()
        else:
            self.decide(text)

    def _read_groups(self) -> None:
        self._asked += 1
        asked = self._asked

        def take(groups: Sequence[CropGroup]) -> None:
            if asked == self._asked:
                self._take_groups(groups)

        if not self.groups:
            self.state.loading()
            self._pages.setCurrentIndex(0)
        self._context.jobs.read(self._services.groups, take, lambda error: self._failed(error, asked))

    def _take_groups(self, groups: Sequence[CropGroup]) -> None:
        self.groups = [group for group in groups if group.waiting or group.key == self._wanted]
        if not self.groups:
            self._none()
            return
        key = next((group.key for group in self.groups if group.key in {self._wanted, *([] if self._wanted else [self._group])}), "")
        self.list.blockSignals(True)
        self.list.clear()
        for group in self.groups:
            item = QListWidgetItem(f"{group.title}  {group.waiting:,}")
            item.setData(Qt.ItemDataRole.UserRole, group.key)
            item.setToolTip(f"{group.title}：{group.waiting:,} 格等待判读")
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(max([group.key for group in self.groups].index(key) if key else 0, 0))
        self._read_crops()

    def _read_crops(self) -> None:
        group = self._present()
        if group is None:
            return
        self._group = group.key
        self._asked += 1
        asked = self._asked

        def take(crops: Sequence[Crop]) -> None:
            if asked == self._asked:
                self._take_crops(group, crops)

        self._context.jobs.read(lambda: self._services.crops(group.key), take, lambda error: self._failed(error, asked))

    def _take_crops(self, group: CropGroup, crops: Sequence[Crop]) -> None:
        self.store.forget()
        self.title.setText(group.title)
        self._told("", "")
        self.grid.show_crops(crops)
        self._dress()
        self._count()
        if crops:
            self._show_wall()
        else:
            self._all_decided()

    def _show_wall(self) -> None:
        self._pages.setCurrentIndex(1)
        self._walls.setCurrentIndex(0)
        self.grid.start()

    def _all_decided(self) -> None:
        following = self._other()
        if following is None:
            hint = "再扫一批表单，或回到待处理"
            self.after.say("check", "都判完了", hint, ("重新读取", self._read_groups), level="success")
        else:
            offer = (f"下一组：{following.title}", lambda: self._turn(1))
            self.after.say("check", "这一组判完了", f"还有 {following.waiting:,} 格在下一组", offer, level="success")
        self._pages.setCurrentIndex(1)
        self._walls.setCurrentIndex(1)
        self.after.setFocus(Qt.FocusReason.OtherFocusReason)

    def _other(self) -> CropGroup | None:
        """The next field that waits."""
        at = self.list.currentRow()
        order = [self.groups[(at + offset) % len(self.groups)] for offset in range(1, len(self.groups))]
        return next((group for group in order if group.waiting), None)

    def _turn(self, step: int) -> None:
        if self.groups:
            self.list.setCurrentRow((self.list.currentRow() + step) % len(self.groups))

    def _present(self) -> CropGroup | None:
        row_ = self.list.currentRow()
        return self.groups[row_] if 0 <= row_ < len(self.groups) else None

    def _none(self) -> None:
        self.state.say("check", "没有等待判读的格子", "扫描件里拿不准的勾和手写内容会排在这里", ("重新读取", self._read_groups))
        self._pages.setCurrentIndex(0)

    def _failed(self, error: Exception, asked: int) -> None:
        if asked != self._asked:
            return
        what = getattr(error, "message", "") or "读取裁片时出错"
        self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self._read_groups), level="error")
        self._pages.setCurrentIndex(0)

    def _follow(self) -> None:
        """The present crop beside the wall."""
        crop = self.grid.crop
        if crop is None:
            return
        self.sheet.setText(crop.sheet_no)
        self.about.setText(crop.about)
        self.ledger.setText(f"台账：{crop.ledger}")
        self.ledger.setVisible(bool(crop.ledger))
        self.hint.setText(f"{hint(crop)}（墨迹 {crop.ink:.1%}）")
        self.hint.setVisible(crop.kind == "tick")
        picture = self.grid.picture()
        if picture is None or picture.isNull():
            self.picture.clear()
        else:
            room = QSize(_SIDE - 44, 140)
            self.picture.setPixmap(picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation))
        self._told("", "")

    def _told(self, text: str, level: str) -> None:
        self.message.setText(text)
        self.message.setProperty("ink", level)
        self.message.setVisible(bool(text))
        restyle(self.message)

    def _count(self) -> None:
        every, done = len(self.grid.crops), len(self.grid.values)
        self.count.setText(f"已判 {done:,}/{every:,} 格，拿不准的在前")
        self.back.setEnabled(bool(done))
        item, group = self.list.currentItem(), self._present()
        if group is not None:
            item.setText(f"{group.title}  {every - done:,}")

    def _follow_store(self) -> None:
        waiting = self.store.waiting()
        self.saved.setText(f"{waiting} 格未保存" if self.store.broken else "正在保存" if waiting else "已保存")
        self.saved.setProperty("ink", "error" if self.store.broken else "")
        restyle(self.saved)
        self.again.setVisible(self.store.broken)

    def _tell_all(self) -> None:
        self._context.bus.tell(Changed.HISTORY)
        self.decided.emit()

    def _dress(self) -> None:
        self.legend.set_keys(TEXT_KEYS if self.grid.written else TICK_KEYS)

    def _lay_out(self) -> None:
        self.after = StateView()
        self.after.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.after.setAccessibleName("这一组判完了")
        self._walls = QStackedWidget()
        self._walls.addWidget(self.grid)
        done = card()
        column(self.after, parent=done, gap=0, margin=1)
        self._walls.addWidget(done)
        side = card()
        side.setFixedWidth(_SIDE)
        frame = card()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedHeight(150)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column(self.picture, parent=frame, gap=0, margin=6)
        column(self.sheet, self.about, frame, self.ledger, self.hint, self.message, None, self.back, parent=side, gap=8, margin=14)
        wall = QWidget()
        bar = row(self.title, self.count, None, self.saved, self.again, gap=10)
        middle = row(self.list, self._walls, side, gap=12)
        middle.setStretch(1, 1)
        column(bar, middle, self.legend, parent=wall, gap=10).setStretch(1, 1)
        before = card()
        column(self.state, parent=before, gap=0, margin=1)
        self._pages.addWidget(before)
        self._pages.addWidget(wall)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _row: self._read_crops())
        self.grid.moved.connect(self._follow)
        self.store.moved.connect(self._follow_store)
        self.store.stored.connect(self._stored)
        self.store.failed.connect(self._not_stored)

    def _stored(self, _changed: Changed) -> None:
        self._telling.start()
        self._closing.stored()

    def _not_stored(self, error: Exception) -> None:
        self._closing.wanted = False
        self._context.notices.show(error, f"{self.store.waiting()} 格没有保存", retry=self.store.retry)


def _is_undo(event: QKeyEvent) -> bool:
    return bool(event.matches(QKeySequence.StandardKey.Undo))
