"""The places of scanned sheets: where they lie, what they are called, what the ledger says there."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from lvdesk.fieldwork.filling import contents_in
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content, Slot, Spot
from lvdesk.fieldwork.scanning.places import Place, places
from lvdesk.fieldwork.sheet_layout import Item, item_of, stored
from lvdesk.kit.errors import KnownError
from lvdesk.workspace import Workspace

_SLOT_TICK: Final = "表位"
_METER: Final = "现场表号后 {count} 位"


@dataclass(frozen=True)
class SheetPlaces:
    """A sheet's places by name, in the order of the paper."""

    form: Form
    places: Mapping[str, Place]


def sheet_places(overrides: Path | None, row: Any) -> SheetPlaces | None:
    """The places of a registered sheet; None when its form has other places by now."""
    return _places(overrides, row.form, row.form_version, tuple(json.loads(row.shapes)))


@lru_cache(maxsize=512)
def _places(overrides: Path | None, key: str, version: int, shapes: tuple[str, ...]) -> SheetPlaces | None:
    form = _forms(overrides).get(key)
    if form is None or form.version != version:
        return None
    try:
        return SheetPlaces(form, {place.spot.name: place for place in places(form, shapes)})
    except KnownError:
        return None


@lru_cache(maxsize=4)
def _forms(overrides: Path | None) -> dict[str, Form]:
    return load_forms(overrides)


def title_of(ws: Workspace, place: Place) -> str:
    """What a place is called, the same on all sheets of its form."""
    spot = place.spot
    inside = spot.slot is not None or ".loose." in spot.name
    if spot.kind == "tick":
        return f"{place.label or (_SLOT_TICK if inside else '勾选')}：{place.option}" if place.option else place.label or "勾选"
    if inside and spot.field == "meter.bar_code":
        return _METER.format(count=spot.count)
    if place.label:
        return place.label
    entity, _, name = spot.field.partition(".")
    known = ws.dictionary.find(spot.field) if name else None
    return known.title if known else place.group.rpartition(".")[2] or entity


def kind_of_thing(ws: Workspace, entity: str) -> str:
    """What people call the kind of thing a block is about."""
    return ws.dictionary.title(entity) if entity in ws.dictionary.entities else "任务包"


class Ledgers:
    """What the accepted records say of the things on sheets; each package is read once."""

    def __init__(self, ws: Workspace, connection: Connection) -> None:
        self._ws, self._connection = ws, connection
        self._found: dict[tuple[str, str], dict[Item, Content]] = {}

    def about(self, row: Any, spot: Spot) -> tuple[str, str]:
        """The thing a place is about in words, and the ledger's value there ("" for nothing)."""
        item = self._item(row, spot)
        if item is None:
            return row.sheet_no, ""
        content = self._content(row, item)
        entity, key = item
        words = [f"{kind_of_thing(self._ws, entity)} {key}" if key else "新增对象"]
        if spot.slot:
            words.append(f"表位 {spot.slot[0]}-{spot.slot[1]}")
        elif content and (where := content.values.get("meter_box.location") or content.values.get("customer.address")):
            words.append(where)
        return " · ".join(words), _ledger(content, spot) if content else ""

    def _item(self, row: Any, spot: Spot) -> Item | None:
        blocks = stored(row)
        return blocks[spot.block][0] if 0 <= spot.block < len(blocks) else None

    def _content(self, row: Any, item: Item) -> Content | None:
        known = self._found.get((row.package_no, row.form))
        if known is None:
            form = _forms(self._ws.overrides).get(row.form)
            contents = contents_in(self._ws, self._connection, row.package_no, form) if form else []
            known = self._found[row.package_no, row.form] = {item_of(content): content for content in contents}
        return known.get(item)


def _ledger(content: Content, spot: Spot) -> str:
    if spot.kind == "tick" or not spot.field:
        return ""
    if spot.slot:
        slot = _slot(content.slots, spot.slot)
        return {"meter.bar_code": slot.meter_no[-spot.count :]}.get(spot.field, "") if slot else ""
    return content.values.get(spot.field, "") if ".loose." not in spot.name else ""


def _slot(slots: Iterable[Slot], where: tuple[int, int]) -> Slot | None:
    return next((slot for slot in slots if (slot.row, slot.column) == where), None)
