"""Heads-down typing of paper sheets: a number, the sheet as on the paper, the next number."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from lvdesk.fieldwork.keying_model import KeyingSheet, SheetFinished
from lvdesk.fieldwork.keying_values import day_of
from lvdesk.network.changed import Changed
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.keying_aside import KeyingAside
from ui.panes.fieldwork.keying_closing import Closing
from ui.panes.fieldwork.keying_form import BY, ON, KeyingForm
from ui.panes.fieldwork.keying_keys import LEGEND, LEGEND_SECOND
from ui.panes.fieldwork.keying_legend import Legend
from ui.panes.fieldwork.keying_loading import KeyingServices, Typed
from ui.panes.fieldwork.keying_page import KeyingPage
from ui.panes.fieldwork.keying_start import KeyingStart
from ui.panes.fieldwork.keying_store import KeyingStore
from ui.panes.fieldwork.keying_words import place_title, sheet_number
from ui.parts import button, card, chip, clearable, column, label, restyle, row
from ui.theme.icons import icon
from ui.widgets.state_view import StateView

_TELL_MS = 1500
_OWN_KEYS = {Qt.Key.Key_F9, Qt.Key.Key_Escape}
_START, _STATE, _SHEET = range(3)


class KeyingView(QWidget):
    """Signals: finished(sheet_no): its results are in.

    Attributes:
        head: number, what is being done, finish; for the line above the views.
        page: the sheet; ``store`` what was typed on its way.
    """

    finished = Signal(str)

    def __init__(self, context: Context, services: KeyingServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._asked = 0
        self._opening = self._last = ""
        self._warned = False
        self.number = clearable(QLineEdit())
        self.number.setPlaceholderText("扫码或输入表单编号  Ctrl+G")
        self.number.setAccessibleName("扫码或输入表单编号")
        self.number.addAction(QAction(icon("barcode"), "扫码", self.number), QLineEdit.ActionPosition.LeadingPosition)
        self.number.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly)
        self.number.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.saved = label("", "muted")
        self.again = button("重试", self._retry, "link", "refresh", name="重新保存")
        self.done = button("完成  F9", self.finish, "primary", "check", name="完成这张表单")
        self.start_page = KeyingStart(context, services)
        self.page = KeyingPage()
        self.aside = KeyingAside(context.jobs, services.crop)
        self.store = KeyingStore(context.jobs, services, self)
        self._closing = Closing(self, self.store, self._leave)
        self.state = StateView()
        self.heading, self.mode = label("", "h2"), chip("")
        self.about, self.count = label("", "muted"), label("", "muted")
        self.legend = Legend()
        self._views = QStackedWidget()
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(_TELL_MS)
        self._telling.timeout.connect(lambda: context.bus.tell(Changed.HISTORY))
        self._lay_out()
        self._connect()
        self._show(_START)
        self._follow_store()

    @property
    def form(self) -> KeyingForm | None:
        """The sheet being keyed."""
        return self.page.form

    def start(self) -> None:
        """Puts the keyboard where typing goes on: on the sheet, else on the line for numbers."""
        if self._views.currentIndex() == _SHEET:
            self.page.start()
        else:
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
            self.number.selectAll()

    def refresh(self) -> None:
        """Reads again what waits, and what the station knows of the open sheet; what is being typed stays."""
        self.start_page.refresh()
        form = self.form
        if form is None or self.store.waiting():
            return
        number, second = form.sheet.sheet_no, form.second

        def take(sheet: KeyingSheet) -> None:
            if self.form is form:
                form.take(sheet, self.store.places(number))
                self._follow()

        self._context.jobs.read(lambda: self._services.sheet(number, second=second), take, lambda _error: None)

    def open_sheet(self, sheet_no: str, second: bool = False) -> None:
        """Opens a sheet by its number or code."""
        said = sheet_number(sheet_no, self._last)
        if not said:
            return
        self._leave()
        self._asked += 1
        asked = self._asked
        self._opening = said

        def read() -> KeyingSheet:
            number = self._services.sheet_no(said)
            sheet = self._services.sheet(number, second=second)
            return self._services.sheet(number, second=True) if sheet.state == "second" and not second else sheet

        def take(sheet: KeyingSheet) -> None:
            if asked == self._asked:
                self._take(sheet, second=second or sheet.state == "second")

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error, said, second=second)

        self.state.loading()
        self._show(_STATE)
        self._context.jobs.read(read, take, fail)

    def finish(self) -> None:
        """Takes the results in; asks once more when something is open."""
        form = self.form
        if form is None or self._views.currentIndex() != _SHEET:
            return
        self.page.settle_field()
        if self.store.broken:
            self._told("还有没保存的内容，先按“重试”", "error")
            return
        missing, wrong = form.left()
        if (missing or wrong) and not self._warned:
            self._warned = True
            parts = [f"{missing} 栏没有录" + ("" if form.second else "，按空白计")] * bool(missing) + [f"{wrong} 栏有问题"] * bool(wrong)
            self._told(f"{'；'.join(parts)}。再按 F9 完成，F8 到那一栏", "warning")
            return
        number = form.sheet.sheet_no
        self._context.jobs.run(
            f"正在完成 {number}",
            lambda progress: self._services.finish(number, progress),
            done=self._finished,
            failed=lambda error: self._context.notices.show(error, f"{number} 没有完成"),
        )

    def leave_sheet(self) -> None:
        """Back to what waits; everything typed is kept."""
        self._leave()
        self._asked += 1
        self.page.show_form(None)
        self.aside.show_form(None)
        self._show(_START)
        self.start_page.refresh()
        self.start()
        self._context.bus.tell(Changed.RETURNS)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _own(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F9:
            self.finish()
        elif event.key() == Qt.Key.Key_Escape:
            if self.number.hasFocus() and self._views.currentIndex() == _SHEET:
                self.page.start()
            else:
                self.leave_sheet()
        else:
            self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.number.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._closing.watch()

    def hideEvent(self, event: QHideEvent) -> None:
        self._leave()
        super().hideEvent(event)

    def _leave(self) -> None:
        self.page.settle_field()

    def _take(self, sheet: KeyingSheet, *, second: bool) -> None:
        self._last = sheet.sheet_no
        form = KeyingForm(sheet, self._services.problem, second=second)
        if not form.stops:
            why = "不需要第二遍录入" if second else "没有要录入的栏"
            self.state.say("check", f"{sheet.sheet_no} {why}", "扫下一张，或输入编号", ("查看待录表单", self.leave_sheet))
            self._show(_STATE)
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
            self.number.selectAll()
            return
        self._warned = False
        self._dress(form)
        self._show(_SHEET)
        self.aside.show_form(form)
        self.page.show_form(form)
        self.number.clear()
        self.page.start()

    def _dress(self, form: KeyingForm) -> None:
        sheet = form.sheet
        self.heading.setText(sheet.sheet_no)
        self.mode.setText("第二遍录入" if form.second else "已完成，可以改" if sheet.state == "done" else "录入")
        self.mode.setProperty("chip", "warning" if form.second else "success" if sheet.state == "done" else "info")
        restyle(self.mode)
        people = "、".join(sheet.people)
        self.about.setText(" · ".join(part for part in (sheet.form_title, sheet.package_no, people) if part))
        self.legend.set_keys(LEGEND_SECOND if form.second else LEGEND)

    def _failed(self, error: Exception, said: str, *, second: bool) -> None:
        what = getattr(error, "message", "") or f"没有读到表单 {said}"
        hint = getattr(error, "hint", "") or "请核对编号"
        offers = (("重试", lambda: self.open_sheet(said, second)), ("查看待录表单", self.leave_sheet))
        self.state.say("error", what, hint, *offers, level="error")
        self._show(_STATE)
        self.number.setText(said)
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        self.number.selectAll()

    def _store(self, settled: tuple[str, ...] = ()) -> None:
        """Sends what was said since the last time."""
        form = self.form
        if form is None:
            return
        said = form.unsent()
        on, by = said.pop(ON, ""), said.pop(BY, "")
        said |= {place: form.values[place] or "" for place in settled}
        if said or on or by:
            day = day_of(on)
            self._warned = False
            self.store.put(Typed(form.sheet.sheet_no, said, form.second, day.isoformat() if day else on, by, settled))
        self._count()

    def _stored(self, sheet: KeyingSheet, typed: Typed) -> None:
        form = self.form
        if form is not None and (form.sheet.sheet_no, form.second) == (sheet.sheet_no, typed.second):
            form.take(sheet, self.store.places(sheet.sheet_no))
            self._follow()
            self._tell_differing(form, typed)
        self._telling.start()
        self._closing.stored()

    def _tell_differing(self, form: KeyingForm, typed: Typed) -> None:
        """The second person is already further on when the first one's value is known to be another."""
        found = [stop for stop in form.stops if form.differs(stop) and stop is not form.stop and stop.field.place in typed.values]
        if found:
            self._told(f"“{place_title(found[0])}”与第一遍录入不一致，F8 回去看", "warning")

    def _refused(self, sheet_no: str, place: str, why: str) -> None:
        form = self.form
        if form is not None and form.sheet.sheet_no == sheet_no and form.refuse(place, why):
            self._follow()
        else:
            offer = Offer("打开", lambda: self.open_sheet(sheet_no))
            self._context.notices.warning(f"{sheet_no} 有一栏没有保存", why, "请打开这张表单再录一遍", offers=(offer,))

    def _not_stored(self, error: Exception) -> None:
        self._closing.wanted = False
        self._context.notices.show(error, f"{self.store.waiting()} 栏没有保存", retry=self._retry)

    def _retry(self) -> None:
        self.store.retry()

    def _finished(self, done: SheetFinished) -> None:
        self._context.bus.tell(done.changed | Changed.HISTORY)
        if done.waiting:
            self._context.notices.info(f"{done.sheet_no} 还要第二遍录入 {done.waiting} 栏", "条码、接入点等要由另一个人再录一遍")
        else:
            self._context.notices.success(f"{done.sheet_no} 已完成，{done.rows} 行采录结果")
        if self.form is not None and self.form.sheet.sheet_no == done.sheet_no:
            self.leave_sheet()
        self.finished.emit(done.sheet_no)

    def _told(self, text: str, level: str) -> None:
        self.aside.tell(text, level)

    def _moved(self) -> None:
        self.aside.tell("", "")
        self.aside.follow()

    def _follow(self) -> None:
        self.page.follow()
        self.aside.follow()
        self._count()

    def _count(self) -> None:
        form = self.form
        if form is not None:
            missing, wrong = form.left()
            every = len(form.stops)
            self.count.setText(f"已录 {every - missing}/{every} 栏" + (f" · {wrong} 栏有问题" if wrong else ""))

    def _follow_store(self) -> None:
        waiting = self.store.waiting()
        self.saved.setText(f"{waiting} 栏未保存" if self.store.broken else "正在保存" if waiting else "已保存")
        self.saved.setProperty("ink", "error" if self.store.broken else "")
        restyle(self.saved)
        self.again.setVisible(self.store.broken)

    def _show(self, page: int) -> None:
        self._views.setCurrentIndex(page)
        self.done.setVisible(page == _SHEET)
        self.saved.setVisible(page == _SHEET or bool(self.store.waiting()))

    def _lay_out(self) -> None:
        self.head = QWidget()
        self.number.setFixedWidth(250)
        row(self.number, None, self.saved, self.again, self.done, parent=self.head, gap=8)
        sheet = QWidget()
        bar = row(self.heading, self.mode, self.about, None, self.count, gap=10)
        middle = row(self.page, self.aside, gap=12)
        middle.setStretch(0, 1)
        column(bar, middle, self.legend, parent=sheet, gap=10).setStretch(1, 1)
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        for part in (self.start_page, waiting, sheet):
            self._views.addWidget(part)
        column(self._views, parent=self, gap=0)

    def _connect(self) -> None:
        self.number.returnPressed.connect(lambda: self.open_sheet(self.number.text()))
        self.start_page.opened.connect(self.open_sheet)
        self.page.unsaved = lambda: self.store.places(self.form.sheet.sheet_no) if self.form else set()
        self.page.said.connect(self._store)
        self.page.settled.connect(lambda places: self._store(tuple(places)))
        self.page.moved.connect(self._moved)
        self.page.told.connect(self._told)
        self.page.scanned.connect(self.open_sheet)
        self.store.moved.connect(self._follow_store)
        self.store.stored.connect(self._stored)
        self.store.failed.connect(self._not_stored)
        self.store.refused.connect(self._refused)


def _own(event: QKeyEvent) -> bool:
    find = event.key() == Qt.Key.Key_G and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return find or (event.key() in _OWN_KEYS and event.modifiers() == Qt.KeyboardModifier.NoModifier)
