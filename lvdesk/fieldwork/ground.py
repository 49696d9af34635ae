"""The boxes, meters, customers and access points of the areas a package is for, as frames."""

from collections.abc import Sequence
from typing import Final

import polars as pl
from sqlalchemy import Connection

from lvdesk.checks.phrases import CANCELLED
from lvdesk.checks.station import Station
from lvdesk.fieldwork.choosing import Area
from lvdesk.ledger.deskcheck_marks import read_marks
from lvdesk.ledger.deskcheck_model import CONFIRMED, NORMAL

_BOX: Final = ("asset_no", "location", "longitude", "latitude", "from_sheet", "sources")


class Ground:
    """What lies in the areas of a request.

    Attributes:
        areas: in the order they are visited.
        meters: the joined meters of the boxes, see ``Station.meters``, with ``is_gone``: the customer is cancelled.
        boxes: key, area_no, address, longitude, latitude, meters, gone, customers (not cancelled).
        customers: customer_no, area_no, name, address, sort, status, ``is_gone`` of the areas' customers; confirmed: by the desk check.
        points: access points.
    """

    def __init__(self, station: Station, connection: Connection, areas: Sequence[Area]) -> None:
        self.areas, self.station = areas, station
        self._numbers = [area.area_no for area in areas]
        marks = read_marks(connection)
        self._confirmed = [number for number, mark in marks.items() if mark.verdict == CONFIRMED]
        normal = [number for number, mark in marks.items() if mark.verdict == NORMAL]
        confirmed = pl.col("customer_no").is_in(self._confirmed)
        self._gone = confirmed | ((pl.col("customer_status") == CANCELLED) & ~pl.col("customer_no").is_in(normal))
        self._is_gone = self._gone.fill_null(value=False).alias("is_gone")
        self.boxes, self.meters = self._boxes()
        self.customers = self._customers()
        points = station.table("access_point").filter(pl.col("area_no").is_in(self._numbers))
        self.points = points.with_columns(pl.col("access_point_no").alias("key"), pl.coalesce("name", "device_name").alias("address"))

    def _boxes(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """A box that names no area lies where most of its meters do."""
        meters = self.station.meters.drop_nulls("box_no").with_columns(self._is_gone)
        said = meters.drop_nulls("point_area").group_by("box_no", "point_area").agg(pl.len().alias("count"))
        said = said.sort("count", "point_area", descending=[True, False]).unique("box_no", keep="first", maintain_order=True)
        boxes = self.station.table("meter_box").join(
            said.select(pl.col("box_no").alias("asset_no"), "point_area"), on="asset_no", how="left", maintain_order="left"
        )
        boxes = boxes.with_columns(pl.coalesce("area_no", "point_area").alias("area_no")).filter(pl.col("area_no").is_in(self._numbers))
        meters = meters.join(boxes.select(pl.col("asset_no").alias("box_no")), on="box_no", how="semi", maintain_order="left")
        live = pl.col("customer_no").filter(~pl.col("is_gone")).drop_nulls()
        inside = meters.group_by("box_no").agg(
            pl.len().alias("meters"), pl.col("is_gone").sum().alias("gone"), live.n_unique().alias("customers")
        )
        frame = boxes.join(inside, left_on="asset_no", right_on="box_no", how="left", maintain_order="left")
        counts = [pl.col(name).fill_null(0).cast(pl.Int64) for name in ("meters", "gone", "customers")]
        return frame.with_columns(pl.col("asset_no").alias("key"), pl.col("location").alias("address"), *counts), meters

    def _customers(self) -> pl.DataFrame:
        points = self.station.table("metering_point").drop_nulls(["customer_no", "area_no"])
        mine = points.filter(pl.col("area_no").is_in(self._numbers)).group_by("customer_no").agg(pl.min("area_no"))
        people = self.station.table("customer").select(
            "customer_no", "name", "address", "sort", "status", pl.col("status").alias("customer_status"), "from_sheet", "sources"
        )
        frame = people.join(mine, on="customer_no", maintain_order="left")
        return frame.with_columns(self._is_gone, pl.col("customer_no").is_in(self._confirmed).alias("is_confirmed")).drop("customer_status")
