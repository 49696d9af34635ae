"""What each key does to the sheet that is typed; answered at once, nothing in here waits for the station."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from lvdesk.fieldwork.keying_values import fitted, normal, wrong
from ui.panes.fieldwork.keying_form import KeyingForm, Stop
from ui.panes.fieldwork.keying_keys import Burst, Deed, deed_of
from ui.panes.fieldwork.keying_words import is_sheet_number, stop_title

if TYPE_CHECKING:
    from ui.panes.fieldwork.keying_page import KeyingPage

_REST_MS = 60
_ENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}  # what guns send behind a code
_WORDS = {"text", "choice"}


class Hands(QObject):
    """Listens to the keys of a page.

    Attributes:
        clock: milliseconds of a key, for telling a gun from fingers.
    """

    def __init__(self, page: "KeyingPage") -> None:
        super().__init__(page)
        self._page = page
        self.clock: Callable[[QKeyEvent], float] = _moment
        self._burst = Burst()
        self._before: tuple[str, dict[str, str | None]] = ("", {})
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._fingers)

    def settle(self) -> None:
        """What came as a burst and ended without Enter is done with."""
        if self._rest.isActive():
            self._rest.stop()
            self._fingers()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        form = self._page.form
        if form is not None and form.stops and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and deed_of(event, signs=False):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._key(form, event)
        return super().eventFilter(watched, event)

    def _key(self, form: KeyingForm, event: QKeyEvent) -> bool:
        """Answers a key; False leaves it to the line that is typed in."""
        stop, text, moment = form.stop, event.text(), self.clock(event)
        if event.key() in _ENDS:
            code = self._burst.end(moment)
            if code and self._code(form, code):
                return True
        signs = (stop.field.kind not in _WORDS or self._page.untouched()) and not self._burst.runs(moment)
        deed = deed_of(event, signs=signs)
        if deed is not None:
            self.settle()
            self._burst.text = ""
            self._do(form, deed)
            return True
        if len(text) != 1 or not text.isprintable() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        fast = self._burst.feed(text, moment)
        if not fast:
            self.settle()
            self._before = (self._page.typed(), {field.place: form.values[field.place] for field in stop.fields})
        if stop.ticks:
            self._tick(form, text, fast=fast)
            return True
        if stop.field.kind not in {*_WORDS, "barcode"} and text not in "0123456789０１２３４５６７８９.":
            self._page.told.emit("这里只填数字", "warning")
            return True
        return False

    def _tick(self, form: KeyingForm, text: str, *, fast: bool) -> None:
        if fast:  # a gun: its first digit was no tick
            form.restore(form.stop, self._before[1])
            self._rest.start()
        elif text == "0":
            form.empty(form.stop)
        elif not (text.isdecimal() and form.toggle(form.stop, int(text))):
            self._page.told.emit(f"按 1 至 {len(form.stop.fields)} 打勾，0 或 - 为空白", "warning")
            return
        self._page.changed()

    def _fingers(self) -> None:
        """Two keys at once were fingers after all: both count."""
        form, letters = self._page.form, self._burst.text
        self._burst.text = ""
        if form is not None and form.stop.ticks:
            for letter in letters:
                if letter.isdecimal():
                    form.toggle(form.stop, int(letter))
            self._page.changed()

    def _do(self, form: KeyingForm, deed: Deed) -> None:
        page = self._page
        match deed:
            case Deed.NEXT:
                self._accept(form)
            case Deed.SKIP | Deed.BACK:
                page.go(form.following(1 if deed is Deed.SKIP else -1))
            case Deed.BLOCK_NEXT | Deed.BLOCK_BACK:
                page.go(form.block_start(1 if deed is Deed.BLOCK_NEXT else -1))
            case Deed.OPEN | Deed.OPEN_BACK:
                page.settle_field()
                found = form.open_stop(1 if deed is Deed.OPEN else -1)
                if found is None:
                    page.told.emit("没有待办的栏了，按 F9 完成", "success")
                else:
                    page.go(found)
            case Deed.BLOCK:
                self._block(form)
            case Deed.LEDGER:
                self._ledger(form)
            case Deed.EMPTY:
                form.empty(form.stop)
                self._advance(form)

    def _block(self, form: KeyingForm) -> None:
        if form.second:
            self._page.told.emit("第二遍要逐栏录入", "warning")
            return
        block = form.stop.block
        form.take_block(block)
        following = form.block_start(1)
        if form.stops[following].block != block:
            form.go(following)
        self._page.said.emit()
        self._page.stand(focus=True)

    def _ledger(self, form: KeyingForm) -> None:
        if form.take_ledger(form.stop):
            self._advance(form)
        else:
            why = "第二遍不显示台账，请照纸面录入" if form.second else "台账没有这一项，请照纸面录入"
            self._page.told.emit(why, "warning")

    def _accept(self, form: KeyingForm) -> None:
        stop = form.stop
        if stop.ticks and form.differs(stop):
            self._page.settled.emit(form.settle(stop))
        elif stop.ticks:
            form.finish_ticks(stop)
        else:
            text = normal(stop.field, self._page.typed())
            if form.differs(stop) and text == form.text(stop):
                self._page.settled.emit(form.settle(stop))
            else:
                why = form.refuses(text)
                if why:
                    self._page.told.emit(f"{why}。纸面确是这样，再按一次 Enter", "error")
                    self._page.retype(self._page.typed())
                    return
                form.write(stop, text)
        self._advance(form)

    def _advance(self, form: KeyingForm) -> None:
        """What was said is stored, the keyboard goes to the next stop."""
        following = form.following(1)
        at_end = following == form.here
        form.go(following)
        self._page.said.emit()
        self._page.stand(focus=True)
        if at_end:
            self._page.told.emit("已到最后一栏，按 F9 完成", "info")

    def _code(self, form: KeyingForm, code: str) -> bool:
        """Takes what a gun sent to the field it belongs to; False when it is just what was typed here."""
        stop = form.stop
        if is_sheet_number(code):
            self._put_back(form)
            self._page.scanned.emit(code)
            return True
        target = _field_for(form, code)
        if target is stop:
            self._page.retype(fitted(stop.field, code) or code)
            return False
        self._put_back(form)
        if target is None:
            self._page.told.emit(f"扫到 {code}，这一块没有能填它的栏", "warning")
            return True
        form.write(target, fitted(target.field, code) or code)
        self._page.said.emit()
        self._page.told.emit(f"扫到的条码已填入“{target.field.title or stop_title(target)}”", "success")
        return True

    def _put_back(self, form: KeyingForm) -> None:
        """The burst was not meant for the present stop."""
        self._rest.stop()
        if form.stop.ticks:
            form.restore(form.stop, self._before[1])
        else:
            self._page.retype(self._before[0])
        self._page.changed()


def _field_for(form: KeyingForm, code: str) -> Stop | None:
    """The stop that a scanned code belongs to: the present one if it can be, else one beside it, else an empty barcode of the block."""
    stop = form.stop
    mine = [] if stop.ticks else [stop]
    beside = [each for each in form.beside(stop) if each is not stop and not form.text(each)]
    block = [each for each in form.stops if each.block == stop.block and each.field.kind == "barcode" and not form.text(each)]
    near = [each for each in (*beside, *block) if each is not stop]
    for each in (*near, *mine) if stop.field.kind in _WORDS else (*mine, *near):
        value = fitted(each.field, code)
        if value is not None and not wrong(each.field, value):
            return each
    return stop if mine and fitted(stop.field, code) is not None else None


def _moment(event: QKeyEvent) -> float:
    return float(event.timestamp()) or time.perf_counter() * 1000
