"""What pending changes of the rule book would do: each rule before and after, with samples of what would come and go."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from lvdesk.kit.table import Cell, Column, Row
from ui.models.source import ListSource
from ui.panes.base import Context
from ui.parts import button, column, label, row
from ui.widgets.data_table import DataTable, EmptyText

if TYPE_CHECKING:
    from lvdesk.checks.tuning import Effect

_COLUMNS = (
    Column("code", "规则", "identifier", 70), Column("title", "名称", "text", 170), Column("before", "现在", "number", 72),
    Column("after", "改后", "number", 72), Column("change", "变化", "level", 110),
)  # fmt: skip
_WHAT = {"more": ("warning", "问题会变多"), "less": ("success", "问题会变少"), "same": ("neutral", "数量不变")}


class TrialView(QFrame):
    """Signals: back_asked."""

    back_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.effects: Sequence[Effect] = ()
        self.title, self.note = label("试算结果", "h1"), label("", "muted", wrap=True)
        self.table = DataTable("checks.trial", context.jobs, context.workspace.settings, name="试算结果")
        self.table.bar.hide()
        self.table.set_marked_levels(frozenset())
        self.table.failed.connect(context.notices.show)
        self.come, self.gone = _Samples("将新出现的问题"), _Samples("将不再列出的问题")
        back = button("返回规则", self.back_asked.emit, "link", "chevron-left")
        samples = row(self.come, self.gone, gap=12)
        head = row(column(self.title, self.note, gap=2), back)
        head.setStretch(0, 1)
        inside = column(head, self.table, samples, parent=self, gap=10)
        inside.setContentsMargins(16, 14, 16, 14)
        inside.setStretch(1, 3)
        inside.setStretch(2, 2)
        self.table.current_changed.connect(self._show_samples)

    def show_effects(self, effects: "Sequence[Effect]") -> None:
        """Shows what a trial answered."""
        self.effects = effects
        before, after = sum(each.before for each in effects), sum(each.after for each in effects)
        self.note.setText(f"{len(effects)} 条规则有改动：问题 {before:,} → {after:,}；还没有生效，数据和问题清单都没有变")
        rows = [_row(number, effect) for number, effect in enumerate(effects)]
        self.table.set_source(ListSource(_COLUMNS, rows), key="checks.trial", empty=EmptyText("list", "没有改动", "改动规则后再试算"))
        self._show_samples(0 if effects else None)

    def _show_samples(self, identity: int | None) -> None:
        effect = self.effects[identity] if identity is not None and identity < len(self.effects) else None
        self.come.show_lines(effect.new if effect else ())
        self.gone.show_lines(effect.gone if effect else ())


class _Samples(QWidget):
    """A heading and some messages."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.heading = label(title, "h2")
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setObjectName("samples")
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        column(self.heading, self.list, parent=self, gap=6).setStretch(1, 1)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Shows messages; says so when there are none."""
        self.list.clear()
        self.heading.setText(f"{self._title}（样例 {len(lines)} 条）" if lines else self._title)
        for text in lines or ("没有",):
            item = QListWidgetItem(text)
            item.setToolTip(text)
            self.list.addItem(item)


def _row(number: int, effect: "Effect") -> Row:
    step = effect.after - effect.before
    level, why = _WHAT["more" if step > 0 else "less" if step < 0 else "same"]
    said = f"{step:+,}" if step else "不变"
    return Row(number, (effect.code, effect.title, f"{effect.before:,}", f"{effect.after:,}", said), {"change": Cell(level, why)})
