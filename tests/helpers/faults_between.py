"""Faults between records, in space and in field results; with those of ``tests.helpers.faults`` all kinds there are."""

from datetime import timedelta
from typing import Final

import numpy as np

from lvdesk.geo.offsets import to_gcj02
from tests.helpers.faults import KINDS, Plant, both, box_of, in_box, people_of
from tests.helpers.faulty import TODAY, FaultyStation, Home, Row

TIMES: Final = 12
_METRE: Final = 1 / 111_000


def plant_all(station: FaultyStation, times: int = TIMES) -> None:
    """Plants every kind ``times`` times, each in a box or area of its own."""
    for kind in ALL.values():
        for _ in range(times):
            kind(station)


def _move(home: Home, east: float, north: float) -> None:
    """Moves the box by metres."""
    row = home.survey[0]
    longitude = float(row["meter_box.longitude"]) + east * _METRE / np.cos(np.radians(33.2))
    in_box(home, longitude=f"{longitude:.7f}", latitude=f"{float(row['meter_box.latitude']) + north * _METRE:.7f}")


def _gcj(longitude: str, latitude: str) -> tuple[str, str]:
    east, north = to_gcj02(np.array([float(longitude)]), np.array([float(latitude)]))
    return f"{east[0]:.7f}", f"{north[0]:.7f}"


def _whole_area(station: FaultyStation) -> tuple[list[Home], Row, frozenset[str]]:
    """The unspoilt boxes of an area that no other fault will touch, the area and its keys."""
    home = station.home()
    inside = [home, *(other for other in station.homes if other.area is home.area)]
    station.homes = [other for other in station.homes if other.area is not home.area]
    return inside, home.area, frozenset({home.area["transformer_area.area_no"], home.area["transformer.transformer_no"]})


# ---------------------------------------------------------------- consistency


def customer_in_other_area(station: FaultyStation) -> None:
    """A customer's area is not that of his box."""
    home = station.home(2)
    other = _other(home, station)
    home.ledger[0]["metering_point.area_no"] = other["transformer_area.area_no"]
    home.ledger[0]["metering_point.area_name"] = other["transformer_area.name"]
    codes = {"Q30": people_of(home), "Q31": set(home.keys)}
    station.plant("customer in other area", codes, home.keys, "Q54")


def box_on_two_areas(station: FaultyStation) -> None:
    """The rows of a box name two areas."""
    home = station.home(2)
    home.survey[-1]["meter_box.area_no"] = _other(home, station)["transformer_area.area_no"]
    station.plant("box on two areas", {"Q31": set(home.keys)}, home.keys, "Q30", "Q45")


def unknown_area(station: FaultyStation) -> None:
    """A customer's area is in no ledger."""
    home = station.home()
    number = f"4777{len(station.faults):06d}"
    home.ledger[0]["metering_point.area_no"] = number
    home.ledger[0]["metering_point.area_name"] = ""
    keys = people_of(home) | {number}
    station.plant("unknown area", {"Q32": keys}, home.keys | keys, "Q01", "Q30", "Q31", "Q54")


def unknown_feeder(station: FaultyStation) -> None:
    """An area's feeder is in no ledger."""
    _, area, keys = _whole_area(station)
    number = f"1399{len(station.faults):06d}"
    area |= {"transformer_area.feeder_no": number, "transformer_area.feeder_name": "", "feeder.substation_name": ""}
    named = keys | {number}
    station.plant("unknown feeder", {"Q32": set(named)}, named, "Q01")


def over_full(station: FaultyStation) -> None:
    """More meters than slots."""
    home = station.home(3)
    in_box(home, slot_rows="1", slot_columns="2", category="合体表箱")
    station.plant("over full", {"Q33": set(home.keys)}, home.keys, "Q34", "Q12")


def slot_outside(station: FaultyStation) -> None:
    """A slot beyond the box."""
    home = station.home()
    home.survey[0]["meter.slot_row"] = "9"
    station.plant("slot outside", {"Q34": set(home.keys)}, home.keys)


