"""End-to-end consistency (贯通率): how many customers hang on the same way up in all systems, by area, feeder, station, day and attribute.

A customer is compared once the GIS has said what feeds him. He agrees when neither he nor anything on his way up (box, access point, area,
transformer, feeder) stands in a disagreement of the classes in ``reconcile.toml``. A day keeps its last run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, delete, func, select

from lvdesk.checks.station import Station
from lvdesk.exchange.reconcile.book import Book, load_book
from lvdesk.exchange.reconcile.gathering import Sides
from lvdesk.network.batches import table_of
from lvdesk.network.frames import read_frame
from lvdesk.network.reconciling import ConsistencyRate
from lvdesk.network.tables import Feeder, TransformerArea
from lvdesk.store.bulk import insert_tuples
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

STATION, FEEDER, AREA = "station", "feeder", "area"
_TABLE: Final = table_of(ConsistencyRate)
RATES: Final[dict[str, Any]] = {
    "scope": pl.String, "key": pl.String, "field": pl.String, "compared": pl.Int64, "agreed": pl.Int64,
}  # fmt: skip
"""One rate: of the whole (``field`` "") or of one attribute (``entity.field``, of the station)."""
_SHOWN_DAYS: Final = 366


@dataclass(frozen=True)
class Rate:
    """How many were compared and how many of them agree; ``key`` and ``name`` of the feeder, area or attribute."""

    key: str
    name: str
    agreed: int
    compared: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where nothing was compared."""
        return self.agreed / self.compared if self.compared else 0.0


@dataclass(frozen=True)
class RateBook:
    """The rates of the last day that has some, and the station's day by day.

    Attributes:
        station: of customers; compared 0 before the first feedback was reconciled.
        feeders, areas: of customers, the worst first.
        fields: of attributes, ``key`` is ``entity.field``, in the order of the rules.
        days: ISO day, rate; oldest first.
    """

    day: str
    station: Rate
    feeders: tuple[Rate, ...]
    areas: tuple[Rate, ...]
    fields: tuple[Rate, ...]
    days: tuple[tuple[str, Rate], ...]


def measured(station: Station, sides: Sides, found: pl.DataFrame, book: Book) -> pl.DataFrame:
    """``RATES`` of customers by area, feeder and station.

    Args:
        station: of the run.
        sides: of the run.
        found: the disagreements (``JUDGED``).
        book: which classes count.
    """
    wrong = found.filter(pl.col("klass").is_in(list(book.rate_classes)))
    people = _ways(station, sides)
    bad = pl.any_horizontal(
        pl.col(column).is_in(wrong.filter(pl.col("entity") == entity)["key"].unique().implode()).fill_null(value=False)
        for entity, column in _UP.items()
    )
    people = people.with_columns((~bad).alias("agreed"))
    parts = [
        people.drop_nulls(column).group_by(pl.col(column).alias("key")).agg(pl.len().alias("compared"), pl.sum("agreed")).sort("key")
        .select(pl.lit(scope).alias("scope"), "key", pl.lit("").alias("field"), "compared", "agreed")
        for scope, column in ((AREA, "area_no"), (FEEDER, "feeder_no"))
    ]  # fmt: skip
    whole = people.select(
        pl.lit(STATION).alias("scope"), pl.lit("").alias("key"), pl.lit("").alias("field"), pl.len().alias("compared"), pl.sum("agreed")
    )
    return pl.concat([frame.cast(RATES) for frame in (whole, *parts)])  # type: ignore[arg-type]


_UP: Final = {
    "customer": "customer_no", "meter_box": "box_no", "access_point": "access_point_no", "transformer_area": "area_no",
    "transformer": "transformer_no", "feeder": "feeder_no",
}  # fmt: skip
"""What stands on a customer's way up -> its column below."""


