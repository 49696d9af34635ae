"""Sets findings against planted faults: what was missed, what was said of nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.helpers.faulty import Fault


@dataclass(frozen=True)
class Said:
    """One finding: its rule, the names it goes by (key, file), its message."""

    rule: str
    names: frozenset[str]
    message: str


@dataclass
class Score:
    """One kind of fault or one rule: how many of how many, and examples of the others."""

    right: int = 0
    total: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, *, right: bool, example: str) -> None:
        """Counts one."""
        self.total += 1
        self.right += right
        if not right and len(self.examples) < 5:
            self.examples.append(example)

    @property
    def share(self) -> float:
        """Right of all; 1 for none at all."""
        return self.right / self.total if self.total else 1.0


def recall(faults: Sequence[Fault], findings: Iterable[Said]) -> dict[tuple[str, str], Score]:
    """(kind, rule) -> how many of the planted faults the rule found."""
    named: dict[str, set[str]] = defaultdict(set)
    for said in findings:
        named[said.rule] |= said.names
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    for fault in faults:
        for code, keys in fault.codes.items():
            scores[fault.kind, code].count(right=bool(keys & named[code]), example="、".join(sorted(keys)))
    return scores


def precision(faults: Sequence[Fault], findings: Iterable[Said]) -> dict[str, Score]:
    """Rule -> how many of its findings speak of a record in which a fault was planted that the rule may name."""
    meant: dict[str, set[str]] = defaultdict(set)
    for fault in faults:
        for code, keys in fault.codes.items():
            meant[code] |= keys | fault.keys
        for code in fault.also:
            meant[code] |= fault.keys
    scores: dict[str, Score] = defaultdict(Score)
    for said in findings:
        scores[said.rule].count(right=bool(said.names & meant[said.rule]), example=said.message)
    return scores