def customer_in_two_boxes(station: FaultyStation) -> None:
    """A customer with one point has meters in two boxes."""
    first, second = station.home(), station.home()
    keys = people_of(first)
    moved = second.ledger[0]
    for name in ("customer.customer_no", "metering_point.mp_no", "customer.name", "customer.address"):
        second.survey[0][name] = first.survey[0][name]
        moved[name] = first.ledger[0][name]
    for name in ("metering_point.area_no", "metering_point.area_name"):
        moved[name] = first.ledger[0][name]
    both_keys = first.keys | second.keys | keys
    station.plant("customer in two boxes", {"Q35": keys}, both_keys, "Q13", "Q17", "Q22", "Q30", "Q31", "Q45", "Q54", "Q37")


def meter_of_two_customers(station: FaultyStation) -> None:
    """One meter is bound to two customers."""
    first, second = station.home(), station.home()
    keys = people_of(first) | people_of(second)
    second.ledger[0]["meter.bar_code"] = first.ledger[0]["meter.bar_code"]
    touched = first.keys | second.keys | keys
    station.plant(
        "meter of two customers", {"Q36": keys}, touched, "Q02", "Q12", "Q33", "Q34", "Q03", "Q04", "Q11", "Q30", "Q31", "Q35", "Q45", "Q37"
    )


def wiring(station: FaultyStation) -> None:
    """A three-phase account with a single-phase meter."""
    home = station.home()
    home.ledger[0]["customer.voltage"] = "AC03802"
    both(home, "meter.wiring", "1")
    station.plant("wiring", {"Q37": people_of(home)}, home.keys)


def cancelled_in_box(station: FaultyStation) -> None:
    """A cancelled customer whose meter hangs in its box."""
    home = station.home()
    home.ledger[0] |= {"customer.status": "已销户客户", "customer.cancelled_on": "2024-03-05", "customer.opened_on": "2015-05-06"}
    station.plant("cancelled in box", {"Q38": set(home.keys)}, home.keys, "Q70")


def cancelled_running(station: FaultyStation) -> None:
    """A cancel date with a running status."""
    home = station.home()
    home.ledger[0] |= {"customer.cancelled_on": "2024-03-05", "customer.opened_on": "2015-05-06"}
    station.plant("cancelled running", {"Q39": people_of(home)}, home.keys, "Q70", "Q38")


def high_voltage(station: FaultyStation) -> None:
    """A high-voltage customer in a public area."""
    home = station.home()
    both(home, "customer.sort", "01")
    home.ledger[0]["customer.voltage"] = "AC00101"
    both(home, "meter.wiring", "2")
    station.plant("high voltage", {"Q40": people_of(home)}, home.keys, "Q37")


def area_capacity(station: FaultyStation) -> None:
    """The area's capacity is not that of its transformer."""
    _, area, keys = _whole_area(station)
    area["transformer.capacity_kva"] = str(float(area["transformer_area.capacity_kva"]) + 85)
    station.plant("area capacity", {"Q42": set(keys)}, keys, "Q41")


def transformer_name(station: FaultyStation) -> None:
    """Area and transformer have nothing in common but the word."""
    _, area, keys = _whole_area(station)
    area["transformer.name"] = "渔港冷库8号配变"
    station.plant("transformer name", {"Q43": set(keys)}, keys)


# ---------------------------------------------------------------- space and topology


def far_away(station: FaultyStation) -> None:
    """A box far outside the station's villages."""
    home = station.home()
    _move(home, 0, -5000)
    station.plant("far away", {"Q50": box_of(home)}, home.keys, "Q52", "Q54", "Q55", "Q25")


def same_place(station: FaultyStation) -> None:
    """Two boxes of different addresses at one point."""
    first = station.home()
    second = next(home for home in station.homes if home.area is first.area)
    station.homes.remove(second)
    row = first.survey[0]
    in_box(second, longitude=row["meter_box.longitude"], latitude=row["meter_box.latitude"])
    station.plant("same place", {"Q51": box_of(first) | box_of(second)}, first.keys | second.keys, "Q52")


def far_access(station: FaultyStation) -> None:
    """The access point is 90 metres away."""
    home = station.home()
    home.access["access_point.latitude"] = f"{float(home.access['access_point.latitude']) + 90 * _METRE:.7f}"
    station.plant("far access", {"Q52": set(home.keys)}, home.keys)


def wrong_area(station: FaultyStation) -> None:
    """Everything says one area, but the box stands among another's."""
    home = station.home()
    near = min((other.area for other in station.homes if other.area is not home.area), key=lambda row: _apart(row, home.area))
    for row in home.survey:
        row["meter_box.area_no"] = near["transformer_area.area_no"]
    for row in home.ledger:
        row["metering_point.area_no"], row["metering_point.area_name"] = near["transformer_area.area_no"], near["transformer_area.name"]
    home.access["access_point.area_no"] = near["transformer_area.area_no"]
    station.plant("wrong area", {"Q54": box_of(home)}, home.keys, "Q50", "Q55", "Q61")


