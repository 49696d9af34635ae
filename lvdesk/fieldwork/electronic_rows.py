"""The rows of a package's workbook: boxes, their meters, customers without a known box, as the records have them, in walking order."""

from collections.abc import Iterator, Mapping
from typing import Final

from lvdesk.fieldwork import filling_boxes
from lvdesk.fieldwork.filling_records import Hung, Records
from lvdesk.fieldwork.filling_text import as_text

BOXES, METERS, CUSTOMERS = "box_collection", "box_meter_relation", "field_return"
"""Templates of the sheets."""
_MEASURED: Final = ("meter_box.longitude", "meter_box.latitude")
"""Taken at site: what the ledger says would pass for measured."""

Row = Mapping[str, str]


def rows_of(records: Records) -> dict[str, list[Row]]:
    """Template -> rows; boxes on an access point that is visited are there too."""
    boxes = list(_boxes(records))
    meters = [row for key, place in boxes for row in _meters(records, key, place)]
    customers = [
        _of(records, {**content.values, "note.sequence": content.values["position"]}) for content in filling_boxes.customers(records)
    ]
    return {BOXES: [row for _, row in boxes], METERS: meters, CUSTOMERS: customers}


def _boxes(records: Records) -> Iterator[tuple[str, Row]]:
    """Box number and row, each box once."""
    seen: set[str] = set()
    for item in records.items:
        hanging = records.hanging.get(item["key"], []) if item["entity"] == "access_point" else []
        keys = [item["key"]] if item["entity"] == "meter_box" else [box["asset_no"] for box in hanging]
        for key in keys:
            if key not in seen and (item["entity"] == "meter_box" or key not in records.box_items):
                seen.add(key)
                yield key, _of(records, {**filling_boxes.box_values(records, key), "note.sequence": as_text(item["position"])})


def _meters(records: Records, key: str, box: Row) -> Iterator[Row]:
    """A row for each meter of a box whose customer is not cancelled."""
    for meter in records.meters.get(key, []):
        if not meter.gone:
            yield _of(records, {**{name: box[name] for name in box if not name.startswith("note.verdict")}, **_meter(meter, box)})


def _meter(meter: Hung, box: Row) -> Row:
    return {
        "meter.asset_no": as_text(meter.meter_no),
        "meter.bar_code": as_text(meter.bar_code),
        "meter.slot_row": str(meter.row) if meter.row > 0 else "",
        "meter.slot_column": str(meter.column) if meter.column > 0 else "",
        "customer.customer_no": as_text(meter.customer_no),
        "customer.name": as_text(meter.customer_name),
        "metering_point.area_no": box.get("transformer_area.area_no", ""),
    }


def _of(records: Records, values: Row) -> Row:
    """The values without what has to be taken at site."""
    package: str = records.package["package_no"]
    return {**values, **dict.fromkeys(_MEASURED, ""), "note.package": package}
