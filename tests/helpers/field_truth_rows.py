"""Rows the field writes about what it found, and what goes wrong while writing: identifiers, coordinates, rows written twice."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Final

import numpy as np

from lvdesk.geo.offsets import to_bd09, to_gcj02
from lvdesk.kit.checkdigit import gs1_is_valid
from tests.helpers.field_truth_model import BOXES, RELATION, RETURN, SCAN, Person, Row, Sheet, Site, Value, World, asset
from tests.helpers.field_truth_words import FINE, STILL_FINE

_METRE: Final = 1 / 111_000
_TO: Final = {"gcj02": to_gcj02, "bd09": to_bd09}
_NAMED: Final = {"cgcs2000": ("CGCS2000", "CGCS2000", "WGS84"), "gcj02": ("GCJ02",), "bd09": ("BD09",)}
_OTHER_SYSTEM: Final = 0.1
"""How many rows of a file whose rows name their system are in another."""
_PEOPLE: Final = ("李四", "王五", "赵六、钱七", "周八")
_TWICE: Final = 0.03
"""How many boxes two teams come to."""
_NUMBERED: Final = {"meter.asset_no": "meter.bar_code", "meter_box.asset_no": "meter_box.bar_code"}
_REMARKS: Final = 0.12
"""How many rows remark on something that makes no difference."""
METERS: Final = "/"
"""Joins the meters of a scan."""


def tell(world: World) -> None:
    """Fills every file with its rows; a second team comes to some boxes and finds the same."""
    returns = [sheet for sheet in world.sheets if sheet.kind == RETURN]
    for site in world.sites:
        if RETURN in site.sheets and world.chance.random() < _TWICE and not any(person.said for person in site.people):
            other = world.chance.choice(returns)
            if other is not site.sheets[RETURN]:
                other.rows += [_row(world, other, site, [person]) for person in site.people]
        for kind, sheet in site.sheets.items():
            if kind in {BOXES, SCAN}:
                if kind == BOXES or site.people:
                    sheet.rows.append(_row(world, sheet, site, list(site.people)))
            else:
                sheet.rows += [_row(world, sheet, site, [person]) for person in site.people]


def _row(world: World, sheet: Sheet, site: Site, people: list[Person]) -> Row:
    one = people[0] if len(people) == 1 and sheet.kind in {RETURN, RELATION} else None
    cells = {**_of_box(world, sheet, site), **(_of_person(world, one) if one else {})}
    if sheet.kind == BOXES:
        cells["note.verdict"] = site.verdict or world.chance.choice(("正常", "一致", ""))
    if sheet.kind == SCAN:
        cells["meter.bar_code"] = METERS.join(person.meter_bar for person in people if person.meter_bar)
        cells["note.photos"] = "/".join(f"IMG_{world.chance.randrange(10**6)}.jpg" for _ in range(2))
    if one and "shut" in one.touched:
        cells.update(dict.fromkeys(("meter_box.longitude", "meter_box.latitude"), None))
    for number, code in _NUMBERED.items():
        cells[number] = asset(str(cells.get(code) or "")) or None
    row = Row(sheet, site, people, {name: cells.get(name) for name in sheet.fields})
    row.said = list(one.said) if one else []
    row.remarked = bool(one and (cells["note.verdict"], cells["note.remark"]) in STILL_FINE)
    return row


def _of_box(world: World, sheet: Sheet, site: Site) -> dict[str, Value]:
    chance = world.chance
    day = date(2026, 9, 1) + timedelta(days=chance.randrange(80))
    scanned = f"{day.isoformat()} {chance.randint(8, 17):02}:{chance.randint(0, 59):02}:16"
    cells: dict[str, Value] = {
        "meter_box.bar_code": site.bar_code, "meter_box.slot_rows": site.rows, "meter_box.slot_columns": site.columns,
        "meter_box.category": site.category, "meter_box.material": site.material, "meter_box.location": site.location,
        "meter_box.area_no": site.area.area_no, "meter_box.surveyed_at": scanned,
        "meter_box.device_type": "低压杆塔", "meter_box.device_name": f"{site.area.name}{chance.randint(1, 30)}号杆",
        "note.collected_on": day.isoformat(), "note.collected_by": chance.choice(_PEOPLE),
        "note.elevation": round(chance.uniform(40, 60), 1),
    }  # fmt: skip
    if sheet.crs:
        crs = chance.choice(tuple(_NAMED)) if sheet.declared and chance.random() < _OTHER_SYSTEM else sheet.crs
        cells["meter_box.longitude"], cells["meter_box.latitude"] = measured(chance, site.longitude, site.latitude, crs)
        cells["note.crs"] = chance.choice(_NAMED[crs]) if sheet.declared else None
    return cells


def _of_person(world: World, person: Person) -> dict[str, Value]:
    verdict, remark = (person.verdict, person.remark) if person.touched else _fine(world)
    if person.touched and not verdict and not remark and "verdict" not in person.touched:
        verdict = "正常"
    return {
        "customer.customer_no": person.customer_no, "customer.name": person.name, "customer.address": person.address,
        "metering_point.area_no": person.area.area_no, "metering_point.area_name": person.area.name, "meter.bar_code": person.meter_bar,
        "meter.slot_row": person.row or None, "meter.slot_column": person.column or None, "note.verdict": verdict, "note.remark": remark,
    }  # fmt: skip


def _fine(world: World) -> tuple[str, str]:
    return world.chance.choice(STILL_FINE if world.chance.random() < _REMARKS else FINE)


def measured(chance: Random, longitude: float, latitude: float, crs: str) -> tuple[float, float]:
    """A coordinate as a phone gives it: 2 to 8 metres off, now and then up to 15, in the system of the file."""
    far, turn = (chance.uniform(2, 8) if chance.random() < 0.97 else chance.uniform(8, 14)) * _METRE, chance.uniform(0, 2 * np.pi)
    x, y = np.array([longitude + far * np.cos(turn) / 0.84]), np.array([latitude + far * np.sin(turn)])
    if crs in _TO:
        x, y = _TO[crs](x, y)
    return round(float(x[0]), 7), round(float(y[0]), 7)


def spoil(world: World, often: int) -> None:
    """Identifiers, coordinates and repeated rows; about ``often`` of each class."""
    rows = [row for sheet in world.sheets for row in sheet.rows]
    for count, what in (
        (often, _damaged_meter), (often // 2, _damaged_box), (often // 3, _damaged_customer), (often, _same_meter),
        (often, _no_coordinate), (often, _zero), (often, _swapped), (often // 3, _lost_zeros),
    ):  # fmt: skip
        _some(world, rows, max(2, count), what)
    for sheet in world.sheets:
        world.chance.shuffle(sheet.rows)
    _repeat(world, rows, max(3, often))


def _some(world: World, rows: list[Row], wanted: int, what: Callable[[World, Row], bool]) -> None:
    for _ in range(wanted * 60):
        if wanted <= 0:
            return
        wanted -= what(world, world.chance.choice(rows))


def _damaged_meter(world: World, row: Row) -> bool:
    if "meter.bar_code" not in row.sheet.fields or not row.people or row.damaged or row.site.touched & {"listing"}:
        return False
    person = world.chance.choice(row.people)
    if person.home is None or person.touched & {"meter", "gone", "box"} or not person.meter_bar:
        return False
    if person.touched and not (row.sheet.kind == RETURN and person.customer_no):
        return False
    person.touched |= {"meter", "slot", "box"}
    row.site.touched.add("listing")
    spoilt = _spoilt(world.chance, person.meter_bar)
    meters = str(row.cells["meter.bar_code"]).split(METERS)
    row.cells["meter.bar_code"] = METERS.join(spoilt if meter == person.meter_bar else meter for meter in meters)
    row.damaged.add("meter.bar_code")
    row.said.append(("damaged_identifier", "meter", asset(person.meter_bar), "bar_code"))
    return True


def _damaged_box(world: World, row: Row) -> bool:
    if (
        "meter_box.bar_code" not in row.cells
        or row.damaged
        or row.site.touched
        or not row.site.box
        or any(person.touched for person in row.people)
    ):
        return False
    row.site.touched |= {"listing", "box", "coord", "attribute"}
    row.cells["meter_box.bar_code"] = _spoilt(world.chance, row.site.bar_code)
    row.damaged.add("meter_box.bar_code")
    row.said.append(("damaged_identifier", "meter_box", row.site.number, "bar_code"))
    return True


def _damaged_customer(world: World, row: Row) -> bool:
    """A digit of the customer's number is lost; his name and his meter are right."""
    if row.sheet.kind != RETURN or row.damaged or row.people[0].touched or "customer.name" not in row.sheet.fields:
        return False
    person = row.people[0]
    if person.home is None or person.customer_no in world.several | world.closed:
        return False
    person.touched |= {"customer", "meter", "box"}
    place = world.chance.randrange(len(person.customer_no))
    row.cells["customer.customer_no"] = person.customer_no[:place] + person.customer_no[place + 1 :]
    row.damaged.add("customer.customer_no")
    row.said.append(("damaged_identifier", "customer", person.customer_no, "customer_no"))
    return True


