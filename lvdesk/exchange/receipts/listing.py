"""What waits for somebody after receipts came in, and what was settled."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, select

from lvdesk.checks.model import KEYS
from lvdesk.exchange.receipts.book import Book, load_book
from lvdesk.exchange.receipts.model import OUTCOME_TITLES, LineView, Outcome
from lvdesk.network.answers import ReceiptLine
from lvdesk.network.batches import Batch, BatchSheet, table_of
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace

_LINE: Final = table_of(ReceiptLine)
_SYSTEMS: Final = {"marketing": "营销系统", "gis": "电网 GIS", "pms": "PMS"}
_CALLED: Final = ("name", "location")
_SLICE: Final = 500


def lines(ws: Workspace, *, everything: bool = False) -> list[LineView]:
    """The lines that wait, the newest receipt last; with ``everything`` those settled too."""
    book = load_book(ws.overrides)
    query = (
        select(_LINE, BatchSheet.name.label("sheet"), Batch.name.label("file"))
        .outerjoin(BatchSheet, BatchSheet.id == _LINE.c.sheet_id)
        .outerjoin(Batch, Batch.id == BatchSheet.batch)
        .order_by(_LINE.c.id)
    )
    with ws.store.read() as connection:
        rows = connection.execute(query if everything else query.where(_LINE.c.settled_at.is_(None))).mappings().all()
        names = _names(connection, rows)
    return [_view(ws, book, dict(row), names.get((row["entity"], row["key"]), "")) for row in rows]


def waiting(ws: Workspace) -> dict[str, int]:
    """Desk -> how many lines wait for it."""
    query = select(_LINE.c.desk, func.count()).where(_LINE.c.settled_at.is_(None)).group_by(_LINE.c.desk)
    with ws.store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def _names(connection: Connection, rows: Any) -> dict[tuple[str, str], str]:
    """(entity, key) -> what people call the record."""
    wanted: dict[str, list[str]] = {}
    for row in rows:
        wanted.setdefault(row["entity"], []).append(row["key"])
    found: dict[tuple[str, str], str] = {}
    for entity, keys in wanted.items():
        table = TABLES.get(entity)
        called = next((name for name in _CALLED if table is not None and name in table.c), None)
        if table is None or called is None:
            continue
        for start in range(0, len(keys), _SLICE):
            key = table.c[KEYS[entity]]
            for number, name in connection.execute(select(key, table.c[called]).where(key.in_(keys[start : start + _SLICE]))):
                found[entity, number] = name or ""
    return found


def _view(ws: Workspace, book: Book, row: Mapping[str, Any], name: str) -> LineView:
    outcome = Outcome(row["outcome"])
    entity = ws.dictionary.title(row["entity"]) if row["entity"] in TABLES else ""
    desk = book.desks.get(row["desk"], row["desk"])
    return LineView(
        row["id"], row["system"], _SYSTEMS.get(row["system"], row["system"]), row["package_no"], row["entity"], entity, row["key"], name,
        outcome, OUTCOME_TITLES[outcome], row["value"] or "", row["reason"], f"{desk}：{row['plain']}", row["desk"], desk, row["at"],
        row["settled_at"] or "", row["settled_by"] or "", row["settled_how"] or "", row["file"] or "", row["sheet"] or "",
        row["sheet_row"],
    )  # fmt: skip
