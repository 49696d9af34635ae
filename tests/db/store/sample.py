"""Three tables to try the store on: two with history, one points to the other, and one without history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Double, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, select

from lvdesk.store.migrating import PRODUCT, Schema
from lvdesk.store.store import Store
from lvdesk.store.tables import NAMING, RowId, allocation, journal, journal_part, setting

metadata = MetaData(naming_convention=NAMING)
for own in (journal, journal_part, allocation, setting):
    own.to_metadata(metadata)

town = Table(
    "town",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("people", Integer),
    Column("height", Double),
    Column("open", Boolean),
    Column("seal", LargeBinary),
    Column("words", Text),
    Column("version", Integer, nullable=False, default=1),
    info={"title": "乡镇", "derived": {"words": lambda row: f"{row['name']} {row['people']}"}},
)
house = Table(
    "house",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("town_id", RowId, ForeignKey("town.id"), nullable=False, index=True),
    Column("number", Text),
    Column("version", Integer, nullable=False, default=1),
)
remark = Table("remark", metadata, Column("id", RowId, primary_key=True), Column("text", Text, nullable=False), Column("data", JSON))

SAMPLE = Schema(metadata, (*PRODUCT.versions, Path(__file__).parent / "versions"))
TOWN = ("name", "people", "height", "open", "seal", "words")

Rows = list[dict[str, Any]]


def clock() -> datetime:
    """A fixed moment."""
    return datetime(2026, 3, 8, 9, 30, tzinfo=UTC)


@contextmanager
def opened(url: str, person: str = "张三", **more: Any) -> Iterator[Store]:
    """The sample database, closed at the end."""
    store = Store.open(url, person=person, clock=clock, schema=SAMPLE, **more)
    try:
        yield store
    finally:
        store.close()


def add_towns(store: Store, *names: str, label: str = "导入乡镇") -> range:
    """Adds towns by name in one write."""
    with store.write(label) as write:
        return write.insert(town, TOWN, [(name, 100, 1.5, True, b"\x00\xff", f"{name} 100") for name in names], len(names))


def rows(store: Store, table: Table = town, *, versions: bool = False) -> Rows:
    """All rows of a table by id; versions only count up, so they are left out unless asked for."""
    columns = [column for column in table.c if versions or column.name != "version"]
    with store.read() as connection:
        return [dict(row) for row in connection.execute(select(*columns).order_by(table.c.id)).mappings()]
