"""Confirmed matters become the accepted state: one function per kind, each value with the row of field results it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.ledger.linking import NAMELESS_MP
from lvdesk.network.identifiers import asset_no
from lvdesk.network.tables import TABLES
from lvdesk.review.effects import Effects, Record
from lvdesk.review.lines import CANCELLED
from lvdesk.review.model import Kind
from lvdesk.templates.dictionary import Dictionary

_REMOVED: Final = "04"
"""Status 撤销 of a metering point."""
_IN_USE: Final = "02"
_NORMAL: Final = "正常用电客户"
_NOWHERE: Final = {"box_no": None, "slot_row": None, "slot_column": None}
_NUMBERS: Final = {"number", "longitude", "latitude"}


@dataclass(frozen=True)
class Accepted:
    """One confirmed item.

    Attributes:
        values: place -> text that counts: the field's, or what was corrected.
        corrected: places that a person corrected; they count as his.
        source: sheet and row of the field results.
        entry: the journal entry of the correction.
        day: of the confirmation, ISO.
    """

    id: int
    kind: Kind
    entity: str
    key: str
    values: Mapping[str, str | None]
    corrected: frozenset[str]
    source: tuple[int | None, int | None]
    entry: int
    day: str


class Applying:
    """Turns confirmed items into changes of records."""

    def __init__(self, effects: Effects, dictionary: Dictionary) -> None:
        self._effects, self._records, self._dictionary = effects, effects.records, dictionary

    def prefetch(self, items: list[Accepted]) -> None:
        """Reads what these items concern at once."""
        by_entity: dict[str, set[str]] = {}
        for item in items:
            by_entity.setdefault(item.entity, set()).add(item.key)
        for entity, keys in by_entity.items():
            self._records.fetch(entity, _KEYS[entity], keys)
        customers = by_entity.get("customer", set())
        self._records.fetch("metering_point", "customer_no", customers)
        points = [point["mp_no"] for number in customers for point in self._records.by("metering_point", "customer_no", number)]
        self._records.fetch("meter", "mp_no", points)

    def apply(self, item: Accepted) -> None:
        """Changes what the item confirms.

        Raises:
            RefusedError: ``review.incomplete`` when the item does not say enough to be accepted.
            ConflictError: ``review.gone`` when the ledger's record is no longer there.
        """
        _KINDS[item.kind](self, item)

    # --- kinds ---------------------------------------------------------------

    def cancelled(self, item: Accepted) -> None:
        """The customer is cancelled from today on, his points removed, his meters in no box; a box is no longer listed."""
        if item.entity == "meter_box":
            self._effects.change(item.id, "meter_box", self._one(item), {"absent_sheet": item.source[0]}, item.source)
            return
        if item.entity == "meter":
            self._effects.change(item.id, "meter", self._one(item), _NOWHERE, item.source)
            return
        status = item.values.get("customer.status") or CANCELLED
        gone = status == CANCELLED
        day = {"cancelled_on": item.day} if gone else {}
        self._effects.change(item.id, "customer", self._one(item), {"status": status, **day}, item.source)
        for point in self._records.by("metering_point", "customer_no", item.key) if gone else ():
            self._effects.change(item.id, "metering_point", point, {"status": _REMOVED}, item.source)
            for meter in self._records.by("meter", "mp_no", point["mp_no"]):
                self._effects.change(item.id, "meter", meter, _NOWHERE, item.source)

    def new(self, item: Accepted) -> None:
        """The box, meter or account with everything the field says of it."""
        if item.entity == "customer":
            self._account(item)
        elif self._records.one(item.entity, item.key) is None:
            self._effects.make(item.id, item.entity, self._typed(item, item.entity), item.source)

    def _account(self, item: Accepted) -> None:
        number = item.values.get("customer.customer_no")
        if not number:
            raise RefusedError("review.incomplete", "新增用户还没有用户编号，不能入账", "请用“改后通过”填写用户编号")
        customer = self._records.one("customer", number)
        values = {"status": _NORMAL, **self._typed(item, "customer"), "customer_no": number}
        if customer is None:
            self._effects.make(item.id, "customer", values, item.source)
        points = self._records.by("metering_point", "customer_no", number)
        if not points:
            about = {"mp_no": NAMELESS_MP + number, "customer_no": number, "status": _IN_USE, **self._typed(item, "metering_point")}
            points = [self._effects.make(item.id, "metering_point", about, item.source)]
        if asset := self._asset(item):
            self._hang(item, asset, points[0]["mp_no"])

    def _asset(self, item: Accepted) -> str | None:
        """Number of the meter that the item speaks of; a corrected barcode says it anew."""
        bar = item.values.get("meter.bar_code")
        said = item.values.get("meter.asset_no")
        return (asset_no(bar) if bar else None) or said or bar

    def _hang(self, item: Accepted, asset: str, mp_no: str) -> None:
        values = {**self._typed(item, "meter"), "asset_no": asset, "mp_no": mp_no}
        meter = self._records.one("meter", asset)
        if meter is None:
            self._effects.make(item.id, "meter", values, item.source)
        else:
            self._effects.change(item.id, "meter", meter, values, item.source)

    def meter_replaced(self, item: Accepted) -> None:
        """The new meter takes the place of the old one, which hangs nowhere any more."""
        bar = item.values.get("meter.bar_code")
        points = self._records.by("metering_point", "customer_no", item.key)
        if not bar or not points:
            raise RefusedError("review.incomplete", "看不出换成哪块表、挂在哪个计量点", "请用“改后通过”填写新表条码，或退回")
        asset = asset_no(bar) or bar
        held = [meter for point in points for meter in self._records.by("meter", "mp_no", point["mp_no"]) if meter["asset_no"] != asset]
        old = held[0] if len(held) == 1 else None
        place = {name: old[name] for name in _NOWHERE} if old is not None else {}
        values = {"asset_no": asset, "bar_code": bar, "mp_no": old["mp_no"] if old is not None else points[0]["mp_no"], **place}
        meter = self._records.one("meter", asset)
        if meter is None:
            self._effects.make(item.id, "meter", values, item.source)
        else:
            self._effects.change(item.id, "meter", meter, values, item.source)
        if old is not None:
            self._effects.change(item.id, "meter", old, {"mp_no": None, **_NOWHERE}, item.source)

    def other_box(self, item: Accepted) -> None:
        """The meter hangs in the other box; its old slot says nothing there."""
        box = item.values.get("meter.box_no")
        if not box:
            raise RefusedError("review.incomplete", "没有写明现场是哪个计量箱", "请用“改后通过”填写计量箱，或退回")
        meter = self._one(item)
        self._effects.change(item.id, "meter", meter, {**_NOWHERE, "box_no": box}, self._source(item, "meter.box_no"))

    def other_area(self, item: Accepted) -> None:
        """The customer's metering points belong to the other area."""
        area = item.values.get("metering_point.area_no")
        if not area:
            raise RefusedError("review.incomplete", "现场只说户变不符，没有写明是哪个台区", "请用“改后通过”填写台区编号，或退回")
        name = self._area(area)
        for point in self._records.by("metering_point", "customer_no", item.key):
            values = {"area_no": area, "area_name": name}
            self._effects.change(item.id, "metering_point", point, values, self._source(item, "metering_point.area_no"))

    def values(self, item: Accepted) -> None:
        """The values of one record as they are: names, addresses, attributes, slots, places, connection points."""
        record = self._one(item)
        typed = self._typed(item, item.entity)
        if "area_no" in typed:
            self._area(typed["area_no"])
        corrected = {name: value for name, value in typed.items() if f"{item.entity}.{name}" in item.corrected}
        rest = {name: value for name, value in typed.items() if name not in corrected and value is not None}
        self._effects.change(item.id, item.entity, record, rest, item.source)
        self._effects.change(item.id, item.entity, record, corrected, [item.entry])

    # --- values --------------------------------------------------------------

    def _one(self, item: Accepted) -> Record:
        record = self._records.one(item.entity, item.key)
        if record is None:
            title = self._dictionary.title(item.entity)
            raise ConflictError("review.gone", f"台账中已没有{title} {item.key}", "请刷新；必要时退回现场核实")
        return record

    def _area(self, area: str | None) -> str | None:
        """The area's name; an area that the ledger does not have is refused."""
        known = self._records.one("transformer_area", area)
        if area and known is None:
            raise RefusedError("review.unknown_area", f"台账中没有台区 {area}", "请用“改后通过”填写正确的台区编号，或先导入该台区的台账")
        return known["name"] if known is not None else None

    def _source(self, item: Accepted, place: str) -> list[int | None]:
        return [item.entry] if place in item.corrected else list(item.source)

    def _typed(self, item: Accepted, entity: str) -> dict[str, Any]:
        """The item's values of one entity, as its table stores them."""
        fields, columns = self._dictionary.entities[entity].fields, TABLES[entity].c
        return {
            name: _stored(text, fields[name].kind)
            for place, text in item.values.items()
            for name in [place.removeprefix(f"{entity}.")]
            if place.startswith(f"{entity}.") and name in fields and name in columns
        }


def _stored(text: str | None, kind: str) -> Any:
    if not text:
        return None
    if kind == "integer":
        return int(float(text))
    return float(text) if kind in _NUMBERS else text


_KEYS: Final = {"customer": "customer_no", "meter": "asset_no", "meter_box": "asset_no", "access_point": "access_point_no"}
_KINDS: Final[Mapping[Kind, Callable[[Applying, Accepted], None]]] = {
    Kind.CANCELLED: Applying.cancelled,
    Kind.NEW: Applying.new,
    Kind.METER_REPLACED: Applying.meter_replaced,
    Kind.OTHER_BOX: Applying.other_box,
    Kind.OTHER_AREA: Applying.other_area,
    **dict.fromkeys(
        (Kind.CONNECTION, Kind.NAME_CHANGED, Kind.ADDRESS_CHANGED, Kind.SLOT_CHANGED, Kind.ATTRIBUTE_CHANGED, Kind.MOVED_BOX, Kind.FILLED),
        Applying.values,
    ),
}
