"""Under a large table: what is selected, how many rows, and the way to the next problem."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from ui.parts import button, label, row


class TableFoot(QFrame):
    """Signals: next_asked(step) with 1 or -1."""

    next_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tableFoot")
        self.counts = label("", "muted")
        self.previous = button("上一处问题 Shift+F8", lambda: self.next_asked.emit(-1), "link", name="上一处问题")
        self.following = button("下一处问题 F8", lambda: self.next_asked.emit(1), "link", name="下一处问题")
        line = row(self.counts, None, self.previous, self.following, parent=self, gap=6)
        line.setContentsMargins(14, 5, 10, 5)

    def show_counts(self, selected: int, rows: int, total: int | None, note: str = "") -> None:
        """``total`` is the number of rows without filters, None while unknown."""
        parts = [f"已选 {selected:,} 行"] if selected > 1 else []
        parts.append(f"筛出 {rows:,} 行，共 {total:,} 行" if total is not None and total != rows else f"共 {rows:,} 行")
        if note:
            parts.append(note)
        self.counts.setText("  ·  ".join(parts))
