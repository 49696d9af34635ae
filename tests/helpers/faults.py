"""The kinds of faults of a station's data, each planted a number of times, with what must be found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from lvdesk.network.identifiers import asset_no, check_digit
from tests.helpers.faulty import TODAY, FaultyStation, Home

_WIDE: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

Plant = Callable[[FaultyStation], None]


def both(home: Home, name: str, value: str, place: int = 0) -> None:
    for row in (home.ledger[place], home.survey[place]):
        if name in row:
            row[name] = value


def in_box(home: Home, **values: str) -> None:
    for row in home.survey:
        row.update({f"meter_box.{name}": value for name, value in values.items()})


def _customer(home: Home, place: int = 0) -> str:
    return home.ledger[place]["customer.customer_no"]


def people_of(home: Home) -> set[str]:
    """Keys by which a fault of the first customer may be called."""
    row = home.ledger[0]
    code = row["meter.bar_code"]
    return {row["customer.customer_no"], row["metering_point.mp_no"], code, asset_no(code) or code}


def box_of(home: Home) -> set[str]:
    return {home.box, home.survey[0]["meter_box.bar_code"]}


# ---------------------------------------------------------------- completeness


def blank(entity: str, name: str) -> Plant:
    """A required cell is empty in every row that gives it."""

    def planted(station: FaultyStation) -> None:
        home = station.home()
        for place in range(len(home.survey)) if entity == "meter_box" else (0,):
            both(home, f"{entity}.{name}", "", place)
        keys = box_of(home) if entity == "meter_box" else people_of(home)
        station.plant(f"blank {entity}.{name}", {"Q01": keys}, home.keys, "Q25")

    return planted


def empty_box(station: FaultyStation) -> None:
    """A box without a meter."""
    home = station.home()
    number = f"15999{len(station.faults):09d}"
    body = home.survey[0]["meter_box.bar_code"][:7] + number
    row = {name: value for name, value in home.survey[0].items() if name.startswith("meter_box.")}
    row |= {
        "meter_box.asset_no": number,
        "meter_box.bar_code": body + check_digit(body),
        "meter_box.location": f"{row['meter_box.location']}旁",
    }
    row |= {
        "meter_box.latitude": f"{float(row['meter_box.latitude']) + 0.0001:.7f}",
        "meter_box.marketing_id": number,
        "meter_box.gis_id": "",
    }
    station.tables["box_survey"].append(row)
    station.plant("empty box", {"Q02": {number}}, home.keys | {number})


def meter_without_box(station: FaultyStation) -> None:
    """The survey does not list a meter of the ledger."""
    home = station.home(2)
    keys = people_of(home)
    station.tables["box_survey"].remove(home.survey.pop(0))
    home.ledger[0]["meter_box.bar_code"] = ""
    station.plant("meter without box", {"Q03": keys}, home.keys | keys, "Q01", "Q70")


def meter_not_in_ledger(station: FaultyStation) -> None:
    """The survey lists a meter that no ledger knows."""
    home = station.home(2)
    keys = people_of(home)
    station.tables["customer_ledger"].remove(home.ledger.pop(0))
    station.plant("meter not in ledger", {"Q04": keys}, home.keys | keys, "Q01", "Q32", "Q30", "Q03")


def empty_area(station: FaultyStation) -> None:
    """A running area without customers."""
    last = station.tables["transformer_ledger"][-1]
    number = f"49{len(station.faults):08d}"
    code = last["transformer.transformer_no"]
    body = code[:13] + f"{len(station.faults):08d}"
    east = float(last["transformer_area.longitude"]) + 0.0111
    row = last | {"transformer_area.area_no": number, "transformer_area.name": f"空置{len(station.faults)}#公变"}
    row |= {"transformer.transformer_no": body + check_digit(body), "transformer.name": row["transformer_area.name"]}
    row |= {"transformer_area.usage": "01", "transformer_area.longitude": f"{east:.7f}"}
    station.tables["transformer_ledger"].append(row)
    station.plant("empty area", {"Q05": {number}}, frozenset({number, row["transformer.transformer_no"]}), "Q25")


# ---------------------------------------------------------------- uniqueness


def box_code_twice(station: FaultyStation) -> None:
    """Two boxes carry one barcode."""
    first, second = station.home(), station.home()
    keys = box_of(first) | box_of(second)
    in_box(second, bar_code=first.survey[0]["meter_box.bar_code"])
    station.plant("box code twice", {"Q10": keys}, first.keys | second.keys | keys, "Q20", "Q45")


def meter_in_two_boxes(station: FaultyStation) -> None:
    """One meter stands in the rows of two boxes."""
    first, second = station.home(), station.home(free=True)
    row = {name: value for name, value in second.survey[0].items() if name.startswith("meter_box.")}
    row |= {name: value for name, value in first.survey[0].items() if not name.startswith("meter_box.")}
    station.tables["box_survey"].append(row)
    station.plant("meter in two boxes", {"Q11": people_of(first)}, first.keys | second.keys, "Q12", "Q30", "Q31", "Q34", "Q35", "Q45")


def slot_twice(station: FaultyStation) -> None:
    """Two meters in one slot."""
    home = station.home(2)
    for name in ("meter.slot_row", "meter.slot_column"):
        home.survey[1][name] = home.survey[0][name]
    station.plant("slot twice", {"Q12": set(home.keys)}, home.keys)


def customer_twice(station: FaultyStation) -> None:
    """One customer number under two names."""
    home = station.home()
    station.tables["customer_ledger"].append(home.ledger[0] | {"customer.name": "某某异名户"})
    station.plant("customer twice", {"Q13": people_of(home)}, home.keys, "Q17")


def marketing_id_twice(station: FaultyStation) -> None:
    """One marketing id for two GIS ids."""
    first, second = station.home(), station.home()
    in_box(second, marketing_id=first.survey[0]["meter_box.marketing_id"])
    station.plant("marketing id twice", {"Q14": box_of(first) | box_of(second)}, first.keys | second.keys)


def gis_id_twice(station: FaultyStation) -> None:
    """One GIS id for two boxes."""
    first, second = station.home(), station.home()
    in_box(second, gis_id=first.survey[0]["meter_box.gis_id"])
    station.plant("gis id twice", {"Q15": box_of(first) | box_of(second)}, first.keys | second.keys, "Q14")


def pole_out_of_order(station: FaultyStation) -> None:
    """A pole's running number is not the next one."""
    home = station.home()
    poles = station.tables["pole"]
    place = next(n for n, row in enumerate(poles) if row["pole.name"] == home.access["access_point.device_name"])
    poles[place]["pole.sequence"] = str(int(poles[place]["pole.sequence"]) + 5000)
    near = {row["pole.pole_no"] for row in poles[max(place - 1, 0) : place + 2]}
    station.plant("pole out of order", {"Q16": near}, frozenset(near))


