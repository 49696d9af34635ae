"""The left side: the lists of the review with their counts, and what narrows the chosen one."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame

from lvdesk.review.model import State
from ui.panes.review.lines import LINE, Line, LineList
from ui.panes.review.loading import Facet, Facets, Wanted
from ui.panes.review.words import AUDIT, LATER, MINE, STAGE_LEVELS, STAGES
from ui.parts import button, column, label, line, row

_PARTS: Final = (("kinds", "类别"), ("ages", "等待时间"), ("people", "采录人"), ("areas", "台区"))
_OWN: Final = "own"
_ASKED: Final = frozenset({State.MARKETING, State.OPERATIONS})
_MANY: Final = 200


class StageList(LineList):
    """Signals: chosen(key)."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("复核清单")
        self.show_counts({})
        self.stand_at(MINE)
        self.selectionModel().currentChanged.connect(lambda *_places: self.chosen.emit(self.key()))

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Shows how many each list has; late lists only when there is something in them, or one stands there."""
        lines = [
            Line(str(key), title, counts.get(str(key)), STAGE_LEVELS.get(key, "neutral"))
            for key, title in STAGES
            if key not in LATER or counts.get(str(key)) or self.key() == key
        ]
        self.show_lines(lines)
        self.setFixedHeight(self.high() + 4)


class FacetList(LineList):
    """Ticks by kind, waiting time, person, area. Signals: chosen()."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__("筛选条件")
        self._stage = ""
        self._facets = Facets()
        self._ticked: dict[str, set[str]] = {}
        self._own = False
        self.clicked.connect(self._turn)

    def turn_to(self, stage: str) -> None:
        """Another list: nothing narrows it yet."""
        self._stage, self._ticked, self._own = stage, {}, False
        self.show_lines([])

    def show_facets(self, facets: Facets) -> None:
        """What the list consists of; a tick on what is no longer there is taken away by hand only."""
        self._facets = facets
        lines: list[Line] = []
        for part, title in _PARTS:
            inside = self._with_ticked(part, getattr(facets, part))
            if inside:
                lines.append(Line(f"{part}|", title, heading=True))
            lines += [Line(f"{part}|{each.key}", each.title, each.count, ticked=self._is(part, each.key)) for each in inside[:_MANY]]
        if self._stage in _ASKED:
            lines += [Line("other|", "其他", heading=True), Line(_OWN, "含我录入、我确认过的", ticked=self._own)]
        self.show_lines(lines)

    def wanted(self) -> Wanted:
        """The list as narrowed."""
        kinds, areas, people = (frozenset(self._ticked.get(part, ())) for part in ("kinds", "areas", "people"))
        age = next(iter(self._ticked.get("ages", ())), "")
        return Wanted(self._stage, kinds, areas, people, age, self._own)

    def tick(self, part: str, keys: Sequence[str]) -> None:
        """Ticks these of a part and no others, without telling."""
        self._ticked[part] = set(keys)
        self.show_facets(self._facets)

    def clear_ticks(self) -> None:
        """Takes all ticks away and tells."""
        self._ticked, self._own = {}, False
        self.show_facets(self._facets)
        self.chosen.emit()

    def words(self) -> list[str]:
        """The ticks in words, for conditions."""
        said = []
        for part, title in _PARTS:
            titles = {each.key: each.title for each in getattr(self._facets, part)}
            if names := [titles.get(key, key or "未归属台区") for key in sorted(self._ticked.get(part, ()))]:
                said.append(f"{title}：{'、'.join(names)}")
        return said

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._turn(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _is(self, part: str, key: str) -> bool:
        return key in self._ticked.get(part, ())

    def _with_ticked(self, part: str, facets: Sequence[Facet]) -> list[Facet]:
        gone = self._ticked.get(part, set()) - {each.key for each in facets}
        return [*facets, *(Facet(key, key or "未归属台区", 0) for key in sorted(gone))]

    def _turn(self, index: QModelIndex) -> None:
        found = index.data(LINE)
        if not isinstance(found, Line) or found.heading:
            return
        part, _, key = found.key.partition("|")
        if found.key == _OWN:
            self._own = not self._own
        elif part == "ages":
            self._ticked[part] = set() if self._is(part, key) else {key}
        else:
            self._ticked.setdefault(part, set()).symmetric_difference_update({key})
        self.show_facets(self._facets)
        self.chosen.emit()


class Side(QFrame):
    """Lists above, what narrows the chosen one below."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.stages, self.facets = StageList(), FacetList()
        self.clear = button("清除", self.facets.clear_ticks, "link", name="清除筛选条件")
        self._head = QFrame()
        top = row(label("筛选", "h2"), None, self.clear, parent=self._head)
        top.setContentsMargins(16, 6, 8, 0)
        column(6, self.stages, line(), self._head, self.facets, None, parent=self, gap=2, margin=1).setStretch(4, 1000)
        self.follow()
        self.facets.chosen.connect(self.follow)

    def follow(self) -> None:
        """Shows the way to clear ticks where there are some; the audit is not narrowed."""
        wanted = self.facets.wanted()
        self.clear.setVisible(bool(wanted.kinds or wanted.areas or wanted.people or wanted.age or wanted.own))
        for part in (self._head, self.facets):
            part.setVisible(self.stages.key() != AUDIT)