def _spoilt(chance: Random, code: str) -> str:
    """A barcode as a spreadsheet, a scanner or a hand damages it."""
    place = chance.randrange(8, len(code))
    match chance.choice(("short", "long", "cut", "lost", "misread", "letter", "unreadable", "torn")):
        case "short":
            return f"{float(code):.2E}"
        case "long":
            return f"{float(code):.14E}"
        case "cut":
            return code[:15] + "0" * (len(code) - 15)
        case "lost":
            return code[:place] + code[place + 1 :]
        case "misread":
            other = chance.choice([digit for digit in "0123456789" if not gs1_is_valid(code[:place] + digit + code[place + 1 :])])
            return code[:place] + other + code[place + 1 :]
        case "letter":
            place = code.index("0", 8) if "0" in code[8:] else place
            return code[:place] + "O" + code[place + 1 :]
        case "unreadable":
            return code[:place] + "?" + code[place + 1 :]
    return code[: -chance.randint(3, 7)]  # one more, and it would be an asset number's length


def _same_meter(world: World, row: Row) -> bool:
    """A row repeats the meter of another, which has it rightly."""
    if row.sheet.kind not in {RETURN, RELATION, SCAN} or row.damaged or any(person.touched for person in row.people):
        return False
    other = world.chance.choice(world.chance.choice([sheet for sheet in world.sheets if sheet.kind == row.sheet.kind]).rows)
    if other.site is row.site or other.damaged or not other.people:
        return False
    person = other.people[0]
    if person.home is None or person.touched or person.customer_no in world.closed or other.site.touched or row.site.touched:
        return False
    person.touched |= {"meter", "box", "slot", "witness"}
    row.site.touched.add("listing")
    said = ("duplicate_identifier", "meter", asset(person.meter_bar), "")
    world.maybe |= {("other_box", "meter", asset(person.meter_bar), "box_no")}
    if row.sheet.kind == RETURN:
        mine = row.people[0]
        mine.touched |= {"meter", "box", "slot", "witness"}
        code = "meter.bar_code" if "meter.bar_code" in row.cells else "meter.asset_no"
        row.cells[code] = person.meter_bar if code == "meter.bar_code" else asset(person.meter_bar)
        row.damaged.add(code)
        world.maybe |= {("meter_replaced", "customer", mine.customer_no, "bar_code")}
    elif row.sheet.kind == SCAN:
        row.cells["meter.bar_code"] = f"{row.cells['meter.bar_code']}{METERS}{person.meter_bar}"
    else:
        cells: dict[str, Value] = {**row.cells, "meter.bar_code": person.meter_bar, "meter.slot_row": None, "meter.slot_column": None}
        cells |= {name: None for name in cells if name.startswith("customer.")}
        row.sheet.rows.append(Row(row.sheet, row.site, [person], cells, damaged={"meter.bar_code"}))
    row.damaged.add("meter.bar_code")
    other.damaged.add("meter.bar_code")
    world.said.add(said)
    return True


