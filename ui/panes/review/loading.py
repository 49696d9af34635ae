"""What the review asks of the station; heavy modules are loaded with the first question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.review.model import Decided, ItemView, Kind, Request
from ui.models.source import Source

if TYPE_CHECKING:
    from lvdesk.review.auditing import Audit
    from lvdesk.review.book_taking import BookTaken
    from lvdesk.review.browsing import Scope
    from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class Wanted:
    """Which items: of a stage, narrowed by facets; ``own``: also those the person at the desk entered himself."""

    stage: str
    kinds: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    age: str = ""
    own: bool = False


@dataclass(frozen=True)
class Facet:
    """A part of a list: what it is narrowed by, in words, how many."""

    key: str
    title: str
    count: int


@dataclass(frozen=True)
class Facets:
    """What a list consists of."""

    kinds: Sequence[Facet] = ()
    ages: Sequence[Facet] = ()
    people: Sequence[Facet] = ()
    areas: Sequence[Facet] = ()


@dataclass(frozen=True)
class Habits:
    """Of the rules: frequent reasons to send back, which return goes to the grid leader, how much of what passed is audited."""

    reasons: Sequence[str] = ()
    return_limit: int = 2
    audit_share: float = 0.05
    audit_least: int = 10


class Services(Protocol):
    """All calls may take long and come on worker threads."""

    def stale(self) -> bool:
        """Whether field results came in since the queue was made."""

    def gather(self, progress: Progress) -> Changed:
        """Brings the queue up to date with the field."""

    def counts(self) -> Mapping[str, int]:
        """How many items each list has."""

    def facets(self, wanted: Wanted) -> Facets:
        """What a list consists of."""

    def table(self, wanted: Wanted) -> Source:
        """The items of a list."""

    def views(self, ids: Sequence[int], session: str) -> Sequence[ItemView]:
        """Items in full; those that are gone are left out."""

    def decide(self, request: Request, progress: Progress) -> Decided:
        """Takes a decision about items."""

    def open_item(self, item: int, session: str) -> str:
        """Opens an item for this window; says who else has it open."""

    def close(self, session: str) -> None:
        """Gives up what this window has open."""

    def habits(self) -> Habits:
        """What the rules say about returns and audits."""

    def photo(self, photo: int, longest: int) -> bytes:
        """A photo, upright, as JPEG."""

    def crop(self, page: int, place: str) -> bytes:
        """A cell of a paper sheet as PNG."""

    def write_book(self, path: Path, stage: str, ids: Sequence[int], progress: Progress) -> int:
        """Writes items of a list as a workbook; how many."""

    def take_book(self, path: Path, progress: Progress) -> "BookTaken":
        """Takes decisions out of a filled workbook."""

    def audits(self) -> "Sequence[Audit]":
        """What was drawn, not yet looked at first."""

    def draw(self, share: float, least: int) -> tuple[int, Changed]:
        """Draws a sample of what passed; how many."""

    def judge(self, audit: int, note: str, *, sound: bool) -> Changed:
        """Says whether a drawn item was rightly passed."""


class StationReview:
    """The real services of one workspace; see ``Services``."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def stale(self) -> bool:
        """See ``Services``."""
        from lvdesk.review import gathering

        return gathering.stale(self._workspace)

    def gather(self, progress: Progress) -> Changed:
        """See ``Services``."""
        from lvdesk.review import gathering

        return gathering.refresh(self._workspace, progress)

    def counts(self) -> Mapping[str, int]:
        """See ``Services``."""
        from lvdesk.review import browsing

        return browsing.counts(self._workspace)

    def facets(self, wanted: Wanted) -> Facets:
        """See ``Services``."""
        from lvdesk.review import browsing
        from lvdesk.review.model import KIND_TITLES

        found = browsing.facets(self._workspace, _scope(wanted))
        return Facets(
            [Facet(str(kind), KIND_TITLES[kind], count) for kind, count in found.kinds],
            [Facet(title, title, count) for title, count in found.ages],
            [Facet(name, name, count) for name, count in found.people],
            [Facet(number, title, count) for number, title, count in found.areas],
        )

    def table(self, wanted: Wanted) -> Source:
        """See ``Services``."""
        from lvdesk.review import browsing

        return browsing.table(self._workspace, _scope(wanted))

    def views(self, ids: Sequence[int], session: str) -> Sequence[ItemView]:
        """See ``Services``."""
        from lvdesk.review import items

        return items.views(self._workspace, list(ids), session)

    def decide(self, request: Request, progress: Progress) -> Decided:
        """See ``Services``."""
        from lvdesk.review import deciding

        return deciding.decide(self._workspace, request, progress)

    def open_item(self, item: int, session: str) -> str:
        """See ``Services``."""
        from lvdesk.review import locking

        return locking.open_item(self._workspace, item, session)

    def close(self, session: str) -> None:
        """See ``Services``."""
        from lvdesk.review import locking

        locking.close(self._workspace, session)

    def habits(self) -> Habits:
        """See ``Services``."""
        from lvdesk.review.matters import load_book

        book = load_book(self._workspace.overrides)
        return Habits(book.reasons, book.return_limit, book.audit_share, book.audit_least)

    def photo(self, photo: int, longest: int) -> bytes:
        """See ``Services``."""
        from lvdesk.fieldwork import photo_queue

        return photo_queue.picture(self._workspace, photo, longest)

    def crop(self, page: int, place: str) -> bytes:
        """See ``Services``."""
        from lvdesk.fieldwork import scan_crops

        return scan_crops.crop(self._workspace, page, place)

    def write_book(self, path: Path, stage: str, ids: Sequence[int], progress: Progress) -> int:
        """See ``Services``."""
        from lvdesk.review import book

        return book.write_book(self._workspace, path, stage, ids, progress)

    def take_book(self, path: Path, progress: Progress) -> "BookTaken":
        """See ``Services``."""
        from lvdesk.review import book

        return book.take_book(self._workspace, path, progress)

    def audits(self) -> "Sequence[Audit]":
        """See ``Services``."""
        from lvdesk.review import auditing

        return auditing.listed(self._workspace)

    def draw(self, share: float, least: int) -> tuple[int, Changed]:
        """See ``Services``."""
        from lvdesk.review import auditing

        return auditing.draw(self._workspace, share, least)

    def judge(self, audit: int, note: str, *, sound: bool) -> Changed:
        """See ``Services``."""
        from lvdesk.review import auditing

        return auditing.judge(self._workspace, audit, auditing.SOUND if sound else auditing.WRONG, note)


def _scope(wanted: Wanted) -> "Scope":
    from lvdesk.review.browsing import Scope

    kinds = frozenset(Kind(kind) for kind in wanted.kinds)
    return Scope(wanted.stage, kinds, wanted.areas, wanted.people, wanted.age, wanted.own)
