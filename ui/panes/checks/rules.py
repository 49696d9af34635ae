"""The rule book: rules at the left, one in plain words at the right, changes tried before they are put in force."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QSplitter, QStackedWidget, QWidget

from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.checks.book_exchange import BookExchange
from ui.panes.checks.loading import Services
from ui.panes.checks.pending import Pending
from ui.panes.checks.rule_detail import RuleDetail
from ui.panes.checks.rule_list import RuleList
from ui.panes.checks.trial import TrialView
from ui.parts import button, card, clearable, column, label, row
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.checks.tuning import Effect, RuleView

_PAUSE_MS = 200


class RulesView(QWidget):
    """Signals: in_force: the rule book changed."""

    in_force = Signal()

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._rules: Sequence[RuleView] = ()
        self._wanted = ""
        self.pending = Pending(self)
        self.exchange = BookExchange(context, services, self.pending, self)
        self.words = clearable(QLineEdit())
        self.words.setPlaceholderText("查找规则  Ctrl+F")
        self.words.setAccessibleName("查找规则")
        self.list, self.detail, self.trial = RuleList(self.pending), RuleDetail(self.pending), TrialView(context)
        self.summary = label("", "muted")
        self.state = StateView()
        self.right = QStackedWidget()
        self.right.addWidget(self.detail)
        self.right.addWidget(self.trial)
        self.foot = _Foot(self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._split())
        column(self._pages, parent=self, gap=0)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._show_list)
        self.words.textChanged.connect(lambda _text: self._pause.start())
        self.list.chosen.connect(self._choose)
        self.list.toggled.connect(lambda code: self.pending.set(code, "enabled", not self.pending.value(code, "enabled")))
        self.trial.back_asked.connect(self._back)
        self.pending.changed.connect(self._follow)
        self.state.loading()
        self._follow()

    def refresh(self) -> None:
        """Reads the rule book again; pending changes stay."""
        self._context.jobs.read(self._services.rules, self._take, self._failed)

    def show_rule(self, code: str) -> None:
        """Opens one rule, now or when the book is read."""
        self._wanted = code
        self._back()
        if self._rules:
            self.words.clear()
            self._show_list()

    def try_out(self) -> None:
        """Runs the changed rules on the data as it is; nothing is stored."""
        given = self.pending.given()
        if given and not self.pending.problems():
            self.foot.hold()
            job = self._context.jobs.run(
                "正在试算规则改动",
                lambda progress: self._services.what_if(given, progress),
                writes=False,
                done=self._tried,
                failed=lambda error: self._context.notices.show(error, "试算没有完成", retry=self.try_out),
            )
            job.ended.connect(self._follow)

    def put_in_force(self) -> None:
        """Stores the changes as one undoable step."""
        given = self.pending.given()
        if given and not self.pending.problems():
            self.foot.hold()
            job = self._context.jobs.run(
                "正在使规则改动生效",
                lambda _progress: self._services.change(given),
                done=lambda changed: self._stored(len(given), changed),
                failed=lambda error: self._context.notices.show(error, "规则改动没有生效"),
            )
            job.ended.connect(self._follow)

    def drop(self) -> None:
        """Forgets the pending changes."""
        self.pending.drop()
        self._back()

    def _split(self) -> QWidget:
        left = card()
        top = row(self.words)
        top.setContentsMargins(12, 12, 12, 6)
        out = button("导出…", self.exchange.ask_write, "link", name="导出规则手册")
        into = button("导入…", self.exchange.ask_read, "link", name="导入规则手册")
        out.setToolTip("把规则手册导出为 Excel 工作簿，可修改后再导入")
        into.setToolTip("从 Excel 工作簿导入规则手册，先看会改动什么")
        below = row(self.summary, None, out, into, gap=4)
        below.setContentsMargins(16, 6, 12, 9)
        column(top, self.list, below, parent=left, gap=0, margin=1).setStretch(1, 1)
        right = QWidget()
        column(self.right, self.foot, parent=right, gap=10).setStretch(0, 1)
        split = QSplitter()
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 270), (right, 420)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([340, 800])
        return split

    def _take(self, rules: "Sequence[RuleView]") -> None:
        self._rules = rules
        self.pending.learn(rules)
        self._show_list()
        self._pages.setCurrentIndex(1)

    def _failed(self, error: Exception) -> None:
        hint = getattr(error, "hint", "") or "请重试；若仍失败，请在帮助中导出诊断信息"
        self.state.say("error", getattr(error, "message", "") or "没有读到规则手册", hint, ("重试", self.refresh), level="error")
        self._pages.setCurrentIndex(0)

    def _show_list(self) -> None:
        self._pause.stop()
        self.list.show_rules(self._rules, self.words.text())
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.list.go_to(wanted)
        current = self.list.current()
        if current is not None:
            self.detail.show_rule(current)

    def _choose(self, rule: "RuleView") -> None:
        self.detail.show_rule(rule)
        self._back()

    def _back(self) -> None:
        self.right.setCurrentWidget(self.detail)

    def _tried(self, effects: "Sequence[Effect]") -> None:
        self.trial.show_effects(effects)
        self.right.setCurrentWidget(self.trial)

    def _stored(self, count: int, changed: object) -> None:
        self.pending.drop()
        self._back()
        undo = Offer("撤销", lambda: self._context.actions.trigger("edit.undo"))
        self._context.notices.success(f"{count} 条规则的改动已生效", offer=undo)
        self._context.bus.tell(changed)  # type: ignore[arg-type]
        self.in_force.emit()

    def _follow(self) -> None:
        self.foot.follow(len(self.pending.given()), self.pending.problems())
        rules = self._rules
        on, changed = sum(rule.enabled for rule in rules), sum(rule.changed for rule in rules)
        more = f"，{changed} 条与出厂不同" if changed else ""
        self.summary.setText(f"共 {len(rules)} 条，启用 {on} 条{more}")


class _Foot(QFrame):
    """How many changes wait, and what to do with them."""

    def __init__(self, view: RulesView) -> None:
        super().__init__()
        self.setObjectName("confirm")
        self.said = label("")
        self.said.setObjectName("noticeTitle")
        self.why = label("", "muted", wrap=True)
        self.drop = button("放弃", view.drop, name="放弃未生效的改动")
        self.try_out = button("试算", view.try_out)
        self.take = button("生效", view.put_in_force, "primary")
        self.try_out.setToolTip("先看改动会使问题增减多少，不改数据（Ctrl+T）")
        self.take.setToolTip("把改动存入规则手册并重新检查；可以撤销（Ctrl+Enter）")
        texts = column(self.said, self.why, gap=1)
        inside = row(gap=8, parent=self)
        inside.addLayout(texts, 1)
        for part in (self.drop, self.try_out, self.take):
            inside.addWidget(part)
        inside.setContentsMargins(16, 8, 12, 8)

    def follow(self, count: int, problems: Sequence[str]) -> None:
        """Hidden while nothing waits."""
        self.setVisible(bool(count or problems))
        self.said.setText(f"{count} 条规则有未生效的改动" if count else "有填得不对的参数")
        self.why.setText("；".join(problems) or "试算后再生效，可以先看到问题会增减多少")
        for part in (self.try_out, self.take):
            part.setEnabled(bool(count) and not problems)

    def hold(self) -> None:
        """While a trial or a change runs."""
        for part in (self.try_out, self.take):
            part.setEnabled(False)