def row_twice(station: FaultyStation) -> None:
    """The same row once more."""
    home = station.home()
    station.tables["customer_ledger"].append(dict(home.ledger[0]))
    station.plant("row twice", {"Q17": people_of(home)}, home.keys)


# ---------------------------------------------------------------- format


def _wrong_digit(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 3) % 10)


def meter_digit(station: FaultyStation) -> None:
    """A meter's barcode with a wrong check digit."""
    home = station.home()
    keys = people_of(home)
    home.ledger[0]["meter.bar_code"] = _wrong_digit(home.ledger[0]["meter.bar_code"])
    station.plant("meter check digit", {"Q20": keys | people_of(home)}, home.keys | keys)


def box_digit(station: FaultyStation) -> None:
    """A box's barcode with a wrong check digit."""
    home = station.home()
    code = _wrong_digit(home.survey[0]["meter_box.bar_code"])
    in_box(home, bar_code=code)
    for row in home.ledger:
        row["meter_box.bar_code"] = code
    station.plant("box check digit", {"Q20": box_of(home)}, home.keys)


def meter_type(station: FaultyStation) -> None:
    """A meter's barcode of the asset type box."""
    home = station.home()
    code = home.ledger[0]["meter.bar_code"]
    body = f"{code[:5]}05{code[7:21]}"
    home.ledger[0]["meter.bar_code"] = body + check_digit(body)
    station.plant("asset type", {"Q21": people_of(home)}, home.keys)


def code_value(station: FaultyStation) -> None:
    """A code that no list has."""
    home = station.home()
    both(home, "customer.sort", "77")
    station.plant("code value", {"Q22": people_of(home)}, home.keys)


def customer_no_length(station: FaultyStation) -> None:
    """A customer number of eleven digits."""
    home = station.home()
    both(home, "customer.customer_no", _customer(home) + "7")
    station.plant("customer number length", {"Q23": people_of(home)}, home.keys)


