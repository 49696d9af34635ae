"""What the GIS says of our records by what feeds whom: the customers' newest feedback, gathered for boxes, areas and transformers."""

from functools import cached_property
from typing import Any, Final

import polars as pl

from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_sheets
from lvdesk.exchange.sources import FEEDBACK, upstream

TRACED: Final[dict[str, Any]] = {
    "key": pl.String, "value": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64, "note": pl.String,
}  # fmt: skip
"""What the GIS says of a record, the row that says it, and a sentence on what it was gathered from."""


class GisSide:
    """Values of the feedback; one for a run."""

    def __init__(self, station: Station) -> None:
        self._station = station

    @cached_property
    def fed(self) -> pl.DataFrame:
        """``sources.UPSTREAM`` of every customer, ours or not, with his box, ``base_area`` and ``point``: our access point it names."""
        rows = upstream(self._station)
        meters = self._station.meters.drop_nulls("customer_no").unique("customer_no", keep="first", maintain_order=True)
        rows = rows.join(
            meters.select("customer_no", "box_no", pl.col("point_area").alias("base_area")),
            on="customer_no",
            how="left",
            maintain_order="left",
        )
        points = self._station.table("access_point").select("access_point_no", "gis_id", "name")
        found = [self._point(rows, points, said, by) for said, by in (("access_point_gis_id", "gis_id"), ("access_point_name", "name"))]
        return rows.with_columns(pl.select(pl.coalesce(*found)).to_series().alias("point"))

    @cached_property
    def files(self) -> pl.DataFrame:
        """sheet_id, file of the feedback."""
        return answer_sheets(self._station.connection, [FEEDBACK]).select("sheet_id", "file")

    def value(self, entity: str, name: str) -> pl.DataFrame:
        """``TRACED`` of an attribute; no rows where the feedback says nothing of it."""
        ways = {
            "customer.area_no": self._customers, "meter_box.area_no": self._boxes, "meter_box.access_point_no": self._points,
            "transformer_area.feeder_no": self._feeders, "transformer.area_no": self._transformers,
        }  # fmt: skip
        way = ways.get(f"{entity}.{name}")
        return way() if way is not None else pl.DataFrame(schema=TRACED)

    def _customers(self) -> pl.DataFrame:
        """An area that we do not know is told as the GIS calls it."""
        unknown = pl.when(pl.col("own_area").is_null()).then(pl.lit("电网 GIS 所说的台区在台账中找不到"))
        value = pl.coalesce("own_area", "area_no", "area_name")
        return self.fed.select(pl.col("customer_no").alias("key"), value.alias("value"), "sheet_id", "sheet_row", unknown.alias("note"))

    def _boxes(self) -> pl.DataFrame:
        return _agreed(self.fed.select(pl.col("box_no").alias("key"), pl.col("own_area").alias("value"), "sheet_id", "sheet_row"), "箱内")

    def _points(self) -> pl.DataFrame:
        return _agreed(self.fed.select(pl.col("box_no").alias("key"), pl.col("point").alias("value"), "sheet_id", "sheet_row"), "箱内")

    def _feeders(self) -> pl.DataFrame:
        """Only of customers whose area is agreed on: who hangs in another area says nothing about this one's feeder."""
        own = self.fed.filter(pl.col("own_area") == pl.col("base_area"))
        rows = own.select(pl.col("own_area").alias("key"), pl.col("own_feeder").alias("value"), "sheet_id", "sheet_row")
        return _agreed(rows, "台区内")

    def _transformers(self) -> pl.DataFrame:
        """The area that the GIS names beside a transformer of ours."""
        machines = self._station.table("transformer").select(pl.col("transformer_no").alias("key"), "gis_id").drop_nulls("gis_id")
        machines = machines.unique("gis_id", keep="none")
        areas = self._station.table("transformer_area").select("area_no")
        rows = self.fed.join(areas, on="area_no", how="semi", maintain_order="left")
        rows = rows.join(machines, left_on="transformer_gis_id", right_on="gis_id", how="inner", maintain_order="left")
        return _agreed(rows.select("key", pl.col("area_no").alias("value"), "sheet_id", "sheet_row"), "所带")

    @staticmethod
    def _point(rows: pl.DataFrame, points: pl.DataFrame, said: str, by: str) -> pl.Series:
        known = points.select(pl.col(by).alias(said), pl.col("access_point_no").alias("found")).drop_nulls().unique(said, keep="none")
        return rows.select(said).join(known, on=said, how="left", maintain_order="left")["found"]


def _agreed(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    """``TRACED`` of the keys whose rows all say the same."""
    rows = rows.drop_nulls(["key", "value"])
    whole = rows.group_by("key", maintain_order=True).agg(
        pl.first("value", "sheet_id", "sheet_row"), pl.n_unique("value").alias("values"), pl.len().cast(pl.String).alias("count")
    )
    note = pl.concat_str(pl.lit(f"{where} "), "count", pl.lit(" 户的电源回写一致"))
    return whole.filter(pl.col("values") == 1).select("key", "value", "sheet_id", "sheet_row", note.alias("note"))
