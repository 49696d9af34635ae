"""The peer of classing field returns: the script a station's clerk writes, openpyxl and dictionaries by key, row against ledger.

It knows the headers, strips blanks, trusts what it reads, and takes every coordinate for one of the ledger's.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl

from lvdesk.templates.definition import load_templates
from tests.helpers.field_truth_model import RETURN, asset

Cells = dict[str, str]
_TEMPLATES: Final = ("field_return", "box_collection", "box_meter_relation", "handheld_scan")
_FAR: Final = 50.0
_BARCODE: Final = 22
_GONE: Final = ("销户", "缺失", "现场无", "未找到", "拆除")
_COMPARED: Final = (("slot_rows", "计量箱行数和"), ("slot_columns", "计量箱列数和"), ("material", "材料类型"), ("category", "类别"),
                    ("location", "安装位置"))  # fmt: skip


@dataclass(frozen=True)
class Noted:
    """A difference the script writes down."""

    klass: str
    entity: str
    key: str
    field: str
    file: str
    row: int | None


def lines(path: Path) -> Iterator[list[str]]:
    """The first sheet's cells as text without outer blanks; csv in UTF-8 or GBK."""
    if path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets:
            for cells in sheet.iter_rows(values_only=True):
                yield ["" if cell is None else str(cell).strip() for cell in cells]
        return
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    for row in csv.reader(text.splitlines()):
        yield [cell.strip() for cell in row]


