"""Coordinates of a file into the record system CGCS2000, as declared; the raw cells keep what was written."""

from collections.abc import Mapping

import polars as pl

from lvdesk.geo.offsets import to_cgcs2000
from lvdesk.ledger.cleaning import Cleaned
from lvdesk.ledger.model import Finding, Refused
from lvdesk.ledger.rows import ROW

_LONGITUDE, _LATITUDE = ".longitude", ".latitude"
_LONGITUDES, _LATITUDES = (72.0, 138.0), (0.8, 56.0)
"""Degrees between which Chinese map systems are shifted at all."""
_DECLARED, _IN = "note.crs", "_crs"
_AS_THEY_ARE = {"cgcs2000", "wgs84"}


def to_record_system(cleaned: Cleaned, crs: str | None, letters: Mapping[str, str]) -> None:
    """Converts every longitude/latitude pair (text degrees) into CGCS2000; WGS-84 is near enough to stay.

    A row that names its system (``note.crs``) is believed, all others are in ``crs``. Half a coordinate cannot be converted: it is refused,
    with the column's letter.
    """
    written = _system(pl.col(_DECLARED)) if _DECLARED in cleaned.wide.columns else pl.lit(None, pl.String)
    cleaned.wide = cleaned.wide.with_columns(pl.coalesce(written, pl.lit(crs, pl.String)).alias(_IN))
    entities = {name.rsplit(".", 1)[0] for name in cleaned.wide.columns if name.endswith((_LONGITUDE, _LATITUDE))}
    for system in cleaned.wide[_IN].unique().sort().drop_nulls().to_list() if entities else ():
        if system not in _AS_THEY_ARE:
            for entity in sorted(entities):
                _from_system(cleaned, system, entity, letters)
    cleaned.wide = cleaned.wide.drop(_IN)


def _system(code: pl.Expr) -> pl.Expr:
    """The name of a coordinate system from the code list ``crs`` as requests call it."""
    return code.str.to_lowercase()


def _from_system(cleaned: Cleaned, system: str, entity: str, letters: Mapping[str, str]) -> None:
    x, y = entity + _LONGITUDE, entity + _LATITUDE
    cleaned.wide = cleaned.wide.with_columns(pl.lit(None, pl.String).alias(name) for name in (x, y) if name not in cleaned.wide.columns)
    for name, other, missing in ((x, y, "纬度"), (y, x, "经度")):
        _refuse_half(cleaned, name, other, system, f"只有半个坐标（缺{missing}），不能由 {system} 换算，未采用", letters)
    count = _convert(cleaned, system, x, y)
    cleaned.findings.append(Finding("info", 0, x, f"{count} 个坐标由 {system} 换算为 CGCS2000"))


def _refuse_half(cleaned: Cleaned, name: str, other: str, system: str, reason: str, letters: Mapping[str, str]) -> None:
    half = (pl.col(_IN) == system) & pl.col(name).is_not_null() & pl.col(other).is_null()
    cleaned.refused += [
        Refused(row, name, letters.get(name, ""), value, reason) for row, value in cleaned.wide.filter(half).select(ROW, name).iter_rows()
    ]


def _convert(cleaned: Cleaned, system: str, x: str, y: str) -> int:
    """Converts the pairs of two columns in rows of this system and says how many there were; halves are emptied."""
    pair = cleaned.wide.select(pl.col(x, y).cast(pl.Float64, strict=False).fill_null(float("nan")))
    longitudes, latitudes = to_cgcs2000(system, pair[x].to_numpy(), pair[y].to_numpy())
    converted = pl.DataFrame({x: longitudes, y: latitudes}).fill_nan(None).cast(pl.String)
    mine = (cleaned.wide[_IN] == system).fill_null(value=False)
    # Zeros and exchanged halves stay as they were written, for people to see what is wrong with them.
    placed = pair[x].is_between(*_LONGITUDES) & pair[y].is_between(*_LATITUDES) | pair[x].is_nan() | pair[y].is_nan()
    cleaned.wide = cleaned.wide.with_columns(pl.when(mine & placed).then(converted[name]).otherwise(name).alias(name) for name in (x, y))
    return int((converted[x].is_not_null() & mine & placed).sum())
