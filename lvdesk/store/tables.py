"""The one declarative base of all tables, and the store's own tables: journal, allocation of ids, settings."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# On SQLite only INTEGER PRIMARY KEY is the row's own address: a BIGINT key would cost a second index.
RowId = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Every capability's tables register here; ``Base.metadata`` is what the migrations must arrive at."""

    metadata = MetaData(naming_convention=NAMING)


metadata = Base.metadata


class JournalRow(Base):
    """One write: who did what and when, chained to the write before it."""

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(String(32))
    operation: Mapped[str | None] = mapped_column(String(200), unique=True)
    undoes: Mapped[int | None] = mapped_column(RowId)
    undone_by: Mapped[int | None] = mapped_column(RowId)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    previous_digest: Mapped[str] = mapped_column(String(64))


class JournalPartRow(Base):
    """A slice of one write: which rows of which table, and (but for inserts) what they were before."""

    __tablename__ = "journal_part"
    __table_args__ = (Index(None, "table_name", "high_id"),)

    entry: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    table_name: Mapped[str] = mapped_column(String(63))
    kind: Mapped[str] = mapped_column(String(6))
    count: Mapped[int] = mapped_column(Integer)
    low_id: Mapped[int] = mapped_column(RowId)
    high_id: Mapped[int] = mapped_column(RowId)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class AllocationRow(Base):
    """The highest id ever given out per table: an id is never used for a second row, so evidence never points astray."""

    __tablename__ = "allocation"

    table_name: Mapped[str] = mapped_column(String(63), primary_key=True)
    last_id: Mapped[int] = mapped_column(RowId)


class SettingRow(Base):
    """Small facts about this database, by key."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


journal = metadata.tables["journal"]
journal_part = metadata.tables["journal_part"]
allocation = metadata.tables["allocation"]
setting = metadata.tables["setting"]


def is_journalled(table: Table) -> bool:
    """Whether changes of ``table`` are recorded: those people edit, recognised by their ``version`` column."""
    return "version" in table.c
