"""Coordinates of a file into the record system CGCS2000, as declared; the raw cells keep what was written."""

from collections.abc import Mapping

import polars as pl

from lvdesk.geo.offsets import to_cgcs2000
from lvdesk.ledger.cleaning import Cleaned
from lvdesk.ledger.model import Finding, Refused
from lvdesk.ledger.rows import ROW

_LONGITUDE, _LATITUDE = ".longitude", ".latitude"


def to_record_system(cleaned: Cleaned, crs: str | None, letters: Mapping[str, str]) -> None:
    """Converts every longitude/latitude pair (text degrees) from ``crs``; nothing to do for CGCS2000 and WGS-84.

    Half a coordinate cannot be converted: it is refused, with the column's letter.
    """
    if crs in {None, "cgcs2000", "wgs84"}:
        return
    entities = {name.rsplit(".", 1)[0] for name in cleaned.wide.columns if name.endswith((_LONGITUDE, _LATITUDE))}
    for entity in sorted(entities):
        x, y = entity + _LONGITUDE, entity + _LATITUDE
        cleaned.wide = cleaned.wide.with_columns(pl.lit(None, pl.String).alias(name) for name in (x, y) if name not in letters)
        for name, other, missing in ((x, y, "纬度"), (y, x, "经度")):
            _refuse_half(cleaned, name, other, f"只有半个坐标（缺{missing}），不能由 {crs} 换算，未采用", letters)
        count = _convert(cleaned, str(crs), x, y)
        cleaned.findings.append(Finding("info", 0, x, f"{count} 个坐标由 {crs} 换算为 CGCS2000"))


def _refuse_half(cleaned: Cleaned, name: str, other: str, reason: str, letters: Mapping[str, str]) -> None:
    half = pl.col(name).is_not_null() & pl.col(other).is_null()
    cleaned.refused += [
        Refused(row, name, letters.get(name, ""), value, reason) for row, value in cleaned.wide.filter(half).select(ROW, name).iter_rows()
    ]


def _convert(cleaned: Cleaned, crs: str, x: str, y: str) -> int:
    """Converts the pairs of two columns and says how many there were; halves are emptied."""
    pair = cleaned.wide.select(pl.col(x, y).cast(pl.Float64, strict=False).fill_null(float("nan")))
    longitudes, latitudes = to_cgcs2000(crs, pair[x].to_numpy(), pair[y].to_numpy())
    converted = pl.DataFrame({x: longitudes, y: latitudes}).fill_nan(None)
    cleaned.wide = cleaned.wide.with_columns(converted[x].cast(pl.String), converted[y].cast(pl.String))
    return int(converted[x].is_not_null().sum())
