"""What the sheets say about one box, one customer without a box, or nothing yet (blank sheets)."""

from collections.abc import Iterator
from typing import Final

from lvdesk.fieldwork.filling_records import Hung, Records
from lvdesk.fieldwork.filling_text import Row, as_text, clean, counted, joined, record_values
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.views import reasons_of

GONE: Final = "销户"


def boxes(records: Records) -> list[Content]:
    """A content for each box to visit, in walking order."""
    return [Content("meter_box", key, box_values(records, key), tuple(_slots(records.meters.get(key, [])))) for key in records.box_items]


def customers(records: Records) -> list[Content]:
    """A content for each customer to visit whose box is not known."""
    return [Content("customer", item["key"], customer_values(records, item)) for item in records.items if item["entity"] == "customer"]


def blanks(records: Records) -> list[Content]:
    """Contents to write new accounts into, as many for each area as the package wants."""
    count = int(records.scope.get("blank_sheets", 1) or 0)
    numbers = [number for number in records.area_nos if number] or [""]
    return [Content(values=area_values(records, number)) for number in numbers for _ in range(count)]


def area_values(records: Records, area_no: str | None) -> dict[str, str]:
    """The words of an area that stand on every block."""
    values = record_values(records.ws, "transformer_area", records.areas.get(area_no or ""))
    name = records.area_name(area_no)
    number = as_text(area_no)
    return {**values, "transformer_area.area_no": number, "area_no": number, "area_name": name, "note.area_name": name}


def area_of(item: Row | None, record: Row | None) -> str | None:
    """The area it is visited in, else its own."""
    return (item and item["area_no"]) or (record["area_no"] if record else None)


def item_values(item: Row | None) -> dict[str, str]:
    """When and why it is visited; "" for what is not."""
    position = str(item["position"]) if item else ""
    reasons = joined((clean(reason.text) for reason in reasons_of(item["reasons"])), "；") if item else ""
    return {"position": position, "note.sequence": position, "reasons": reasons}


def device_of(records: Records, box: Row | None) -> tuple[str, str]:
    """Type and name of what the box hangs on: its own, else its access point's."""
    own = record_values(records.ws, "meter_box", box)
    point = records.access_points.get(box["access_point_no"] or "") if box else None
    other = record_values(records.ws, "access_point", point)
    return (
        own["meter_box.device_type"] or other["access_point.device_type"],
        own["meter_box.device_name"] or other["access_point.device_name"] or other["access_point.name"],
    )


def slot_words(meter: Hung) -> str:
    """Where the meter sits, as people say it."""
    return f"{meter.row}行{meter.column}列" if meter.row > 0 and meter.column > 0 else "表位不明"


def live(meters: list[Hung]) -> int:
    """How many customers that are not cancelled have a meter there."""
    return len({meter.customer_no for meter in meters if meter.customer_no and not meter.gone})


def box_values(records: Records, key: str) -> dict[str, str]:
    """The words of a box; without position and reasons where it is none to visit."""
    box, meters, item = records.boxes.get(key), records.meters.get(key, []), records.box_items.get(key)
    kind, name = device_of(records, box)
    return {
        **area_values(records, area_of(item, box)),
        **record_values(records.ws, "meter_box", box),
        "meter_box.asset_no": as_text(key),
        "meter_box.device_type": kind,
        "meter_box.device_name": name,
        **item_values(item),
        "number": as_text(key),
        "address": as_text(box["location"]) if box else "",
        "customers": str(live(meters)),
        "meters": str(sum(not meter.gone for meter in meters)),
        "note.meter_count": str(len(meters)),
        "slots": str(box["slot_rows"] * box["slot_columns"]) if box and box["slot_rows"] and box["slot_columns"] else "",
        "meters_without_slot": counted(sum(slot.row == 0 for slot in _slots(meters))),
        "cancelled": _cancelled(meters),
        "note.package": records.package["package_no"],
    }


def _slots(meters: list[Hung]) -> Iterator[Slot]:
    """Seated meters by slot, then those without one or whose slot is another's; a cancelled customer's slot bears only that word."""
    seated: dict[tuple[int, int], Slot] = {}
    loose: list[Slot] = []
    for meter in sorted(meters, key=lambda meter: meter.gone):
        place = (meter.row, meter.column)
        free = min(place) > 0 and place not in seated
        if meter.gone and free:
            seated[place] = Slot(*place, "", customer_name=GONE)
        elif not meter.gone:
            words = (as_text(meter.meter_no), as_text(meter.bar_code), as_text(meter.customer_no), as_text(meter.customer_name))
            slot = Slot(*(place if free else (0, 0)), *words)
            if free:
                seated[place] = slot
            else:
                loose.append(slot)
    yield from (seated[place] for place in sorted(seated))
    yield from sorted(loose, key=lambda slot: slot.meter_no)


def _cancelled(meters: list[Hung]) -> str:
    """Cancelled customers of a box in words: they are not visited, but their meters may still hang there."""
    gone = [f"{slot_words(meter)} {meter.meter_no[-6:]} {as_text(meter.customer_name)}".strip() for meter in meters if meter.gone]
    return f"{GONE} {len(gone)} 户：{'；'.join(gone)}" if gone else ""


def customer_values(records: Records, item: Row) -> dict[str, str]:
    """The words of a customer to visit."""
    key = item["key"]
    points = records.points.get(key, [])
    ws, first = records.ws, points[0] if points else None
    point = record_values(ws, "metering_point", _part(first, "metering_point"))
    customer = record_values(ws, "customer", records.customers.get(key))
    area_no = item["area_no"] or (first["metering_point.area_no"] if first else None)
    return {
        **area_values(records, area_no),
        **record_values(ws, "meter", _part(first, "meter")),
        **point,
        **customer,
        "customer.customer_no": as_text(key),
        "metering_point.area_no": as_text(area_no),
        **item_values(item),
        "number": as_text(key),
        "address": customer["customer.address"] or point["metering_point.address"],
        "meters": joined(as_text(row["meter.asset_no"]) for row in points),
        "note.package": records.package["package_no"],
    }


def _part(row: Row | None, entity: str) -> Row | None:
    """The columns of one table out of a joined row; None where the join found nothing."""
    if row is None or row[f"{entity}.id"] is None:
        return None
    return {name.partition(".")[2]: value for name, value in row.items() if name.startswith(f"{entity}.")}
