"""Coordinates of a file into the record system CGCS2000, as declared; the raw cells keep what was written."""

import polars as pl

from lvdesk.geo.offsets import to_cgcs2000
from lvdesk.ledger.model import Finding


def to_record_system(wide: pl.DataFrame, crs: str | None) -> tuple[pl.DataFrame, list[Finding]]:
    """Converts every longitude/latitude pair of ``wide`` (text degrees) from ``crs``; nothing to do for CGCS2000 and WGS-84."""
    findings: list[Finding] = []
    if crs in {None, "cgcs2000", "wgs84"}:
        return wide, findings
    for name in [column for column in wide.columns if column.endswith(".longitude")]:
        other = name.replace(".longitude", ".latitude")
        if other not in wide.columns:
            continue
        pair = wide.select(pl.col(name).cast(pl.Float64, strict=False), pl.col(other).cast(pl.Float64, strict=False))
        x, y = to_cgcs2000(str(crs), pair[name].fill_null(float("nan")).to_numpy(), pair[other].fill_null(float("nan")).to_numpy())
        converted = pl.DataFrame({name: x, other: y}).fill_nan(None)
        wide = wide.with_columns(converted[name].cast(pl.String), converted[other].cast(pl.String))
        count = int(converted[name].is_not_null().sum())
        findings.append(Finding("info", 0, name, f"{count} 个坐标由 {crs} 换算为 CGCS2000"))
    return wide, findings
