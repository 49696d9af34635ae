"""The same rows in other people's hands: written differently, under other headers, in other orders, in workbooks and csv."""

import csv
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from lvdesk.sample.dirt import full_width
from lvdesk.templates.codes import CodeList, load_codes
from lvdesk.templates.definition import Template, load_templates
from lvdesk.templates.dictionary import load_dictionary
from lvdesk.templates.headers import normalise
from tests.helpers.field_truth_model import SCAN, Row, Sheet, Value, World
from tests.helpers.stations import Cell, workbook

_FORMATTED: Final = 0.45
"""How many rows are written differently."""
_TITLES: Final = (
    (), ("青禾县低压采录成果",), ("青禾县低压采录成果", "单位：临江供电所　　班组：外勤一班"), ("临江供电所现场采录汇总表",),
)  # fmt: skip
_NAMES: Final = {"xlsx": ("xlsx", ""), "gbk": ("csv", "gb18030"), "utf8": ("csv", "utf-8-sig"), "plain": ("csv", "utf-8")}


def differently(world: World) -> None:
    """Writes values of some rows in other ways that say the same."""
    dictionary, codes, chance = load_dictionary(), load_codes(), world.chance
    templates = load_templates()
    for sheet in world.sheets:
        template = templates[sheet.kind]
        for row in sheet.rows:
            if chance.random() < _FORMATTED:
                names = [name for name, value in row.cells.items() if value not in {None, ""} and name not in row.damaged]
                for name in chance.sample(names, min(len(names), chance.randint(1, 4))):
                    column = template.column(name)
                    assert column is not None
                    about = column.attribute(dictionary)
                    value = _other(chance, row, name, about.kind, codes.get(about.codes))
                    if value != row.cells[name]:
                        row.cells[name] = value
                        row.formatted.append(name)


def _other(chance: Random, row: Row, name: str, kind: str, codes: CodeList | None) -> Value:
    value = row.cells[name]
    text = str(value)
    if row.sheet.kind == SCAN and name == "meter.bar_code":
        return chance.choice((text.replace("/", " / "), text + "/", full_width(text), f"{text}\u200b", text.replace("/", "／")))
    match kind:
        case "code" if codes is not None:
            known = next((item.aliases for item in codes.items if text in item.names), ())
            return chance.choice([*known, f" {text}", f"{text}　", f"\u200b{text}"])
        case "barcode":
            parts = f"{text[:4]} {text[4:8]} {text[8:12]} {text[12:16]} {text[16:]}"
            return chance.choice(
                (f"{text}  ", full_width(text), f"'{text}", f"\u200b{text}", f"{text}\u00a0", parts, f"{text}.0", f"　{text}")
            )
        case "identifier" | "reference":
            return chance.choice(
                (f" {text}", full_width(text), f"'{text}", f"\u200b{text}\u200b", f"{text}\u00a0", f"{text}.0", f"{text}\t")
            )
        case "date" if len(text) == 10:
            year, month, day = text.split("-")
            return chance.choice(
                (f"{year}年{int(month)}月{int(day)}日", f"{year}.{int(month)}.{int(day)}", f"{year}/{month}/{day}", f"{year}{month}{day}")
            )
        case "integer":
            return chance.choice((f"{text}.0", full_width(text), f" {text}", float(text)))
        case "longitude" | "latitude":
            return chance.choice((text, f"{text} ", full_width(text), f"{text}00"))
        case "text" if name.startswith(("customer.", "meter_box.location", "metering_point.")):
            inner = f"{text[:1]} {text[1:]}" if len(text) > 1 else text
            return chance.choice((f"{text}  ", f"　{text}　", f"\u200b{text}", full_width(text), inner, f"{text}\u00a0"))
    return value


def write(world: World, folder: Path) -> tuple[Path, ...]:
    """Writes each file in a layout of its own and tells the rows their numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    templates = load_templates()
    return tuple(_write(world.chance, sheet, templates[sheet.kind], folder, place) for place, sheet in enumerate(world.sheets))


def _write(chance: Random, sheet: Sheet, template: Template, folder: Path, place: int) -> Path:
    foreign = place % 2 == 1
    fields = list(sheet.fields)
    if foreign:
        chance.shuffle(fields)
    suffix, encoding = _NAMES[chance.choice(list(_NAMES)) if place else "xlsx"]
    lines: list[list[Cell]] = [[title] for title in chance.choice(_TITLES)]
    headers: list[Cell] = [*_headers(chance, template, fields, foreign=foreign)]
    lines.append(headers)
    for number, row in enumerate(sheet.rows, 1):
        if foreign and chance.random() < 0.01:
            lines.append(headers if chance.random() < 0.5 else [None] * len(fields))
        if "note.sequence" in row.cells:
            row.cells["note.sequence"] = number
        lines.append([row.cells[field] if row.cells[field] != "" else None for field in fields])
        row.number = len(lines)
    if foreign:
        lines += [["合计", f"{len(sheet.rows)}条", *[None] * (len(fields) - 2)]]
    sheet.name = f"{sheet.name}.{suffix}"
    path = folder / sheet.name
    if encoding:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([["" if cell is None else cell for cell in line] for line in lines])
        return path
    return workbook(path, {chance.choice((template.sheet_names[0], "Sheet1", "汇总")): lines})


def _headers(chance: Random, template: Template, fields: list[str], *, foreign: bool) -> list[str]:
    """The header words; foreign ones are among those the template knows and mean one column of the file only.

    What tells the kind of file stays as it is: nobody could say what a list without it is.
    """
    columns = [column for field in fields if (column := template.column(field))]
    assert len(columns) == len(fields), fields
    if not foreign:
        return [column.header for column in columns]
    words = {column: [column.header, *column.aliases, *([] if column.distinctive else column.shared)] for column in columns}
    claims = Counter(word for many in words.values() for word in {normalise(word) for word in many})
    return [chance.choice([word for word in words[column] if claims[normalise(word)] == 1] or [column.header]) for column in columns]