def _coordinates(row: Row) -> list[Row]:
    """The rows of this box in this file, if nothing is wrong with their coordinates yet."""
    site = row.site
    if "meter_box.longitude" not in row.sheet.fields or site.touched & {"coord", "box"} or not site.box:
        return []
    rows = [other for other in row.sheet.rows if other.site is site]
    if any("gone" in person.touched for other in rows for person in other.people):
        return []
    site.touched.add("coord")
    return rows


def _place(row: Row, klass: str, longitude: Value, latitude: Value) -> bool:
    rows = _coordinates(row)
    for each in rows:
        each.cells["meter_box.longitude"], each.cells["meter_box.latitude"] = longitude, latitude
        each.damaged |= {"meter_box.longitude", "meter_box.latitude"}
        each.said.append((klass, "meter_box", row.site.number, "coordinate"))
    return bool(rows)


def _no_coordinate(world: World, row: Row) -> bool:
    longitude = row.cells.get("meter_box.longitude") if world.chance.random() < 0.2 else None
    return _place(row, "coordinate_missing", longitude, None)


def _zero(world: World, row: Row) -> bool:
    nought = world.chance.choice((0, "0", "0.0", "0.000000"))
    return _place(row, "coordinate_zero", nought, nought)


def _swapped(_world: World, row: Row) -> bool:
    return _place(row, "coordinate_swapped", row.cells.get("meter_box.latitude"), row.cells.get("meter_box.longitude"))


def _lost_zeros(world: World, row: Row) -> bool:
    """A customer's number without its leading zeros: it may be told, and the customer must be known all the same."""
    number = str(row.cells.get("customer.customer_no") or "")
    if row.damaged or not number.startswith("0") or row.people[0].home is None or row.people[0].touched:
        return False
    row.cells["customer.customer_no"] = number.lstrip("0")
    row.damaged.add("customer.customer_no")
    row.people[0].touched.add("customer")
    world.maybe.add(("damaged_identifier", "customer", number, "customer_no"))
    return True


def _repeat(world: World, rows: list[Row], wanted: int) -> None:
    """Writes some rows once more further down, as they are but for their running number."""
    plain = [row for row in rows if not row.said and not row.damaged and row.people]
    for row in world.chance.sample(plain, min(wanted, len(plain))):
        again = Row(row.sheet, row.site, row.people, dict(row.cells))
        again.said.append(("duplicate_row", "", "", ""))
        at = row.sheet.rows.index(row)
        row.sheet.rows.insert(world.chance.randint(at + 1, len(row.sheet.rows)), again)