def _ways(station: Station, sides: Sides) -> pl.DataFrame:
    """Each compared customer once, with what he hangs on by our records; several transformers of an area are not told apart."""
    people = sides.living().select(pl.col("key").alias("customer_no"), "area_no")
    people = people.join(sides.gis.fed.select("customer_no").unique(), on="customer_no", how="semi", maintain_order="left")
    meters = station.meters.select("customer_no", "box_no").drop_nulls().unique("customer_no", keep="first", maintain_order=True)
    boxes = station.table("meter_box").select(pl.col("asset_no").alias("box_no"), "access_point_no")
    machines = station.table("transformer").select("transformer_no", "area_no").drop_nulls().unique("area_no", keep="none")
    areas = station.table("transformer_area").select("area_no", "feeder_no")
    for more, by in ((meters, "customer_no"), (boxes, "box_no"), (machines, "area_no"), (areas, "area_no")):
        people = people.join(more, on=by, how="left", maintain_order="left")
    return people


def of_fields(compared: Mapping[str, int], unlike: Mapping[str, int]) -> pl.DataFrame:
    """``RATES`` of the station's attributes."""
    rows = [(STATION, "", name, count, count - unlike.get(name, 0)) for name, count in compared.items() if count]
    return pl.DataFrame(rows, schema=RATES, orient="row")


def same(connection: Connection, day: str, found: pl.DataFrame) -> bool:
    """Whether exactly these stand for the day."""
    query = select(*(_TABLE.c[name] for name in RATES)).where(_TABLE.c.day == day)
    stored, order = read_frame(connection, query, RATES), ["scope", "key", "field"]
    return stored.sort(order).equals(found.sort(order))


def store(write: Write, day: str, found: pl.DataFrame) -> None:
    """Replaces the rates of the day. They follow from the data, so history does not keep them."""
    write.connection.execute(delete(_TABLE).where(_TABLE.c.day == day))
    last = write.connection.execute(select(func.max(_TABLE.c.id))).scalar() or 0
    rows = ((last + place, day, *row) for place, row in enumerate(found.select(*RATES).iter_rows(), 1))
    insert_tuples(write.connection, _TABLE, ["id", "day", *RATES], rows)


def rates(ws: Workspace) -> RateBook:
    """The rates as the last run found them."""
    titles = load_book(ws.overrides, ws.dictionary).titles
    with ws.store.read() as connection:
        day = connection.execute(select(func.max(_TABLE.c.day))).scalar() or ""
        rows = connection.execute(select(*(_TABLE.c[name] for name in RATES)).where(_TABLE.c.day == day)).all()
        over_time = (
            select(_TABLE.c.day, _TABLE.c.agreed, _TABLE.c.compared).where(_TABLE.c.scope == STATION, _TABLE.c.field == "")
            .order_by(_TABLE.c.day.desc()).limit(_SHOWN_DAYS)
        )  # fmt: skip
        days = [(row.day, Rate("", "全所", row.agreed, row.compared)) for row in connection.execute(over_time)]
        names = {
            FEEDER: _names(connection, Feeder.feeder_no, Feeder.name),
            AREA: _names(connection, TransformerArea.area_no, TransformerArea.name),
        }
    whole = next(
        (Rate("", "全所", row.agreed, row.compared) for row in rows if row.scope == STATION and not row.field), Rate("", "全所", 0, 0)
    )
    by_scope = {
        scope: tuple(
            sorted(
                (Rate(row.key, names[scope].get(row.key) or row.key, row.agreed, row.compared) for row in rows if row.scope == scope),
                key=lambda rate: (rate.share, -rate.compared, rate.key),
            )
        )
        for scope in (FEEDER, AREA)
    }
    place = {name: number for number, name in enumerate(titles)}
    fields = [Rate(row.field, titles.get(row.field, row.field), row.agreed, row.compared) for row in rows if row.field]
    fields.sort(key=lambda rate: place.get(rate.key, len(place)))
    return RateBook(day, whole, by_scope[FEEDER], by_scope[AREA], tuple(fields), tuple(reversed(days)))


def _names(connection: Connection, key: Any, name: Any) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(select(key, name))}
