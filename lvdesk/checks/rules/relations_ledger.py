"""Rows of ledgers that say different things about one record."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.contradictions import contradictions
from lvdesk.checks.model import Rule, Severity, Values, hits
from lvdesk.checks.station import Station
from lvdesk.templates.dictionary import Field

_ELSEWHERE: Final = {
    "customer.name", "customer.address", "metering_point.area_no", "metering_point.area_name", "meter.box_no", "meter.mp_no",
    "metering_point.customer_no", "meter_box.area_no", "meter_box.bar_code",
}  # fmt: skip
"""Contradictions with a rule of their own: Q13, Q11, Q36, Q31, Q10."""

_PER_ROW: Final = {"surveyed_at", "note", "survey_status", "operator", "operated_on", "operated_at", "submit_status"}
"""What each row rightly says of itself."""

_LOOKS: Final = {"material", "manufacturer", "model", "property", "property_org", "org_name", "location", "manager", "phone", "trade"}
"""What describes a record without placing it anywhere."""

_NUMBERS: Final = {"integer", "number", "longitude", "latitude"}
_SAME: Final = 1e-6


def _contradictions(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    given = station.differences.select("entity", "field").unique(maintain_order=True)
    for entity, field in given.iter_rows():
        known = station.dictionary.find(f"{entity}.{field}")
        if known is not None and field in station.table(entity).columns and known.key not in _ELSEWHERE and field not in _PER_ROW:
            yield _field(station, known)


def _field(station: Station, known: Field) -> pl.DataFrame:
    both = contradictions(station, known.entity, known.name)
    if known.kind in _NUMBERS:
        apart = pl.col("current").cast(pl.Float64, strict=False) - pl.col("other").cast(pl.Float64, strict=False)
        both = both.filter((apart.abs() >= _SAME).fill_null(value=True))
    names = ("current", "other")
    codes = station.codes[known.codes] if known.codes else None
    said = {value: codes.name(value) for name in names for value in both[name].unique()} if codes else {}
    values = [pl.col(name).replace(said) for name in names]
    message = pl.format(
        f"{station.dictionary.title(known.entity)} {{}} 的{known.title}登记为“{{}}”{{}}，本行写的是“{{}}”",
        pl.col("key").str.strip_prefix("@"), values[0], "where", values[1],
    )  # fmt: skip
    milder = int(known.name in _LOOKS)
    return hits(both, known.key, message, key="key", value=pl.col("other"), detail=pl.col("other"), milder=milder)


RULES = (
    Rule(
        code="Q45",
        family="consistency",
        title="台账前后不一",
        what="台账的两行给同一条记录写了不同的内容；材料、型号、单位、地址之类降一级",
        where="同一系统各台账里记录的各项内容；户名、台区、箱表关系等另有规则的除外",
        fix="核实哪一行正确，改正写错的一行后重新导入，或在台账中直接改正",
        severity=Severity.WARNING,
        find=_contradictions,
    ),
)
