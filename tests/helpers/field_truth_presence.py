"""What the ledger has and the field does not, and the other way round."""

from dataclasses import replace
from typing import Final

from lvdesk.sample.words import ROADS, person
from tests.helpers.field_truth_model import BOXES, RELATION, RETURN, Person, Site, asset, category
from tests.helpers.field_truth_spot import ALL, Done, Spot
from tests.helpers.field_truth_words import GONE, NEW

_METRE: Final = 1 / 111_000


def gone(spot: Spot) -> Done:
    """The field says in words that the customer is not there."""
    if not spot.usual or spot.person.touched or spot.site.touched & {"listing"}:
        return None
    spot.person.touched |= ALL
    spot.says(GONE)
    if spot.sheet.kind == RELATION:
        named = spot.shows("customer.customer_no")
        return [("cancelled", "customer", spot.customer_no, "") if named else ("cancelled", "meter", spot.meter, "")]
    if spot.world.chance.random() < 0.7:
        spot.person.meter_bar = ""
    return [("cancelled", "customer", spot.customer_no, "")]


def gone_meter(spot: Spot) -> Done:
    """The same of a row that names the meter only."""
    if not spot.usual or spot.person.touched:
        return None
    spot.person.touched |= ALL
    spot.says(GONE)
    spot.person.customer_no = ""
    return [("cancelled", "meter", spot.meter, "")]


def unlisted(spot: Spot) -> Done:
    """A meter is missing from the full list of its box."""
    if not spot.usual or spot.person.touched or len(spot.site.people) < 2 or not spot.site_free("listing", "box"):
        return None
    spot.site.people.remove(spot.person)
    return [("cancelled", "customer", spot.customer_no, "")]


def seen_apart(spot: Spot) -> Done:
    """A meter is missing from the full list of its box, and another team has just seen it there."""
    chance, here = spot.world.chance, spot.site
    teams = [sheet for sheet in spot.world.sheets if sheet.kind == RETURN]
    if not spot.usual or spot.person.touched or len(here.people) < 2 or here.touched or not teams:
        return None
    respects = {"listing", "box", "coord", "attribute", "area"}
    here.touched |= respects
    here.people.remove(spot.person)
    spot.person.touched |= {"meter", "customer", "box", "slot"}
    twin = replace(here, people=[spot.person], sheets={RETURN: chance.choice(teams)}, touched=set(respects))
    spot.world.sites.append(twin)
    return []


def gone_box(spot: Spot) -> Done:
    """The field says in words that the box is not there."""
    if len(spot.site.sheets) > 1 or spot.site.touched:
        return None
    spot.site.touched |= {"gone", "coord", "box", "area", "attribute"}
    spot.site.verdict = spot.world.chance.choice(("缺失", "现场无", "未找到", "箱体已拆除"))
    return [("cancelled", "meter_box", spot.site.number, "")]


def _added(spot: Spot, customer_no: str, meter_bar: str) -> Person:
    row, column = spot.site.free_slot() or (0, 0)
    chance = spot.world.chance
    address = f"{spot.site.area.place}{chance.randint(40, 60)}组{chance.choice(ROADS)}{chance.randint(500, 999)}号"
    made = Person(None, customer_no, person(chance), address, spot.site.area, meter_bar, row, column, touched=set(ALL))
    spot.site.people.append(made)
    made.verdict, made.remark = chance.choice(NEW)
    if not spot.shows("note.remark") and not made.verdict:
        made.verdict = "新增"
    return made


def new_customer(spot: Spot) -> Done:
    """A customer and his meter that the ledger lacks."""
    made = _added(spot, spot.world.numbers.digits("429", 10), spot.world.meter())
    return [("new", "customer", made.customer_no, "")]


def new_meter(spot: Spot) -> Done:
    """A meter that the ledger lacks, of nobody."""
    if spot.sheet.kind != RETURN and not spot.site_free("listing"):
        return None
    made = _added(spot, "", spot.world.meter())
    return [("new", "meter", asset(made.meter_bar), "")]


def new_bare(spot: Spot) -> Done:
    """Somebody without any number, said to be new."""
    made = _added(spot, "", "")
    made.verdict = made.verdict or "新增"
    made.said.append(("new", "customer", "", ""))
    return []


def new_box(spot: Spot) -> Done:
    """A box that the ledger lacks."""
    here, chance = spot.site, spot.world.chance
    rows, columns = chance.choice(((1, 1), (1, 2), (2, 2)))
    place = here.longitude + chance.uniform(-60, 60) * _METRE, here.latitude + chance.uniform(-60, 60) * _METRE
    made = Site(
        None, spot.world.box(), here.area, rows, columns, category(rows, columns), "金属", f"{here.area.place}新村", *place, known=False
    )
    made.sheets[BOXES] = spot.sheet
    made.verdict = chance.choice(("新增", "", "业扩"))
    made.touched |= {"gone", "coord", "box", "area", "attribute"}
    spot.world.sites.append(made)
    return [("new", "meter_box", made.number, "")]


def to_new_box(spot: Spot) -> Done:
    """A meter of the ledger in a box that the ledger lacks."""
    if not spot.usual or len(spot.site.people) < 2 or spot.site.touched & {"listing", "box"} or not spot.free("box", "slot", "witness"):
        return None
    here = spot.site
    made = Site(None, spot.world.box(), here.area, 1, 1, "单体表箱", "金属", here.location, here.longitude, here.latitude, known=False)
    made.sheets[spot.sheet.kind] = spot.sheet
    made.touched |= {"gone", "coord", "box", "area", "attribute", "listing"}
    here.people.remove(spot.person)
    made.people.append(spot.person)
    spot.person.row = spot.person.column = 1
    spot.world.sites.append(made)
    return [("new", "meter_box", made.number, ""), ("other_box", "meter", spot.meter, "box_no")]