def slot_count(station: FaultyStation) -> None:
    """A box of 35 rows."""
    home = station.home(2)
    in_box(home, slot_rows="35", category="合体表箱")
    station.plant("slot count", {"Q24": box_of(home)}, home.keys)


def box_category(station: FaultyStation) -> None:
    """A single box with several slots."""
    home = station.home(2)
    in_box(home, category="单体表箱")
    station.plant("box category", {"Q24": box_of(home)}, home.keys)


def coordinates(kind: str, place: Callable[[float, float], tuple[float, float]]) -> Plant:
    """A box somewhere else."""

    def planted(station: FaultyStation) -> None:
        home = station.home()
        row = home.survey[0]
        east, north = place(float(row["meter_box.longitude"]), float(row["meter_box.latitude"]))
        in_box(home, longitude=f"{east:.7f}", latitude=f"{north:.7f}")
        station.plant(kind, {"Q25": box_of(home)}, home.keys, "Q50", "Q51", "Q52", "Q54", "Q55")

    return planted


def full_width(station: FaultyStation) -> None:
    """A number in full-width digits."""
    home = station.home()
    keys = people_of(home)
    home.ledger[0]["customer.customer_no"] = _customer(home).translate(_WIDE)
    station.plant("full width", {"Q26": keys}, home.keys | keys)


def decimal(station: FaultyStation) -> None:
    """A number with a decimal point."""
    home = station.home()
    keys = people_of(home)
    home.ledger[0]["metering_point.mp_no"] += ".0"
    station.plant("decimal", {"Q26": keys}, home.keys | keys)


def future(station: FaultyStation) -> None:
    """An account opened next year."""
    home = station.home()
    home.ledger[0]["customer.opened_on"] = (TODAY + timedelta(days=300)).isoformat()
    station.plant("future date", {"Q27": people_of(home)}, home.keys)


def cancelled_before_opened(station: FaultyStation) -> None:
    """Cancelled before it was opened."""
    home = station.home()
    home.ledger[0] |= {"customer.opened_on": "2020-05-01", "customer.cancelled_on": "2019-05-01", "customer.status": "已销户客户"}
    station.plant("cancelled before opened", {"Q27": people_of(home)}, home.keys, "Q38", "Q70")


def pole_material(station: FaultyStation) -> None:
    """A pole of bamboo."""
    home = station.home()
    pole = next(row for row in station.tables["pole"] if row["pole.name"] == home.access["access_point.device_name"])
    pole["pole.material"] = "毛竹"
    station.plant("pole material", {"Q28": {pole["pole.pole_no"]}}, frozenset({pole["pole.pole_no"]}), "Q22")


def capacity_text(station: FaultyStation) -> None:
    """A capacity that is no number."""
    home = station.home()
    home.ledger[0]["customer.contract_capacity"] = "不详千伏安"
    station.plant("capacity text", {"Q29": people_of(home)}, home.keys)


KINDS: Final[dict[str, Plant]] = {
    "blank name": blank("customer", "name"),
    "blank address": blank("customer", "address"),
    "blank location": blank("meter_box", "location"),
    "blank longitude": blank("meter_box", "longitude"),
    "empty box": empty_box,
    "meter without box": meter_without_box,
    "meter not in ledger": meter_not_in_ledger,
    "empty area": empty_area,
    "box code twice": box_code_twice,
    "meter in two boxes": meter_in_two_boxes,
    "slot twice": slot_twice,
    "customer twice": customer_twice,
    "marketing id twice": marketing_id_twice,
    "gis id twice": gis_id_twice,
    "pole out of order": pole_out_of_order,
    "row twice": row_twice,
    "meter check digit": meter_digit,
    "box check digit": box_digit,
    "asset type": meter_type,
    "code value": code_value,
    "customer number length": customer_no_length,
    "slot count": slot_count,
    "box category": box_category,
    "zero coordinates": coordinates("zero coordinates", lambda _east, _north: (0.0, 0.0)),
    "swapped coordinates": coordinates("swapped coordinates", lambda east, north: (north, east)),
    "outside China": coordinates("outside China", lambda east, north: (east + 40, north)),
    "outside the station": coordinates("outside the station", lambda east, north: (east + 2, north - 1)),
    "full width": full_width,
    "decimal": decimal,
    "future date": future,
    "cancelled before opened": cancelled_before_opened,
    "pole material": pole_material,
    "capacity text": capacity_text,
}
"""Faults inside one record; ``tests.helpers.faults_between`` has those between records and in space."""
