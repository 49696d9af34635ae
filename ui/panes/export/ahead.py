"""The look ahead: large numbers, why records stay, what would be refused, how ready each area is."""

from collections.abc import Callable
from itertools import chain
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from lvdesk.exchange.model import HeldBack
from ui.panes.base import Context
from ui.panes.export.causes import Causes, Group
from ui.panes.export.figures import Figures
from ui.panes.export.loading import Ahead
from ui.panes.export.looking import Shown
from ui.panes.export.reasons import Cause
from ui.panes.export.share import ShareDelegate
from ui.panes.export.words import STEPS, leads
from ui.parts import button, card, column, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

HELD, REJECTS, AREAS = "held", "rejects", "areas"
_LISTS: Final = ((HELD, "为什么暂缓"), (REJECTS, "接收方可能退回"), (AREAS, "台区就绪"))
_ALL: Final = "all"
_NONE_HELD: Final = EmptyText("success", "没有暂缓的记录", "范围内的记录都可以导出")
_NONE_REFUSED: Final = EmptyText("success", "没有发现接收方会退回的记录", "按 receivers.toml 中的接收方规则检查")
_NO_AREAS: Final = EmptyText("area", "范围内没有台区", "在左边换一个范围")


class AheadView(QWidget):
    """Signals: led(page, target), opened(entity, key), draft_asked.

    Attributes:
        found: what is shown, None while a state is said instead.
    """

    led = Signal(str, object)
    opened = Signal(str, str)
    draft_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.found: Shown | None = None
        self.figures = Figures()
        self.lists = Segmented(_LISTS, name="检查结果")
        self.lists.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.draft = button("缺项清单…", self.draft_asked.emit, "", "sheet")
        self.held = Causes(context, "export.held", "暂缓原因", _NONE_HELD)
        self.rejects = Causes(context, "export.rejects", "接收方规则", _NONE_REFUSED)
        self.areas = DataTable("export.areas", context.jobs, context.workspace.settings, name="台区就绪情况", bar_apart=True)
        self.areas.model.editing = False
        self.areas.set_marked_levels(frozenset())
        self.areas.view.setItemDelegate(ShareDelegate(self.areas.view))
        self.state = StateView()
        self.state.loading()
        self._pages, self._inside = QStackedWidget(), QStackedWidget()
        for part in (self.held, self.rejects, self.areas):
            self._inside.addWidget(part)
        loaded = QWidget()
        self._bars = (self.held.table.bar, self.rejects.table.bar, self.areas.bar)
        head = row(self.lists, *self._bars, self.draft)
        column(self.figures, head, self._inside, parent=loaded, gap=10).setStretch(2, 1)
        ground = card()
        column(self.state, parent=ground, gap=0, margin=1)
        self._pages.addWidget(ground)
        self._pages.addWidget(loaded)
        column(self._pages, parent=self, gap=0)
        self.lists.chosen.connect(self.show_list)
        self.show_list(HELD)
        for causes in (self.held, self.rejects):
            causes.led.connect(self.led)
            causes.opened.connect(self.opened)
        self.areas.opened.connect(self._open_area)
        self.areas.failed.connect(context.notices.show)
        self.areas.told.connect(context.notices.success)

    def show_list(self, key: str) -> None:
        """Turns to one of the lists."""
        self.lists.select(key)
        chosen = [each for each, _title in _LISTS].index(key)
        self._inside.setCurrentIndex(chosen)
        for place, bar in enumerate(self._bars):
            bar.setVisible(place == chosen)

    def say(self, icon: str, title: str, hint: str, *offers: tuple[str, Callable[[], object]], level: str = "") -> None:
        """Says why there is nothing to show."""
        self.found = None
        self.state.say(icon, title, hint, *offers, level=level)
        self._pages.setCurrentIndex(0)

    def wait(self) -> None:
        """Shows that something comes; what was found stays until then, marked as old by what works above it."""
        self.draft.setEnabled(False)
        if self.found is None:
            self.state.loading()
            self._pages.setCurrentIndex(0)

    def show_found(self, found: Shown) -> None:
        """Shows what was found."""
        self.found = found
        seen, ahead = found.ahead.seen, found.ahead
        self.figures.show_ahead(ahead, test=found.request.test)
        titles = dict(ahead.titles)
        self.held.show_groups(_held_groups(ahead), titles)
        self.rejects.show_groups(_reject_groups(ahead), titles)
        self.areas.set_source(found.areas, empty=_NO_AREAS)
        for key, count in ((HELD, len(seen.held)), (REJECTS, sum(each.count for each in seen.rejects)), (AREAS, len(seen.areas))):
            self.lists.set_count(key, count)
        self.draft.setEnabled(True)
        self._pages.setCurrentIndex(1)

    def _open_area(self, number: int) -> None:
        if self.found is not None:
            self.opened.emit("transformer_area", self.found.ahead.seen.areas[number - 1].area_no)


def _held_groups(ahead: Ahead) -> list[Group]:
    reasons = ahead.seen.reasons
    if not reasons:
        return []
    groups = [Group(Cause(_ALL, "全部暂缓的记录", len(ahead.seen.held)), ahead.seen.held)] if len(reasons) > 1 else []
    for place, why in enumerate(reasons):
        records = ahead.groups.get(why.why, ())
        groups.append(Group(Cause(f"{place} {why.why}", why.why, why.count, STEPS[why.step][1]), records, leads(why, records)))
    return groups


def _reject_groups(ahead: Ahead) -> list[Group]:
    groups = []
    for each in ahead.seen.rejects:
        records = [HeldBack(each.entity, key, each.why) for key in each.keys]
        more = f"只列前 {len(records):,} 条，共 {each.count:,} 条" if each.count > len(records) else ""
        target = ("ledger", (each.entity, each.keys[0])) if each.keys else None
        groups.append(Group(Cause(f"{each.entity} {each.field} {each.why}", each.why, each.count, "去台账核对"), records, target, more))
    if len(groups) > 1:
        every = list(chain.from_iterable(group.records for group in groups))
        groups.insert(0, Group(Cause(_ALL, "全部可能退回的记录", sum(group.cause.count for group in groups)), every))
    return groups
