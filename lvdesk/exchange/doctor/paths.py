"""The way up: of one customer or box step by step, and how many customers have none."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange.doctor.model import StepState, Trace, TraceStep
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.reconciling import Disagreement
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace

_TABLE: Final = table_of(Disagreement).c
_SIDES: Final = {"marketing": "marketing", "field_value": "field", "gis": "gis"}
_UPWARD: Final = {
    ("customer", "area_no"): "transformer_area", ("meter_box", "area_no"): "transformer_area", ("meter", "box_no"): "meter_box",
    ("meter_box", "access_point_no"): "access_point", ("transformer_area", "feeder_no"): "feeder",
    ("feeder", "substation_no"): "substation", ("transformer", "area_no"): "transformer_area",
}  # fmt: skip
"""A relation that systems disagree about -> the step whose record it names."""
_NAMES: Final = ("name", "location", "bar_code")
_OPTIONAL: Final = {"access_point", "transformer", "substation"}
"""Steps that many stations' ledgers lack; a way without them is whole."""
_ENDED: Final = "已销户"
_REASONS: Final = {
    "no_point": "没有计量点", "no_area": "计量点没有台区", "several": "计量点分在几个台区", "unknown_area": "台账中没有所属台区",
    "no_feeder": "台区没有所属线路", "unknown_feeder": "台账中没有所属线路",
}  # fmt: skip


def trace(ws: Workspace, entity: str, key: str) -> Trace:
    """The way up of a customer or a meter box, with what other systems name on it as the last reconciliation found.

    Raises:
        RefusedError: ``doctor.unknown`` when there is no such record.
    """
    with ws.store.read() as connection:
        way = _Way(connection)
        chain = way.of_customer(key) if entity == "customer" else way.of_box(key)
        if not chain or chain[0][1] is None:
            title = ws.dictionary.title(entity)
            raise RefusedError("doctor.unknown", f"台账中没有{title} {key}", "请核对编号，户号、计量箱资产号或条码都可以")
        said = _said(connection, chain)
        names = way.names(said)
    steps = tuple(
        _step(ws, each, record, said.get(each, {}), names) for each, record in chain if record is not None or each not in _OPTIONAL
    )
    broken = [step.why for step in steps if step.state is StepState.BROKEN]
    disputed = [step.why for step in steps if step.state is StepState.DISPUTED]
    why = (broken + disputed)[0] if broken or disputed else ""
    return Trace(key, steps[0].name or key, steps, not broken, why)


def dead_ends(ws: Workspace, progress: Progress) -> dict[str, list[str]]:
    """Living customers without exactly one way up to a feeder: reason -> their numbers."""
    progress.start("正在检查每户到线路的通路")
    with ws.store.read() as connection:
        station = Station(ws, connection)
        people = station.table("customer").filter(~pl.col("status").fill_null("").str.starts_with(_ENDED)).select("customer_no")
        points = station.table("metering_point").drop_nulls("customer_no").select("customer_no", "area_no")
        areas = station.table("transformer_area").select("area_no", "feeder_no", pl.lit(value=True).alias("area_known"))
        feeders = station.table("feeder").select("feeder_no", pl.lit(value=True).alias("feeder_known"))
    homes = points.group_by("customer_no").agg(pl.col("area_no").drop_nulls().unique().alias("areas"))
    way = people.join(homes, on="customer_no", how="left", maintain_order="left").with_columns(
        pl.col("areas").list.first().alias("area_no"), pl.col("areas").list.len().alias("count")
    )
    way = way.join(areas, on="area_no", how="left", maintain_order="left").join(feeders, on="feeder_no", how="left", maintain_order="left")
    reason = (
        pl.when(pl.col("areas").is_null()).then(pl.lit("no_point")).when(pl.col("count") == 0).then(pl.lit("no_area"))
        .when(pl.col("count") > 1).then(pl.lit("several")).when(pl.col("area_known").is_null()).then(pl.lit("unknown_area"))
        .when(pl.col("feeder_no").is_null()).then(pl.lit("no_feeder")).when(pl.col("feeder_known").is_null()).then(pl.lit("unknown_feeder"))
    )  # fmt: skip
    lost = way.with_columns(reason.alias("reason")).drop_nulls("reason")
    return {
        text: lost.filter(pl.col("reason") == name)["customer_no"].to_list() for name, text in _REASONS.items() if name in lost["reason"]
    }


