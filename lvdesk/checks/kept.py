"""What imports keep for the checks, as frames: the sheets that were not undone, and which record each of their rows lists."""

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl
import zstandard
from sqlalchemy import Connection, select

from lvdesk.network.answers import AnswerSheet
from lvdesk.network.batches import Batch, BatchRows, BatchSheet, table_of
from lvdesk.network.frames import read_frame
from lvdesk.network.returns import FieldSheet
from lvdesk.store.bulk import among
from lvdesk.store.tables import journal
from lvdesk.tabular.transport import unpacked

SHEETS: Final = {
    "sheet_id": pl.Int64, "batch": pl.Int64, "replaces": pl.Int64, "file": pl.String, "sha256": pl.String, "name": pl.String,
    "template": pl.String, "system": pl.String, "header_row": pl.Int64, "package_no": pl.String, "crs": pl.String,
}  # fmt: skip
ROWS: Final = {"row": pl.Int64, "item": pl.Int64, "key": pl.String, "digest": pl.UInt64}


def imported_sheets(connection: Connection, *, answers: bool = False) -> pl.DataFrame:
    """Every imported sheet whose import was not undone (``SHEETS``), in the order of import; ``answers``: those of other systems."""
    query = (
        select(
            BatchSheet.id, BatchSheet.batch, Batch.replaces, Batch.name, Batch.sha256, BatchSheet.name.label("sheet"),
            BatchSheet.template, BatchSheet.system, BatchSheet.header_row, FieldSheet.package_no, FieldSheet.crs,
        )
        .join(Batch, Batch.id == BatchSheet.batch)
        .join(journal, journal.c.id == Batch.entry)
        .outerjoin(FieldSheet, FieldSheet.sheet == BatchSheet.id)
        .outerjoin(AnswerSheet, AnswerSheet.sheet == BatchSheet.id)
        .where(journal.c.undone_by.is_(None), AnswerSheet.id.is_not(None) if answers else AnswerSheet.id.is_(None))
        .order_by(BatchSheet.id)
    )  # fmt: skip
    return read_frame(connection, query, SHEETS)


def kept_rows(connection: Connection, sheets: Collection[int]) -> dict[int, pl.DataFrame]:
    """Sheet -> its rows as kept, in order; sheets of field results with their cells."""
    pieces: dict[int, list[pl.DataFrame]] = {}
    query = select(BatchRows.sheet, BatchRows.rows).where(among(connection, table_of(BatchRows).c.sheet, list(sheets)))
    for sheet, packed in connection.execute(query.order_by(BatchRows.id)):
        pieces.setdefault(sheet, []).append(unpacked(zstandard.decompress(packed)))
    return {sheet: pl.concat(frames, how="diagonal").sort("row", "item") for sheet, frames in sorted(pieces.items())}


def all_rows(kept: Mapping[int, pl.DataFrame]) -> pl.DataFrame:
    """sheet_id, sheet_row, item, key, digest of the rows of all these sheets."""
    frames = [
        frame.select(pl.lit(sheet, pl.Int64).alias("sheet_id"), *[pl.col(name).cast(kind) for name, kind in ROWS.items()])
        for sheet, frame in kept.items()
    ]
    return pl.concat([pl.DataFrame(schema={"sheet_id": pl.Int64, **ROWS}), *frames]).rename({"row": "sheet_row"})
