"""Power-source feedback (电源信息回写): what the GIS says feeds each customer, compared with us, told where it leads nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from sqlalchemy import Connection

from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_sheets, take_answers
from lvdesk.exchange.sources import FEEDBACK, UPSTREAM, upstream
from lvdesk.kit.progress import Progress
from lvdesk.ledger.model import FileReport
from lvdesk.network.changed import Changed
from lvdesk.workspace import Workspace

_STRANGER: Final = "台账中没有这个用户"
_NO_AREA: Final = "回写的台区、变压器在台账中都找不到"


@dataclass(frozen=True)
class Unresolved:
    """A customer whose upstream source leads nowhere with us: why, and the row that says it."""

    key: str
    why: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True)
class Fed:
    """What taking feedback in did.

    Attributes:
        files: the files as imported; ``rows_in`` rows of those that were taken or had been before.
        customers: of how many customers the GIS's newest word stands in these files; ``agreeing``: their area is ours, ``differing``: is
            another one of ours.
        unresolved: the others.
    """

    files: tuple[FileReport, ...]
    rows_in: int
    customers: int
    agreeing: int
    differing: int
    unresolved: tuple[Unresolved, ...]
    changed: Changed


def take(ws: Workspace, paths: Sequence[Path], progress: Progress) -> Fed:
    """Keeps the files beside the records and compares them with the customers' areas; no record changes.

    Raises:
        Cancelled: the user stopped it; nothing was kept.
    """
    result = take_answers(ws, paths, progress)
    kept = [report for report in result.files if report.status != "refused"]
    progress.start("正在核对电源信息")
    with ws.store.read() as connection:
        said = _said(connection, Station(ws, connection), {report.sha256 for report in kept})
    known, placed = pl.col("known"), pl.col("own_area").is_not_null()
    same = pl.col("own_area").eq_missing(pl.col("our_area"))
    lost = said.filter(~known | ~placed).with_columns(pl.when(~known).then(pl.lit(_STRANGER)).otherwise(pl.lit(_NO_AREA)).alias("why"))
    sound = said.filter(known & placed)
    unresolved = tuple(Unresolved(*row) for row in lost.select("customer_no", "why", "file", "name", "sheet_row").iter_rows())
    return Fed(
        result.files, sum(sheet.rows_in for report in kept for sheet in report.sheets), said.height, sound.filter(same).height,
        sound.filter(~same).height, unresolved,
        result.changed | (Changed.ANSWERS if kept else Changed.NOTHING),
    )  # fmt: skip


def _said(connection: Connection, station: Station, digests: set[str]) -> pl.DataFrame:
    """``UPSTREAM`` of the customers whose newest word stands in these files, with file and table, whether we know them, and our area."""
    sheets = answer_sheets(connection, [FEEDBACK]).filter(pl.col("sha256").is_in(list(digests))).select("sheet_id", "file", "name")
    people = station.table("customer").select("customer_no", pl.lit(value=True).alias("known"))
    areas = station.table("metering_point").drop_nulls(["customer_no", "area_no"])
    areas = areas.unique("customer_no", keep="first", maintain_order=True).select("customer_no", pl.col("area_no").alias("our_area"))
    said = upstream(station).join(sheets, on="sheet_id", maintain_order="left")
    found = said.join(people, on="customer_no", how="left", maintain_order="left")
    found = found.join(areas, on="customer_no", how="left", maintain_order="left")
    return found.with_columns(pl.col("known").fill_null(value=False)).select(*UPSTREAM, "file", "name", "known", "our_area")
