"""A station in frames, without a database: what the rules are tried on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from lvdesk.checks.model import HIT, KEYS, Rule, Values
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook import FILE
from lvdesk.checks.station import Station
from lvdesk.kit.paths import resources
from lvdesk.kit.sources import read_toml
from lvdesk.network.frames import schema_of
from lvdesk.network.tables import TABLES
from lvdesk.templates.codes import load_codes
from lvdesk.templates.definition import load_templates
from lvdesk.templates.dictionary import load_dictionary

TODAY = date(2026, 6, 1)
_KINDS = {"integer": pl.Int64, "number": pl.Float64, "longitude": pl.Float64, "latitude": pl.Float64}
_ROW = {"sheet_id": pl.Int64, "sheet_row": pl.Int64, "item": pl.Int64, "template": pl.String}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "sheets": {
        "sheet_id": pl.Int64, "batch": pl.Int64, "replaces": pl.Int64, "file": pl.String, "sha256": pl.String, "name": pl.String,
        "template": pl.String, "system": pl.String, "header_row": pl.Int64, "package_no": pl.String, "crs": pl.String,
    },
    "listing": {
        "sheet_id": pl.Int64, "sheet_row": pl.Int64, "item": pl.Int64, "key": pl.String, "digest": pl.UInt64, "template": pl.String,
    },
    "differences": {
        "entity": pl.String, "id": pl.Int64, "key": pl.String, "field": pl.String, "current": pl.String, "other": pl.String,
        "system": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64, "template": pl.String, "decided": pl.Boolean,
    },
    "notes": {
        "sheet_id": pl.Int64, "sheet_row": pl.Int64, "template": pl.String, "key": pl.String, "column": pl.String, "field": pl.String,
        "before": pl.String, "after": pl.String, "why": pl.String, "level": pl.String,
    },
}  # fmt: skip

Rows = Sequence[Mapping[str, Any]]


class StationOf(Station):
    """Records as dicts per entity; ids are given from 1 where a row has none. ``field_rows`` have keys like ``meter.bar_code``.

    A record's ``standing`` is listed unless it says mentioned or gone.
    """

    def __init__(self, tables: Mapping[str, Rows] | None = None, *, field_rows: Rows = (), today: date = TODAY, **frames: Rows) -> None:
        self.dictionary, self.codes, self.templates = load_dictionary(), load_codes(), load_templates()
        self.today = today
        self._tables = {entity: _records(entity, (tables or {}).get(entity, ())) for entity in TABLES}
        self._field = {}
        self._standing = {entity: _standing(entity, (tables or {}).get(entity, ())) for entity in TABLES}
        wide = {**_ROW, "key": pl.String, **{name: pl.String for row in field_rows for name in row if "." in name}}
        self.__dict__["field_rows"] = pl.DataFrame(list(field_rows), schema=wide)
        for name, schema in _SCHEMAS.items():
            self.__dict__[name] = pl.DataFrame([{"decided": False, **row} for row in frames.get(name, ())], schema=schema)
        self.__dict__["_all_rows"] = self.listing.drop("template")


def _records(entity: str, rows: Rows) -> pl.DataFrame:
    table = TABLES[entity]
    names = [c.name for c in table.c if c.name not in {"version", "initials", "listed", "absent_sheet", "sheet_id", "sheet_row"}]
    schema = schema_of(table, names) | {"from_sheet": pl.Int64, "from_row": pl.Int64}
    made = [{"id": number, "from_sheet": 1, "from_row": number + 1, **row} for number, row in enumerate(rows, 1)]
    return pl.DataFrame([row for row in made if row.get("standing") != "gone"], schema=schema)


def _standing(entity: str, rows: Rows) -> pl.DataFrame:
    made = [{"key": row.get(KEYS[entity]), "standing": row.get("standing", "listed")} for row in rows]
    return pl.DataFrame(made, schema={"key": pl.String, "standing": pl.String})


def found(station: Station, code: str, **values: Any) -> list[tuple[str, str, str]]:
    """(entity, key, field) of every hit of one rule under the shipped rule book; ``values`` change its parameters."""
    return [(row["entity"], row["key"], row["field"]) for row in hits_of(station, code, **values).iter_rows(named=True)]


def hits_of(station: Station, code: str, **values: Any) -> pl.DataFrame:
    """All hits of one rule in a frame."""
    rule = discover()[code]
    frames = [frame.select(*HIT) for frame in rule.find(station, values_of(rule) | values)]
    return pl.concat([pl.DataFrame(schema=HIT), *frames])


def values_of(rule: Rule) -> dict[str, Any]:
    """The rule's parameters as shipped."""
    path = resources() / FILE
    edition: dict[str, Any] = (read_toml(path) if path.is_file() else {}).get(rule.code, {})
    own: Values = {parameter.name: parameter.default for parameter in rule.parameters}
    return {**own, **{name: value for name, value in edition.items() if name in own}}
