"""The audit: a sample of what passed, drawn at random, looked at once more by somebody else."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSpinBox, QSplitter, QWidget

from lvdesk.kit.table import Column, Row
from lvdesk.network.changed import Changed
from lvdesk.review.model import KIND_TITLES, Action, ItemView
from ui.models.source import ListSource
from ui.models.table_model import State as Reading
from ui.moments import said
from ui.panes.base import Context
from ui.panes.review.foot import Keys, large, name_key
from ui.panes.review.item import ItemCard
from ui.panes.review.loading import Habits, Services
from ui.panes.review.pictures import Pictures
from ui.parts import button, card, column, label, row
from ui.widgets.data_table import DataTable, EmptyText

if TYPE_CHECKING:
    from lvdesk.review.auditing import Audit

_VERDICTS: Final = {"sound": "属实", "wrong": "有误", "": "未查"}
_COLUMNS: Final = (
    Column("verdict", "结论", "code", 86),
    Column("kind", "类别", "code", 100),
    Column("title", "名称", "text", 120),
    Column("ledger", "台账", "text", 120),
    Column("field", "现场", "text", 120),
    Column("confirmed", "确认人", "text", 120),
    Column("drawn", "抽取", "text", 150),
    Column("person", "抽查人", "text", 90),
    Column("note", "说明", "text", 200),
    Column("key", "对象", "identifier", 140),
)


class AuditFoot(Keys):
    """The keys of a drawn item: CONFIRM is sound, RETURN is wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.note = QLineEdit()
        self.note.setPlaceholderText("说明；有误时写明哪里有误")
        self.note.setAccessibleName("抽查说明")
        self.sound = large("属实", "F9", lambda: self.asked.emit(Action.CONFIRM), "primary", "check")
        self.wrong = large("有误", "F11", lambda: self.asked.emit(Action.RETURN), "danger", "close")
        following = button("跳过  Ctrl+↓", lambda: self.skipped.emit(1), "link", "chevron-down", name="跳过，下一项")
        inside = column(self.note, row(self.sound, self.wrong), row(None, following), parent=self, gap=6)
        inside.setContentsMargins(14, 10, 14, 8)

    def show_audit(self, audit: "Audit") -> None:
        """What was said of it before."""
        self.note.setText(audit.note)
        name_key(self.sound, "属实" if not audit.verdict else "改为属实" if audit.verdict == "wrong" else "仍属实", "F9")
        name_key(self.wrong, "有误", "F11")


