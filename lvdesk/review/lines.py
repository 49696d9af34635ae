"""What is to be reviewed, line by line: one value of one matter, from the stored differences and what the field says besides."""

from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.fieldwork.classing import additions
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.network.batches import table_of
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.returns import FieldDifference
from lvdesk.review.matters import Book
from lvdesk.review.model import Kind

LINE: Final[dict[str, Any]] = {"kind": pl.String, **additions.SIDE, "evidence": pl.List(pl.String), "package_no": pl.String}
"""One value: what it is about (kind, entity, key), which value (place), both sides, evidence, the row that says it."""
CANCELLED: Final = "已销户客户"
_D: Final = table_of(FieldDifference).c
_READ: Final = [
    "klass", "entity", "key", "field", "ledger", "field_value", "evidence", "sheet_id", "sheet_row", "package_no",
]  # fmt: skip
_PLACES: Final = {
    Kind.METER_REPLACED: "meter.bar_code", Kind.OTHER_BOX: "meter.box_no", Kind.OTHER_AREA: "metering_point.area_no",
    Kind.NAME_CHANGED: "customer.name", Kind.ADDRESS_CHANGED: "customer.address",
}  # fmt: skip
_FAULTS: Final = (
    "duplicate_row",
    "duplicate_identifier",
    "damaged_identifier",
    "coordinate_missing",
    "coordinate_zero",
    "coordinate_swapped",
)


def standing(answers: Answers) -> pl.DataFrame:
    """The differences that stand now, as stored; ``evidence`` unpacked."""
    names = list(_READ)
    query = select(*(_D[name] for name in names)).where(_D.resolved_at.is_(None)).order_by(_D.id)
    frame = read_frame(answers.station.connection, query, schema_of(table_of(FieldDifference), names))
    return frame.with_columns(pl.col("evidence").str.json_decode(pl.List(pl.String)))


def faults(differences: pl.DataFrame) -> pl.DataFrame:
    """entity, key, sheet_id, sheet_row, klass of what keeps rows from entering; a number that was restored with evidence is no fault."""
    bad = differences.filter(pl.col("klass").is_in(_FAULTS))
    restored = (pl.col("klass") == "damaged_identifier") & (pl.col("key") != "")
    return bad.filter(~restored).select("entity", "key", "sheet_id", "sheet_row", "klass")


