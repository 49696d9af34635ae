"""One finding: what is wrong, where, how to put it right, and the means to do so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QStackedWidget, QWidget

from ui.moments import said
from ui.panes.base import Context
from ui.panes.checks.editor import ValueEditor
from ui.panes.checks.loading import Present, Services, family_title
from ui.panes.checks.runner import LEVELS
from ui.parts import button, chip, column, label, line, restyle, row, scrolled, tool
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.checks.findings import FindingView

_STATES = {"open": ("未处理", "neutral"), "excepted": ("例外", "info"), "resolved": ("已解决", "success")}


class FindingInspector(QFrame):
    """Signals: jump_asked(FindingView), apply_asked(FindingView, ids of findings), except_asked, withdraw_asked, rule_asked(code)."""

    jump_asked = Signal(object)
    apply_asked = Signal(object, object)
    except_asked = Signal()
    withdraw_asked = Signal()
    rule_asked = Signal(str)

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context, self._services = context, services
        self._asked = 0
        self.finding: FindingView | None = None
        self._alike: Sequence[int] = ()
        self.state = StateView()
        self.title, self.level, self.standing = label("", "h2", wrap=True), chip(""), chip("")
        self.rule = button("", self._open_rule, "link", name="打开规则手册中的这条规则")
        self.message, self.where, self.origin = _text(), _text(), _text()
        self.copy_key = tool("copy", "复制编号", self._copy, side=16)
        self.jump = button("转到台账", self._jump, icon_name="arrow-right")
        self.jump.setToolTip("在台账中打开这条记录（Enter 或双击）")
        self.fix = _text()
        self.editor = ValueEditor(context, services)
        self.suggested = _text()
        self.apply = button("应用", self._apply_one, "primary", name="应用建议")
        self.apply_all = button("应用到全部同类…", self._apply_all)
        self.exception = _text()
        self.withdraw = button("撤销例外", self.withdraw_asked.emit)
        self.accept = button("列为例外…", self.except_asked.emit)
        self.accept.setToolTip("说明原因后不再算作问题；可设到期日（Ctrl+L）")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        column(self._pages, parent=self, gap=0, margin=1)
        self.clear()

    def clear(self) -> None:
        """Shows that nothing is chosen."""
        self._asked += 1
        self.finding = None
        self.state.say("info", "没有选中问题", "在表格中选一行，这里显示原因、位置和改法")
        self._pages.setCurrentIndex(0)

    def show_finding(self, identity: int) -> None:
        """Asks for a finding and shows it; the one before stays until it is here."""
        self._asked += 1
        asked = self._asked

        def work() -> "tuple[FindingView, Present | None, Sequence[int]]":
            finding = self._services.show(identity)
            alike = self._services.alike(identity) if finding.suggestion and finding.state == "open" else ()
            return finding, self._services.present(finding), alike

        def take(answer: "tuple[FindingView, Present | None, Sequence[int]]") -> None:
            if asked == self._asked:
                self._show(*answer)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self.finding = None
                hint = getattr(error, "hint", "")
                self.state.say("error", getattr(error, "message", "") or "读取这个问题时出错", hint, level="error")
                self._pages.setCurrentIndex(0)

        if self.finding is None:
            self.state.loading()
        self._context.jobs.read(work, take, fail)

    def _page(self) -> QWidget:
        head = row(self.title, self.standing, self.level, gap=6)
        head.setStretch(0, 1)
        for part in (self.standing, self.level):
            head.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self._suggestion = _section("建议的改法", self.suggested, row(self.apply, self.apply_all, None, gap=6))
        self._excepted = _section("例外", self.exception, row(self.withdraw, None))
        place = row(self.where, self.copy_key, gap=2)
        place.setStretch(0, 1)
        place.setAlignment(self.copy_key, Qt.AlignmentFlag.AlignTop)
        rule = row(self.rule, None)
        self.rule.setProperty("edge", "true")
        inner = QWidget()
        inner.setProperty("page", "true")
        parts = column(
            head, rule, self.message, line(), _section("位置", place, self.origin, row(self.jump, None)),
            _section("怎样改", self.fix), line(), self.editor, self._suggestion, self._excepted, row(self.accept, None), None,
            parent=inner, gap=10,
        )  # fmt: skip
        parts.setContentsMargins(16, 14, 14, 14)
        return scrolled(inner)

    def _show(self, finding: "FindingView", present: Present | None, alike: Sequence[int]) -> None:
        self.finding, self._alike = finding, alike
        self.title.setText(finding.rule_title)
        for part, (text, level) in (
            (self.level, (dict(LEVELS).get(finding.severity, ""), finding.severity)),
            (self.standing, _STATES.get(finding.state, ("", "neutral"))),
        ):
            part.setText(text)
            part.setProperty("chip", level)
            restyle(part)
        self.standing.setVisible(finding.state != "open")
        self.rule.setText(f"{finding.rule} · {family_title(finding.family)}")
        self.message.setText(finding.message)
        area = finding.area_name or finding.area_no or "未归属台区"
        self.where.setText(f"{finding.entity_title} {finding.key}\n{area}" if finding.key else f"全部{finding.entity_title}")
        self.copy_key.setVisible(bool(finding.key))
        sheet = f"第 {finding.row} 行" if finding.row else "整张表" if finding.sheet else ""
        self.origin.setText(
            " › ".join(part for part in (finding.file, finding.sheet, sheet) if part) or ("在本程序中录入" if finding.record else "")
        )
        self.origin.setVisible(bool(self.origin.text()))
        self.jump.setVisible(finding.record is not None)
        self.fix.setText(finding.fix)
        self.editor.show_value(finding, present)
        self._show_suggestion(finding)
        self._show_exception(finding)
        self._pages.setCurrentIndex(1)

    def _show_suggestion(self, finding: "FindingView") -> None:
        able = bool(finding.suggestion) and finding.state == "open"
        self._suggestion.setVisible(able)
        self.suggested.setText("\n".join(f"{title} → {text or '（清空）'}" for _field, title, text in finding.suggestion))
        self.apply_all.setText(f"应用到全部同类 ({len(self._alike):,})…")
        self.apply_all.setAccessibleName(f"应用到全部同类 {len(self._alike):,} 条，先看样例")
        self.apply_all.setVisible(len(self._alike) > 1)

    def _show_exception(self, finding: "FindingView") -> None:
        excepted = finding.state == "excepted"
        self._excepted.setVisible(excepted)
        self.accept.setVisible(finding.state == "open")
        until = f"到 {finding.expires_on} 为止" if finding.expires_on else "长期有效"
        when = said(finding.at, self._context.workspace.clock().date()) if finding.at else ""
        self.exception.setText(f"{finding.reason}\n{finding.person} · {when} · {until}" if excepted else "")

    def _copy(self) -> None:
        if self.finding is not None:
            QGuiApplication.clipboard().setText(self.finding.key)

    def _open_rule(self) -> None:
        if self.finding is not None:
            self.rule_asked.emit(self.finding.rule)

    def _jump(self) -> None:
        if self.finding is not None:
            self.jump_asked.emit(self.finding)

    def _apply_one(self) -> None:
        if self.finding is not None:
            self.apply_asked.emit(self.finding, [self.finding.id])

    def _apply_all(self) -> None:
        if self.finding is not None:
            self.apply_asked.emit(self.finding, list(self._alike))


def _text() -> QLabel:
    made = label("", wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _section(title: str, *parts: QWidget | QLayout) -> QWidget:
    made = QWidget()
    column(label(title, "faint"), *parts, parent=made, gap=4)
    return made
