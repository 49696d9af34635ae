"""A sheet as the keying screen shows it: fields in the order of the paper, what stands there, what is still wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.forms.model import Content
from lvdesk.fieldwork.keying_model import KeyingBlock, KeyingField, KeyingSheet, KeyKind
from lvdesk.fieldwork.keying_values import DEGREES, wrong
from lvdesk.fieldwork.scan_pages import entries_of
from lvdesk.fieldwork.scan_places import kind_of_thing, title_of
from lvdesk.fieldwork.scanning.places import Place
from lvdesk.fieldwork.sheet_paper import Paper
from lvdesk.network.identifiers import BARCODE_LENGTH
from lvdesk.network.returns import ScannedPage
from lvdesk.workspace import Workspace

DAY, BY = "sheet.date", "sheet.collector"
"""Places of the sheet's foot: when and by whom it was filled in."""
KEYED, SETTLED, TICK = "keyed", "settled", "tick"
"""How a value came: typed from the paper, decided between two typings, read from a picture."""
OPEN, SECOND, DONE = "open", "second", "done"
"""Where keying a sheet stands."""
_READ: Final = "read"
_BACK: Final = "back"
_RISKY: Final = frozenset(
    {"meter.bar_code", "meter.asset_no", "meter_box.bar_code", "meter_box.asset_no", "meter_box.device_type", "meter_box.device_name",
     "meter_box.access_point_no", "access_point.device_type", "access_point.device_name"}
)  # fmt: skip
"""Numbers that name a thing, and where it hangs: one wrong digit is another thing."""
_TOGETHER: Final = frozenset({"cancelled", "new", "other_slot", "other_area", "defect", "differs"})
"""Verdicts of one row of boxes that may stand beside each other; any other stands alone."""
_VERDICTS: Final = "tick"


def is_risky(place: Place) -> bool:
    """Whether a wrong value there would name another thing."""
    return place.spot.field in _RISKY and not (place.spot.slot is not None and place.spot.kind == "tick")


def needs_second(place: Place, entry: Any) -> bool:
    """Whether a second person must type what stands there: risky, written by hand, and typed by one person only."""
    return is_risky(place) and entry is not None and entry.value != "" and entry.how != TICK and entry.second is None


def differs(entry: Any) -> bool:
    """Whether two persons read it differently and nobody decided."""
    return entry is not None and entry.second is not None and entry.how != SETTLED and entry.second != entry.first


def waiting_places(paper: Paper, entries: Mapping[str, Any]) -> list[str]:
    """Places that must be typed a second time, or decided, before the sheet's results are taken."""
    return [name for name, place in paper.places.items() if needs_second(place, entries.get(name)) or differs(entries.get(name))]


def open_places(paper: Paper, entries: Mapping[str, Any]) -> list[str]:
    """Places nobody said anything about."""
    return [name for name in paper.places if name not in entries]


def state_of(paper: Paper, entries: Mapping[str, Any]) -> str:
    """Where keying the sheet stands."""
    if paper.row.state == _BACK:
        return DONE
    return SECOND if entries and not open_places(paper, entries) and waiting_places(paper, entries) else OPEN


def view(ws: Workspace, connection: Connection, paper: Paper, *, second: bool) -> KeyingSheet:
    """The sheet for a person; ``second`` without what the first one typed."""
    entries = entries_of(connection, [paper.sheet_no]).get(paper.sheet_no, {})
    page = connection.execute(
        select(ScannedPage.id).where(ScannedPage.sheet_no == paper.sheet_no, ScannedPage.state == _READ).order_by(ScannedPage.id.desc())
    ).scalar()
    fields = tuple(_field(ws, paper, place, entries, page) for place in paper.places.values())
    shown = tuple(_blind(each, entries.get(each.place)) for each in fields) if second else fields
    said = {place: entries[place].value for place in (DAY, BY) if place in entries}
    return KeyingSheet(
        sheet_no=paper.sheet_no, package_no=paper.row.package_no, form_key=paper.form.key, form_title=paper.form.title,
        state=state_of(paper, entries), blocks=tuple(_block(ws, paper, index) for index in range(len(paper.contents))), fields=shown,
        people=tuple(paper.records.people), collected_on=said.get(DAY, ""), collected_by=said.get(BY, ""),
        problems=tuple(_problems(fields, entries, second=second)),
    )  # fmt: skip


