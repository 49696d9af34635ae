"""What the field has otherwise than the ledger: meters, boxes, areas, names, slots; and rows that only look so."""

from typing import Final

from lvdesk.sample.words import ROADS, person
from tests.helpers.field_truth_model import RELATION, RETURN, Said, Sheet, category
from tests.helpers.field_truth_spot import ABSENT, ALL, Done, Spot
from tests.helpers.field_truth_words import AREA, MOVED_METER, REPLACED, SHUT, SUSPECTED, TYPOS

_METRE: Final = 1 / 111_000


def replaced(spot: Spot) -> Done:
    """A customer with a meter that nobody knows."""
    if not spot.usual or not spot.free("meter", "verdict"):
        return None
    spot.says(REPLACED)
    spot.person.meter_bar = spot.world.meter()
    return [("meter_replaced", "customer", spot.customer_no, "bar_code")]


def swapped_meters(spot: Spot) -> Done:
    """Two neighbours whose meters the ledger has crossed; each meter stays in its slot."""
    others = [other for other in spot.site.people if other is not spot.person and not other.touched & {"gone", "meter", "slot", "box"}]
    if not others or not spot.usual:
        return None
    other = Spot(spot.world, spot.site, others[0], spot.sheet)
    if not other.usual or not spot.free("meter", "slot", "box"):
        return None
    other.free("meter", "slot", "box")
    mine, its = spot.person, other.person
    mine.meter_bar, its.meter_bar = its.meter_bar, mine.meter_bar
    mine.row, mine.column, its.row, its.column = its.row, its.column, mine.row, mine.column
    return [("meter_replaced", "customer", place.customer_no, "bar_code") for place in (spot, other)]


def other_box(spot: Spot) -> Done:
    """A meter in another box of the ledger; in another area too where that box stands in one."""
    chance, kind = spot.world.chance, spot.sheet.kind
    if (
        not spot.usual
        or spot.person.touched & {"box", "slot", "gone", "witness"}
        or len(spot.site.people) < 2
        or spot.site.touched & {"box", "listing"}
    ):
        return None
    if kind != RETURN and "meter" in spot.person.touched:
        return None
    near = [
        site for site in spot.world.visited([kind]) if site is not spot.site and site.box and not site.touched & {"box", "area", "gone"}
    ]
    same = [site for site in near if site.area is spot.site.area]
    target = chance.choice(same if same and chance.random() < 0.8 else near)
    there = target.area is not spot.site.area
    if there and not spot.free("area"):
        return None
    spot.free("box", "slot")
    spot.person.row, spot.person.column = target.free_slot() or (0, 0)
    spot.site.people.remove(spot.person)
    target.people.append(spot.person)
    target.touched.add("listing")
    spot.person.area = target.area
    if kind == RETURN and not spot.person.verdict:
        spot.person.verdict, spot.person.remark = chance.choice(MOVED_METER)
    area = _shown_area(target.sheets[kind])
    said: list[Said] = [("other_box", "meter", spot.meter, "box_no")]
    return [*said, ("other_area", "customer", spot.customer_no, "area_no")] if there and area else said


def _shown_area(sheet: Sheet) -> bool:
    return sheet.kind == RETURN and bool({"metering_point.area_no", "metering_point.area_name"} & set(sheet.fields))


def other_area(spot: Spot) -> Done:
    """A customer in another area; the row says which, or only that it is not the ledger's."""
    chance = spot.world.chance
    told = _shown_area(spot.sheet) and chance.random() < 0.7
    if not spot.usual or not spot.free("area", *([] if told else ["verdict"])):
        return None
    if told:
        spot.person.area = chance.choice([area for area in spot.world.areas if area is not spot.site.area])
    if not told or (chance.random() < 0.5 and "verdict" not in spot.person.touched):
        spot.says(AREA)
        spot.person.touched.add("verdict")
    return [("other_area", "customer", spot.customer_no, "area_no")]


def box_in_other_area(spot: Spot) -> Done:
    """A box in another area."""
    if not spot.site.known or RETURN in spot.site.sheets or not spot.shows("meter_box.area_no") or not spot.site_free("area"):
        return None
    spot.site.area = spot.world.chance.choice([area for area in spot.world.areas if area is not spot.site.area])
    return [("other_area", "meter_box", spot.site.number, "area_no")]


