"""The workbench's own pieces: number tiles, loop steps, import lines, the page for an empty station."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.panes.workbench.loading import Doubt, Recent
from ui.parts import Elided, button, card, chip, column, label, picture, row
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.network.counting import LoopStep


def _see_through(owner: QPushButton) -> None:
    """The whole surface is one button; what lies on it must not catch the mouse."""
    for child in owner.findChildren(QWidget):
        child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class Tile(QPushButton):
    """One number; opens the rows behind it."""

    def __init__(self, title: str, icon_name: str, on_click: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("tile", "true")
        self.setObjectName("kpiTile")
        self._title = title
        self._number = label("—", "kpi")
        self.clicked.connect(lambda _checked=False: on_click())
        head = row(label(title, "muted"), None, picture(icon_name, 18, tokens().text3))
        inside = column(head, self._number, None, parent=self, gap=4)
        inside.setContentsMargins(18, 14, 16, 8)
        _see_through(self)
        self.set_count(None)

    def set_count(self, count: int | None) -> None:
        """The number, or a dash while it is not known."""
        self._number.setText("—" if count is None else f"{count:,}")
        self.setAccessibleName(self._title if count is None else f"{self._title} {count}，打开列表")
        self.setToolTip("" if count is None else f"打开{self._title}列表")


class StepRow(QPushButton):
    """One step of the loop: its number, what it is, how much is done, what waits."""

    def __init__(self, number: int, step: "LoopStep", on_click: Callable[[], object] | None) -> None:
        super().__init__()
        self.setProperty("row", "true")
        self.setObjectName("stepRow")
        enabled = on_click is not None
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setEnabled(enabled)
        name = Elided(step.title, role="strong")
        detail = Elided(step.detail or ("" if enabled else "尚未启用"), role="muted")
        inside = row(_number(number, step, enabled=enabled), column(None, name, detail, None, gap=0), parent=self, gap=12)
        inside.setStretch(1, 1)
        inside.setContentsMargins(8, 0, 10, 0)
        _counts(inside, step, enabled=enabled)
        _see_through(self)
        self.setAccessibleName(f"第 {number} 步 {step.title}，{step.count} 项" + (f"，{step.waiting} 项待处理" if step.waiting else ""))
        self.setToolTip(step.detail)


def _number(number: int, step: "LoopStep", *, enabled: bool) -> QLabel:
    look = tokens()
    made = label(str(number))
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setFixedSize(26, 26)
    front, ground = (look.on_brand, look.brand) if enabled and (step.count or step.waiting) else (look.text2, look.grey_soft)
    made.setStyleSheet(f"background: {ground}; color: {front}; border-radius: 13px; font-weight: 600; font-size: 12px;")
    return made


def _counts(inside: QHBoxLayout, step: "LoopStep", *, enabled: bool) -> None:
    if step.waiting:
        inside.addWidget(chip(f"待处理 {step.waiting:,}", "warning"))
    if enabled and (step.count or not step.waiting):
        inside.addWidget(label(f"{step.count:,}" if step.count else "—", "h2"))
    if enabled:
        inside.addWidget(picture("chevron-right", 16, tokens().text3))


class RecentRow(QPushButton):
    """One past import; opens its entry in the history."""

    def __init__(self, recent: Recent, on_click: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("row", "true")
        self.setObjectName("recentRow")
        self.clicked.connect(lambda _checked=False: on_click())
        said = column(None, Elided(recent.title), Elided(recent.line, role="muted"), None, gap=0)
        inside = row(picture("sheet", 20, tokens().brand), said, parent=self, gap=10)
        inside.setStretch(1, 1)
        inside.setContentsMargins(8, 0, 8, 0)
        if recent.undone:
            inside.addWidget(chip("已撤销"))
        _see_through(self)
        self.setAccessibleName(f"{recent.title}，{recent.line}")
        self.setToolTip("在历史中查看")


class DoubtRow(QPushButton):
    """Records that want a look; opens them."""

    def __init__(self, doubt: Doubt, on_click: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("row", "true")
        self.setObjectName("recentRow")
        self.clicked.connect(lambda _checked=False: on_click())
        said = column(None, Elided(doubt.title), Elided(doubt.hint, role="muted"), None, gap=0)
        inside = row(picture("warning", 20, tokens().amber), said, label(f"{doubt.count:,}", "h2"), parent=self, gap=10)
        inside.addWidget(picture("chevron-right", 16, tokens().text3))
        inside.setStretch(1, 1)
        inside.setContentsMargins(8, 0, 10, 0)
        _see_through(self)
        self.setAccessibleName(f"{doubt.title} {doubt.count}，打开列表")
        self.setToolTip(f"打开{doubt.title}列表")


class Hero(QFrame):
    """An empty station: what to do first."""

    def __init__(self, choose: Callable[[], object], sample: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("hero")
        look = tokens()
        buttons = row(button("选择台账文件…", choose, "primary", "import", name="选择台账文件"), gap=10)
        buttons.addWidget(label("Ctrl+O", "keycap"))
        buttons.addSpacing(12)
        buttons.addWidget(button("打开样例供电所", sample, icon_name="sample"))
        buttons.addStretch(1)
        said = column(
            None,
            label("把台账文件拖到窗口任意位置", "h1"),
            label("变电站与线路清单、台区台账、低压用户台账都可以，一次放入多个也行，顺序不限。", "muted", wrap=True),
            label("先看识别结果和差异，确认之后才会保存。", "muted"),
            8, buttons, None, gap=6,
        )  # fmt: skip
        ground = QLabel()
        ground.setFixedSize(112, 112)
        ground.setStyleSheet(f"background: {look.brand_soft}; border-radius: 56px;")
        row(None, picture("inbox", 48, look.brand), None, parent=ground)
        inside = row(ground, said, parent=self, gap=28)
        inside.setStretch(1, 1)
        inside.setContentsMargins(36, 20, 36, 20)
        self.setMinimumHeight(196)


def titled(title: str, hint: str = "") -> tuple[QFrame, QWidget]:
    """A card with a heading and a place to put lines into."""
    frame, body = card(), QWidget()
    head = row(label(title, "h2"), None, label(hint, "faint"))
    head.setContentsMargins(18, 0, 18, 0)
    inside = column(head, body, parent=frame, gap=8)
    inside.setContentsMargins(0, 14, 0, 10)
    inside.setStretch(1, 1)
    return frame, body
