"""Puts things without coordinates into a walk: next to the neighbour by address, or by number where there is no address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lvdesk.fieldwork.model import Need
from lvdesk.fieldwork.walking_order import Part, alike, natural

Words = tuple[Part, ...]


def ladder(need: Need) -> tuple[Words, str, Words, str]:
    """The natural order of an area's things: by address, then kind, then number; two are equal only when they are the same thing."""
    return natural(need.address), need.entity, natural(need.key), need.key


def inserted(needs: Sequence[Need], walk: Sequence[int]) -> list[int]:
    """``walk`` with all other things of ``needs`` put in, those without coordinates beside their neighbours.

    Between two neighbours that follow each other: between them. Else beside the one whose address is more alike, on the side that
    leads to the other. What has no neighbour comes last.
    """
    order = sorted(range(len(needs)), key=lambda number: ladder(needs[number]))
    steps = {number: step for step, number in enumerate(walk)}
    beside = _Beside({number: [] for number in walk}, {number: [] for number in walk})
    addressed = [_Rung(number, natural(needs[number].address)) for number in order if needs[number].address]
    numbered = [_Rung(number, natural(needs[number].key)) for number in order if number in steps or not needs[number].address]
    for rungs in (addressed, sorted(numbered, key=lambda rung: rung.words)):
        for missing, sides, onward in _gaps(rungs, steps):
            for rung in missing:
                nearer, above = _nearer(rung, sides, steps)
                beside.put(rung.number, nearer.number, above=above, onward=onward)
    found = [number for anchor in walk for number in (*beside.before[anchor], anchor, *beside.behind[anchor])]
    placed = set(found)
    return [*found, *(number for number in order if number not in placed)]


@dataclass(frozen=True)
class _Rung:
    """A thing and the words that order it."""

    number: int
    words: Words


_Side = tuple[_Rung, bool]
"""A neighbour with a place; whether what is beside it stands above it."""


@dataclass(frozen=True)
class _Beside:
    """What is put before and behind the things that have a place."""

    before: dict[int, list[int]]
    behind: dict[int, list[int]]

    def put(self, number: int, anchor: int, *, above: bool, onward: bool) -> None:
        """Puts ``number`` beside ``anchor``, ``above`` or below it in the natural order, which the walk goes up (``onward``) or down."""
        side = (self.behind if above == onward else self.before)[anchor]
        side.insert(len(side) if onward else 0, number)


def _gaps(rungs: Sequence[_Rung], steps: dict[int, int]) -> Iterator[tuple[list[_Rung], list[_Side], bool]]:
    """Each stretch of things without a place, its neighbours below and above (at an end only one), whether the walk goes up there."""
    placed = [index for index, rung in enumerate(rungs) if rung.number in steps]
    if not placed:
        return
    for low, high in zip([-1, *placed], [*placed, len(rungs)], strict=True):
        if high - low > 1:
            # at either end the two outermost things with a place tell which way the walk goes
            pair = (max(low, placed[0]), high) if low >= 0 else tuple(placed[:2])
            pair = pair if high < len(rungs) else tuple(placed[-2:])
            onward = len(pair) < 2 or steps[rungs[pair[0]].number] < steps[rungs[pair[1]].number]
            sides = [(rungs[index], above) for index, above in ((low, True), (high, False)) if 0 <= index < len(rungs)]
            yield list(rungs[low + 1 : high]), sides, onward


def _nearer(rung: _Rung, sides: list[_Side], steps: dict[int, int]) -> _Side:
    """The neighbour to stand beside; the lower one where the walk goes straight from one to the other."""
    lower, upper = sides[0], sides[-1]
    if abs(steps[lower[0].number] - steps[upper[0].number]) <= 1:
        return lower
    return upper if alike(rung.words, upper[0].words) > alike(rung.words, lower[0].words) else lower
