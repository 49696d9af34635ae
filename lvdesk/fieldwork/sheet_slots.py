"""The slots of a box on paper: which meter the ledger has there, which one was found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lvdesk.fieldwork.filling_records import Hung
from lvdesk.fieldwork.forms.model import Slot
from lvdesk.fieldwork.sheet_paper import LAST_DIGITS, Paper

_NORMAL, _MISSING, _CANCELLED, _NEW, _UNLIKE = "正常", "缺失", "确认销户", "新增", "信息不符"
Row = dict[str, str]


@dataclass(frozen=True)
class _Seen:
    """One slot of the paper: the ledger's meter, what was ticked, the digits written; ``row`` and ``column`` "" where unknown."""

    slot: Slot | None
    same: bool
    differs: bool
    digits: str
    row: str
    column: str


def slot_rows(paper: Paper, index: int, said: Mapping[str, str], box: Mapping[str, str]) -> tuple[list[Row], list[str]]:
    """The rows of a box's meters, and what the paper leaves unclear, in words.

    A slot nobody marked says nothing, unless the box as a whole was ticked as it is in the ledger: then all its meters are.

    Args:
        paper: the sheet.
        index: of the block.
        said: what stands on the block.
        box: the box as its rows name it.
    """
    seen = list(_seen(paper, index, said))
    cancelled, unclear = "tick.cancelled" in said, []
    gone = [each for each in seen if each.slot and each.differs and not each.digits]
    lone = [each for each in seen if each.slot and each.slot.customer_no]
    if cancelled and not gone:
        gone = lone if len(lone) == 1 else []
        unclear = [] if gone else ["勾了销户，未注明是哪一户"]
    elsewhere = {meter.meter_no for each in seen if (meter := _only(paper, each.digits))}
    elsewhere |= {each.slot.meter_no for each in seen if each.slot and each.same}
    rows = []
    for each in seen:
        if each in gone:
            rows.append(_row(each, box, _CANCELLED if cancelled else _MISSING, "" if cancelled else "现场无表"))
        elif each.digits and not (each.slot and each.slot.meter_no.endswith(each.digits)):
            rows += _found(paper, each, box, elsewhere)
        elif each.slot and (each.same or each.differs or each.digits or "tick.same" in said):
            rows.append(_row(each, box, _NORMAL, ""))
    return rows, unclear


def _seen(paper: Paper, index: int, said: Mapping[str, str]) -> Iterator[_Seen]:
    """The slots of the block in the order of the paper."""
    names = [
        name.removeprefix(f"{index}.").rpartition(".")[0] for name in paper.places if name.startswith((f"{index}.slot.", f"{index}.loose."))
    ]
    for name in dict.fromkeys(names):
        spot = next(place.spot for full, place in paper.places.items() if full.startswith(f"{index}.{name}."))
        slot = paper.slot(spot)
        row, column = map(str, spot.slot) if spot.slot else (said.get(f"{name}.row", ""), said.get(f"{name}.column", ""))
        meter = slot if slot is not None and slot.meter_no else None
        yield _Seen(meter, f"{name}.same" in said, f"{name}.differs" in said, said.get(f"{name}.meter", ""), row, column)


def _only(paper: Paper, digits: str) -> Hung | None:
    """The one meter of the sheet's areas whose number ends so."""
    meters = paper.endings.get(digits, []) if len(digits) == LAST_DIGITS else []
    return meters[0] if len(meters) == 1 else None


def _found(paper: Paper, each: _Seen, box: Mapping[str, str], elsewhere: set[str]) -> list[Row]:
    """Another meter than the ledger's sits there, or one where the ledger has none."""
    place = {name: text for name, text in (("meter.slot_row", each.row), ("meter.slot_column", each.column)) if text}
    meter = _only(paper, each.digits)
    if meter is not None:
        note = f"表位手写表号后六位 {each.digits}，台区内只有这一块表如此"
        rows = [{**box, **place, "meter.asset_no": meter.meter_no, "note.verdict": _UNLIKE, "note.remark": note}]
        if each.slot and each.slot.meter_no not in elsewhere:
            rows.append(_row(each, box, _UNLIKE, f"该表位现场是 {meter.meter_no}，台账此处的表没有见到", placed=False))
        return rows
    alike = len(paper.endings.get(each.digits, []))
    note = f"现场表号后六位 {each.digits}" + (f"，台区内有 {alike} 块表如此" if alike else "")
    if each.slot is None:
        return [{**box, **place, "note.verdict": _NEW, "note.remark": note}]
    return [{**box, **place, **_customer(each.slot), "note.verdict": _UNLIKE, "note.remark": f"换表，{note}"}]


def _row(each: _Seen, box: Mapping[str, str], verdict: str, remark: str, *, placed: bool = True) -> Row:
    """A row about the ledger's meter of a slot."""
    slot = each.slot
    row = dict(box)
    if slot is not None:
        row |= {"meter.asset_no": slot.meter_no, **({"meter.bar_code": slot.bar_code} if slot.bar_code else {}), **_customer(slot)}
    if placed and verdict == _NORMAL:
        row |= {name: text for name, text in (("meter.slot_row", each.row), ("meter.slot_column", each.column)) if text}
    return row | {"note.verdict": verdict} | ({"note.remark": remark} if remark else {})


def _customer(slot: Slot) -> Row:
    return {"customer.customer_no": slot.customer_no, "customer.name": slot.customer_name} if slot.customer_no else {}
