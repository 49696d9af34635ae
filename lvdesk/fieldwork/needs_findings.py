"""Open findings that only the field can settle, each led to the box it is about."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.fieldwork.book import Book
from lvdesk.fieldwork.ground import Ground
from lvdesk.fieldwork.visits import Visits
from lvdesk.network.frames import read_frame
from lvdesk.network.verdicts import OPEN, Finding, FindingException, same_fault, state_of

_FINDING: Final = {
    "rule": pl.String, "entity": pl.String, "key": pl.String, "message": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64,
    "found_at": pl.String,
}  # fmt: skip
_TO_METER: Final = {"meter": "asset_no", "metering_point": "mp_no", "customer": "customer_no"}


def of_findings(connection: Connection, ground: Ground, visits: Visits, book: Book) -> pl.DataFrame:
    """entity, key, code, text: one line for each finding and box, customer or access point it sends somebody to.

    A finding that was there before a thing came back is settled by the result that is still to be imported.
    """
    found = _open(connection, ground, book)
    led = pl.concat([_own(found, ground), _led(found, ground, visits)])
    led = pl.concat([led, _people(found, led, ground)])
    awaited = pl.concat(
        [
            visits.seen(entity).filter("awaited").select(pl.lit(entity).alias("entity"), "key", "back_at")
            for entity in ("meter_box", "access_point", "customer")
        ]
    )
    led = led.join(awaited, on=["entity", "key"], how="left", maintain_order="left")
    led = led.filter(pl.col("back_at").is_null() | (pl.col("found_at") > pl.col("back_at")))
    return led.rename({"message": "text"})


def _open(connection: Connection, ground: Ground, book: Book) -> pl.DataFrame:
    """The findings that count, with ``number`` and ``code``."""
    rules = [(rule, entity, kind.code) for kind in book.reasons for rule, entity in kind.rules]
    table = Finding.__table__.c
    query = (
        select(*(table[name] for name in _FINDING))
        .select_from(Finding)
        .outerjoin(FindingException, same_fault())
        .where(
            Finding.resolved_at.is_(None),
            Finding.suggestion.is_(None),
            Finding.rule.in_({rule for rule, _, _ in rules}),
            Finding.severity.in_(book.severities),
            state_of(ground.station.today) == OPEN,
        )
        .order_by(Finding.id)
    )
    frame = read_frame(connection, query, _FINDING).with_row_index("number")
    codes = pl.DataFrame(rules, schema=["rule", "only", "code"], orient="row")
    frame = frame.join(codes, on="rule", maintain_order="left").filter((pl.col("only") == "") | (pl.col("only") == pl.col("entity")))
    return frame.unique("number", keep="first", maintain_order=True).drop("only")


def _own(found: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Findings about boxes and access points themselves."""
    keys = pl.concat([_keys("meter_box", ground.boxes), _keys("access_point", ground.points)])
    return _lines(found.join(keys, on=["entity", "key"], how="semi", maintain_order="left"))


def _keys(entity: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(entity).alias("entity"), "key")


def _lines(found: pl.DataFrame) -> pl.DataFrame:
    return found.select("entity", "key", "code", "message", "found_at", "number")


def _led(found: pl.DataFrame, ground: Ground, visits: Visits) -> pl.DataFrame:
    """Findings about meters, points and customers: to the box the field row names, else by the ledger, else by field results."""
    wanted = found.filter(pl.col("entity").is_in(list(_TO_METER)))
    rows = visits.links.drop_nulls("box_no").unique(["sheet_id", "sheet_row"], keep="first", maintain_order=True)
    said = rows.select("sheet_id", "sheet_row", pl.col("box_no").alias("said_box"))
    wanted = wanted.join(said, on=["sheet_id", "sheet_row"], how="left", maintain_order="left")
    ways = _ways(ground.station.meters, _TO_METER)
    seen = _ways(visits.links, {"meter": "meter_no", "customer": "customer_no"})
    ways = pl.concat([ways, seen.join(ways, on=["entity", "key"], how="anti", maintain_order="left")])
    wanted = wanted.join(ways, on=["entity", "key"], how="left", maintain_order="left")
    wanted = wanted.with_columns(pl.lit("meter_box").alias("entity"), pl.coalesce("said_box", "box_no").alias("key")).drop_nulls("key")
    return _lines(wanted.join(_keys("meter_box", ground.boxes), on=["entity", "key"], how="semi", maintain_order="left")).unique(
        ["number", "key"], maintain_order=True
    )


def _ways(rows: pl.DataFrame, columns: Mapping[str, str]) -> pl.DataFrame:
    """entity, key, box_no: the boxes that rows put things in."""
    frames = [
        rows.drop_nulls([column, "box_no"]).select(
            pl.lit(entity).alias("entity"), pl.col(column).str.strip_prefix("@").alias("key"), "box_no"
        )
        for entity, column in columns.items()
    ]
    return pl.concat(frames).unique(maintain_order=True)


def _people(found: pl.DataFrame, led: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Findings that no box takes, of customers who are in no known box: to the customer."""
    boxed = ground.station.meters.drop_nulls(["customer_no", "box_id"]).select("customer_no")
    loose = ground.customers.join(boxed, on="customer_no", how="anti", maintain_order="left").filter(~pl.col("is_gone"))
    keys = loose.select(pl.lit("customer").alias("entity"), pl.col("customer_no").alias("key"))
    owners = ground.station.meters.join(loose, on="customer_no", how="semi")
    through = [
        owners.select(pl.lit(entity).alias("entity"), pl.col(column).str.strip_prefix("@").alias("key"), "customer_no").drop_nulls()
        for entity, column in _TO_METER.items()
        if entity != "customer"
    ]
    ways = pl.concat([keys.with_columns(pl.col("key").alias("customer_no")), *through]).unique(maintain_order=True)
    rest = found.join(led.select("number"), on="number", how="anti", maintain_order="left")
    rest = rest.join(ways, on=["entity", "key"], maintain_order="left")
    return _lines(rest.with_columns(pl.lit("customer").alias("entity"), pl.col("customer_no").alias("key")))
