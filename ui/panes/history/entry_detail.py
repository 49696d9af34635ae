"""What one journal entry changed, and taking it back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from lvdesk.network.changed import Changed
from ui.moments import said
from ui.panes.base import Context
from ui.panes.history.confirm import Confirm
from ui.panes.history.loading import ChangeLine, Services
from ui.panes.history.model import TextTable
from ui.panes.history.tables import table
from ui.parts import button, chip, column, label, restyle, row
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.history import Entry

_LIMIT = 200


class EntryDetail(QFrame):
    """A card; empty until an entry is shown."""

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context, self._services = context, services
        self._entry: Entry | None = None
        self._title, self._line = label("", "h1", wrap=True), label("", "muted", wrap=True)
        self._state, self._note = chip(""), label("", "muted")
        self.undo_button = button("撤销此操作", self.ask_undo, "danger", "undo")
        self.confirm = Confirm()
        self.changes = TextTable(
            (
                ("对象", lambda line: line.entity),
                ("编号", lambda line: line.record),
                ("字段", lambda line: line.field),
                ("之前", lambda line: line.before or "—"),
                ("之后", lambda line: line.after or "—"),
            ),
            self,
        )
        self._pages, self._empty = QStackedWidget(), StateView()
        self._empty.say("history", "选一条记录，看它改了什么", "每一步都可以单独撤销，撤销之后还可以重做。")
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._filled())
        column(self._pages, parent=self, margin=1)

    def _filled(self) -> QWidget:
        head = row(column(self._title, self._line, gap=2), self._state, self.undo_button, gap=12)
        head.setStretch(0, 1)
        head.setContentsMargins(20, 16, 16, 0)
        asked = row(self.confirm)
        asked.setContentsMargins(16, 0, 16, 0)
        self._note.setContentsMargins(20, 0, 16, 12)
        made = QWidget()
        view = table(self.changes, "这次操作改动的内容", (76, 164, 110, 150))
        column(head, asked, view, self._note, parent=made, gap=12).setStretch(2, 1)
        return made

    def clear(self) -> None:
        """Shows no entry."""
        self._entry = None
        self._pages.setCurrentIndex(0)

    def show_entry(self, entry: "Entry") -> None:
        """Shows an entry and reads what it changed."""
        self._entry = entry
        when = said(entry.at, self._context.workspace.clock().date())
        self._title.setText(entry.label)
        self._line.setText(" · ".join(part for part in (entry.person, when, entry.summary, f"记录号 {entry.id}") if part))
        self._state.setVisible(entry.undone or entry.is_undo)
        self._state.setText("已撤销" if entry.undone else "撤销操作")
        self._state.setProperty("chip", "warning" if entry.undone else "info")
        restyle(self._state)
        self.undo_button.setEnabled(not entry.undone)
        self.confirm.hide()
        self.changes.show(())
        self._note.setText("正在读取改动…")
        self._pages.setCurrentIndex(1)
        ask = lambda: self._services.detail(entry.id, 0, _LIMIT)  # noqa: E731 - one question, two answers
        self._context.jobs.read(ask, lambda lines: self._fill(entry, lines), self._failed)

    def _fill(self, entry: "Entry", lines: Sequence[ChangeLine]) -> None:
        if entry is not self._entry:
            return
        self.changes.show(lines)
        records = len({(line.entity, line.record) for line in lines})
        more = f"列出前 {records:,} 条记录的改动" if records >= _LIMIT else f"{records:,} 条记录，{len(lines):,} 处改动"
        self._note.setText(more if lines else "没有逐项记录的改动")

    def _failed(self, error: Exception) -> None:
        self._note.setText("没有读到改动")
        self._context.notices.show(error, "没有读到这次操作的改动")

    def ask_undo(self) -> None:
        """Asks before taking the entry back."""
        entry = self._entry
        if entry is None or entry.undone:
            return
        why = f"{entry.summary}，都回到操作之前的样子。如果其中有行后来又被改过，会拒绝撤销并说明是哪些。撤销之后可以重做。"
        self.confirm.ask(f"撤销「{entry.label}」？", why, "确认撤销", lambda: self._undo(entry))

    def _undo(self, entry: "Entry") -> None:
        self._context.jobs.run(
            f"正在撤销：{entry.label}",
            lambda _progress: self._services.undo(entry.id),
            done=lambda _result: self._undone(entry),
            failed=lambda error: self._context.notices.show(error, f"没有撤销「{entry.label}」"),
        )

    def _undone(self, entry: "Entry") -> None:
        self._context.notices.success(f"已撤销：{entry.label}")
        self._context.bus.tell(Changed.ALL)
