"""Values kept beside the accepted ones: gathered on the way in whatever number, written once at the end of the import."""

from collections.abc import Callable, Collection, Iterator
from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.checks.currency import current_rows
from lvdesk.checks.kept import all_rows, imported_sheets, kept_rows
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
_PLACE: Final = ["sheet_id", "sheet_row"]
_ACCEPTED: Final = {"entity": pl.String, "record": pl.Int64, "field": pl.String, "accepted": pl.String}
_PIECE: Final = 20_000

Line = tuple[str, int, str, str, str | None, str, str, int, int]
"""Entity, record, key, field, accepted value, other value, its system, sheet and row."""
Records = dict[str, pl.DataFrame]


class _Lines:
    """Lines in bulk, as frames: a file may contradict in every row."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, line: Line) -> None:
        self._lines.append(line)
        if len(self._lines) >= _PIECE:
            self._pack()

    def extend(self, lines: pl.DataFrame) -> None:
        if lines.height:
            self._frames.append(lines.select(pl.col(name).cast(kind) for name, kind in _LINE.items()))

    def frame(self) -> pl.DataFrame:
        self._pack()
        return pl.concat(self._frames)

    def _pack(self) -> None:
        self._frames.append(pl.DataFrame(self._lines, schema=_LINE, orient="row"))
        self._lines = []


class Differences:
    """The differences of one import."""

    def __init__(self) -> None:
        self._beside, self._replaced = _Lines(), _Lines()

    def add(self, line: Line) -> None:
        """A value that is kept beside the accepted one."""
        self._beside.add(line)

    def replaced(self, line: Line) -> None:
        """A value of an older file that a newer one replaced: it stays only if the older file still counts."""
        self._replaced.add(line)

    def extend(self, lines: pl.DataFrame) -> None:
        """Many values kept beside the accepted ones."""
        self._beside.extend(lines)

    def write(self, write: Write, fresh: Collection[int]) -> None:
        """Stores what is new. What an older file said already moves to the newer one, so that it counts as long as that one does.

        Args:
            write: the import's.
            fresh: the import's sheets.
        """
        lines = pl.concat([self._beside.frame(), _still_said(write.connection, self._replaced.frame(), fresh)])
        lines = lines.sort("sheet_id", descending=True, maintain_order=True)
        lines = lines.unique(_SAME, keep="first", maintain_order=True).sort("sheet_id", "sheet_row", maintain_order=True)
        if lines.is_empty():
            return
        lines = _beside_accepted(write, lines)
        table = table_of(Difference)
        names = ["id", "sheet_id", *_SAME]
        stored = read_frame(write.connection, select(*(table.c[name] for name in names)).order_by(table.c.id), schema_of(table, names))
        stored = stored.unique(_SAME, keep="last", maintain_order=True).rename({"sheet_id": "older"})
        lines = lines.join(stored, on=_SAME, how="left", maintain_order="left")
        new = lines.filter(pl.col("id").is_null()).select(*_LINE)
        write.insert(table, new.columns, new.iter_rows(), new.height)
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


def _still_said(connection: Connection, lines: pl.DataFrame, fresh: Collection[int]) -> pl.DataFrame:
    """The replaced values that a row of another file still says about a record which this import lists too, with the place of that row.

    An ordinary newer export speaks for the older one and leaves nothing; a customer whom the files of two feeders list keeps both values.
    """
    if lines.is_empty():
        return lines
    sheets = imported_sheets(connection)
    about = sheets.filter(pl.col("sheet_id").is_in(lines["sheet_id"].unique().implode()))["template"].unique()
    sheets = sheets.filter(pl.col("template").is_in(about.implode()))
    rows = all_rows(kept_rows(connection, sheets["sheet_id"].to_list()))
    counting, ours = current_rows(rows, sheets).drop_nulls("key"), pl.col("sheet_id").is_in(fresh)
    others = counting.filter(~ours).join(counting.filter(ours), on=["template", "key"], how="semi")
    newest = others.sort("sheet_id", "sheet_row").unique(["template", "key"], keep="last").select("template", "key", *_PLACE)
    places = rows.select(*_PLACE, "key").unique(_PLACE, keep="first").join(sheets.select("sheet_id", "template"), on="sheet_id")
    said = places.join(newest.rename({name: f"now_{name}" for name in _PLACE}), on=["template", "key"]).drop("template", "key")
    found = lines.join(said, on=_PLACE, maintain_order="left")
    return found.with_columns(pl.col(f"now_{name}").alias(name) for name in _PLACE).select(*_LINE)


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
