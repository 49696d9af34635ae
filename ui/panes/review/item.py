"""One item: where it is, why it is here, both sides, what speaks for it, what was decided before, and the keys."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QScrollArea, QStackedWidget, QWidget

from lvdesk.review.model import KIND_TITLES, STATE_TITLES, Action, ItemView
from ui.panes.review.foot import Keys
from ui.panes.review.pictures import Pictures
from ui.panes.review.sides import SidesTable
from ui.panes.review.snippet import Snippet, apart
from ui.panes.review.why import WhyForm
from ui.panes.review.words import KIND_LEVELS, STAGE_LEVELS, note, origin, step_lines, waited, why
from ui.parts import Elided, button, chip, column, label, line, restyle, row, scrolled, tool
from ui.widgets.banner import Banner
from ui.widgets.state_view import StateView

_WIDE = 700


class ItemCard(QFrame):
    """Signals: asked(Action): Enter or one of the keys; opened(entity, key): see it in the ledger; package_asked(number); left()."""

    asked = Signal(object)
    opened = Signal(str, str)
    package_asked = Signal(str)
    left = Signal()

    def __init__(self, pictures: Pictures, foot: Keys, today: date, form: WhyForm | None = None) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._today = today
        self.view: ItemView | None = None
        self.state, self.note = StateView(), Banner()
        self.kind, self.stage, self.waiting = chip(""), chip(""), label("", "muted")
        self.title, self.why = _text("h2"), _text("muted")
        self.path = Elided("", Qt.TextElideMode.ElideLeft, "muted")
        self.sides, self.pictures, self.snippet = SidesTable(), pictures, Snippet()
        self.apart = _text()
        self.evidence, self.origin, self.entered, self.steps = _text(), _text(), _text("muted"), _text()
        self.open = button("在台账中查看", self._open, "link", "ledger")
        self.package = button("", self._open_package, "link", "clipboard", name="打开任务包")
        self.foot, self.form = foot, form
        self._asking = False
        self._pages = QStackedWidget()
        self._lay_out()
        self.sides.changed.connect(lambda: self.foot.show_given(len(self.sides.given())))
        self.sides.left.connect(self.start)
        foot.asked.connect(self.asked)
        if form is not None:
            form.left.connect(self.close_form)
        self.say("info", "没有选中事项", "在表中选一行，按 Enter 放大；F9 通过，F10 改后通过，F11 退回")

    def show_view(self, view: ItemView) -> None:
        """Shows an item."""
        again = self.view is not None and self.view.id == view.id and self._pages.currentIndex() == 1
        self.view = view
        self._head(view)
        self._note(view)
        self.sides.show_sides(view.sides, editable=Action.CORRECT in view.allowed)
        self.evidence.setText("\n".join(f"· {each}" for each in view.evidence) or "现场没有写明别的依据")
        self.pictures.show_item(view)
        self.snippet.show_spots(view.spots)
        self.apart.setText(apart(view.spots))
        self._where.setVisible(bool(view.spots))
        self._seen.setVisible(bool(view.photos or view.crops))
        self.origin.setText(origin(view) or "没有采录行")
        self.entered.setText(f"采录、录入：{'、'.join(view.entered_by)}" if view.entered_by else "")
        self.entered.setVisible(bool(view.entered_by))
        self.package.setText(f"任务包 {view.package_no}")
        self.package.setVisible(bool(view.package_no))
        self.open.setEnabled(view.record is not None)
        lines = step_lines(view, self._today)
        self.steps.setText("\n".join(lines))
        self._past.setVisible(bool(lines))
        self.foot.show_view(view, locked=bool(view.locked_by))
        self.foot.show_given(0)
        self.close_form()
        self._pages.setCurrentIndex(1)
        if not again:
            self._scroll.verticalScrollBar().setValue(0)

    def say(self, sign: str, title: str, hint: str = "", *offers: tuple[str, object], level: str = "") -> None:
        """Says something in place of an item."""
        self.view = None
        self.state.say(sign, title, hint, *offers, level=level)  # type: ignore[arg-type]
        self._pages.setCurrentIndex(0)

    def wait(self) -> None:
        """An item is on its way."""
        self.view = None
        self.state.loading()
        self._pages.setCurrentIndex(0)

    def start(self) -> None:
        """Puts the keyboard on the item: Enter passes it."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    def working(self) -> bool:
        """Whether the keyboard is on the item."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def ask_why(self, action: Action, *, limit: int) -> None:
        """Asks for a reason in place of the keys."""
        if self.view is not None and self.form is not None:
            self._show_form(shown=True)
            self.form.ask(action, often=self.view.returns, limit=limit)

    def asking(self) -> bool:
        """Whether a reason is being asked for."""
        return self._asking

    def close_form(self) -> None:
        """The keys again."""
        if self.asking():
            self._show_form(shown=False)
            self.start()

    def _show_form(self, *, shown: bool) -> None:
        self._asking = shown
        self.foot.setVisible(not shown)
        if self.form is not None:
            self.form.setVisible(shown)

    def show_offers(self, *offers: tuple[str, object]) -> None:
        """Ways on beside what must be known first."""
        if self.view is not None:
            level, what, more = note(self.view)
            if level:
                self.note.say(level, what, more, *offers)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not event.isAutoRepeat():
                self.asked.emit(Action.CONFIRM)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(wide=event.size().width() >= _WIDE)

    def _head(self, view: ItemView) -> None:
        self.title.setText(" ".join(part for part in (view.title, view.key if view.key != view.title else "") if part))
        for part, text, level in (
            (self.kind, KIND_TITLES[view.kind], KIND_LEVELS.get(view.kind, "neutral")),
            (self.stage, STATE_TITLES[view.state], STAGE_LEVELS.get(view.state, "neutral")),
        ):
            part.setText(text)
            if part.property("chip") != level:
                part.setProperty("chip", level)
                restyle(part)
        self.waiting.setText(waited(view))
        self.path.set_text(" › ".join(view.place) or view.area_name or "未归属台区")
        self.why.setText(why(view))

    def _note(self, view: ItemView) -> None:
        level, what, more = note(view)
        if level:
            self.note.say(level, what, more)
        else:
            self.note.hide()

    def _lay_out(self) -> None:
        chips = row(self.kind, self.stage, None, self.waiting, tool("copy", "复制编号", self._copy, side=16), gap=6)
        self._said, self._looked, self._told = QWidget(), QWidget(), QWidget()
        self._seen, self._where = _section("照片与表单", self.pictures), _section("位置", self.apart, self.snippet)
        self._past = _section("经过", self.steps)
        column(line(), self.sides, _section("依据", self.evidence), parent=self._said, gap=10)
        column(self._seen, self._where, parent=self._looked, gap=10)
        links = row(self.open, self.package, None, gap=12)
        self.open.setProperty("edge", "true")
        column(_section("出处", self.origin, self.entered), links, self._past, parent=self._told, gap=10)
        body = QWidget()
        self._body = QGridLayout(body)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setHorizontalSpacing(22)
        self._body.setVerticalSpacing(12)
        inner = QWidget()
        inner.setProperty("page", "true")
        inside = column(chips, self.title, self.path, self.note, self.why, body, None, parent=inner, gap=6)
        inside.setContentsMargins(16, 6, 14, 12)
        self._scroll: QScrollArea = scrolled(inner)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName("复核事项")
        self._scroll.setObjectName("reviewItem")
        page = QWidget()
        ends = (self.foot, *([self.form] if self.form is not None else []))
        column(self._scroll, line(), *ends, parent=page, gap=0).setStretch(0, 1)
        self._show_form(shown=False)
        self._pages.addWidget(self.state)
        self._pages.addWidget(page)
        column(self._pages, parent=self, gap=0, margin=1)
        self._is_wide: bool | None = None
        self._arrange(wide=False)

    def _arrange(self, *, wide: bool) -> None:
        if wide == self._is_wide:
            return
        self._is_wide = wide
        for part in (self._said, self._looked, self._told):
            self._body.removeWidget(part)
        top = Qt.AlignmentFlag.AlignTop
        self._body.addWidget(self._said, 0, 0, top)
        self._body.addWidget(self._told, *((1, 0) if wide else (2, 0)), top)
        if wide:
            self._body.addWidget(self._looked, 0, 1, 2, 1, top)
        else:
            self._body.addWidget(self._looked, 1, 0, top)
        self._body.setColumnStretch(0, 11)
        self._body.setColumnStretch(1, 9 if wide else 0)
        self._body.setRowStretch(1, 1 if wide else 0)

    def _open(self) -> None:
        if self.view is not None:
            self.opened.emit(self.view.entity, self.view.key)

    def _open_package(self) -> None:
        if self.view is not None:
            self.package_asked.emit(self.view.package_no)

    def _copy(self) -> None:
        if self.view is not None:
            QGuiApplication.clipboard().setText(self.view.key)


def _text(role: str = "") -> QLabel:
    made = label("", role, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _section(title: str, *parts: QWidget) -> QWidget:
    made = QWidget()
    column(label(title, "muted"), *parts, parent=made, gap=4)
    return made
