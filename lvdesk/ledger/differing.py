"""Values kept beside the accepted ones: gathered on the way in whatever number, written once at the end of the import."""

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl
from sqlalchemy import select

from lvdesk.ledger.rows import ROW
from lvdesk.ledger.splitting import KINDS
from lvdesk.network.batches import Difference, table_of
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.tables import TABLES
from lvdesk.store.bulk import among
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.templates.dictionary import Dictionary

_LINE: Final = {
    "entity": pl.String, "record": pl.Int64, "key": pl.String, "field": pl.String, "current": pl.String, "other": pl.String,
    "system": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64,
}  # fmt: skip
_SAME: Final = ["entity", "key", "field", "other", "system"]
_ACCEPTED: Final = {"entity": pl.String, "record": pl.Int64, "field": pl.String, "accepted": pl.String}
_PIECE: Final = 20_000

Line = tuple[str, int, str, str, str | None, str, str, int, int]
"""Entity, record, key, field, accepted value, other value, its system, sheet and row."""
Records = dict[str, pl.DataFrame]


class Differences:
    """The differences of one import."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, line: Line) -> None:
        """One more; in bulk they are kept as frames, for a file may contradict in every row."""
        self._lines.append(line)
        if len(self._lines) >= _PIECE:
            self._pack()

    def extend(self, lines: pl.DataFrame) -> None:
        """Many more."""
        if lines.height:
            self._frames.append(lines.select(pl.col(name).cast(kind) for name, kind in _LINE.items()))

    def _pack(self) -> None:
        self._frames.append(pl.DataFrame(self._lines, schema=_LINE, orient="row"))
        self._lines = []

    def write(self, write: Write) -> None:
        """Stores what is new. What an older file said already moves to the newer one, so that it counts as long as that one does."""
        self._pack()
        lines = pl.concat(self._frames).sort("sheet_id", descending=True, maintain_order=True)
        lines = lines.unique(_SAME, keep="first", maintain_order=True).sort("sheet_id", "sheet_row", maintain_order=True)
        if lines.is_empty():
            return
        lines = _beside_accepted(write, lines)
        table = table_of(Difference)
        names = ["id", "sheet_id", *_SAME]
        stored = read_frame(write.connection, select(*(table.c[name] for name in names)).order_by(table.c.id), schema_of(table, names))
        stored = stored.unique(_SAME, keep="last", maintain_order=True).rename({"sheet_id": "older"})
        lines = lines.join(stored, on=_SAME, how="left", maintain_order="left")
        fresh = lines.filter(pl.col("id").is_null()).select(*_LINE)
        write.insert(table, fresh.columns, fresh.iter_rows(), fresh.height)
        moved = lines.filter(pl.col("sheet_id") > pl.col("older")).select("id", "current", "sheet_id", "sheet_row")
        write.update(table, [Change(row.pop("id"), row) for row in moved.iter_rows(named=True)])


def contradictions(
    conflicts: pl.DataFrame, given: Records, taken: Records, keys: Callable[[str], pl.DataFrame], dictionary: Dictionary
) -> pl.DataFrame:
    """What rows of one slice say against each other (``splitting.CONFLICT``), as lines without system and sheet.

    Args:
        conflicts: by the keys as read.
        given: the slice's records as read.
        taken: the same records with numbers put right: their rows say which number became which.
        keys: key and id of the stored records of an entity.
        dictionary: kinds of the fields.
    """
    frames = []
    for (entity, name), part in conflicts.group_by("entity", "field", maintain_order=True):
        key = dictionary.key(str(entity))
        read, now = given[str(entity)].select(ROW, key), taken[str(entity)].select(ROW, pl.col(key).alias("now"))
        renamed = read.join(now, on=ROW).filter(pl.col(key) != pl.col("now")).unique(key, keep="first")
        found = part.join(renamed.select(pl.col(key).alias("key"), "now"), on="key", how="left", maintain_order="left")
        stored = keys(str(entity)).rename({key: "key", "id": "record"})
        found = found.with_columns(pl.coalesce("now", "key").alias("key")).join(stored, on="key", how="left", maintain_order="left")
        kind = KINDS.get(dictionary.field(str(entity), str(name)).kind)
        if kind is not None:
            number = pl.col("first", "other").cast(pl.Float64, strict=False).cast(kind, strict=False).cast(pl.String)
            found = found.with_columns(number).filter(pl.col("first") != pl.col("other"))
        frames.append(found)
    together = pl.concat(frames).with_columns(pl.col("record").fill_null(0))
    return together.select("entity", "record", "key", "field", pl.col("first").alias("current"), "other", pl.col(ROW).alias("sheet_row"))


def _beside_accepted(write: Write, lines: pl.DataFrame) -> pl.DataFrame:
    """The lines that differ from what is accepted at the end of the import, beside that value."""
    accepted = pl.concat([pl.DataFrame(schema=_ACCEPTED), *_accepted(write, lines)])
    found = lines.join(accepted, on=["entity", "record", "field"], how="left", maintain_order="left")
    found = found.filter(pl.col("accepted").is_null() | (pl.col("accepted") != pl.col("other")))
    return found.with_columns(pl.coalesce("accepted", "current").alias("current"))


def _accepted(write: Write, lines: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """entity, record, field, accepted of every field the lines speak of."""
    for (entity, name), part in lines.group_by("entity", "field", maintain_order=True):
        table = TABLES[str(entity)]
        for piece in part["record"].unique(maintain_order=True).to_frame().iter_slices(_PIECE):
            query = select(table.c.id, table.c[str(name)]).where(among(write.connection, table.c.id, piece["record"].to_list()))
            values = [(entity, row[0], name, str(row[1])) for row in write.connection.execute(query) if row[1] is not None]
            yield pl.DataFrame(values, schema=_ACCEPTED, orient="row")
