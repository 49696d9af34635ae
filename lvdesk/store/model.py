"""What the store tells about its history: entries, the changes of one row, and the error of a repeated operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lvdesk.kit.errors import RefusedError

INSERT, UPDATE, DELETE = "insert", "update", "delete"


@dataclass(frozen=True)
class Change:
    """New values for one row. With ``version`` the row must still have it, else somebody else was faster."""

    id: int
    values: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True)
class Entry:
    """One write in the journal.

    Attributes:
        at: ISO 8601 with offset.
        operation: the caller's own name for this write, so that a retry is not applied twice.
        undoes: the entry this one takes back, if it is an undo or redo.
        undone_by: the entry that took this one back and still holds.
        summary: per table how many rows were inserted, updated, deleted.
    """

    id: int
    label: str
    person: str
    at: str
    operation: str | None
    undoes: int | None
    undone_by: int | None
    summary: Mapping[str, Mapping[str, int]]
    digest: str


@dataclass(frozen=True)
class RowChange:
    """What one write did to one row: per field the value before and after (None where there was no row)."""

    table: str
    id: int
    kind: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


class DoneBefore(RefusedError):  # noqa: N818 - reads as what it is: not a failure
    """The same operation is already in the journal; nothing was applied again.

    Attributes:
        entry_id: the entry of the first time.
    """

    def __init__(self, entry_id: int) -> None:
        super().__init__("store.done_before", f"该操作此前已经保存（历史记录 {entry_id}），没有重复执行")
        self.entry_id = entry_id

    def __reduce__(self) -> tuple[type, tuple[int]]:  # type: ignore[override]
        """Travels whole between processes."""
        return type(self), (self.entry_id,)
