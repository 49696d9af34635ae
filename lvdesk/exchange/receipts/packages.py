"""Which package a line of a receipt answers."""

import re
from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.exchange import snapshot
from lvdesk.network.exports import ExportPackage, ExportSnapshot
from lvdesk.network.frames import read_frame
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.review.model import Action

NUMBER: Final = r"(DC\d{6}-\d{2,})"
"""How packages are numbered."""
_LOOKED_BACK: Final = 6
"""Packages of a system that are searched for a record, the newest first: older ones were answered long ago."""
_BY: Final = ["system", "entity", "key"]
_CARRIED: Final = {"entity": pl.String, "key": pl.String, "system": pl.String}


def systems(connection: Connection) -> dict[str, str]:
    """Number of every package -> who received it."""
    return {row[0]: row[1] for row in connection.execute(select(ExportPackage.number, ExportPackage.system))}


def numbered(text: str) -> str | None:
    """The package's number in a text, e.g. a file's name."""
    found = re.search(NUMBER, text)
    return found.group(1) if found else None


def answering(connection: Connection, lines: pl.DataFrame, sheets: pl.DataFrame) -> pl.DataFrame:
    """The lines with ``package_no``: as the row or the file's name says, else the newest package of the system that carried the record."""
    named = sheets.select("sheet_id", pl.col("file").str.extract(NUMBER, 1).alias("of_file"))
    given = lines.join(named, on="sheet_id", how="left", maintain_order="left")
    said = pl.coalesce(pl.col("note.package_no").str.extract(NUMBER, 1), "of_file")
    asked = given.filter(said.is_null()).select(_BY).drop_nulls("key").unique()
    given = given.join(_carrying(connection, asked), on=_BY, how="left", maintain_order="left")
    return given.with_columns(pl.coalesce(said, "carried", pl.lit("")).alias("package_no")).drop("of_file", "carried")


def _carrying(connection: Connection, asked: pl.DataFrame) -> pl.DataFrame:
    """system, entity, key, carried: the newest package of that system with the record."""
    found = [pl.DataFrame(schema={**dict.fromkeys(_BY, pl.String), "carried": pl.String})]
    for (system,), wanted in asked.partition_by("system", as_dict=True).items():
        left = wanted
        query = (
            select(ExportPackage.number, ExportSnapshot.payload)
            .join(ExportSnapshot, ExportSnapshot.number == ExportPackage.number)
            .where(ExportPackage.system == system)
            .order_by(ExportPackage.id.desc())
            .limit(_LOOKED_BACK)
        )
        for number, payload in connection.execute(query):
            said = snapshot.unpacked(payload).select("entity", "key")
            mine = left.join(said, on=["entity", "key"], how="semi")
            found.append(mine.select(*_BY, pl.lit(number).alias("carried")))
            left = left.join(mine, on=["entity", "key"], how="anti")
            if left.is_empty():
                break
    return pl.concat(found)


def carried(connection: Connection) -> pl.DataFrame:
    """entity, key, system: whose packages carried what the review confirmed."""
    query = (
        select(ReviewItem.entity, ReviewItem.key, ExportPackage.system)
        .join(ReviewDecision, (ReviewDecision.item == ReviewItem.id) & (ReviewDecision.decision == str(Action.EXPORT)))
        .join(ExportPackage, ExportPackage.number == ReviewDecision.reason)
    )
    return read_frame(connection, query, _CARRIED).unique()
