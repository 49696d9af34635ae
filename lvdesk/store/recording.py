"""Writes one journal entry: its parts as they come, the summary and the link in the chain at the end."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from lvdesk.store.payload import pack
from lvdesk.store.tables import journal_part

START = "0" * 64
CHUNK = 5_000
_FRAME = "{}|{}|{}|{}|{}|{}|{}|"


def part_frame(part: Mapping[str, Any]) -> bytes:
    """The bytes of one part that enter the chain."""
    names = ("seq", "table_name", "kind", "count", "low_id", "high_id")
    head = _FRAME.format(*(part[name] for name in names), len(part["payload"]))
    return head.encode("utf-8") + bytes(part["payload"])


def entry_digest(entry: Mapping[str, Any], parts_digest: str) -> str:
    """The chain's link: over the previous link, the entry (but for ``undone_by``, which comes later) and its parts."""
    names = ("id", "label", "person", "at", "operation", "undoes", "summary", "previous_digest")
    text = json.dumps({name: entry[name] for name in names} | {"parts": parts_digest}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Recorder:
    """The parts of one entry while its write runs."""

    def __init__(self, connection: Connection, entry_id: int) -> None:
        self._connection = connection
        self._entry_id = entry_id
        self._seq = 0
        self._parts = hashlib.sha256()
        self.summary: dict[str, dict[str, int]] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing was recorded."""
        return self._seq == 0

    @property
    def parts_digest(self) -> str:
        """The digest over all parts so far."""
        return self._parts.hexdigest()

    def add(self, table: str, kind: str, ids: range | Sequence[int], content: Any) -> None:
        """Records one part: ``content`` is what undo needs; ``ids`` are the rows it touched."""
        self._seq += 1
        part = {
            "entry": self._entry_id,
            "seq": self._seq,
            "table_name": table,
            "kind": kind,
            "count": len(ids),
            "low_id": min(ids),
            "high_id": max(ids),
            "payload": pack(content),
        }
        self._parts.update(part_frame(part))
        self._connection.execute(insert(journal_part), part)
        counts = self.summary.setdefault(table, {"insert": 0, "update": 0, "delete": 0})
        counts[kind] += len(ids)


def ranges(ids: Sequence[int]) -> list[list[int]]:
    """Ascending ids as [first, last] pairs."""
    found: list[list[int]] = []
    for value in ids:
        if found and value == found[-1][1] + 1:
            found[-1][1] = value
        else:
            found.append([value, value])
    return found
