"""Files in which other systems answer: kept whole beside the records like any import, read back as frames."""

from collections.abc import Collection, Sequence
from pathlib import Path

import polars as pl
from sqlalchemy import Connection

from lvdesk.checks.kept import imported_sheets, kept_rows
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest, ImportResult
from lvdesk.workspace import Workspace


def take_answers(ws: Workspace, paths: Sequence[Path], progress: Progress, crs: str = "") -> ImportResult:
    """Keeps files that follow a template of answers (``resources/answers``); no record changes. What was kept before is ``unchanged``.

    Raises:
        Cancelled: the user stopped it; nothing was kept.
    """
    return take(ws, ImportRequest(tuple(path.absolute() for path in paths), crs=crs or None, answers=True), progress)


def answer_sheets(connection: Connection, templates: Collection[str] = ()) -> pl.DataFrame:
    """The sheets of answers that were not undone, oldest first (``checks.kept.SHEETS``); of all templates or of some."""
    sheets = imported_sheets(connection, answers=True)
    return sheets.filter(pl.col("template").is_in(list(templates))) if templates else sheets


def answer_rows(connection: Connection, sheets: Collection[int]) -> pl.DataFrame:
    """All rows of these sheets, wide: sheet_id, sheet_row, item, key and ``entity.field`` as text; newer sheets further down."""
    frames = [
        frame.rename({"row": "sheet_row"}).with_columns(pl.lit(sheet, pl.Int64).alias("sheet_id"))
        for sheet, frame in kept_rows(connection, sheets).items()
    ]
    if not frames:
        return pl.DataFrame(schema={"sheet_id": pl.Int64, "sheet_row": pl.Int64, "item": pl.Int64, "key": pl.String})
    return pl.concat(frames, how="diagonal").drop("digest")