class AuditView(QWidget):
    """Draws, lists, judges. Signals: counted(number nobody looked at yet)."""

    counted = Signal(int)

    def __init__(self, context: Context, services: Services, session: str) -> None:
        super().__init__()
        self._context, self._services, self._session = context, services, session
        self._audits: Mapping[int, Audit] = {}
        self.share, self.least = QSpinBox(), QSpinBox()
        self.drawing = button("抽取样本", self.draw, "primary", "sample")
        self.table = DataTable("review.audit", context.jobs, context.workspace.settings, name="抽查清单")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self.foot = AuditFoot()
        self.item = ItemCard(Pictures(context.jobs, services), self.foot, context.workspace.clock().date())
        self._wanted: int | None = None
        self._lay_out()
        self.table.current_changed.connect(lambda _identity: self._look())
        self.table.model.state_changed.connect(self._look)
        self.table.opened.connect(lambda _identity: self.item.start())
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)
        self.item.asked.connect(self.press)
        self.item.left.connect(lambda: self.table.view.setFocus(Qt.FocusReason.OtherFocusReason))
        self.foot.skipped.connect(self.skip)

    def show_habits(self, habits: Habits) -> None:
        """What the rules say about the size of a sample."""
        self.share.setValue(round(habits.audit_share * 100))
        self.least.setValue(habits.audit_least)

    def refresh(self) -> None:
        """Reads what was drawn."""
        self._context.jobs.read(self._services.audits, self._take, self._context.notices.show)

    def start(self) -> None:
        """Puts the keyboard on the list, or on what draws one."""
        (self.table.view if self._audits else self.drawing).setFocus(Qt.FocusReason.OtherFocusReason)

    def draw(self) -> None:
        """Draws a sample."""
        share, least = self.share.value() / 100, self.least.value()

        def done(drawn: tuple[int, Changed]) -> None:
            self._context.notices.success(f"已抽取 {drawn[0]:,} 项", "逐项核对，按 F9 属实、F11 有误")
            self._context.bus.tell(drawn[1])

        self._context.jobs.run(
            "正在抽取样本",
            lambda _progress: self._services.draw(share, least),
            done=done,
            failed=lambda error: self._context.notices.show(error, "没有抽取样本"),
        )

    def press(self, action: Action) -> None:
        """One of the keys."""
        identity, view = self.table.current_id(), self.item.view
        if identity is None or view is None or action not in {Action.CONFIRM, Action.RETURN}:
            return
        note, sound = self.foot.note.text().strip(), action is Action.CONFIRM
        if not sound and not note:
            self._context.notices.info("请先写明哪里有误", "写好说明再按 F11")
            self.foot.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._context.jobs.run(
            "正在保存抽查结论",
            lambda _progress: self._services.judge(identity, note, sound=sound),
            done=self._context.bus.tell,
            failed=lambda error: self._context.notices.show(error, "抽查结论没有保存"),
        )
        if self.item.working():
            self.item.start()
        self.skip(1)

    def skip(self, step: int) -> None:
        """The next item that nobody looked at, or the next row."""
        ids, here = self.table.model.ids, self.table.view.currentIndex().row()
        places = [(here + step * way) % len(ids) for way in range(1, len(ids))]
        following = next((ids[place] for place in places if not self._audits[ids[place]].verdict), None)
        if following is not None:
            self.table.go_to(following)

    def _take(self, audits: "Sequence[Audit]") -> None:
        first = not self._audits
        self._audits = {audit.id: audit for audit in audits}
        self.counted.emit(sum(not audit.verdict for audit in audits))
        today = self._context.workspace.clock().date()
        source = ListSource(_COLUMNS, [Row(audit.id, _values(audit, said(audit.drawn_at, today))) for audit in audits])
        empty = EmptyText("sample", "还没有抽查样本", "从已确认的事项中随机抽取，由没有确认过的人再核对一遍", ("抽取样本", self.draw))
        present = self.table.current_id()
        self.table.set_source(source, empty=empty)
        if present is not None and not first:
            self.table.go_to(present)

    def _look(self) -> None:
        audit = self._audits.get(self.table.current_id() or 0)
        if self.table.model.state is not Reading.READY:
            return
        if audit is None:
            self._wanted = None
            self.item.say("info", "没有选中样本", "抽取样本后，在表中选一行；F9 属实，F11 有误")
            return
        if audit.id == self._wanted:
            return
        self._wanted = audit.id
        self.item.wait()

        def take(views: Sequence[ItemView]) -> None:
            if audit.id == self._wanted and views:
                self.item.show_view(views[0])
                self.foot.show_audit(audit)

        self._context.jobs.read(lambda: self._services.views([audit.item], self._session), take, self._context.notices.show)

    def _lay_out(self) -> None:
        for spin, low, high, title, unit in ((self.share, 1, 100, "抽查比例", " %"), (self.least, 1, 9999, "至少", " 项")):
            spin.setRange(low, high)
            spin.setSuffix(unit)
            spin.setAccessibleName(title)
            spin.setFixedWidth(104)
        head = card()
        line = row(label("抽取比例", "muted"), self.share, label("至少", "muted"), self.least, self.drawing, None, parent=head, gap=8)
        line.setContentsMargins(14, 8, 10, 8)
        left = QWidget()
        column(head, self.table, parent=left, gap=10).setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 300), (self.item, 392)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setSizes([500, 420])
        column(split, parent=self, gap=0)


def _values(audit: "Audit", drawn: str) -> tuple[str, ...]:
    confirmed = "、".join(dict.fromkeys(name for name in (audit.marketing_by, audit.operations_by) if name)) or "按规则"
    return (
        _VERDICTS[audit.verdict], KIND_TITLES[audit.kind], audit.title, audit.ledger, audit.field, confirmed, f"{drawn} {audit.drawn_by}",
        audit.person, audit.note, audit.key,
    )  # fmt: skip