def lines(answers: Answers, differences: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Every line (``LINE``) of everything that is to be reviewed."""
    linked = additions.connections(answers, book.connection).with_columns(
        pl.lit(str(Kind.CONNECTION)).alias("kind"), pl.lit(None, pl.String).alias("package_no")
    )
    linked = pl.concat([linked.select(*LINE), _of_box(differences, book)])
    # What the rows state of a thing together stands; the differences of single rows add why.
    why = pl.col("evidence").list.explode(empty_as_null=False, keep_nulls=False).unique(maintain_order=True).implode().over("key")
    linked = linked.with_columns(why.alias("evidence")).unique(["kind", "entity", "key", "place"], keep="first", maintain_order=True)
    added = additions.filled(answers, book.connection.get("meter_box", ())).pipe(_as, Kind.FILLED)
    frames = [_plain(differences), _cancelled(answers, differences), _split(differences), _attributes(differences, book), linked, added]
    return pl.concat([*frames, _new(answers, differences)])


def _as(sides: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    nothing = pl.lit([], pl.List(pl.String)).alias("evidence")
    return sides.with_columns(pl.lit(str(kind)).alias("kind"), nothing, pl.lit(None, pl.String).alias("package_no")).select(*LINE)


def _placed(rows: pl.DataFrame, place: pl.Expr) -> pl.DataFrame:
    return rows.with_columns(place.alias("place")).select(*LINE)


def _of(differences: pl.DataFrame, *kinds: Kind) -> pl.DataFrame:
    return differences.filter(pl.col("klass").is_in([str(kind) for kind in kinds])).with_columns(pl.col("klass").alias("kind"))


def _plain(differences: pl.DataFrame) -> pl.DataFrame:
    """One value each; the area of a box belongs to its connection point."""
    rows = _of(differences, *_PLACES).filter((pl.col("klass") != str(Kind.OTHER_AREA)) | (pl.col("entity") == "customer"))
    return _placed(rows, pl.col("klass").replace_strict({str(kind): place for kind, place in _PLACES.items()}, return_dtype=pl.String))


def _cancelled(answers: Answers, differences: pl.DataFrame) -> pl.DataFrame:
    """The customer's status; of a meter nobody's, the box it is taken out of; of a box only that it is gone."""
    rows = _of(differences, Kind.CANCELLED)
    status = answers.station.table("customer").select(pl.col("customer_no").alias("key"), "status")
    boxes = answers.station.table("meter").select(pl.col("asset_no").alias("key"), "box_no")
    people = rows.filter(pl.col("entity") == "customer").join(status, on="key", how="left", maintain_order="left")
    people = people.with_columns(pl.col("status").alias("ledger"), pl.lit(CANCELLED).alias("field_value"))
    meters = rows.filter(pl.col("entity") == "meter").join(boxes, on="key", how="left", maintain_order="left")
    meters = meters.with_columns(pl.col("box_no").alias("ledger"), pl.lit(None, pl.String).alias("field_value"))
    gone = rows.filter(pl.col("entity") == "meter_box").with_columns(pl.lit(None, pl.String).alias("field_value"))
    return pl.concat(
        [
            _placed(people, pl.lit("customer.status")),
            _placed(meters, pl.lit("meter.box_no")),
            _placed(gone, pl.lit("meter_box.bar_code")),
        ]
    )


def _split(differences: pl.DataFrame) -> pl.DataFrame:
    """Slots and places: two numbers each."""
    slots = _of(differences, Kind.SLOT_CHANGED)
    points = _of(differences, Kind.MOVED_BOX)
    frames = []
    for rows, places, pattern in (
        (slots, ("meter.slot_row", "meter.slot_column"), r"(\d+)\D+(\d+)"),
        (points, ("meter_box.longitude", "meter_box.latitude"), r"([\d.]+)\D+([\d.]+)"),
    ):
        for group, place in enumerate(places, 1):
            halves = [pl.col(side).str.extract(pattern, group) for side in ("ledger", "field_value")]
            frames.append(_placed(rows.with_columns(halves), pl.lit(place)))
    return pl.concat(frames)


def _attributes(differences: pl.DataFrame, book: Book) -> pl.DataFrame:
    own = set(book.connection.get("meter_box", ()))
    rows = _of(differences, Kind.ATTRIBUTE_CHANGED).filter(~pl.col("field").is_in(list(own)))
    return _placed(rows, pl.format("meter_box.{}", "field"))


def _of_box(differences: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Differences of a box that are about its connection point."""
    fields = list(book.connection.get("meter_box", ()))
    about = pl.col("field").is_in(fields) & (pl.col("entity") == "meter_box")
    rows = _of(differences, Kind.ATTRIBUTE_CHANGED, Kind.OTHER_AREA).filter(about)
    return _placed(rows.with_columns(pl.lit(str(Kind.CONNECTION)).alias("kind")), pl.format("meter_box.{}", "field"))


def _new(answers: Answers, differences: pl.DataFrame) -> pl.DataFrame:
    """All that the rows of new things say; a new account without any number is called by its row."""
    rows = _of(differences, Kind.NEW)
    wanted = rows.select("entity", "key", "sheet_id", "sheet_row", "evidence", "package_no")
    told = additions.newcomers(answers, wanted)
    told = told.join(wanted, on=["entity", "key", "sheet_id", "sheet_row"], how="left", maintain_order="left")
    nameless = pl.format("#{}:{}", "sheet_id", "sheet_row")
    told = told.with_columns(pl.when(pl.col("key") == "").then(nameless).otherwise("key").alias("key"))
    return told.with_columns(pl.lit(str(Kind.NEW)).alias("kind")).select(*LINE)
