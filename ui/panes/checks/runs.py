"""What the last run did: rules run with what they found, rules not run and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lvdesk.kit.table import Cell, Column, Row
from ui.models.source import ListSource
from ui.panes.base import Context
from ui.panes.checks.loading import Services, family_title
from ui.panes.checks.runner import Runner
from ui.parts import Elided, column
from ui.widgets.data_table import DataTable, EmptyText

if TYPE_CHECKING:
    from lvdesk.checks.checking import CheckState
    from lvdesk.checks.tuning import RuleView

_COLUMNS = (
    Column("code", "规则", "identifier", 76), Column("title", "名称", "text", 220), Column("family", "类别", "text", 90),
    Column("status", "运行情况", "level", 100), Column("found", "发现", "number", 80),
    Column("why", "未运行的原因", "text", 380),
)  # fmt: skip
_RUN, _SKIPPED = Cell("success", "本次已运行"), Cell("neutral", "本次没有运行")


class RunsView(QWidget):
    """Signals: findings_asked(code), rule_asked(code)."""

    findings_asked = Signal(str)
    rule_asked = Signal(str)

    def __init__(self, context: Context, services: Services, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._codes: list[tuple[str, bool]] = []
        self._titles: dict[str, RuleView] = {}
        self.summary = Elided("", role="muted")
        self.table = DataTable("checks.runs", context.jobs, context.workspace.settings, name="规则运行情况")
        self.table.set_marked_levels(frozenset())
        self.table.bar.slot.addWidget(self.summary, 1)
        self.table.opened.connect(self._open)
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)
        column(self.table, parent=self, gap=0)
        runner.arrived.connect(self.refresh)
        context.jobs.read(services.rules, self._learn, context.notices.show)

    def _learn(self, rules: "Sequence[RuleView]") -> None:
        """Names for rules that did not run."""
        self._titles = {rule.code: rule for rule in rules}
        self.refresh()

    def refresh(self) -> None:
        """Shows the last run."""
        state = self._runner.state
        if state is None:
            return
        rows = self._rows(state)
        hint = "检查后，这里列出每条规则运行了没有、发现多少、为什么没有运行"
        empty = EmptyText("shield", "还没有检查过", hint, ("开始检查  F5", self._runner.check))
        present = self.table.current_id()
        self.table.set_source(ListSource(_COLUMNS, rows), key="checks.runs", empty=empty)
        if present is not None and present < len(rows):
            self.table.go_to(present)
        self.summary.set_text(self._summary(state) if state.at else "")

    def _summary(self, state: "CheckState") -> str:
        said = f"运行 {len(state.rules_run)} 条规则，{len(state.rules_skipped)} 条没有运行"
        report = self._runner.report
        return f"{said}；新发现 {report.new:,}，已解决 {report.resolved:,}，例外 {report.excepted:,}" if report is not None else said

    def _rows(self, state: "CheckState") -> list[Row]:
        rows: list[Row] = []
        self._codes = []
        for run in state.rules_run:
            values = (run.code, run.title, family_title(run.family), "已运行", f"{run.found:,}", "")
            rows.append(Row(len(rows), values, {"status": _RUN}))
            self._codes.append((run.code, run.found > 0))
        for skipped in state.rules_skipped:
            rule = self._titles.get(skipped.rule)
            title, family = (rule.title, rule.family_title) if rule else ("", "")
            rows.append(Row(len(rows), (skipped.rule, title, family, "未运行", "", skipped.why), {"status": _SKIPPED}))
            self._codes.append((skipped.rule, False))
        return rows

    def _open(self, identity: int) -> None:
        code, found = self._codes[identity]
        (self.findings_asked if found else self.rule_asked).emit(code)
