"""What the history shows, read off the UI thread and turned into plain lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from lvdesk.history import Backup, Entry, EntryChange
    from lvdesk.kit.progress import Progress
    from lvdesk.network.records import FieldValue
    from lvdesk.workspace import Workspace

PAGE = 60
_ASK = 200


@dataclass(frozen=True)
class Wanted:
    """Which entries: ``text`` in the label, one person or "", not older than ``days`` (0: any age)."""

    text: str = ""
    person: str = ""
    days: int = 0


@dataclass(frozen=True)
class Page:
    """Entries newest first; ``more`` is where the next page starts, None at the end."""

    entries: Sequence["Entry"]
    more: int | None


@dataclass(frozen=True)
class ChangeLine:
    """One field of one row before and after; ``record`` says which row."""

    kind: str
    entity: str
    record: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class OriginLine:
    """Where one value of a record comes from."""

    title: str
    value: str
    raw: str
    owner: str
    place: str
    when: str
    who: str


class Services(Protocol):
    """What the history asks of the station; all calls may take long and come on worker threads."""

    def entries(self, before: int | None, limit: int, text: str) -> Sequence["Entry"]:
        """Journal entries newest first."""

    def detail(self, entry: int, start: int, limit: int) -> Sequence[ChangeLine]:
        """The fields one entry changed."""

    def undo(self, entry: int) -> Any:
        """Takes one entry back."""

    def verify(self, progress: "Progress") -> Sequence[str]:
        """What is wrong with the journal and the database; nothing is good."""

    def backups(self) -> Sequence["Backup"]:
        """Backups with path, reason, at, rows, newest first."""

    def backup(self, progress: "Progress") -> Any:
        """Makes a verified backup."""

    def restore(self, path: "Path", progress: "Progress") -> Any:
        """Puts a backup in place of the database."""

    def origin(self, entity: str, key: str) -> tuple[str, Sequence[OriginLine]]:
        """A record's name and where each of its values comes from."""

    def entities(self) -> Sequence[tuple[str, str]]:
        """Kinds of records: key and Chinese name."""


def page(ask: Callable[[int | None, int, str], Sequence["Entry"]], wanted: Wanted, before: int | None, today: date) -> Page:
    """The next entries that fit; reads on until a page is full or the journal, or the asked span of days, ends."""
    found: list[Entry] = []
    since = (today - timedelta(days=wanted.days - 1)).isoformat() if wanted.days else ""
    for entry in _walk(ask, wanted.text, before):
        if entry.at[:10] < since:
            return Page(found, None)
        if not wanted.person or entry.person == wanted.person:
            found.append(entry)
        if len(found) == PAGE:
            return Page(found, entry.id)
    return Page(found, None)


def _walk(ask: Callable[[int | None, int, str], Sequence["Entry"]], text: str, before: int | None) -> Iterator["Entry"]:
    while True:
        got = ask(before, _ASK, text)
        yield from got
        if len(got) < _ASK:
            return
        before = got[-1].id


class StationServices:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def entries(self, before: int | None, limit: int, text: str) -> Sequence["Entry"]:
        """Journal entries newest first."""
        from lvdesk import history

        return history.entries(self._workspace, before, limit, text)

    def detail(self, entry: int, start: int, limit: int) -> Sequence[ChangeLine]:
        """The fields one entry changed, in the words of the dictionary."""
        from lvdesk import history

        return [_change(change) for change in history.detail(self._workspace, entry, start, limit)]

    def undo(self, entry: int) -> Any:
        """Takes one entry back."""
        from lvdesk import history

        return history.undo(self._workspace, entry)

    def verify(self, progress: "Progress") -> Sequence[str]:
        """What is wrong; nothing is good."""
        from lvdesk import history

        return history.verify(self._workspace, progress).problems

    def backups(self) -> Sequence["Backup"]:
        """Backups newest first."""
        from lvdesk import history

        return history.backups(self._workspace)

    def backup(self, progress: "Progress") -> Any:
        """Makes a verified backup."""
        from lvdesk import history

        return history.backup(self._workspace, None, progress)

    def restore(self, path: "Path", progress: "Progress") -> Any:
        """Puts a backup in place of the database."""
        from lvdesk import history

        return history.restore(self._workspace, path, progress)

    def origin(self, entity: str, key: str) -> tuple[str, Sequence[OriginLine]]:
        """A record's name and where its values come from."""
        from lvdesk.network import records

        record = records.show(self._workspace, entity, key)
        return record.title, [_origin(value) for value in record.fields]

    def entities(self) -> Sequence[tuple[str, str]]:
        """Kinds of records."""
        from lvdesk.network import browsing

        return browsing.entities(self._workspace)


def _change(change: "EntryChange") -> ChangeLine:
    return ChangeLine(change.kind, change.entity_title, change.key, change.field_title, change.before, change.after)


def _origin(value: "FieldValue") -> OriginLine:
    sheet = f"{value.sheet} 第 {value.row} 行" if value.row else value.sheet
    place = " · ".join(part for part in (value.file, sheet) if part)
    typed = "在本程序中录入" if value.who else ""
    when = value.when.replace("T", " ")[:16]
    return OriginLine(value.title, value.value, value.raw, value.owner_title, place or typed, when, value.who)
