"""The checking page: problems, rule book, how the last run went."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.panes.base import Context, Pane
from ui.panes.checks.deeds import Deeds
from ui.panes.checks.exporting import Exporting
from ui.panes.checks.head import Head
from ui.panes.checks.loading import Services, StationServices
from ui.panes.checks.problems import ProblemsView
from ui.panes.checks.rules import RulesView
from ui.panes.checks.runner import Runner
from ui.panes.checks.runs import RunsView
from ui.parts import column
from ui.widgets.segmented import Segmented

_VIEWS = (("problems", "问题"), ("rules", "规则手册"), ("runs", "运行情况"))


class ChecksPane(Pane):
    """Three views over one run of the rules."""

    key: ClassVar[str] = "checks"
    title: ClassVar[str] = "模板校验"
    group: ClassVar[str] = "数据"
    icon: ClassVar[str] = "shield"
    order: ClassVar[int] = 20
    cares: ClassVar[Changed] = Changed.NETWORK | Changed.BATCHES | Changed.CHECKS

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services = made = services or StationServices(context.workspace)
        self.runner = Runner(context, made, self)
        self.switch = Segmented(_VIEWS, name="视图")
        self.switch.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.head = Head(context, self.runner, self.switch)
        self.problems = ProblemsView(context, made, self.runner)
        self.deeds = Deeds(context, made, self.problems)
        self.exporting = Exporting(context, made, self)
        self.views = QStackedWidget()
        self.views.addWidget(self.problems)
        inside = column(self.head, self.views, parent=self, gap=10)
        inside.setContentsMargins(20, 12, 16, 14)
        inside.setStretch(1, 1)
        self._connect()

    @cached_property
    def rules(self) -> RulesView:
        """The rule book, made when first looked at: the page itself opens at once."""
        made = RulesView(self.context, self._services)
        self.views.addWidget(made)
        made.in_force.connect(self.runner.check_again)
        find = QShortcut(QKeySequence("Ctrl+F"), made, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(made.words.setFocus)
        made.refresh()
        return made

    @cached_property
    def runs(self) -> RunsView:
        """How the last run went, made when first looked at."""
        made = RunsView(self.context, self._services, self.runner)
        self.views.addWidget(made)
        made.findings_asked.connect(lambda code: self.reveal(("rule", code)))
        made.rule_asked.connect(self._show_rule)
        made.refresh()
        return made

    def refresh(self, changed: Changed) -> None:
        """Reads the last run, the findings and the rule book again."""
        self.runner.follow(changed)
        if changed & Changed.CHECKS:
            self.problems.refresh()
            if "rules" in self.__dict__:
                self.rules.refresh()

    def badge(self) -> int:
        """Open errors."""
        state = self.runner.state
        return state.counts.get("error", 0) if state is not None else 0

    def toolbar_actions(self) -> Sequence[Action]:
        """The check, the export, and keys of the views."""
        group = "模板校验"
        return (
            Action("checks.export", "导出问题清单…", self.exporting.ask, "Ctrl+Shift+E", "export", group),
            Action("checks.run", "检查", self.runner.check, "F5", "shield", group, primary=True, hint="按规则手册检查全站数据"),
            Action("checks.cancel", "取消检查", self.runner.cancel, "", "stop", group, in_bar=False),
            *(
                Action(f"checks.{key}", f"查看{title}", self._opener(key), f"Alt+{place}", "list", group, in_bar=False)
                for place, (key, title) in enumerate(_VIEWS, 1)
            ),
            Action("checks.edit", "修改现值", self.problems.inspector.editor.start, "F2", "edit", group, in_bar=False),
            Action("checks.apply", "应用建议", self.deeds.apply_current, "Ctrl+Shift+A", "check", group, in_bar=False),
            Action("checks.accept", "列为例外…", self.deeds.ask_exception, "Ctrl+L", "tag", group, in_bar=False),
            Action("checks.withdraw", "撤销例外", self.deeds.withdraw, "Ctrl+Shift+W", "undo", group, in_bar=False),
            Action("checks.try", "试算规则改动", self._try_out, "Ctrl+T", "chart", group, in_bar=False),
            Action("checks.force", "使规则改动生效", self._put_in_force, "Ctrl+Return, Ctrl+Enter", "check", group, in_bar=False),
            Action("checks.book_out", "导出规则手册…", self._write_book, "", "export", group, in_bar=False),
            Action("checks.book_in", "导入规则手册…", self._read_book, "", "import", group, in_bar=False),
        )

    def reveal(self, target: object) -> None:
        """A view's key; ("rule", code) its findings; ("finding", number); ("severity", error, warning, info or excepted)."""
        match target:
            case "problems" | "rules" | "runs":
                self.show_view(str(target))
            case ("rule", str() as code):
                self.show_view("problems")
                self.problems.show_rule(code)
            case ("finding", int() as number):
                self.show_view("problems")
                self.problems.show_finding(number)
            case ("severity", str() as level):
                self._show_level(level)

    def show_view(self, key: str) -> None:
        """Turns to a view."""
        self.switch.select(key)
        view, start = (
            (self.rules, self.rules.list)
            if key == "rules"
            else (self.runs, self.runs.table.view)
            if key == "runs"
            else (self.problems, self.problems.table.view)
        )
        self.views.setCurrentWidget(view)
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """F5 checks here; what it refreshes elsewhere is read again with every run."""
        super().showEvent(event)
        self._lend_refresh_key(taken=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._lend_refresh_key(taken=False)

    def _lend_refresh_key(self, *, taken: bool) -> None:
        live = self.context.actions.qaction("view.refresh")
        if live is not None:
            live.setEnabled(not taken)

    def _connect(self) -> None:
        self.switch.chosen.connect(self.show_view)
        self.head.level_asked.connect(self._show_level)
        self.runner.arrived.connect(self.badge_changed)
        self.problems.runs_asked.connect(lambda: self.show_view("runs"))
        self.problems.import_asked.connect(lambda: self.context.navigate("ledger", "import"))
        self.problems.inspector.rule_asked.connect(self._show_rule)
        stop = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        stop.activated.connect(self.runner.cancel)
        stop.setEnabled(False)  # otherwise Escape belongs to the line it is typed in
        self.runner.moved.connect(lambda: stop.setEnabled(self.runner.seen))

    def _opener(self, key: str) -> Callable[[], object]:
        return lambda: self.show_view(key)

    def _show_level(self, level: str) -> None:
        self.show_view("problems")
        self.problems.show_level(level)

    def _try_out(self) -> None:
        self.rules.try_out()

    def _put_in_force(self) -> None:
        self.rules.put_in_force()

    def _write_book(self) -> None:
        self.rules.exchange.ask_write()

    def _read_book(self) -> None:
        self.show_view("rules")
        self.rules.exchange.ask_read()

    def _show_rule(self, code: str) -> None:
        self.show_view("rules")
        self.rules.show_rule(code)