def field_of(ws: Workspace, paper: Paper, name: str) -> KeyingField:
    """One place, for checking what was typed there."""
    return _field(ws, paper, paper.places[name], {}, None)


def _field(ws: Workspace, paper: Paper, place: Place, entries: Mapping[str, Any], page: int | None) -> KeyingField:
    spot, entry = place.spot, entries.get(place.spot.name)
    return KeyingField(
        place=spot.name, block=spot.block, kind=_kind(place), title=title_of(ws, place), field=spot.field, slot=spot.slot,
        length=spot.count if spot.kind == "comb" else 0, choices=(), exclusive=_exclusive(paper, spot.name), ledger=paper.ledger(spot),
        value=entry.value if entry is not None else None, how=entry.how if entry is not None else "",
        risky=is_risky(place), verified=entry is not None and entry.second is not None and not differs(entry),
        page=(entry.page if entry is not None and entry.page else page),
    )  # fmt: skip


def _blind(field: KeyingField, entry: Any) -> KeyingField:
    """Neither the first value nor what would suggest one."""
    mine = entry.second if entry is not None else None
    return replace(field, ledger="", value=mine, how=KEYED if mine is not None else "") if field.risky else field


def _kind(place: Place) -> KeyKind:
    spot = place.spot
    if spot.kind == "tick":
        return "tick"
    if spot.kind == "cell":
        return "text"
    name = spot.field.rpartition(".")[2]
    if name in DEGREES:
        return "number"
    if name == "collected_on":
        return "date"
    return "barcode" if spot.count == BARCODE_LENGTH else "digits"


def _exclusive(paper: Paper, name: str) -> tuple[str, ...]:
    """Boxes that cannot be ticked together with this one."""
    if paper.places[name].spot.kind != "tick":
        return ()
    row, _, mine = name.rpartition(".")
    others = [each for each in paper.places if each.rpartition(".")[0] == row and each != name and paper.places[each].spot.kind == "tick"]
    if row.rpartition(".")[2] == _VERDICTS and mine in _TOGETHER:
        others = [each for each in others if each.rpartition(".")[2] not in _TOGETHER]
    return tuple(others)


def _block(ws: Workspace, paper: Paper, index: int) -> KeyingBlock:
    content = paper.contents[index]
    values = content.values
    if not content.key or content.entity == "transformer_area":
        heading = values.get("loose") or f"空白栏 {index + 1}"
    else:
        number = values.get(f"{content.entity}.bar_code") or content.key
        heading = f"{kind_of_thing(ws, content.entity)} {number}"
    return KeyingBlock(index, content.entity, content.key, heading, tuple(line for line in _lines(content) if line))


def _lines(content: Content) -> list[str]:
    values = content.values
    counted = () if content.entity == "customer" else (("customers", "户"), ("meters", "表"))
    counts = [f"{values[name]} {unit}" for name, unit in counted if values.get(name)]
    area = " ".join(filter(None, (values.get("transformer_area.name"), values.get("transformer_area.area_no"))))
    where = values.get("meter_box.location") or values.get("customer.address") or values.get("access_point.name") or ""
    return [values.get("customer.name", ""), where, " · ".join(filter(None, (area, " ".join(counts))))]


def _problems(fields: Sequence[KeyingField], entries: Mapping[str, Any], *, second: bool) -> list[tuple[str, str]]:
    found = []
    for field in fields:
        entry = entries.get(field.place)
        if differs(entry):
            found.append((field.place, "两次录入不一致，请看纸面后定夺"))
        elif field.value and not second and (why := wrong(field, field.value)):
            found.append((field.place, why))
    ticked = {field.place for field in fields if field.kind == "tick" and field.value}
    found += [
        (field.place, "与同一行的其他勾选矛盾，请看纸面改正")
        for field in fields
        if field.place in ticked and not ticked.isdisjoint(field.exclusive)
    ]
    return found
