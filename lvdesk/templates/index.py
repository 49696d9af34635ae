"""Which column of a template a header may stand for, by exact, normalised and folded text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lvdesk.templates.definition import Column, Template
from lvdesk.templates.headers import fold, group_name, is_generic, normalise, subjects, tail, unbracketed

EXACT: Final = 1.0
NORMALISED: Final = 1.0
FOLDED: Final = 0.95
REMARK_OFF: Final = 0.9
WEAK: Final = 0.1
WITHOUT_GROUP: Final = 0.03
_NOTE_YIELDS: Final = 0.15
_CODED: Final = frozenset({"类别", "分类", "状态", "标志", "电压", "等级", "方式", "性质", "类型"})
"""A header with such an ending also comes as 用电类别代码 or 用电类别名称."""

SUBJECTS: Final[Mapping[str, frozenset[str]]] = {
    "substation": frozenset({"变电站"}),
    "feeder": frozenset({"线路"}),
    "transformer_area": frozenset({"台区", "变压器"}),
    "transformer": frozenset({"变压器", "台区"}),
    "pole": frozenset({"杆塔"}),
    "branch_box": frozenset({"分支箱"}),
    "access_point": frozenset({"接入点", "挂接", "挂接设备"}),
    "meter_box": frozenset({"计量箱"}),
    "meter": frozenset({"电能表"}),
    "metering_point": frozenset({"计量点", "用户", "台区"}),
    "customer": frozenset({"用户"}),
}
"""The words a group header may carry above columns of each entity."""


@dataclass(frozen=True)
class Head:
    """One column's header in a sheet: ``leaf`` is its own text, ``group`` the text above it in a two-row header."""

    index: int
    leaf: str
    group: str = ""

    @property
    def text(self) -> str:
        """What people read: group and leaf."""
        return f"{self.group}/{self.leaf}" if self.group else self.leaf


@dataclass(frozen=True)
class Candidate:
    """A column (by position in the template) that a header may stand for; ``priority`` decides between rivals."""

    position: int
    quality: float
    priority: float
    how: str


@dataclass(frozen=True)
class Index:
    """The texts of one template: text -> ((position, weak), …)."""

    exact: Mapping[str, tuple[tuple[int, bool], ...]]
    normalised: Mapping[str, tuple[tuple[int, bool], ...]]
    folded: Mapping[str, tuple[tuple[int, bool], ...]]


@lru_cache(maxsize=64)
def index_of(template: Template) -> Index:
    """The template's index; made once."""
    exact: dict[str, dict[int, bool]] = {}
    normalised: dict[str, dict[int, bool]] = {}
    folded: dict[str, dict[int, bool]] = {}
    for weak, spellings in ((False, _own), (False, _shared), (True, _weak)):
        for position, column in enumerate(template.columns):
            for text in spellings(column):
                for found, form in ((exact, text), (normalised, normalise(text)), (folded, fold(text))):
                    found.setdefault(form, {}).setdefault(position, weak)
    for form, positions in list(folded.items()):
        if tail(form) in _CODED:
            for ending in ("编号", "名称"):
                for position in positions:
                    folded.setdefault(form + ending, {}).setdefault(position, True)
    return Index(_frozen(exact), _frozen(normalised), _frozen(folded))


def _own(column: Column) -> Sequence[str]:
    return (column.header, *column.aliases)


def _shared(column: Column) -> Sequence[str]:
    return column.shared


def _weak(column: Column) -> Sequence[str]:
    return column.weak


def _frozen(found: Mapping[str, Mapping[int, bool]]) -> dict[str, tuple[tuple[int, bool], ...]]:
    return {form: tuple(positions.items()) for form, positions in found.items() if form}


def forms(head: Head) -> Iterable[str]:
    """Folded texts of a header that may be known: with its group, and alone."""
    if head.group:
        yield fold(group_name(head.group) + head.leaf)
    yield fold(head.leaf)
    yield fold(unbracketed(head.leaf))


def candidates(template: Template, head: Head) -> list[Candidate]:
    """The columns a header may stand for, by known spellings."""
    index = index_of(template)
    found: dict[int, Candidate] = {}
    for text, less in _texts(head):
        for position, weak, quality, how in _look_up(index, text):
            column = template.columns[position]
            if less and head.group and not group_allows(head, column):
                continue
            value = quality - less - (WEAK if weak else 0)
            priority = value - (_NOTE_YIELDS if column.is_note else 0)
            if position not in found or found[position].priority < priority:
                found[position] = Candidate(position, value, priority, how)
    return list(found.values())


def group_allows(head: Head, column: Column) -> bool:
    """Whether the group above a header that says little (编号, 经度) may speak of the column's entity."""
    about = subjects(group_name(head.group))
    if not about or column.is_note or not is_generic(fold(head.leaf)):
        return True
    return bool(about & SUBJECTS.get(column.entity, about))


def _texts(head: Head) -> Iterable[tuple[str, float]]:
    if head.group:
        yield head.group.strip() + head.leaf.strip(), 0.0
        yield group_name(head.group) + head.leaf.strip(), 0.0
        yield head.leaf, WITHOUT_GROUP
    else:
        yield head.leaf, 0.0


def _look_up(index: Index, text: str) -> list[tuple[int, bool, float, str]]:
    plain, bare = normalise(text), unbracketed(text)
    tiers = (
        (index.exact, text.strip(), EXACT, "alias"),
        (index.normalised, plain, NORMALISED, "normalised"),
        (index.folded, fold(plain), FOLDED, "normalised"),
        (index.normalised, bare, REMARK_OFF, "normalised"),
        (index.folded, fold(bare), REMARK_OFF, "normalised"),
    )
    found: list[tuple[int, bool, float, str]] = []
    for table, form, quality, how in tiers:
        found += [(position, weak, quality, how) for position, weak in table.get(form, ())]
    return found
