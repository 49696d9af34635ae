"""One difference: both values, what speaks for it, where it came from, the way to the record."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QStackedWidget, QWidget

from lvdesk.fieldwork.return_model import FieldDifferenceView
from ui.moments import said
from ui.panes.fieldwork.return_words import CLASS_LEVELS, NOTHING, title_of
from ui.parts import button, chip, column, label, line, restyle, row, scrolled, tool
from ui.widgets.state_view import StateView


class DifferenceInspector(QFrame):
    """Signals: ledger_asked(FieldDifferenceView), package_asked(number)."""

    ledger_asked = Signal(object)
    package_asked = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._today = today
        self.view: FieldDifferenceView | None = None
        self.state = StateView()
        self.title, self.klass = _text("h2"), chip("")
        self.about = _text("muted")
        self.ledger, self.field = _value("ledger"), _value("field")
        self.evidence, self.origin, self.area = _text(), _text(), _text()
        self.none = label("现场没有写明别的依据", "muted", wrap=True)
        self.found = label("", "muted", wrap=True)
        self.copy_key = tool("copy", "复制编号", self._copy, side=16)
        self.open = button("在台账中查看  Enter", self._open, "primary", "ledger", name="在台账中查看")
        self.package = button("", self._open_package, "link", "clipboard", name="打开任务包")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        column(self._pages, parent=self, gap=0, margin=1)
        self.show_difference(None)

    def show_difference(self, view: FieldDifferenceView | None) -> None:
        """Shows one, or that none is chosen."""
        self.view = view
        if view is None:
            self.state.say("info", "没有选中差异", "在表中选一行，这里显示两边的值、依据和出处")
            self._pages.setCurrentIndex(0)
            return
        self.title.setText(view.key or view.entity_title)
        self.klass.setText(view.title)
        self.klass.setProperty("chip", CLASS_LEVELS[view.klass])
        restyle(self.klass)
        self.about.setText(" · ".join(part for part in (view.entity_title, title_of(view)) if part))
        for part, text in ((self.ledger, view.ledger), (self.field, view.field_value)):
            part.setText(text or NOTHING)
        self.evidence.setText("\n".join(f"· {each}" for each in view.evidence))
        self.evidence.setVisible(bool(view.evidence))
        self.none.setVisible(not view.evidence)
        sheet = f"第 {view.row} 行" if view.row else ""
        self.origin.setText(" › ".join(part for part in (view.file, view.sheet, sheet) if part) or NOTHING)
        self.area.setText(" ".join(part for part in (view.area_name, view.area_no) if part) or "未归属台区")
        resolved = "，之后已消除" if view.status == "resolved" else ""
        self.found.setText(f"{said(view.found_at, self._today)} 发现{resolved}")
        self.package.setVisible(bool(view.package_no))
        self.package.setText(view.package_no)
        self.open.setEnabled(view.record is not None)
        self.open.setToolTip("" if view.record is not None else "台账中没有这条记录")
        self._pages.setCurrentIndex(1)

    def _page(self) -> QWidget:
        about = row(self.klass, self.about, gap=8)
        about.setStretch(1, 1)
        head = row(self.title, self.copy_key, gap=4)
        head.setStretch(0, 1)
        head.setAlignment(self.copy_key, Qt.AlignmentFlag.AlignTop)
        values = QGridLayout()
        values.setHorizontalSpacing(10)
        values.setVerticalSpacing(6)
        for place, (title, part) in enumerate((("台账", self.ledger), ("现场", self.field))):
            values.addWidget(label(title, "muted"), place, 0, Qt.AlignmentFlag.AlignVCenter)
            values.addWidget(part, place, 1)
        values.setColumnStretch(1, 1)
        inner = QWidget()
        inner.setProperty("page", "true")
        told = (_section("依据", self.evidence, self.none), _section("出处", self.origin), _section("台区", self.area))
        deed, package = row(self.open, None), row(self.package, None)
        inside = column(about, head, values, deed, line(), *told, package, self.found, None, parent=inner, gap=10)
        self.package.setProperty("edge", "true")
        inside.setContentsMargins(16, 14, 14, 14)
        return scrolled(inner)

    def _open(self) -> None:
        if self.view is not None:
            self.ledger_asked.emit(self.view)

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


def _value(side: str) -> QLabel:
    made = _text()
    made.setProperty("value", side)
    return made


def _section(title: str, *parts: QWidget) -> QWidget:
    made = QWidget()
    column(label(title, "muted"), *parts, parent=made, gap=3)
    return made
