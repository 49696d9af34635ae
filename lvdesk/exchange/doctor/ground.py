"""What the doctor looks at: every box and every living customer with the area it is booked on and what could tell another one."""

from functools import cached_property
from typing import Final

import polars as pl

from lvdesk.checks.station import Station
from lvdesk.exchange.doctor.book import Book
from lvdesk.exchange.doctor.model import Link
from lvdesk.exchange.reconcile.field_side import FieldSide
from lvdesk.exchange.sources import upstream

_ENDED: Final = "已销户"
LINKS: Final = {
    **dict.fromkeys(("key", "area_no", "title", "number", "box_no", "street"), pl.String), "house": pl.Int64,
    "longitude": pl.Float64, "latitude": pl.Float64,
}  # fmt: skip
"""One link: whose, where it hangs, what people call it, the number that is one of a sequence, its box, its road or group and the house
there, its place."""
SAID: Final = {"key": pl.String, "said": pl.String}
"""What a source says of a link's area."""


class Ground:
    """Frames of one run; use it inside one ``store.read()``."""

    def __init__(self, station: Station, book: Book) -> None:
        self.station, self.book = station, book

    def links(self, link: Link) -> pl.DataFrame:
        """``LINKS`` of this kind."""
        return self.boxes if link is Link.BOX_AREA else self.customers

    @cached_property
    def boxes(self) -> pl.DataFrame:
        """Boxes that hang in an area; a box without an address of its own has that of its first customer."""
        inside = self.people.drop_nulls("address").unique("box_no", keep="first", maintain_order=True).select("box_no", "address")
        boxes = self.station.table("meter_box").drop_nulls("area_no").with_columns(pl.col("asset_no").alias("box_no"))
        boxes = boxes.join(inside, on="box_no", how="left", maintain_order="left")
        return boxes.select(
            pl.col("asset_no").alias("key"), "area_no", pl.col("location").fill_null("").alias("title"), pl.col("asset_no").alias("number"),
            "box_no", *self._street(pl.coalesce("location", "address")), "longitude", "latitude",
        )  # fmt: skip

    @cached_property
    def customers(self) -> pl.DataFrame:
        """Living customers; who has metering points in several areas hangs in the first."""
        boxes = self.station.table("meter_box").select(pl.col("asset_no").alias("box_no"), "longitude", "latitude", "location")
        people = self.people.join(boxes, on="box_no", how="left", maintain_order="left")
        name, number = pl.col("name").fill_null("").alias("title"), pl.col("customer_no").alias("number")
        street = self._street(pl.coalesce("address", "location"))
        return people.select(pl.col("customer_no").alias("key"), "area_no", name, number, "box_no", *street, "longitude", "latitude")

    @cached_property
    def people(self) -> pl.DataFrame:
        """customer_no, area_no, box_no, name, address of living customers."""
        living = self.station.table("customer").filter(~pl.col("status").fill_null("").str.starts_with(_ENDED))
        points = (
            self.station.table("metering_point")
            .drop_nulls(["customer_no", "area_no"])
            .unique("customer_no", keep="first", maintain_order=True)
        )
        homes = self.station.meters.drop_nulls(["customer_no", "box_no"]).unique("customer_no", keep="first", maintain_order=True)
        people = living.select("customer_no", "name", "address").join(
            points.select("customer_no", "area_no"), on="customer_no", maintain_order="left"
        )
        return people.join(homes.select("customer_no", "box_no"), on="customer_no", how="left", maintain_order="left")

    @cached_property
    def fed(self) -> pl.DataFrame:
        """``SAID`` by the GIS of customers."""
        return upstream(self.station).select(pl.col("customer_no").alias("key"), pl.col("own_area").alias("said")).drop_nulls()

    def found(self, link: Link) -> pl.DataFrame:
        """``SAID`` by the field."""
        entity = "meter_box" if link is Link.BOX_AREA else "customer"
        return FieldSide(self.station).value(entity, "area_no", "{}").select("key", pl.col("value").alias("said")).drop_nulls()

    def _street(self, address: pl.Expr) -> list[pl.Expr]:
        """The address up to its last road, lane, group or village, and the number after it; null where it has none."""
        ends, plain = "|".join(self.book.places), address.str.replace_all(r"\s", "")
        return [
            plain.str.extract(f"^(.*(?:{ends}))", 1).alias("street"),
            plain.str.extract(f"^.*(?:{ends})\\D*(\\d+)", 1).cast(pl.Int64, strict=False).alias("house"),
        ]
