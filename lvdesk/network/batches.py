"""Imported files, kept whole and for ever: the original bytes, the raw cells, what was recognised, what differed."""

from sqlalchemy import Index, Integer, LargeBinary, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class Batch(Base):
    """One imported file. It counts as long as its journal entry is not undone.

    Attributes:
        choice: digest of the template, header and coordinate-system decisions it was imported with.
        report: the numbers of its report, zlib JSON.
        replaces: the batch whose marked copy this file is, corrected by the user.
    """

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_sha256", "sha256"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    entry: Mapped[int]
    sha256: Mapped[str] = mapped_column(Text)
    choice: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(RowId)
    kind: Mapped[str] = mapped_column(Text)
    encoding: Mapped[str | None] = mapped_column(Text)
    imported_at: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    report: Mapped[bytes] = mapped_column(LargeBinary)
    replaces: Mapped[int | None] = mapped_column(RowId)


class BatchFile(Base):
    """The original file in zstd pieces, in order of ``id``."""

    __tablename__ = "batch_file"
    __table_args__ = (Index("ix_batch_file_batch", "batch"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    batch: Mapped[int] = mapped_column(RowId)
    piece: Mapped[bytes] = mapped_column(LargeBinary)


class BatchSheet(Base):
    """One table found in an imported file; ``mapping`` is JSON: column number (1-based) -> field."""

    __tablename__ = "batch_sheet"
    __table_args__ = (Index("ix_batch_sheet_batch", "batch"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    batch: Mapped[int] = mapped_column(RowId)
    name: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text)
    header_row: Mapped[int] = mapped_column(Integer)
    mapping: Mapped[str] = mapped_column(Text)


class BatchCells(Base):
    """Raw cells of consecutive rows, as read: zstd-compressed Arrow, one text column per spreadsheet column."""

    __tablename__ = "batch_cells"
    __table_args__ = (Index("ix_batch_cells_sheet", "sheet", "first_row"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    sheet: Mapped[int] = mapped_column(RowId)
    first_row: Mapped[int] = mapped_column(Integer)
    row_count: Mapped[int] = mapped_column(Integer)
    cells: Mapped[bytes] = mapped_column(LargeBinary)


class BatchRows(Base):
    """Which record each data row lists, in pieces: zstd Arrow with ``row, item, key, digest``.

    ``key`` is the listed record (null when the row's numbers cannot be used), ``digest`` is equal for rows that say exactly the same within
    one sheet. Sheets kept as evidence also have their healed cells, one text column per ``entity.field``.
    """

    __tablename__ = "batch_rows"
    __table_args__ = (Index("ix_batch_rows_sheet", "sheet"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    sheet: Mapped[int] = mapped_column(RowId)
    rows: Mapped[bytes] = mapped_column(LargeBinary)


class BatchNotes(Base):
    """Cells of one sheet that were healed or refused: zstd Arrow with ``row, column, field, before, after, why, level``.

    ``column`` is the spreadsheet letter, ``field`` is ``entity.field``, ``level`` is healed, refused, or row (the whole row was refused).
    """

    __tablename__ = "batch_notes"
    __table_args__ = (Index("ix_batch_notes_sheet", "sheet"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    sheet: Mapped[int] = mapped_column(RowId)
    notes: Mapped[bytes] = mapped_column(LargeBinary)


class HeaderMemory(Base):
    """A person's mapping of one header line, used again when it comes back; ``mapping`` is a JSON list of fields, one per filled header."""

    __tablename__ = "header_memory"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    fingerprint: Mapped[str] = mapped_column(Text, unique=True)
    template: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str] = mapped_column(Text)


class Difference(Base):
    """A value that a source without authority gave and that was therefore kept beside, not taken; ``record`` is 0 when not stored."""

    __tablename__ = "difference"
    __table_args__ = (Index("ix_difference_record", "entity", "record"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    entity: Mapped[str] = mapped_column(Text)
    record: Mapped[int] = mapped_column(RowId)
    key: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    current: Mapped[str | None] = mapped_column(Text)
    other: Mapped[str] = mapped_column(Text)
    system: Mapped[str] = mapped_column(Text)
    sheet_id: Mapped[int] = mapped_column(RowId)
    sheet_row: Mapped[int] = mapped_column(Integer)


def table_of(entity: type[Base]) -> Table:
    """The table behind one of these classes."""
    return Base.metadata.tables[str(entity.__tablename__)]
