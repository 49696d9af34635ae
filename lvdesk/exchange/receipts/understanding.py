"""What receipts say of our records: pairs that hold or clash, lines that wait for somebody, records that were taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import select

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_rows
from lvdesk.exchange.receipts import finding, packages, pairing, reading
from lvdesk.exchange.receipts.book import Book
from lvdesk.exchange.receipts.model import Outcome
from lvdesk.kit.progress import Progress
from lvdesk.network.answers import IdPair
from lvdesk.network.frames import read_frame

TEMPLATES: Final = ("marketing_receipt", "gis_receipt")
ROW: Final = ["sheet_id", "sheet_row"]
_BY: Final = ["entity", "key"]
_PAIR: Final = {"entity": pl.String, "id_system": pl.String, "key": pl.String, "value": pl.String, "since": pl.String, "sheet": pl.Int64}
_NOTHING_SAID: Final = "没有说明结果"
_STRANGER: Final = "台账中找不到这个对象，请核对编号；新增的先办现场采录"
_CLASH: Final = "{}；请核对哪一个对，再在回执待办中办结"


@dataclass(frozen=True)
class Understood:
    """What receipts say.

    Attributes:
        lines: every line with its record and package; ``pairs`` the identifiers, judged.
        waiting: what somebody has to do something about, as ``ReceiptLine`` keeps it.
        good: system, entity, key, sheet_id of what was taken without a but.
        taken: entity, key of what the system that has to take it took, with what is inside.
        records: entity -> id, key.
    """

    lines: pl.DataFrame
    pairs: pl.DataFrame
    waiting: pl.DataFrame
    good: pl.DataFrame
    taken: pl.DataFrame
    records: dict[str, pl.DataFrame]


def understood(station: Station, sheets: pl.DataFrame, book: Book, system: str, progress: Progress) -> Understood:
    """Reads the rows of these sheets; ``system`` is who answers where a person said so.

    Raises:
        Cancelled: the user stopped it.
    """
    connection = station.connection
    rows = answer_rows(connection, sheets["sheet_id"].to_list())
    known = packages.systems(connection)
    told = (
        pl.lit(system or None, pl.String) if system else pl.col("file").str.extract(packages.NUMBER, 1).replace_strict(known, default=None)
    )
    lines = reading.lines(rows, sheets.with_columns(told.cast(pl.String).alias("told")), book)
    lines = finding.found(station, lines)
    progress.check()
    lines = packages.answering(connection, lines, sheets)
    paired = lines.filter(pl.col("accepted") & pl.col("key").is_not_null() & pl.col("value").is_not_null())
    entities = [str(entity) for entity in paired["entity"].unique()]
    pairs = pairing.judged(paired, _carried(station, entities))
    waiting = _waiting(lines, pairs, book)
    refused = waiting.select(_BY)
    named = finding.named(station, lines.filter("accepted")).join(refused, on=_BY, how="anti")
    answered = named.select("system", *_BY).unique()
    taken = pl.concat([answered, _inside(station, answered).join(refused, on=_BY, how="anti")]).unique()
    ours = taken.filter(pl.col("system") == "marketing")
    theirs = taken.join(packages.carried(connection), on=[*_BY, "system"], how="semi")
    records = {entity: station.table(entity).select("id", pl.col(KEYS[entity]).alias("key"), "sources") for entity in entities}
    good = named.group_by("system", *_BY).agg(pl.col("sheet_id").max())
    return Understood(lines, pairs, waiting, good, pl.concat([ours, theirs]).select(_BY).unique(), records)


def _carried(station: Station, entities: Iterable[str]) -> pl.DataFrame:
    """``pairing.KNOWN`` of these kinds of records."""
    found = [pl.DataFrame(schema=dict.fromkeys(("entity", "id_system", "key", "value"), pl.String))]
    for entity in entities:
        table = station.table(entity).rename({KEYS[entity]: "key"})
        for system in reading.SYSTEMS:
            own = table.select(
                pl.lit(entity).alias("entity"), pl.lit(system).alias("id_system"), "key", pl.col(f"{system}_id").alias("value")
            )
            found.append(own.drop_nulls("value"))
    query = select(IdPair.entity, IdPair.system, IdPair.key, IdPair.value, IdPair.since, IdPair.sheet_id).where(IdPair.until.is_(None))
    given = read_frame(station.connection, query.order_by(IdPair.id), _PAIR).unique(["entity", "id_system", "key", "value"], keep="last")
    return pl.concat(found).join(given, on=["entity", "id_system", "key", "value"], how="left").select(*pairing.KNOWN)


def _inside(station: Station, answered: pl.DataFrame) -> pl.DataFrame:
    """A box that was taken was taken with its meters, their points and customers."""
    boxes = answered.filter(pl.col("entity") == "meter_box").select("system", pl.col("key").alias("box_no"))
    meters = boxes.join(station.table("meter").select("asset_no", "box_no", "mp_no"), on="box_no")
    points = meters.join(station.table("metering_point").select("mp_no", "customer_no"), on="mp_no")
    parts = (("meter", meters, "asset_no"), ("metering_point", points, "mp_no"), ("customer", points, "customer_no"))
    found = [frame.select("system", pl.lit(entity).alias("entity"), pl.col(key).alias("key")) for entity, frame, key in parts]
    return pl.concat(found).drop_nulls("key").unique()


def _waiting(lines: pl.DataFrame, pairs: pl.DataFrame, book: Book) -> pl.DataFrame:
    """The lines somebody has to do something about, as ``ReceiptLine`` keeps them."""
    unknown = lines.filter(pl.col("key").is_null())
    refused = lines.filter(pl.col("key").is_not_null() & ~pl.col("accepted").fill_null(value=False))
    clashing = pairs.filter(pl.col("verdict") == pairing.CONFLICT)
    reasons = refused["note.reason"].fill_null(_NOTHING_SAID)
    meanings = {reason: book.meaning(reason) for reason in reasons.unique()}
    plains = [meanings[reason].plain for reason in reasons]
    desks = [meanings[reason].desk for reason in reasons]
    refused = refused.with_columns(pl.Series("plain", plains, pl.String), pl.Series("desk", desks, pl.String), reasons.alias("reason"))
    told = pl.format(_CLASH, pl.col("note").fill_null(""))
    parts = (
        (refused, Outcome.REJECTED, pl.col("key"), pl.col("reason"), pl.col("plain"), pl.col("desk")),
        (clashing, Outcome.CONFLICT, pl.col("key"), pl.col("note").fill_null(""), told, pl.lit("ledger")),
        (unknown, Outcome.UNKNOWN, pl.col("said").fill_null(""), pl.col("note.reason").fill_null(""), pl.lit(_STRANGER), pl.lit("ledger")),
    )
    found = [
        frame.select(
            *ROW, "system", "package_no", pl.col("entity").fill_null(""), key.alias("key"), pl.lit(str(outcome)).alias("outcome"),
            "value", reason.alias("reason"), plain.alias("plain"), desk.alias("desk"),
        )
        for frame, outcome, key, reason, plain, desk in parts
    ]  # fmt: skip
    return pl.concat(found).unique([*ROW, "entity", "key", "outcome"], keep="first", maintain_order=True)
