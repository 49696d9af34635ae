"""The peer frictionless: what Table Schema can say of the rules, as schemas over the same tables."""

from typing import Any, Final

import polars as pl

from lvdesk.checks.model import KEYS
from tests.helpers.checking import TODAY

RULES: Final = ("Q01", "Q10", "Q21", "Q22", "Q23", "Q27", "Q28", "Q32", "Q39")
"""The rules that a schema can say, but for what they ask of joined or of earlier records; check digits and places it cannot."""

Tables = dict[str, list[list[Any]]]
Constraints = dict[str, Any]
_ASKED: Final = {"required": True}
_UNTIL: Final = {"maximum": TODAY.isoformat()}
_GIVEN: Final[dict[str, dict[str, Constraints]]] = {
    "customer": {
        "customer_no": {"pattern": "[0-9]{10}|[0-9]{13}"}, "name": _ASKED, "address": _ASKED, "opened_on": _UNTIL, "cancelled_on": {},
    },
    "metering_point": {"area_no": _ASKED},
    "meter": {"bar_code": {"required": True, "pattern": "[0-9]{5}01[0-9]{15}"}, "installed_on": _UNTIL},
    "meter_box": {
        "bar_code": {"required": True, "unique": True, "pattern": "[0-9]{5}05[0-9]{15}"},
        **dict.fromkeys(("slot_rows", "slot_columns", "longitude", "latitude", "location", "area_no"), _ASKED),
    },
    "transformer": {"installed_on": _UNTIL}, "transformer_area": {}, "feeder": {}, "substation": {}, "pole": {}, "branch_box": {},
    "access_point": {},
}  # fmt: skip
_LINKS: Final = (
    ("feeder", "substation_no", "substation"), ("transformer_area", "feeder_no", "feeder"), ("transformer", "area_no", "transformer_area"),
    ("metering_point", "area_no", "transformer_area"), ("metering_point", "customer_no", "customer"), ("meter", "mp_no", "metering_point"),
    ("meter", "box_no", "meter_box"), ("meter_box", "area_no", "transformer_area"),
)  # fmt: skip
_ROWS: Final = {"customer": "not cancelled_on or status == '已销户客户'"}
"""Conditions over a whole row."""
_TYPES: Final = {pl.Int64: "integer", pl.Float64: "number"}


def tables(station: Any) -> Tables:
    """The columns that a schema speaks of, as rows under their names."""
    made = {}
    for entity, schema in _schemas(station).items():
        frame = station.table(entity).select([field["name"] for field in schema["fields"]])
        made[entity] = [frame.columns, *map(list, frame.rows())]
    return made


def found_by_schema(station: Any, rows: Tables) -> pl.DataFrame:
    """Rule and key of every error frictionless tells, each pair once."""
    from frictionless import Checklist, Package, Resource, Schema
    from frictionless.checks.row.row_constraint import row_constraint

    schemas = _schemas(station)
    package = Package(resources=[Resource(name=name, data=rows[name], schema=Schema.from_descriptor(schemas[name])) for name in rows])
    found = []
    for resource in package.resources:
        assert resource.name is not None
        conditions: list[Any] = [row_constraint(formula=_ROWS[resource.name])] if resource.name in _ROWS else []
        report = resource.validate(Checklist(checks=conditions), limit_errors=10_000_000)
        assert len(report.tasks) == 1, report
        place = rows[resource.name][0].index(KEYS[resource.name])
        errors: list[Any] = report.tasks[0].errors
        for error in errors:
            key = rows[resource.name][error.row_number - 1][place]
            found.append((_rule(resource.name, error), key, _lost(error, rows[resource.name])))
    return _told(pl.DataFrame(found, schema={"rule": pl.String, "key": pl.String, "to": pl.String}, orient="row"))


def _schemas(station: Any) -> dict[str, dict[str, Any]]:
    """Entity -> descriptor: given constraints, closed lists, links, keys."""
    made = {}
    for entity, given in _GIVEN.items():
        constraints: dict[str, Constraints] = {KEYS[entity]: {}, **given}
        links = [(field, parent) for child, field, parent in _LINKS if child == entity]
        for field, _ in links:
            constraints.setdefault(field, {})
        for field in station.dictionary.entities[entity].fields.values():
            if field.kind == "code" and not station.codes[field.codes].open:
                constraints[field.name] = {"enum": [item.code for item in station.codes[field.codes].items]}
        kinds = station.table(entity).schema
        fields = [
            {"name": name, "type": "date" if name.endswith("_on") else _TYPES.get(type(kinds[name]), "string"), "constraints": each}
            for name, each in constraints.items()
        ]
        keys = [{"fields": [field], "reference": {"resource": parent, "fields": [KEYS[parent]]}} for field, parent in links]
        made[entity] = {"fields": fields, "foreignKeys": keys}
    return made


def _rule(entity: str, error: Any) -> str:
    """The rule that an error belongs to."""
    by_type = {"unique-error": "Q10", "foreign-key": "Q32", "row-constraint": "Q39"}
    if error.type in by_type:
        return by_type[error.type]
    assert error.type == "constraint-error", error
    constraint = error.note.split('"')[1]
    if constraint == "enum":
        return "Q28" if entity == "pole" else "Q22"
    if constraint == "required":
        return "Q01"
    return {"bar_code": "Q21", "customer_no": "Q23"}.get(error.field_name, "Q27")


def _lost(error: Any, rows: list[list[Any]]) -> str | None:
    """Where a link that leads nowhere points."""
    if error.type != "foreign-key":
        return None
    return str(rows[error.row_number - 1][rows[0].index(error.field_names[0])])


def _told(found: pl.DataFrame) -> pl.DataFrame:
    """As the rule tells it: more than three links to one number are one finding at the number."""
    many = pl.col("to").is_not_null() & (pl.len().over("to") > 3)
    return found.with_columns(pl.when(many).then("to").otherwise("key").alias("key")).select("rule", "key").unique()
