"""Headers of one sheet to columns of one template, one to one, and how well the template fits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lvdesk.templates.definition import Column, Template
from lvdesk.templates.headers import fold, is_generic, is_trade, subjects, unbracketed
from lvdesk.templates.index import Head, candidates, group_allows
from lvdesk.templates.likeness import most_like, quality

NEIGHBOUR: Final = 0.75
LEAST_SHARE: Final = 0.2
ENOUGH_TRADE: Final = 6
_KEY_WEIGHT: Final = 3.0


@dataclass
class Assignment:
    """Header index -> position in the template, with quality and manner of each."""

    template: Template
    heads: Sequence[Head]
    positions: dict[int, int] = field(default_factory=dict)
    quality: dict[int, float] = field(default_factory=dict)
    how: dict[int, str] = field(default_factory=dict)

    def take(self, index: int, position: int, value: float, how: str) -> None:
        """Gives a column to a header unless either is taken."""
        if index not in self.positions and position not in self.positions.values():
            self.positions[index], self.quality[index], self.how[index] = position, value, how

    @property
    def matched(self) -> float:
        """Sum of qualities: how many headers are understood."""
        return sum(self.quality.values())

    @property
    def fields(self) -> dict[int, str]:
        """Header index -> field."""
        return {index: self.template.columns[position].field for index, position in sorted(self.positions.items())}

    @property
    def free(self) -> list[tuple[int, Column]]:
        """Columns of the template nothing is assigned to."""
        taken = set(self.positions.values())
        return [(position, column) for position, column in enumerate(self.template.columns) if position not in taken]

    def score(self) -> float:
        """0..1: half for the sheet's headers understood, a quarter each for required and for all columns of the form found."""
        columns = self.template.columns
        found = {position: self.quality[index] for index, position in self.positions.items()}
        share = self.matched / len(self.heads) if self.heads else 0.0
        required = [position for position, column in enumerate(columns) if column.required]
        must = sum(found.get(position, 0) for position in required) / len(required) if required else 1.0
        weights = {position: _weight(self.template, column) for position, column in enumerate(columns) if not column.extra}
        form = sum(found.get(position, 0) * weight for position, weight in weights.items()) / sum(weights.values())
        return round(0.5 * share + 0.25 * must + 0.25 * form, 4)

    def shortfalls(self) -> list[str]:
        """Why the template does not fit, in words; empty when it does."""
        fields = set(self.fields.values())
        problems = []
        if not fields.intersection(self.template.row_key):
            problems.append("缺少关键列：" + "或".join(self._header(name) for name in self.template.row_key))
        if len(fields) < self.template.least:
            problems.append(f"只认出 {len(fields)} 列，至少要 {self.template.least} 列")
        if self.template.needs and not fields.intersection(self.template.needs):
            problems.append("缺少以下任一列：" + "、".join(self._header(name) for name in self.template.needs))
        trade = sum(_proves(head) for head in self.heads if head.index in self.positions)
        if trade < self.template.trade:
            problems.append("认出的列不足以说明这是营配台账")
        elif self.template.trade and len(fields) < LEAST_SHARE * len(self.heads) and trade < ENOUGH_TRADE:
            problems.append(f"{len(self.heads)} 列中只认出 {len(fields)} 列")
        return problems

    def _header(self, name: str) -> str:
        column = self.template.column(name)
        return column.header if column else name


def assign(template: Template, heads: Sequence[Head]) -> Assignment:
    """The best one-to-one assignment: known spellings first, then context, then likeness."""
    made = assign_known(template, heads)
    complete(made)
    return made


def assign_known(template: Template, heads: Sequence[Head]) -> Assignment:
    """The best one-to-one assignment by known spellings alone."""
    made = Assignment(template, heads)
    offers = [(found, head) for head in heads for found in candidates(template, head)]
    order = sorted(offers, key=lambda offer: (-offer[0].priority, offer[0].position, offer[1].index))
    for found, head in order:
        made.take(head.index, found.position, round(found.quality, 3), found.how)
    return made


def complete(made: Assignment) -> None:
    """Adds what context and likeness tell, once enough is known for the template to be possible at all."""
    if len(made.positions) >= made.template.least - 1:
        _by_neighbour(made)
        _by_likeness(made)


def _by_neighbour(made: Assignment) -> None:
    """A lone 名称 right after 用户编号 is the customer's name."""
    about = ""
    for head in made.heads:
        folded = fold(head.leaf)
        mine = subjects(folded)
        if mine or head.group:
            about = next(iter(mine)) if len(mine) == 1 else ""
        elif about and head.index not in made.positions and is_generic(folded):
            for found in candidates(made.template, Head(head.index, about + folded)):
                made.take(head.index, found.position, NEIGHBOUR, "likeness")


def _by_likeness(made: Assignment) -> None:
    offers = []
    for head in made.heads:
        if head.index in made.positions:
            continue
        allowed = [(position, column) for position, column in made.free if not head.group or group_allows(head, column)]
        found = most_like(fold(unbracketed(head.leaf)), allowed)
        if found:
            offers.append((found[1], found[0], head.index))
    for value, position, index in sorted(offers, key=lambda offer: (-offer[0], offer[2])):
        made.take(index, position, quality(value), "likeness")


def _weight(template: Template, column: Column) -> float:
    return _KEY_WEIGHT if column.required or column.field in template.row_key else 1.0


def _proves(head: Head) -> bool:
    return is_trade(head.leaf) or bool(head.group and is_trade(head.group))
