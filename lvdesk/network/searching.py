"""Finds records by what a person types or scans: whole numbers first, then beginnings, then anything that contains the words."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.network.selecting import mentions
from lvdesk.network.tables import SEARCHED, TABLES
from lvdesk.workspace import Workspace

_ORDER: Final = (
    "customer",
    "transformer_area",
    "meter_box",
    "meter",
    "feeder",
    "substation",
    "metering_point",
    "transformer",
    "access_point",
)


_WHOLE_NUMBER: Final = 10
"""Digits of the shortest customer number (domain.md 1.7): a record that has it exactly is what was meant."""


@dataclass(frozen=True)
class Hit:
    """One record found; ``detail`` tells it from its namesakes."""

    entity: str
    entity_title: str
    id: int
    key: str
    title: str
    detail: str


def search(ws: Workspace, words: str, limit: int = 30) -> list[Hit]:
    """Records that fit all words (numbers, names, addresses, pinyin initials), best first, at most ``limit``."""
    text = " ".join(words.lower().split())
    if not text:
        return []
    hits: dict[tuple[str, int], Hit] = {}
    with ws.store.read() as connection:
        for entity in _ORDER:
            for row in _exact(ws, connection, entity, text):
                hits.setdefault((entity, row["id"]), _hit(ws, entity, row))
        if hits and text.isdigit() and len(text) >= _WHOLE_NUMBER:
            return list(hits.values())
        for entity in _ORDER:
            if len(hits) >= limit:
                break
            for row in _containing(connection, entity, text, limit - len(hits)):
                hits.setdefault((entity, row["id"]), _hit(ws, entity, row))
    return list(hits.values())[:limit]


def _exact(ws: Workspace, connection: Connection, entity: str, text: str) -> list[Any]:
    table = TABLES[entity]
    names = [ws.dictionary.key(entity), *(["bar_code"] if "bar_code" in table.c else [])]
    found: list[Any] = []
    for name in names:
        found += connection.execute(select(table).where(table.c[name] == text)).mappings().all()
    return found


def _containing(connection: Connection, entity: str, text: str, limit: int) -> list[Any]:
    table = TABLES[entity]
    clauses = [mentions(table, word) for word in text.split()]
    return list(connection.execute(select(table).where(*clauses).limit(limit)).mappings().all())


def _hit(ws: Workspace, entity: str, row: Any) -> Hit:
    key = str(row[ws.dictionary.key(entity)])
    texts = [str(row[name]) for name in SEARCHED[entity] if row[name]]
    title = str(row["name"]) if row.get("name") else texts[-1] if entity in {"meter_box", "meter"} and len(texts) > 1 else key
    detail = " · ".join(text for text in texts if text != title)
    return Hit(entity, ws.dictionary.title(entity), row["id"], key, title, detail)
