"""What the sheets say about an area: the boxes in walking order with their map, and what hangs on which access point."""

from collections.abc import Iterable, Iterator, Mapping
from math import inf
from typing import Final

from lvdesk.fieldwork.book import load_book
from lvdesk.fieldwork.filling_boxes import area_of, area_values, box_values, customer_values, item_values, live
from lvdesk.fieldwork.filling_records import Records
from lvdesk.fieldwork.filling_text import Row, as_text, clean, record_values
from lvdesk.fieldwork.forms.model import Content, MapPlace
from lvdesk.fieldwork.views import reasons_of

UNKNOWN: Final = "-"
"""Stands for the area of things whose area is not known: a content without a key would be a blank one."""

Values = Mapping[str, str]


def areas(records: Records) -> list[Content]:
    """A content for each area something is visited in, in the order they are walked."""
    return list(_areas(records))


def access_points(records: Records) -> list[Content]:
    """Area by area its access points with the boxes on them, then one content with the boxes to visit that hang on none."""
    homes: dict[str, list[tuple[float, str]]] = {}
    for number in {*records.access_points, *records.hanging} - {""}:
        boxes = records.hanging.get(number, [])
        first = records.box_items[boxes[0]["asset_no"]]["position"] if boxes and boxes[0]["asset_no"] in records.box_items else inf
        homes.setdefault(_home(records, number, boxes), []).append((first, number))
    found: list[Content] = []
    for area_no in records.area_nos:
        found += [_point(records, number, area_no, records.hanging.get(number, [])) for _, number in sorted(homes.get(area_no, []))]
        found += _unhung(records, area_no)
    return found


def _areas(records: Records) -> Iterator[Content]:
    titles = load_book(records.ws).titles
    for area_no in records.area_nos:
        items = [item for item in records.items if _area(records, item) == area_no]
        if not items:
            continue
        rows = tuple({**_item_values(records, item), "reasons": _kinds(item, titles)} for item in items)
        values = {
            **area_values(records, area_no),
            "boxes": str(sum(item["entity"] == "meter_box" for item in items)),
            "all_boxes": str(sum((box["area_no"] or "") == area_no for box in records.boxes.values())),
            "first": rows[0]["position"],
            "last": rows[-1]["position"],
            "note.package": records.package["package_no"],
        }
        values["transformer_area.capacity_kva"] = values["transformer_area.capacity_kva"] or as_text(records.capacities.get(area_no))
        yield Content("transformer_area", area_no or UNKNOWN, values, rows=rows, places=tuple(_places(records, area_no, items)))


def _kinds(item: Row, titles: Mapping[str, str]) -> str:
    """Why it is visited, in a word each: the facts stand on its own sheet."""
    return "、".join(dict.fromkeys(titles.get(reason.code) or clean(reason.text) for reason in reasons_of(item["reasons"])))


def _area(records: Records, item: Row) -> str:
    return area_of(item, records.boxes.get(item["key"]) if item["entity"] == "meter_box" else None) or ""


def _item_values(records: Records, item: Row) -> Values:
    if item["entity"] == "meter_box":
        return box_values(records, item["key"])
    if item["entity"] == "customer":
        return customer_values(records, item)
    return _point_values(records, item["key"], _area(records, item))


def _places(records: Records, area_no: str, items: Iterable[Row]) -> Iterator[MapPlace]:
    """Boxes to visit first, in order; one without coordinates stands at 0 degrees, so that the map can count it."""
    visited = [item for item in items if item["entity"] == "meter_box"]
    for item in visited:
        box = records.boxes.get(item["key"]) or {}
        yield MapPlace("box", box.get("longitude") or 0.0, box.get("latitude") or 0.0, str(item["position"]), visited=True)
    keys = {item["key"] for item in visited}
    for key, box in records.boxes.items():
        if key not in keys and (box["area_no"] or "") == area_no and _placed(box):
            yield MapPlace("box", box["longitude"], box["latitude"])
    area = records.areas.get(area_no)
    if area and _placed(area):
        yield MapPlace("area", area["longitude"], area["latitude"], records.area_name(area_no))
    for point in records.access_points.values():
        if (point["area_no"] or "") == area_no and _placed(point):
            name = point["name"] or point["device_name"] or point["access_point_no"]
            yield MapPlace("access_point", point["longitude"], point["latitude"], clean(name))
    yield from _devices(records, "pole", area_no)
    yield from _devices(records, "branch_box", area_no)


def _devices(records: Records, entity: str, area_no: str) -> Iterator[MapPlace]:
    key = records.ws.dictionary.key(entity)
    for row in records.devices[entity]:
        if row["area_no"] == area_no and _placed(row):
            yield MapPlace(entity, row["longitude"], row["latitude"], clean(row["name"] or row[key]))  # type: ignore[arg-type]


def _placed(row: Row) -> bool:
    return row["longitude"] is not None and row["latitude"] is not None


def _home(records: Records, number: str, boxes: list[Row]) -> str:
    """The area an access point is listed under: its own, else that of its first box."""
    own = area_of(records.items_of("access_point").get(number), records.access_points.get(number))
    if own in records.area_nos:
        return str(own)
    return _of(records, boxes[0]) if boxes else ""


def _of(records: Records, box: Row) -> str:
    return area_of(records.box_items.get(box["asset_no"]), box) or ""


def _point(records: Records, number: str, area_no: str, boxes: list[Row]) -> Content:
    rows = tuple(box_values(records, box["asset_no"]) for box in boxes)
    return Content("access_point", number, _point_values(records, number, area_no), rows=rows)


def _unhung(records: Records, area_no: str) -> list[Content]:
    boxes = [box for box in records.hanging.get("", []) if box["asset_no"] in records.box_items and _of(records, box) == area_no]
    if not boxes:
        return []
    values = {
        **area_values(records, area_no),
        **record_values(records.ws, "access_point", None),
        **item_values(None),
        **_totals(records, boxes),
        "number": "",
        "address": "",
        "loose": "未登记接入点的计量箱",
    }
    rows = tuple(box_values(records, box["asset_no"]) for box in boxes)
    return [Content("transformer_area", area_no or UNKNOWN, values, rows=rows)]


def _point_values(records: Records, number: str, area_no: str) -> Values:
    point = records.access_points.get(number)
    values = record_values(records.ws, "access_point", point)
    device = values["access_point.device_name"] or values["access_point.name"]
    return {
        **area_values(records, area_no),
        **values,
        **item_values(records.items_of("access_point").get(number)),
        **_totals(records, records.hanging.get(number, [])),
        "access_point.access_point_no": as_text(number),
        "access_point.device_name": device,
        "number": as_text(number),
        "address": device,
        "loose": "",
        "note.package": records.package["package_no"],
    }


def _totals(records: Records, boxes: list[Row]) -> Values:
    meters = [meter for box in boxes for meter in records.meters.get(box["asset_no"], [])]
    return {"boxes": str(len(boxes)), "customers": str(live(meters)), "meters": str(sum(not meter.gone for meter in meters))}