class Ledger:
    """The ledger's rows by customer, meter and box."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self.customers: dict[str, Cells] = {}
        self.meters: dict[str, Cells] = {}
        self.boxes: dict[str, Cells] = {}
        self.areas: dict[str, str] = {}
        for path in paths:
            headers: list[str] = []
            for row in lines(path):
                if {"用户编号", "台区编号"} & set(row) or "计量箱条形码" in row:
                    headers = row
                elif headers and any(row):
                    self._take(dict(zip(headers, row, strict=False)))

    def _take(self, cells: Cells) -> None:
        if number := cells.get("用户编号"):
            self.customers.setdefault(number, {}).update(cells)
        if bar := cells.get("电能表条形码"):
            self.meters.setdefault(asset(bar), {}).update(cells)
        if number := cells.get("电能表资产号"):
            self.meters.setdefault(number, {}).update(cells)
        if bar := cells.get("计量箱条形码"):
            self.boxes.setdefault(asset(bar), {}).update(cells)
        if (number := cells.get("台区编号")) and (name := cells.get("台区名称")):
            self.areas[name] = number


class Clerk:
    """Goes through the files row by row."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.noted: list[Noted] = []
        self.listed: dict[str, set[str]] = {}
        self.seen: dict[str, set[tuple[str, str]]] = {}
        self._words: list[tuple[str, dict[str, str]]] = []
        for key in _TEMPLATES:
            template = load_templates()[key]
            self._words.append((key, {w: c.field for c in template.columns for w in (c.header, *c.aliases, *c.shared)}))

    def read(self, path: Path) -> None:
        """One file: header row found by its words, then every row."""
        kind, fields, before = "", list[str](), set[tuple[str, ...]]()
        for number, row in enumerate(lines(path), 1):
            if not kind:
                known = [(sum(cell in words for cell in row), key, words) for key, words in self._words]
                count, key, words = max(known, key=lambda found: found[0])
                if count >= 3:
                    kind, fields = key, [words.get(cell, "") for cell in row]
                continue
            if not any(row) or row[0] == "合计":
                continue
            cells = dict(zip(fields, row, strict=False))
            said = tuple(cell for field, cell in cells.items() if field != "note.sequence")
            self._place = path.name, number
            if said in before:
                self._note("duplicate_row", "", "")
            before.add(said)
            self._row(kind, cells)

    def close(self) -> None:
        """What the rows say together: meters nobody listed, meters at two places."""
        for number, cells in self.ledger.meters.items():
            listed = self.listed.get(asset(cells.get("计量箱条形码", "")))
            if listed is not None and number not in listed and number not in self.seen:
                self.noted.append(Noted("cancelled", "customer", cells.get("用户编号", ""), "", "", None))
        for meter, places in self.seen.items():
            if len({customer for customer, _ in places if customer}) > 1 or len({box for _, box in places if box}) > 1:
                self.noted.append(Noted("duplicate_identifier", "meter", meter, "", "", None))

    def _note(self, klass: str, entity: str, key: str, field: str = "") -> None:
        self.noted.append(Noted(klass, entity, key, field, *self._place))

    def _row(self, kind: str, cells: Cells) -> None:
        said = cells.get("note.verdict", "") + cells.get("note.remark", "")
        number, box = cells.get("customer.customer_no", ""), asset(cells.get("meter_box.bar_code", ""))
        if len(cells.get("meter_box.bar_code", "")) != _BARCODE:
            self._note("damaged_identifier", "meter_box", "", "bar_code")
            box = ""
        if any(word in said for word in _GONE):
            self._note("cancelled", "customer" if number else "meter", number or asset(cells.get("meter.bar_code", "")))
            return
        if box and box not in self.ledger.boxes:
            self._note("new", "meter_box", box)
        meters = [code for code in cells.get("meter.bar_code", "").split("/") if code]
        for code in meters:
            self._meter(kind, cells, code, box)
        if kind == RETURN and not meters and not number and "新" in said:
            self._note("new", "customer", "")
        self._customer(cells, number)
        self._box(cells, box)

    def _meter(self, kind: str, cells: Cells, code: str, box: str) -> None:
        meter, number = asset(code), cells.get("customer.customer_no", "")
        self.seen.setdefault(meter, set()).add((number, box))
        if kind != RETURN:
            self.listed.setdefault(box, set()).add(meter)
        if len(code) != _BARCODE or not code.isdigit():
            self._note("damaged_identifier", "meter", "", "bar_code")
            return
        known = self.ledger.meters.get(meter)
        if known is None:
            if number in self.ledger.customers:
                self._note("meter_replaced", "customer", number, "bar_code")
            elif not number:
                self._note("new", "meter", meter)
            return
        if number in self.ledger.customers and known.get("用户编号") != number:
            self._note("meter_replaced", "customer", number, "bar_code")
        if box and known.get("计量箱条形码") and asset(known["计量箱条形码"]) != box:
            self._note("other_box", "meter", meter, "box_no")
            return
        slot = cells.get("meter.slot_row", ""), cells.get("meter.slot_column", "")
        if all(slot) and known.get("所在行") and slot != (known["所在行"], known["所在列"]):
            self._note("slot_changed", "meter", meter, "slot")

    def _customer(self, cells: Cells, number: str) -> None:
        if not number:
            return
        known = self.ledger.customers.get(number)
        if known is None:
            self._note("new", "customer", number)
            return
        for klass, field, header in (("name_changed", "customer.name", "用户名称"), ("address_changed", "customer.address", "用电地址"),
                                     ("other_area", "metering_point.area_no", "台区编号")):  # fmt: skip
            if cells.get(field) and cells[field] != known.get(header):
                self._note(klass, "customer", number, field)
        if "不符" in cells.get("note.verdict", "") and "变" in cells["note.verdict"]:
            self._note("other_area", "customer", number, "area_no")

    def _box(self, cells: Cells, box: str) -> None:
        known = self.ledger.boxes.get(box, {})
        for name, header in _COMPARED:
            value = cells.get(f"meter_box.{name}")
            if value and known.get(header) and value != known[header]:
                self._note("attribute_changed", "meter_box", box, name)
        if cells.get("meter_box.area_no") and known and cells["meter_box.area_no"] != known.get("台区编号"):
            self._note("other_area", "meter_box", box, "area_no")
        if "meter_box.longitude" not in cells:
            return
        try:
            x, y = float(cells["meter_box.longitude"]), float(cells["meter_box.latitude"])
        except ValueError:
            self._note("coordinate_missing", "meter_box", box, "coordinate")
            return
        if not x or not y:
            self._note("coordinate_zero", "meter_box", box, "coordinate")
        elif x < y:
            self._note("coordinate_swapped", "meter_box", box, "coordinate")
        elif known.get("GPS经度坐标"):
            east = (x - float(known["GPS经度坐标"])) * 111_320 * math.cos(math.radians(y))
            if math.hypot(east, (y - float(known["GPS纬度坐标"])) * 110_900) > _FAR:
                self._note("moved_box", "meter_box", box, "coordinate")


def by_hand(ledger: tuple[Path, ...], returns: tuple[Path, ...]) -> list[Noted]:
    """What the clerk's script finds."""
    clerk = Clerk(Ledger(ledger))
    for path in returns:
        clerk.read(path)
    clerk.close()
    return clerk.noted
