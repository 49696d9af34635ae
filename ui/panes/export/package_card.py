"""One package that left: its files with their SHA-256, what stayed behind, where it lies."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLayout, QStackedWidget, QWidget

from ui.moments import said
from ui.panes.export.loading import Archive, Reason
from ui.panes.export.words import difference
from ui.parts import Elided, button, chip, column, label, line, row, scrolled, tool
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.exchange.packages import PackageView

_TOLD: Final = 12
_BESIDE: Final = (("清单.json", "这一包的清单"), ("增量.jsonl", "与上一包的差异"), ("撤销.jsonl", "接收方退回到上一包用"))


class PackageCard(QFrame):
    """Signals: folder_asked, copy_asked, previous_asked(number), history_asked, copied(text in words)."""

    folder_asked = Signal()
    copy_asked = Signal()
    previous_asked = Signal(str)
    history_asked = Signal()
    copied = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._today = today
        self.view: PackageView | None = None
        self.state = StateView()
        self.number, self.system = label("", "h2"), chip("", "info")
        self.about, self.purpose = label("", "muted", wrap=True), label("", wrap=True)
        self.counts, self.delta = label("", wrap=True), label("", "muted", wrap=True)
        self.previous = button("", self._ask_previous, "link", name="看上一包")
        self.folder = button("打开归档文件夹", self.folder_asked.emit, "", "folder")
        self.copy = button("另存一份…", self.copy_asked.emit, "primary", "save")
        self.missing = label("", "muted", wrap=True)
        self.undo = button("在历史中撤销这次导出", self.history_asked.emit, "link")
        self._lists = QWidget()
        self._inside = column(parent=self._lists, gap=4)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        column(self._pages, parent=self, gap=0, margin=1)
        self.clear()

    def clear(self) -> None:
        """Shows that nothing is chosen."""
        self.view = None
        self.state.say("info", "没有选中导出包", "在表中选一行，这里显示文件、校验值、暂缓的原因")
        self._pages.setCurrentIndex(0)

    def show_package(self, view: "PackageView", archive: Archive) -> None:
        """Shows one of the archive."""
        self.view = view
        self.number.setText(view.number)
        self.system.setText(view.system_title)
        self.about.setText(f"{view.format_title} · {view.scope_title} · {view.person} {said(view.at, self._today)}")
        self.purpose.setText(f"用途：{view.purpose}")
        self.purpose.setVisible(bool(view.purpose))
        kinds = "、".join(f"{archive.titles.get(kind, kind)} {count:,}" for kind, count in view.counts.items())
        self.counts.setText(f"{view.records:,} 条记录：{kinds}" if kinds else f"{view.records:,} 条记录")
        self.delta.setText(
            f"与上一包相比：{difference(view.added, view.changed, view.removed)}" if view.previous else "第一包，没有可比的上一包"
        )
        self.previous.setText(f"看上一包 {view.previous}")
        self.previous.setAccessibleName(self.previous.text())
        self.previous.setVisible(bool(view.previous))
        here = view.folder is not None
        for each in (self.folder, self.copy):
            each.setEnabled(here)
        self.missing.setText("" if here else f"本机的归档中没有这一包：它由 {view.person} 在另一台电脑上导出，或已被移走")
        self.missing.setVisible(not here)
        self._show_lists(view, archive.reasons.get(view.number, ()))
        self._pages.setCurrentIndex(1)

    def _page(self) -> QWidget:
        inner = QWidget()
        inner.setProperty("page", "true")
        head = row(self.number, tool("copy", "复制编号", self._copy_number, side=16), None, self.system, gap=4)
        for part in (self.number, self.counts):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        back = row(self.undo, label("刚导出的也可以按 Ctrl+Z", "muted"), None, gap=2)
        inside = column(
            head, self.about, self.purpose, row(self.copy, self.folder, None, gap=8), self.missing, line(), self.counts, self.delta,
            row(self.previous, None, gap=0),
            self._lists, line(), back, None, parent=inner, gap=8,
        )  # fmt: skip
        inside.setContentsMargins(16, 12, 14, 10)
        return scrolled(inner)

    def _show_lists(self, view: "PackageView", reasons: Sequence[Reason]) -> None:
        _clear(self._inside)
        self._heading("文件")
        for name, digest, rows in view.files:
            self._file(name, digest, rows)
        self._heading("随包文件")
        for name, what in _BESIDE:
            self._pair(name, what)
        if reasons:
            self._heading(f"暂缓 {sum(count for _why, count in reasons):,} 条")
        for why, count in reasons[:_TOLD]:
            self._pair(why, f"{count:,}")
        if rest := reasons[_TOLD:]:
            self._pair(f"另有 {len(rest):,} 种原因", f"{sum(count for _why, count in rest):,}")

    def _file(self, name: str, digest: str, rows: int) -> None:
        self._pair(name, f"{rows:,} 行" if rows else "")
        checked = Elided(f"SHA-256 {digest}", Qt.TextElideMode.ElideMiddle, "muted")
        copy = tool("copy", f"复制 {name} 的 SHA-256", partial(self._copy, digest, f"{name} 的 SHA-256"), side=14)
        inside = row(checked, copy, gap=4)
        inside.setStretch(0, 1)
        self._inside.addLayout(inside)

    def _heading(self, text: str) -> None:
        if self._inside.count():
            self._inside.addSpacing(6)
        self._inside.addWidget(label(text, "h2"))

    def _pair(self, left: str, right: str) -> None:
        words, told = label(left, wrap=True), label(right, "muted")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        made = row(words, told, gap=8)
        made.setStretch(0, 1)
        made.setAlignment(told, Qt.AlignmentFlag.AlignTop)
        self._inside.addLayout(made)

    def _copy_number(self) -> None:
        self._copy(self.number.text(), "编号")

    def _copy(self, text: str, what: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(f"已复制{what}" if what == "编号" else f"已复制 {what}")

    def _ask_previous(self) -> None:
        if self.view is not None:
            self.previous_asked.emit(self.view.previous)


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)
