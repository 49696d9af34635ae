"""What the GIS says feeds each customer: the newest word of its feedback, with our own records found for what it names.

The feedback names things as the GIS knows them: by our number, by an identifier of its own, or only by name. Each is looked up in that
order; a name counts only where one record alone has it.
"""

from typing import Final

import polars as pl

from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_rows, answer_sheets

FEEDBACK: Final = "power_source"
_SAID: Final = {
    "substation_name": "substation.name", "feeder_no": "feeder.feeder_no", "feeder_name": "feeder.name", "feeder_gis_id": "feeder.gis_id",
    "transformer_gis_id": "transformer.gis_id", "transformer_pms_id": "transformer.pms_id", "transformer_name": "transformer.name",
    "area_no": "transformer_area.area_no", "area_name": "transformer_area.name", "access_point_gis_id": "access_point.gis_id",
    "access_point_name": "access_point.name", "returned_on": "note.returned_on",
}  # fmt: skip
UPSTREAM: Final = {
    "customer_no": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64, **dict.fromkeys(_SAID, pl.String),
    "own_area": pl.String, "own_feeder": pl.String,
}  # fmt: skip
"""One row for each customer: what was said, and ``own_area``, ``own_feeder``: our numbers of it, null where none could be told."""


def upstream(station: Station) -> pl.DataFrame:
    """``UPSTREAM`` of every customer the feedback speaks of, as its newest row says."""
    sheets = answer_sheets(station.connection, [FEEDBACK])["sheet_id"].to_list()
    rows = answer_rows(station.connection, sheets)
    if rows.is_empty():
        return pl.DataFrame(schema=UPSTREAM)
    said = rows.select(
        _customer(station, rows).alias("customer_no"),
        "sheet_id",
        "sheet_row",
        *[_given(rows, field).alias(n) for n, field in _SAID.items()],
    )
    said = said.drop_nulls("customer_no").unique("customer_no", keep="last", maintain_order=True)
    found = said.with_columns(_area(station, said).alias("own_area"))
    return found.with_columns(_feeder(station, found).alias("own_feeder")).select(*UPSTREAM)


def _given(rows: pl.DataFrame, field: str) -> pl.Expr:
    return pl.col(field).cast(pl.String) if field in rows.columns else pl.lit(None, pl.String)


def _customer(station: Station, rows: pl.DataFrame) -> pl.Series:
    """The customer's number, also where a row gives only his identifier or his metering point."""
    people, points = station.table("customer"), station.table("metering_point")
    number = rows.select(_given(rows, "customer.customer_no")).to_series()
    by_id = looked_up(rows, "customer.marketing_id", people, "marketing_id", "customer_no")
    by_point = looked_up(rows, "metering_point.mp_no", points, "mp_no", "customer_no")
    return pl.select(pl.coalesce(number, by_id, by_point)).to_series()


def _area(station: Station, said: pl.DataFrame) -> pl.Series:
    areas, machines = station.table("transformer_area"), station.table("transformer")
    return pl.select(
        pl.coalesce(
            looked_up(said, "area_no", areas, "area_no", "area_no"),
            looked_up(said, "transformer_gis_id", machines, "gis_id", "area_no"),
            looked_up(said, "transformer_pms_id", machines, "pms_id", "area_no"),
            looked_up(said, "area_name", areas, "name", "area_no"),
            looked_up(said, "transformer_name", machines, "name", "area_no"),
        )
    ).to_series()


def _feeder(station: Station, said: pl.DataFrame) -> pl.Series:
    feeders = station.table("feeder")
    areas = station.table("transformer_area")
    return pl.select(
        pl.coalesce(
            looked_up(said, "feeder_no", feeders, "feeder_no", "feeder_no"),
            looked_up(said, "feeder_gis_id", feeders, "gis_id", "feeder_no"),
            looked_up(said, "feeder_name", feeders, "name", "feeder_no"),
            looked_up(said, "own_area", areas, "area_no", "feeder_no"),
        )
    ).to_series()


def looked_up(rows: pl.DataFrame, said: str, records: pl.DataFrame, by: str, wanted: str) -> pl.Series:
    """The records' ``wanted`` for what the rows say in the column ``said``; null where nothing or more than one record fits."""
    known = records.select(pl.col(by).alias("_said"), pl.col(wanted).alias("_found")).drop_nulls().unique().unique("_said", keep="none")
    asked = rows.select(_given(rows, said).alias("_said"))
    return asked.join(known, on="_said", how="left", maintain_order="left")["_found"]
