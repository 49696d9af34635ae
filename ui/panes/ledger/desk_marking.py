"""Gives verdicts: to the selected candidates or all listed, on the writer thread; the next candidate is there at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lvdesk.kit.progress import Progress
from lvdesk.ledger.deskcheck_model import STATES, Marked, State
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.ledger.desk_all import Listed, MarkAll
from ui.panes.ledger.desk_loading import DeskServices
from ui.panes.ledger.desk_verdict import UNMARK
from ui.widgets.table_bar import describe

if TYPE_CHECKING:
    from ui.panes.ledger.desk_view import DeskView

_SAMPLE = 5
_MANY = "按台账依据核实"


class Marking(QObject):
    """Works on what its ``DeskView`` shows.

    Attributes:
        question: the dialog about everything listed, while it is open.
    """

    def __init__(self, context: Context, services: DeskServices, view: "DeskView") -> None:
        super().__init__(view)
        self._context, self._services, self._view = context, services, view
        self.question: MarkAll | None = None

    def show_selection(self) -> None:
        """Tells the verdict box what a button would do."""
        view, candidate = self._view, self._view.inspector.candidate
        ids = self.selected()
        suggested = candidate.suggested if candidate is not None else ""
        reason = candidate.reason if candidate is not None and len(ids) == 1 else _MANY if ids else ""
        view.inspector.verdict.show_selection(len(ids), len(view.table.model.ids), suggested, reason)

    def selected(self) -> list[int]:
        """Record ids of the selected rows, or of the current one."""
        table = self._view.table
        present = table.current_id()
        return table.selected_ids() or ([present] if present is not None else [])

    def judge_suggested(self) -> None:
        """Gives the verdict that the evidence of the current candidate proposes."""
        candidate = self._view.inspector.candidate
        if candidate is not None and candidate.id == self._view.table.current_id() and candidate.suggested:
            self.judge(candidate.suggested)

    def judge(self, verdict: str) -> None:
        """Gives the selection a verdict, or takes its marks away."""
        ids = self.selected()
        box = self._view.inspector.verdict
        reason = box.chosen_reason()
        if not ids:
            return
        if verdict != UNMARK and not reason:
            self._context.notices.warning("没有写明原因", "标注需要原因", "请填写或选择原因")
            box.start_reason()
            return
        self._move_on(ids)
        self._store(ids, verdict, reason)
        box.used(reason)

    def ask_all(self) -> None:
        """Asks before everything listed is marked."""
        view = self._view
        ids = tuple(view.table.model.ids)
        source = view.table.model.source
        if not ids or source is None:
            return
        rows = source.rows(ids[:_SAMPLE])
        sample = [f"{row.values[0]}  {row.values[1]}  {row.values[3]}" for row in rows]
        query = view.table.model.query
        parts = [view.feeders.title(), STATES[State(view.states.current())], *(describe(each, source.columns) for each in query.filters)]
        parts += [f"含“{query.words}”"] if query.words else []
        self.question = MarkAll(Listed(ids, "；".join(parts), sample), view.inspector.verdict.reason.currentText().strip() or _MANY, view)
        self.question.agreed.connect(self._store)
        self.question.open()

    def _move_on(self, ids: Sequence[int]) -> None:
        """Makes the candidate after the marked ones current."""
        table = self._view.table
        places = [place for each in ids if (place := table.model.row_of(each)) is not None]
        listed, chosen = table.model.ids, set(ids)
        after = (each for each in listed[max(places) + 1 :] if each not in chosen)
        before = (each for each in reversed(listed[: max(places)]) if each not in chosen)
        following = next(after, None) or next(before, None)
        if following is not None:
            table.go_to(following)

    def _store(self, ids: Sequence[int], verdict: str, reason: str) -> None:
        seen = self._view.found
        if seen is None:
            return

        def work(progress: Progress) -> Marked:
            if verdict == UNMARK:
                return self._services.unmark(seen, ids, progress)
            return self._services.mark(seen, ids, (verdict, reason), progress)

        title = "正在撤销标注" if verdict == UNMARK else "正在标注"
        job = self._context.jobs.run(f"{title} {len(ids):,} 户", work, failed=self._context.notices.show)
        job.succeeded.connect(lambda done: self._done(done, verdict))
        job.cancelled.connect(lambda: self._context.notices.info("已取消，未保存任何数据"))

    def _done(self, done: Marked, verdict: str) -> None:
        count = done.marked + done.changed_verdicts
        if not count:
            self._context.notices.info("没有改变", "所选用户原来没有标注" if verdict == UNMARK else "所选用户已是这个结论")
            return
        undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
        what = f"已撤销 {count:,} 户的标注" if verdict == UNMARK else f"已标注{verdict} {count:,} 户"
        self._context.notices.success(what, offer=undo)
        self._context.bus.tell(done.changed)