def _apart(one: Row, other: Row) -> float:
    names = ("transformer_area.longitude", "transformer_area.latitude")
    return sum((float(one[name]) - float(other[name])) ** 2 for name in names)


def single_gcj(station: FaultyStation) -> None:
    """One box in the coordinate system of a phone's map."""
    home = station.home()
    row = home.survey[0]
    east, north = _gcj(row["meter_box.longitude"], row["meter_box.latitude"])
    in_box(home, longitude=east, latitude=north)
    station.plant("single gcj", {"Q55": box_of(home)}, home.keys, "Q50", "Q52", "Q54")


def batch_gcj(station: FaultyStation) -> None:
    """A field team's whole sheet in GCJ-02."""
    homes, _, _ = _whole_area(station)
    name = f"外勤{len(station.field_sheets) + 1}班.xlsx"
    rows, keys = [], {name}
    for home in homes:
        row = home.survey[0]
        east, north = _gcj(row["meter_box.longitude"], row["meter_box.latitude"])
        keys |= home.keys
        given = ("bar_code", "category", "slot_rows", "slot_columns", "location", "device_type", "device_name", "area_no")
        copied = {f"meter_box.{field}": row[f"meter_box.{field}"] for field in given}
        rows.append(copied | {"meter_box.longitude": east, "meter_box.latitude": north})
    station.field_sheets[name] = rows
    station.plant("batch gcj", {"Q53": {name}}, frozenset(keys), "Q55", "Q52", "Q50", "Q54", "Q03")


def no_device(station: FaultyStation) -> None:
    """An access point that names no device."""
    home = station.home()
    home.access |= {"access_point.device_type": "", "access_point.device_name": ""}
    station.plant("no device", {"Q60": set(home.keys)}, home.keys, "Q01")


def unknown_device(station: FaultyStation) -> None:
    """An access point on a pole that does not exist."""
    home = station.home()
    home.access["access_point.device_name"] = f"查无此处{len(station.faults)}号杆"
    station.plant("unknown device", {"Q61": set(home.keys)}, home.keys)


def access_without_box(station: FaultyStation) -> None:
    """An access point that no box uses."""
    home = station.home()
    number = f"JRD9{len(station.faults):05d}"
    station.tables["access_point"].append(home.access | {"access_point.access_point_no": number, "access_point.name": number})
    station.plant("access without box", {"Q62": {number}}, home.keys | {number})


def new_without_box(station: FaultyStation) -> None:
    """An account opened two months ago still hangs in no box."""
    home = station.home(2)
    keys = people_of(home)
    station.tables["box_survey"].remove(home.survey.pop(0))
    home.ledger[0] |= {"meter_box.bar_code": "", "customer.opened_on": (TODAY - timedelta(days=60)).isoformat()}
    station.plant("new without box", {"Q70": keys}, home.keys | keys, "Q01", "Q03")


def _other(home: Home, station: FaultyStation) -> Row:
    """Another public area, an inhabited one."""
    return station.random.choice([other.area for other in station.homes if other.area is not home.area])


ALL: Final[dict[str, Plant]] = {
    **KINDS,
    "customer in other area": customer_in_other_area,
    "box on two areas": box_on_two_areas,
    "unknown area": unknown_area,
    "over full": over_full,
    "slot outside": slot_outside,
    "customer in two boxes": customer_in_two_boxes,
    "meter of two customers": meter_of_two_customers,
    "wiring": wiring,
    "cancelled in box": cancelled_in_box,
    "cancelled running": cancelled_running,
    "high voltage": high_voltage,
    "same place": same_place,
    "far access": far_access,
    "far away": far_away,
    "wrong area": wrong_area,
    "single gcj": single_gcj,
    "no device": no_device,
    "unknown device": unknown_device,
    "access without box": access_without_box,
    "new without box": new_without_box,
    "unknown feeder": unknown_feeder,
    "area capacity": area_capacity,
    "transformer name": transformer_name,
    "batch gcj": batch_gcj,
}
"""Every kind; those that need a whole area come last, so that single boxes are taken first."""
