"""Small stations of random values from small pools: everything collides, contradicts itself and is missing somewhere."""

from collections.abc import Callable
from random import Random
from typing import Any

import polars as pl

from lvdesk.templates.codes import load_codes
from lvdesk.templates.dictionary import Entity, Field, load_dictionary
from tests.helpers.checking import Rows, StationOf

_RECORDS, _FIELD_ROWS, _LISTED, _NOTES, _DIFFERENCES = 5, 8, 14, 8, 8
_SHEETS = (
    "customer_ledger",
    "customer_ledger",
    "box_survey",
    "pole",
    "box_collection",
    "field_return",
    "handheld_scan",
    "box_meter_relation",
)
_BARS = ("4130001180546654915074", "4130001180546654915079", "4130005152698467069774", "4130005152698467069774", "旧0017")
_TEXTS = ("某村1#公变", "某村2#公变", "幸福里3号", "幸福里4号")
_DATES = ("2020-05-01", "2019-05-01", "2099-01-01", "2026-05-20")
_POOLS: dict[str, Callable[[Random], Any]] = {
    "text": lambda chance: chance.choice(_TEXTS),
    "identifier": lambda chance: chance.choice(("00000001", "00000002", "4137271273", "41372712737", "００1")),
    "barcode": lambda chance: chance.choice(_BARS),
    "integer": lambda chance: chance.choice((0, 1, 1, 2, 3, 35)),
    "number": lambda chance: chance.choice((0.0, 8.0, 50.0, 100.0, 20000.0)),
    "date": lambda chance: chance.choice(_DATES),
    "longitude": lambda chance: chance.choice((115.68, 115.6801, 115.6862, 115.75, 34.4, 0.0, 200.0)),
    "latitude": lambda chance: chance.choice((34.44, 34.4401, 34.4386, 34.5, 115.6, 0.0)),
}


class AnyStation(StationOf):
    """A station made of ``seed``; ``shuffle`` gives the same one with all rows in another order."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.dictionary, self.codes = load_dictionary(), load_codes()
        super().__init__(self._records(chance), **self._sheets(chance))

    def shuffled(self, seed: int) -> "AnyStation":
        """The same rows in another order, in every frame; to be asked before any rule has run."""
        other = object.__new__(AnyStation)
        other.__dict__.update({name: _mixed(value, seed) for name, value in self.__dict__.items()})
        return other

    def moved(self) -> "AnyStation":
        """The same rows further down in files of other names; to be asked before any rule has run."""
        other = object.__new__(AnyStation)
        other.__dict__.update({name: _further(value) for name, value in self.__dict__.items()})
        return other

    def _records(self, chance: Random) -> dict[str, Rows]:
        return {entity.name: [self._record(entity, n, chance) for n in range(chance.randint(1, _RECORDS))] for entity in self.dictionary}

    def _record(self, entity: Entity, number: int, chance: Random) -> dict[str, Any]:
        row = {name: self._value(field, chance) for name, field in entity.fields.items()}
        return row | {entity.key: self._key(entity.name, number), "standing": chance.choice(("listed", "listed", "mentioned"))}

    def _sheets(self, chance: Random) -> dict[str, Any]:
        sheets = [
            {"sheet_id": n, "batch": n, "file": f"{n}.xlsx", "name": "表", "template": template, "system": "marketing", "header_row": 1}
            for n, template in enumerate(_SHEETS, 1)
        ]
        keys = [self._key(entity, number) for entity in ("customer", "meter_box", "meter") for number in range(3)]
        fields = [
            field
            for entity in ("customer", "metering_point", "meter", "meter_box")
            for field in self.dictionary.entities[entity].fields.values()
        ]
        notes = [
            {"sheet_id": s["sheet_id"], "sheet_row": chance.randint(2, 9), "template": s["template"], "key": chance.choice([*keys, None]),
             "column": "C", "field": chance.choice(fields).key, "before": chance.choice(_TEXTS), "after": "1", "why": "说不清",
             "level": chance.choice(("healed", "refused", "row"))}
            for s in chance.choices(sheets, k=_NOTES)
        ]  # fmt: skip
        listing = [
            {"sheet_id": s["sheet_id"], "sheet_row": row, "item": row * 1000, "template": s["template"], "digest": chance.randint(1, 4),
             "key": chance.choice([*keys, None])}
            for row, s in enumerate(chance.choices(sheets, k=_LISTED), 2)
        ]  # fmt: skip
        return {
            "sheets": sheets, "notes": notes, "listing": listing, "differences": self._differences(chance, fields),
            "field_rows": self._rows(chance, sheets),
        }  # fmt: skip

    def _differences(self, chance: Random, fields: list[Field]) -> list[dict[str, Any]]:
        rows = []
        for number in range(_DIFFERENCES):
            field = chance.choice(fields)
            place = chance.randrange(3)
            rows.append(
                {"entity": field.entity, "id": place + 1, "key": self._key(field.entity, place), "field": field.name, "current": "旧",
                 "other": str(self._value(field, chance) or "新"), "system": chance.choice(("marketing", "gis", "field")),
                 "sheet_id": chance.choice((1, 2, 3)), "sheet_row": number + 2, "template": chance.choice(_SHEETS[:3]),
                 "decided": chance.random() < 0.2}
            )  # fmt: skip
        return rows

    def _rows(self, chance: Random, sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Every row of a scan has two meters: two items that say the same of the box."""
        rows = []
        for number in range(2, _FIELD_ROWS + 2):
            sheet = chance.choice(sheets[4:])
            row = {"sheet_id": sheet["sheet_id"], "sheet_row": number, "item": number * 1000, "template": sheet["template"], "key": None}
            for entity in ("customer", "metering_point", "meter", "meter_box"):
                row |= self._cells(entity, chance)
            rows.append(row)
            if sheet["template"] == "handheld_scan":
                rows.append(row | {"item": number * 1000 + 1} | self._cells("meter", chance))
        return rows

    def _cells(self, entity: str, chance: Random) -> dict[str, str | None]:
        fields = self.dictionary.entities[entity].fields.values()
        keys = {self.dictionary.key(entity): self._key(entity, chance.randrange(6))}
        values = {field.key: keys.get(field.name) or self._value(field, chance) for field in fields}
        return {name: None if value is None else str(value) for name, value in values.items()}

    def _key(self, entity: str, number: int) -> str:
        return f"@{4137271273 + number}" if entity == "metering_point" and number == 0 else f"{4137271273 + number}"

    def _value(self, field: Field, chance: Random) -> Any:
        if chance.random() < 0.3:
            return None
        if field.kind == "reference":
            return self._key(field.reference, chance.randrange(6))
        if field.kind == "code":
            return chance.choice([item.code for item in self.codes[field.codes].items] + ["77"])
        return _POOLS[field.kind](chance)


def _further(value: Any) -> Any:
    """The frames of a station's attribute with their rows in other places."""
    if isinstance(value, dict):
        return {name: _further(part) for name, part in value.items()}
    if not isinstance(value, pl.DataFrame):
        return value
    rows = [name for name in ("sheet_row", "from_row", "header_row") if name in value.columns]
    names = [pl.concat_str(pl.lit("新"), name).alias(name) for name in ("file",) if name in value.columns]
    return value.with_columns(pl.col(rows) + 100, *names)


def _mixed(value: Any, seed: int) -> Any:
    """The frames of a station's attribute with their rows in another order."""
    if isinstance(value, dict):
        return {name: _mixed(part, seed) for name, part in value.items()}
    return value.sample(fraction=1, shuffle=True, seed=seed) if isinstance(value, pl.DataFrame) else value