Chain = list[tuple[str, Mapping[str, Any] | None]]


class _Way:
    """Looks records up one after another."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_customer(self, key: str) -> Chain:
        """From the customer up; his area is that of his metering point."""
        customer = self._one("customer", "customer_no", key)
        point = self._one("metering_point", "customer_no", key)
        meter = self._one("meter", "mp_no", point and point["mp_no"])
        box = self._one("meter_box", "asset_no", meter and meter["box_no"])
        return [("customer", customer), ("metering_point", point), ("meter", meter), ("meter_box", box), *self._above(box, point or box)]

    def of_box(self, key: str) -> Chain:
        """From the box up, found by asset number or bar code."""
        box = self._one("meter_box", "asset_no", key) or self._one("meter_box", "bar_code", key)
        return [("meter_box", box), *self._above(box, box)]

    def _above(self, box: Mapping[str, Any] | None, home: Mapping[str, Any] | None) -> Chain:
        access = self._one("access_point", "access_point_no", box and box["access_point_no"])
        area = self._one("transformer_area", "area_no", home and home["area_no"])
        machine = self._one("transformer", "area_no", area and area["area_no"])
        feeder = self._one("feeder", "feeder_no", area and area["feeder_no"])
        substation = self._one("substation", "substation_no", feeder and feeder["substation_no"])
        return [
            ("access_point", access), ("transformer_area", area), ("transformer", machine), ("feeder", feeder), ("substation", substation),
        ]  # fmt: skip

    def names(self, said: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], str]:
        """(entity, key) -> its name, of everything that other systems name."""
        found = {}
        for entity, sides in said.items():
            for key in sides.values():
                record = self._one(entity, KEYS[entity], key)
                found[entity, key] = _name(record)
        return found

    def _one(self, entity: str, column: str, value: Any) -> Mapping[str, Any] | None:
        if not value:
            return None
        table = TABLES[entity]
        query = select(table).where(table.c[column] == value).order_by(table.c.absent_sheet.is_not(None), table.c.id).limit(1)
        return self._connection.execute(query).mappings().first()  # type: ignore[return-value]


def _said(connection: Connection, chain: Chain) -> dict[str, dict[str, str]]:
    """Step -> source -> the other record it names there."""
    found: dict[str, dict[str, str]] = {}
    for entity, record in chain:
        if record is None:
            continue
        query = select(_TABLE.field, _TABLE.base, _TABLE.marketing, _TABLE.field_value, _TABLE.gis).where(
            _TABLE.entity == entity, _TABLE.key == record[KEYS[entity]], _TABLE.resolved_at.is_(None)
        )
        for row in connection.execute(query).mappings():
            step = _UPWARD.get((entity, row["field"]))
            if step is not None:
                others = {source: row[column] for column, source in _SIDES.items() if row[column] and row[column] != row["base"]}
                found.setdefault(step, {}).update(others)
    return found


def _step(
    ws: Workspace, entity: str, record: Mapping[str, Any] | None, said: Mapping[str, str], names: Mapping[tuple[str, str], str]
) -> TraceStep:
    title = ws.dictionary.title(entity)
    told = {source: f"{names.get((entity, key), '')} {key}".strip() for source, key in said.items()}
    if record is None:
        return TraceStep(entity, title, "", "", told, StepState.BROKEN, f"台账中没有{title}")
    state, why = StepState.SOUND, ""
    if told:
        state, why = StepState.DISPUTED, "；".join(f"{_called(source)}说是 {text}" for source, text in told.items())
    return TraceStep(entity, title, record[KEYS[entity]], _name(record), told, state, why)


def _called(source: str) -> str:
    return {"marketing": "营销", "field": "现场", "gis": "电网 GIS"}[source]


def _name(record: Mapping[str, Any] | None) -> str:
    return next((str(record[name]) for name in _NAMES if record is not None and record.get(name)), "")


def told(steps: Sequence[TraceStep]) -> list[str]:
    """The way as lines of a tree."""
    marks = {StepState.SOUND: "", StepState.DISPUTED: "  ！", StepState.BROKEN: "  ✕ "}
    return [
        f"{'  ' * place}{step.entity_title} {step.key} {step.name}{marks[step.state]}{step.why}".rstrip()
        for place, step in enumerate(steps)
    ]
