"""One disagreement: what each side says, who is right and why, what was decided, and the way up."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from ui.panes.reconcile.way_view import WayView
from ui.parts import button, chip, column, label, line, restyle, row, scrolled

if TYPE_CHECKING:
    from lvdesk.exchange.doctor.model import Trace
    from lvdesk.exchange.reconcile.model import DisagreementView

_STATES: Final = {"open": "warning", "excepted": "neutral", "corrected": "info", "resolved": "success"}
_OWNS: Final = {"marketing": "营销系统", "gis": "电网 GIS", "pms": "电网 GIS", "field": "现场采录"}


class Inspector(QFrame):
    """Signals: opened(entity, key), correct_asked, except_asked, withdraw_asked."""

    opened = Signal(str, str)
    correct_asked = Signal()
    except_asked = Signal()
    withdraw_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.view: DisagreementView | None = None
        self.title, self.todo = label("", "h2", wrap=True), label("", wrap=True)
        self.state, self.klass = chip("", "neutral"), chip("", "neutral")
        self.sides = QGridLayout()
        self.sides.setHorizontalSpacing(12)
        self.sides.setVerticalSpacing(4)
        self.evidence, self.decided, self.why = label("", "muted", wrap=True), label("", "muted", wrap=True), label("", "muted", wrap=True)
        self.way = WayView()
        self.correct = button("派更正  Ctrl+Enter", self.correct_asked.emit, "primary", name="派更正")
        self.allow = button("例外…", self.except_asked.emit, name="列为例外")
        self.back = button("撤回", self.withdraw_asked.emit, name="撤回处理")
        self.open = button("打开台账", self._open, "link")
        inner = QWidget()
        inner.setProperty("page", "true")
        column(
            row(self.klass, self.state, None, self.open), self.title, self.todo, line(), self.sides, label("依据", "h2"), self.evidence,
            self.decided, line(), label("上级电源", "h2"), self.why, self.way, None, parent=inner, gap=8, margin=12,
        )  # fmt: skip
        foot = row(self.correct, self.allow, self.back, None, gap=8)
        foot.setContentsMargins(12, 6, 12, 10)
        body = column(scrolled(inner), foot, parent=self, gap=0)
        body.setStretch(0, 1)
        self.clear()

    def clear(self) -> None:
        """Nothing is chosen."""
        self.view = None
        self.title.setText("选择一处差异")
        self.todo.setText("左边按类别、改正方筛选；派更正、列为例外可以对选中的多行或全部列出的一起做")
        for each in (self.evidence, self.decided, self.why):
            each.setText("")
            each.hide()
        self.klass.hide()
        self.state.hide()
        self.open.hide()
        self._fill([])
        self.way.show_trace(None)

    def show_view(self, view: "DisagreementView") -> None:
        """Shows one."""
        self.view = view
        self.title.setText(f"{view.entity_title} {view.key}  {view.title}".strip())
        self.todo.setText(view.todo)
        for made, text, level in ((self.klass, view.klass_title, "neutral"), (self.state, view.state_title, _STATES[view.state])):
            made.setText(text)
            made.setProperty("chip", level)
            restyle(made)
            made.show()
        self.open.show()
        owner = _OWNS.get(view.owner, view.owner_title)
        sides = [
            ("营销系统", view.marketing),
            ("现场采录", view.field_value),
            ("电网 GIS", view.gis),
            ("台账", view.base),
            ("应为", view.suggestion),
        ]
        self._fill([(name, text, name == owner) for name, text in sides], view.field_title)
        self.evidence.show()
        self.evidence.setText("\n".join(f"· {sentence}" for sentence in view.evidence) or "没有更多依据")
        self.decided.setText(_decided(view))
        self.decided.setVisible(bool(self.decided.text()))

    def show_way(self, trace: "Trace | None", why: str = "") -> None:
        """Shows the way up, or why there is none to show."""
        self.why.setText(why or (trace.why if trace else ""))
        self.why.setVisible(bool(self.why.text()))
        self.way.show_trace(trace)

    def _fill(self, sides: list[tuple[str, str | None, bool]], title: str = "") -> None:
        while self.sides.count():
            gone = self.sides.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.deleteLater()
        if title:
            self.sides.addWidget(label(title, "h2"), 0, 0, 1, 2)
        for place, (name, text, owns) in enumerate(sides, 1):
            head = label(f"{name}{'（维护方）' if owns else ''}", "muted")
            self.sides.addWidget(head, place, 0, Qt.AlignmentFlag.AlignTop)
            self.sides.addWidget(_value(text), place, 1)
        self.sides.setColumnStretch(1, 1)

    def _open(self) -> None:
        if self.view is not None:
            self.opened.emit(self.view.entity, self.view.key)


def _value(text: str | None) -> QLabel:
    made = label(text or "没有", "" if text else "muted", wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _decided(view: "DisagreementView") -> str:
    parts = [f"更正 {view.order}" if view.order else "", f"例外：{view.reason}" if view.reason else ""]
    parts += [
        f"到 {view.expires_on} 为止" if view.expires_on else "",
        f"{view.person} {view.at[:16].replace('T', ' ')}" if view.person else "",
    ]
    return "，".join(part for part in parts if part)
