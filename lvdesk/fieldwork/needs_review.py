"""What review, reconciliation and receipts sent to the field goes to the next package by itself."""

from typing import Final

import polars as pl
from sqlalchemy import Connection, literal, select

from lvdesk.fieldwork.book import SENT_BACK, Book
from lvdesk.fieldwork.ground import Ground
from lvdesk.fieldwork.visits import Visits
from lvdesk.network.answers import ReceiptLine
from lvdesk.network.batches import table_of
from lvdesk.network.frames import read_frame
from lvdesk.network.reconciling import Disagreement, DisagreementDecision
from lvdesk.network.reviews import ReviewItem

_ITEM: Final = table_of(ReviewItem).c
_READ: Final = {"entity": pl.String, "key": pl.String, "reason": pl.String, "at": pl.String}
_OUT: Final = {"entity": pl.String, "key": pl.String, "code": pl.String, "text": pl.String}
_RETURNED, _FIELD, _CORRECT, _DESK = "returned", "field", "correct", "fieldwork"
_RECONCILED: Final = "三方对账要求现场核对"
_DECISION: Final = table_of(DisagreementDecision).c
_BOXED: Final = {"meter": "asset_no", "customer": "customer_no"}


def sent_back(connection: Connection, ground: Ground, visits: Visits, book: Book) -> pl.DataFrame:
    """entity, key, code, text: one line for each returned item, disagreement handed out, or refusal that the field can mend.

    A thing that came back after it was returned is settled by the result that came with it.
    """
    query = select(_ITEM.entity, _ITEM.key, _ITEM.reason, _ITEM.at).where(
        _ITEM.state == _RETURNED, _ITEM.addressee == _FIELD, _ITEM.resolved_at.is_(None)
    )
    returned = read_frame(connection, query.order_by(_ITEM.id), _READ)
    said = pl.format("{}：{}", pl.lit(book.titles[SENT_BACK]), "reason").alias("reason")
    found = pl.concat([returned.with_columns(said), _corrections(connection), _refused(connection)], rechunk=True)
    if found.is_empty():
        return pl.DataFrame(schema=_OUT)
    led = pl.concat([_things(found), *(_to_boxes(found, ground, entity, column) for entity, column in _BOXED.items())])
    boxless = found.filter(pl.col("entity") == "customer").join(
        ground.station.meters.drop_nulls(["customer_no", "box_no"]).select(pl.col("customer_no").alias("key")), on="key", how="anti"
    )
    led = pl.concat([led, boxless])
    back = [
        visits.seen(entity).select(pl.lit(entity).alias("entity"), "key", "back_at") for entity in ("meter_box", "access_point", "customer")
    ]
    led = led.join(pl.concat(back), on=["entity", "key"], how="left", maintain_order="left")
    led = led.filter(pl.col("back_at").is_null() | (pl.col("back_at") < pl.col("at")))
    return led.select("entity", "key", pl.lit(SENT_BACK).alias("code"), pl.col("reason").alias("text")).unique(maintain_order=True)


def _corrections(connection: Connection) -> pl.DataFrame:
    """Disagreements that somebody handed out to the field and that still stand."""
    query = (
        select(_DECISION.entity, _DECISION.key, literal(_RECONCILED).label("reason"), _DECISION.at)
        .join(Disagreement, Disagreement.identity == _DECISION.identity)
        .where(_DECISION.decision == _CORRECT, _DECISION.target.contains(_FIELD), Disagreement.resolved_at.is_(None))
    )
    return read_frame(connection, query.order_by(_DECISION.id), _READ)


def _refused(connection: Connection) -> pl.DataFrame:
    """What a receiver refused and the field has to see again."""
    line = table_of(ReceiptLine).c
    query = select(line.entity, line.key, line.plain.label("reason"), line.at).where(line.desk == _DESK, line.settled_at.is_(None))
    return read_frame(connection, query.order_by(line.id), _READ)


def _things(found: pl.DataFrame) -> pl.DataFrame:
    return found.filter(pl.col("entity").is_in(["meter_box", "access_point"]))


def _to_boxes(found: pl.DataFrame, ground: Ground, entity: str, column: str) -> pl.DataFrame:
    """What is about a meter or a customer is seen at its box."""
    ways = ground.station.meters.drop_nulls([column, "box_no"]).select(pl.col(column).alias("key"), "box_no").unique(maintain_order=True)
    led = found.filter(pl.col("entity") == entity).join(ways, on="key", how="inner", maintain_order="left")
    return led.select(pl.lit("meter_box").alias("entity"), pl.col("box_no").alias("key"), "reason", "at")
