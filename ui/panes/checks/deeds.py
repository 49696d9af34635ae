"""What can be done with findings: put right by suggestion, excepted, taken back, opened in the ledger."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.checks.asking import SAMPLE, ApplyAsking, Asking, ExceptAsking, Extent
from ui.panes.checks.loading import Services
from ui.panes.checks.problems import ProblemsView
from ui.widgets.table_bar import describe

if TYPE_CHECKING:
    from lvdesk.checks.findings import FindingView
    from lvdesk.checks.fixing import Fixed

_TOLD = 3


class Deeds(QObject):
    """Signals: asked(Asking): a question stands on screen."""

    asked = Signal(object)

    def __init__(self, context: Context, services: Services, view: ProblemsView) -> None:
        super().__init__(view)
        self._context, self._services, self._view = context, services, view
        self.question: Asking | None = None
        inspector = view.inspector
        inspector.apply_asked.connect(self.apply)
        inspector.except_asked.connect(self.ask_exception)
        inspector.withdraw_asked.connect(self.withdraw)
        inspector.jump_asked.connect(self.jump)
        inspector.editor.saved.connect(context.bus.tell)
        view.table.opened.connect(self._open)

    # to the record

    def jump(self, finding: "FindingView") -> None:
        """Opens the record in the ledger."""
        if finding.record is not None:
            self._context.navigate("ledger", (finding.entity, finding.record, finding.field))

    def _open(self, identity: int) -> None:
        finding = self._view.inspector.finding
        if finding is not None and finding.id == identity:
            self._open_finding(finding)
        else:
            self._context.jobs.read(lambda: self._services.show(identity), self._open_finding, self._context.notices.show)

    def _open_finding(self, finding: "FindingView") -> None:
        if finding.record is not None:
            self.jump(finding)
        else:
            place = " › ".join(part for part in (finding.file, finding.sheet, f"第 {finding.row} 行" if finding.row else "") if part)
            self._context.notices.info("这一行没有成为台账记录" if finding.row else "这个问题不在单条记录上", place)

    # suggestions

    def apply_current(self) -> None:
        """Puts the suggestion of the shown finding in force."""
        finding = self._view.inspector.finding
        if finding is not None and finding.suggestion and finding.state == "open":
            self.apply(finding, [finding.id])

    def apply(self, finding: "FindingView", ids: Sequence[int]) -> None:
        """One at once; several after saying how many, with a sample."""
        if len(ids) == 1:
            self._apply(ids)
            return
        where = finding.field_title or finding.entity_title
        condition = f"规则 {finding.rule}“{finding.rule_title}”、字段“{where}”下有建议的全部未处理问题"

        def show(lines: list[str]) -> None:
            question = ApplyAsking(self._view, ids, lines, condition)
            question.agreed.connect(self._apply)
            self._put(question)

        self._context.jobs.read(lambda: self._changes(ids[:SAMPLE]), show, self._context.notices.show)

    def _changes(self, ids: Sequence[int]) -> list[str]:
        lines = []
        for identity in ids:
            finding = self._services.show(identity)
            after = "，".join(f"{title} → {text or '（清空）'}" for _field, title, text in finding.suggestion)
            lines.append(f"{finding.key}：{finding.value or '（空）'}　{after}")
        return lines

    def _apply(self, ids: Sequence[int]) -> None:
        self._context.jobs.run(
            f"正在按建议修改 {len(ids):,} 处",
            lambda progress: self._services.apply(ids, progress),
            done=self._applied,
            failed=lambda error: self._context.notices.show(error, "没有修改"),
        )

    def _applied(self, fixed: "Fixed") -> None:
        undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
        offers = (undo,) if fixed.applied else ()
        if fixed.refused:
            reasons = list(dict.fromkeys(reason for _finding, reason in fixed.refused))
            why = "；".join(reasons[:_TOLD]) + ("等" if len(reasons) > _TOLD else "")
            self._context.notices.warning(f"已修改 {fixed.applied:,} 处，{len(fixed.refused):,} 处没有修改", why, offers=offers)
        else:
            self._context.notices.success(f"已修改 {fixed.applied:,} 处", offer=undo)
        self._context.bus.tell(fixed.changed)

    # exceptions

    def ask_exception(self) -> None:
        """Asks for reason and term; for the selected rows or for all that are listed."""
        extents = self._extents()
        if extents and self._view.states.current() == "open":
            question = ExceptAsking(self._context, self._view, extents, self._messages)
            question.agreed.connect(self._except)
            self._put(question)

    def _extents(self) -> list[Extent]:
        table = self._view.table
        chosen, every, current = table.selected_ids(), list(table.model.ids), table.current_id()
        condition = self._condition()
        if len(chosen) < 2 and current is not None:
            finding = self._view.inspector.finding
            named = f"{finding.rule_title}，{finding.key}" if finding is not None and finding.id == current else "当前这一条"
            found = [Extent("one", "只这一条", [current], named)]
        else:
            found = [Extent("chosen", "选中的", chosen, f"{condition}中选中的行")] if chosen else []
        if len(every) > len(found[0].ids if found else ()):
            found.append(Extent("all", "列出的全部", every, condition))
        return found

    def _condition(self) -> str:
        table = self._view.table
        parts = [describe(each, table.model.columns) for each in table.model.query.filters]
        if table.model.query.words:
            parts.append(f"含有“{table.model.query.words}”")
        return "；".join([self._view.group_words(), *parts])

    def _messages(self, ids: Sequence[int]) -> list[str]:
        found = [self._services.show(identity) for identity in ids]
        return [f"{finding.key}：{finding.message}" for finding in found]

    def _except(self, ids: Sequence[int], reason: str, expires_on: str | None) -> None:
        def done(changed: object) -> None:
            undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
            self._context.notices.success(f"已将 {len(ids):,} 条问题列为例外", reason, offer=undo)
            self._context.bus.tell(changed)  # type: ignore[arg-type]

        self._context.jobs.run(
            f"正在把 {len(ids):,} 条问题列为例外",
            lambda progress: self._services.accept(ids, reason, expires_on, progress),
            done=done,
            failed=lambda error: self._context.notices.show(error, "没有列为例外"),
        )

    def withdraw(self) -> None:
        """Takes the exceptions of the selected rows back."""
        table = self._view.table
        current = table.current_id()
        ids = table.selected_ids() or ([current] if current is not None else [])
        if not ids or self._view.states.current() != "excepted":
            return
        self._context.jobs.run(
            f"正在撤销 {len(ids):,} 条例外",
            lambda _progress: self._services.withdraw(ids),
            done=lambda changed: self._withdrawn(len(ids), changed),
            failed=lambda error: self._context.notices.show(error, "没有撤销例外"),
        )

    def _withdrawn(self, count: int, changed: object) -> None:
        self._context.notices.success(f"已撤销 {count:,} 条例外，重新列为未处理")
        self._context.bus.tell(changed)  # type: ignore[arg-type]

    def _put(self, question: Asking) -> None:
        self.question = question
        question.open()
        self.asked.emit(question)
