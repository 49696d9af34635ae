"""The selected package: where it stands, what is said about it, what can be done next."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QPushButton, QStackedWidget, QWidget

from lvdesk.fieldwork.model import PACKAGE_STATES, PackageDetail, PackageState, PackageView, SheetState
from ui.moments import said
from ui.panes.fieldwork.facts import Facts
from ui.panes.fieldwork.words import PACKAGE_LEVELS, named, sheets_said
from ui.parts import button, chip, column, label, line, restyle, row, scrolled, tool
from ui.theme.icons import icon
from ui.theme.tokens import tokens
from ui.widgets.state_view import StateView

DEEDS = (
    ("preview", "预览表单", "eye"), ("print", "打印…", "print"), ("pdf", "导出 PDF…", "export"), ("workbook", "电子表单…", "sheet"),
    ("send", "发出", "arrow-right"), ("take_back", "收回…", "inbox"), ("close", "结束…", "check"), ("reopen", "重开", "restore"),
    ("cancel", "作废…", "trash"),
)  # fmt: skip
"""What can be done with a package: name, button, icon."""
_ICONS = {key: name for key, _title, name in DEEDS}
_ENDED = frozenset({PackageState.CLOSED, PackageState.CANCELLED})
_PAPER = frozenset({"preview", "print", "pdf", "workbook"})


class Inspector(QFrame):
    """Signals: asked(what is to be done, package number).

    Attributes:
        facts: what is said about it.
        detail: the package shown.
    """

    asked = Signal(str, str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._today = today
        self.detail: PackageDetail | None = None
        self.state = StateView()
        self.title = label("", "h2", wrap=True)
        self.chip = chip("")
        self.number = label("", "muted")
        self.where = label("", "muted", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("收回进度")
        self.back = label("", "muted")
        self.late = chip("", "error")
        self.sheets = label("", "muted", wrap=True)
        self.moments = label("", "muted", wrap=True)
        self.facts = Facts(today)
        self.buttons: dict[str, QPushButton] = {
            key: button(title, partial(self._ask, key), "", drawing, name=title) for key, title, drawing in DEEDS
        }
        for part in (self.title, self.number, self.where):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        column(self._pages, parent=self, gap=0, margin=1)
        self.clear()

    def clear(self) -> None:
        """Shows that nothing is chosen."""
        self.detail = None
        self.state.say("info", "没有选中任务包", "在表中选一行，这里显示人员、日期、表单和下一步")
        self._pages.setCurrentIndex(0)

    def show_package(self, detail: PackageDetail, allowed: Mapping[str, frozenset[PackageState]]) -> None:
        """Shows one with what can be done now."""
        view = detail.view
        self.detail = detail
        self.title.setText(view.title)
        self.chip.setText(PACKAGE_STATES[view.state])
        self.chip.setProperty("chip", PACKAGE_LEVELS[view.state])
        restyle(self.chip)
        self.number.setText(view.package_no)
        self.where.setText(" · ".join(part for part in (view.feeder_name, named(view.areas)) if part))
        self.where.setToolTip("、".join(view.areas))
        self.progress.setRange(0, max(view.items, 1))
        self.progress.setValue(view.items_back)
        self.back.setText(f"对象 收回 {view.items_back:,} / {view.items:,}")
        self.late.setText(f"逾期 {view.overdue} 天")
        self.late.setVisible(view.overdue > 0)
        self.sheets.setText(f"表单 {sheets_said(view.sheets)}")
        self.moments.setText(self._moments(view))
        self.facts.show_package(detail)
        self._show_deeds(view, allowed)
        self._pages.setCurrentIndex(1)

    def _page(self) -> QWidget:
        head = row(self.title, self.chip, gap=6)
        head.setStretch(0, 1)
        head.setAlignment(self.chip, Qt.AlignmentFlag.AlignTop)
        number = row(self.number, tool("copy", "复制任务包编号", self._copy, side=16), None, self.late, gap=2)
        inner = QWidget()
        inner.setProperty("page", "true")
        inside = column(
            head, number, self.where, self.progress, self.back, self.sheets, line(), self._deeds(), line(), self.facts, self.moments, None,
            parent=inner, gap=8,
        )  # fmt: skip
        inside.setContentsMargins(16, 12, 14, 10)
        return scrolled(inner)

    def _deeds(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        for place, each in enumerate(self.buttons.values()):
            grid.addWidget(each, place // 2, place % 2)
        self._grid = grid
        return made

    def _show_deeds(self, view: PackageView, allowed: Mapping[str, frozenset[PackageState]]) -> None:
        next_one, look = next_deed(view), tokens()
        shown: list[QPushButton] = []
        for key, each in self.buttons.items():
            able = view.state in allowed.get(key, frozenset(PackageState))
            if key in _PAPER:
                able = view.state not in _ENDED or (key == "preview" and bool(view.sheets))
            each.setVisible(able)
            each.setProperty("kind", "primary" if key == next_one else "danger" if key == "cancel" else "")
            each.setIcon(icon(_ICONS[key], look.on_brand if key == next_one else look.red if key == "cancel" else look.text2))
            restyle(each)
            if able:
                shown.append(each)
        shown.sort(key=lambda each: each is not self.buttons.get(next_one))
        for each in self.buttons.values():
            self._grid.removeWidget(each)
        _lay(self._grid, shown, first_wide=next_one != "")
        for before, after in pairwise(shown):
            QWidget.setTabOrder(before, after)

    def _moments(self, view: PackageView) -> str:
        parts = [f"建立 {said(view.created_at, self._today)} {view.person}"]
        if view.out_at:
            parts.append(f"发出 {said(view.out_at, self._today)}")
        if view.closed_at:
            parts.append(f"{PACKAGE_STATES[view.state].removeprefix('已')} {said(view.closed_at, self._today)}")
        return " · ".join(parts)

    def _ask(self, deed: str) -> None:
        if self.detail is not None:
            self.asked.emit(deed, self.detail.view.package_no)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.number.text())


def next_deed(view: PackageView) -> str:
    """The step that comes next for a package."""
    printed = sum(view.sheets.get(state, 0) for state in (SheetState.PRINTED, SheetState.OUT, SheetState.BACK))
    match view.state:
        case PackageState.PREPARED:
            return "send" if printed else "print"
        case PackageState.OUT | PackageState.PARTLY_BACK:
            return "take_back"
        case PackageState.BACK:
            return "close"
        case PackageState.CLOSED | PackageState.CANCELLED:
            return "reopen"


def _lay(grid: QGridLayout, shown: Sequence[QPushButton], *, first_wide: bool) -> None:
    cells = list(shown)
    start = 0
    if first_wide and cells:
        grid.addWidget(cells.pop(0), 0, 0, 1, 2)
        start = 1
    for place, each in enumerate(cells):
        grid.addWidget(each, start + place // 2, place % 2)