def moved(spot: Spot) -> Done:
    """A box 80 to 400 metres from where the ledger has it."""
    if not spot.site.known or spot.person.touched & ABSENT or not spot.site_free("coord"):
        return None
    spot.person.touched.add("witness")
    chance = spot.world.chance
    far, turn = chance.uniform(90, 400) * _METRE, chance.choice(((1, 0), (0, 1), (-1, 0), (0, -1), (0.7, 0.75), (-0.7, 0.75)))
    spot.site.longitude += far * turn[0] / 0.83
    spot.site.latitude += far * turn[1]
    return [("moved_box", "meter_box", spot.site.number, "coordinate")]


def name(spot: Spot) -> Done:
    """A customer of another name, or written with another character."""
    if not spot.usual or not spot.shows("customer.name") or not spot.free("name"):
        return None
    if spot.sheet.kind == RELATION and not spot.shows("customer.customer_no"):
        return None
    before, chance = spot.person.name, spot.world.chance
    while spot.person.name == before:
        typed = before.translate(TYPOS)
        spot.person.name = typed if chance.random() < 0.3 else person(chance)
    return [("name_changed", "customer", spot.customer_no, "name")]


def address(spot: Spot) -> Done:
    """A customer at another house."""
    if not spot.usual or not spot.shows("customer.address") or not spot.free("address"):
        return None
    chance = spot.world.chance
    head = spot.person.address.rstrip("0123456789号")
    road = next((name for name in ROADS if head.endswith(name)), "")
    if chance.random() < 0.5 and road:
        head = head.removesuffix(road) + chance.choice([name for name in ROADS if name != road])
    spot.person.address = f"{head}{chance.randint(300, 499)}号"
    return [("address_changed", "customer", spot.customer_no, "address")]


def slot(spot: Spot) -> Done:
    """A meter in another slot of its box, or two that changed places."""
    shown = spot.shows("meter.slot_row") and spot.shows("meter.slot_column")
    if not (shown and spot.site.known and spot.usual) or spot.person.touched & {"slot", "meter", "box", "gone"}:
        return None
    free = spot.site.free_slot()
    others = [other for other in spot.site.people if other is not spot.person and not other.touched & {"slot", "meter", "box", "gone"}]
    if free and spot.world.chance.random() < 0.6:
        spot.free("slot")
        spot.person.row, spot.person.column = free
        return [("slot_changed", "meter", spot.meter, "slot")]
    if not others or others[0].home is None or others[0].home.customer_no in spot.world.closed:
        return None
    other = Spot(spot.world, spot.site, others[0], spot.sheet)
    spot.free("slot")
    other.free("slot")
    mine, its = spot.person, other.person
    mine.row, mine.column, its.row, its.column = its.row, its.column, mine.row, mine.column
    return [("slot_changed", "meter", place.meter, "slot") for place in (spot, other)]


def attribute(spot: Spot) -> Done:
    """A box of another size, kind, material, or at another address."""
    site, chance = spot.site, spot.world.chance
    if not site.known or not site.box or spot.person.touched & ABSENT or not spot.site_free("attribute"):
        return None
    spot.person.touched.add("witness")
    match chance.choice(("size", "size", "material", "category", "location")):
        case "size":
            site.rows, site.columns = (site.rows + 1, site.columns) if chance.random() < 0.5 else (site.rows, site.columns + 1)
            site.category = category(site.rows, site.columns)
        case "material":
            site.material = "非金属" if site.material == "金属" else "金属"
        case "category":
            site.category = "三相表箱"
        case _:
            site.location = f"{site.area.place}{chance.choice(ROADS)}{chance.randint(300, 499)}号门口"
    box, shown = site.box, {name for sheet in site.sheets.values() for name in sheet.fields}
    changed = {
        "slot_rows": box.rows != site.rows,
        "slot_columns": box.columns != site.columns,
        "material": box.material != site.material,
        "category": category(box.rows, box.columns) != site.category,
        "location": box.location != site.location,
    }
    names = [name for name, different in changed.items() if different and f"meter_box.{name}" in shown]
    return [("attribute_changed", "meter_box", site.number, name) for name in names] or None


def shut(spot: Spot) -> Done:
    """Nobody could get in: nothing was seen and nothing is said."""
    if not spot.usual or spot.person.touched:
        return None
    spot.person.touched |= {*ALL, "shut"}
    spot.says(SHUT)
    spot.person.meter_bar, spot.person.row, spot.person.column = "", 0, 0
    return []


def suspected(spot: Spot) -> Done:
    """Doubts whether somebody still lives there, of a meter that hangs there."""
    if not spot.usual or not spot.free("verdict"):
        return None
    spot.says(SUSPECTED)
    return []
