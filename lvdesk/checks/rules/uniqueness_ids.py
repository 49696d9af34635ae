"""Numbers of the systems: one marketing id, one GIS id, one device."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS, Rule, Severity, Values, hits
from lvdesk.checks.phrases import listed
from lvdesk.checks.station import Station

_DEVICES: Final = ("substation", "feeder", "transformer_area", "transformer", "pole", "branch_box", "access_point", "meter_box")


def _pairs(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    for entity in _DEVICES:
        devices = station.table(entity)
        title = station.dictionary.title(entity)
        yield _several(devices.drop_nulls("marketing_id"), entity, ("marketing_id", "gis_id"), title)
        yield _several(devices.drop_nulls("gis_id"), entity, ("gis_id", "marketing_id"), title)
        # Without any GIS id the pairs say nothing, but a marketing id is still one device's.
        alone = devices.drop_nulls("marketing_id").filter(
            (pl.len().over("marketing_id") > 1) & (pl.col("gis_id").drop_nulls().n_unique().over("marketing_id") < 1)
        )
        alone = alone.with_columns(listed(KEYS[entity]).over("marketing_id").alias("all"))
        message = pl.format(f"{title} {{}} 的营销_ID {{}} 被几个{title}共用：{{}}", KEYS[entity], "marketing_id", "all")
        yield hits(alone, f"{entity}.marketing_id", message)


def _several(devices: pl.DataFrame, entity: str, names: tuple[str, str], title: str) -> pl.DataFrame:
    """Devices whose id stands with several ids of the other system."""
    own, other = names
    wrong = devices.filter(pl.col(other).drop_nulls().n_unique().over(own) > 1).with_columns(listed(other).over(own).alias("all"))
    words = {"marketing_id": "营销_ID", "gis_id": "GIS_ID"}
    message = pl.format(f"{title} {{}} 的{words[own]} {{}} 对应不止一个{words[other]}：{{}}", KEYS[entity], own, "all")
    return hits(wrong, f"{entity}.{own}", message)


def _shared(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    for entity in _DEVICES:
        title = station.dictionary.title(entity)
        wrong = station.table(entity).drop_nulls("gis_id").filter(pl.len().over("gis_id") > 1)
        wrong = wrong.with_columns(listed(KEYS[entity]).over("gis_id").alias("all"))
        message = pl.format(f"{title} {{}} 的 GIS_ID {{}} 同时对应{title} {{}}", KEYS[entity], "gis_id", "all")
        yield hits(wrong, f"{entity}.gis_id", message)


RULES = (
    Rule(
        code="Q14",
        family="uniqueness",
        title="营销_ID 与 GIS_ID 不是一一对应",
        what="一个营销_ID 对应几个 GIS_ID，或一个 GIS_ID 对应几个营销_ID",
        where="变电站、线路、台区、变压器、杆塔、分支箱、接入点、计量箱的营销_ID 和 GIS_ID",
        fix="对照两个系统核实对应关系，改正写错的一方",
        severity=Severity.ERROR,
        find=_pairs,
        source="营配数据关联：营销_ID 与 GIS_ID 成对保存",
    ),
    Rule(
        code="Q15",
        family="uniqueness",
        title="GIS_ID 对应两个设备",
        what="同一个 GIS_ID 对应两个资产编号",
        where="变电站、线路、台区、变压器、杆塔、分支箱、接入点、计量箱的 GIS_ID",
        fix="在 GIS 中查该设备的资产编号，改正另一个设备的 GIS_ID",
        severity=Severity.ERROR,
        find=_shared,
    ),
)
