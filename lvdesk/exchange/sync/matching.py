"""Which thing of theirs is which of ours: by identifier, by a person's word, else suggested one to one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lvdesk.exchange.sync.likeness import Book, Likeness, Thing, likeness

BY_ID, BY_PERSON, BY_LIKENESS, NONE = "id", "person", "likeness", "none"
_OTHER: Final = "other"


@dataclass(frozen=True)
class Match:
    """One thing of theirs.

    Attributes:
        ours: our key, "" for none.
        how: ``BY_ID``, ``BY_PERSON``, ``BY_LIKENESS``, ``NONE``; ``decision`` a person's word (same, new, other), "" for none.
        ambiguous: another of ours is as likely; then ``ours`` is only the first of them and nothing is adopted by itself.
    """

    theirs: Thing
    ours: str
    how: str
    share: float
    evidence: tuple[str, ...]
    decision: str = ""
    ambiguous: bool = False


def matched(
    theirs: Sequence[Thing], ours: Sequence[Thing], known: Mapping[str, str], decided: Mapping[str, tuple[str, str]], book: Book
) -> list[Match]:
    """One match for each of theirs, in their order; no two get the same of ours.

    Args:
        theirs: of one kind.
        ours: of that kind.
        known: their identifier -> our key that carries it.
        decided: their identifier -> (decision, our key) of a person.
        book: weights and limits.
    """
    keys = {thing.key for thing in ours}
    sure: dict[str, Match] = {}
    for thing in theirs:
        decision, key = decided.get(thing.key, ("", ""))
        if decision:
            found = key if decision == "same" and key in keys else ""
            sure[thing.key] = Match(thing, found, BY_PERSON, 1.0 if found else 0.0, (f"经办人认定：{_WORDS[decision]}",), decision)
        elif known.get(thing.key) in keys:
            sure[thing.key] = Match(thing, known[thing.key], BY_ID, 1.0, (f"编号对应：{thing.key}",))
    taken = {match.ours for match in sure.values() if match.ours}
    left = [thing for thing in theirs if thing.key not in sure]
    suggested = _assigned(left, [thing for thing in ours if thing.key not in taken], book)
    return [sure.get(thing.key) or suggested[thing.key] for thing in theirs]


_WORDS: Final = {"same": "同一个", "new": "新建", "other": "不属本所"}


def _assigned(theirs: Sequence[Thing], ours: Sequence[Thing], book: Book) -> dict[str, Match]:
    """The likeliest pairs first; each of either side once."""
    pairs = list(_pairs(theirs, ours, book))
    pairs.sort(key=lambda pair: (-pair[2].share, pair[0].key, pair[1].key))
    best: dict[str, list[float]] = {}
    for thing, _mine, like in pairs:
        best.setdefault(thing.key, []).append(like.share)
    found: dict[str, Match] = {}
    used: set[str] = set()
    for thing, mine, like in pairs:
        if thing.key in found or mine.key in used:
            continue
        others = best[thing.key]
        close = len(others) > 1 and others[0] - others[1] < book.close
        found[thing.key] = Match(thing, mine.key, BY_LIKENESS, like.share, like.evidence, ambiguous=close)
        used.add(mine.key)
    return {thing.key: found.get(thing.key) or Match(thing, "", NONE, 0.0, ()) for thing in theirs}


def _pairs(theirs: Sequence[Thing], ours: Sequence[Thing], book: Book) -> Iterable[tuple[Thing, Thing, Likeness]]:
    """Pairs likely enough to be suggested. Where both know what they hang on, only those of the same parent, and those without."""
    by_parent: dict[str, list[Thing]] = {}
    for mine in ours:
        by_parent.setdefault(mine.parent, []).append(mine)
    for thing in theirs:
        near = [*by_parent.get(thing.parent, ()), *by_parent.get("", ())] if thing.parent else list(ours)
        good = [(thing, mine, like) for mine in dict.fromkeys(near) if (like := likeness(thing, mine, book)).share >= book.suggest]
        if not good and thing.parent:  # it may have been cut over to another feeder
            good = [(thing, mine, like) for mine in ours if (like := likeness(thing, mine, book)).share >= book.suggest]
        yield from good
