"""Keying paper sheets: field by field as on the paper, risky ones twice and blindly, each step undoable."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.keying_finishing import complete, finish
from lvdesk.fieldwork.keying_model import ErrorRate, KeyingSheet, KeyingWaiting, SheetFinished
from lvdesk.fieldwork.keying_sheet import (
    BY,
    DAY,
    KEYED,
    SECOND,
    SETTLED,
    field_of,
    is_risky,
    open_places,
    state_of,
    view,
    waiting_places,
)
from lvdesk.fieldwork.keying_values import day_of, normal
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.reading import PACKAGE, SHEET
from lvdesk.fieldwork.scan_pages import ENTRY, entries_of
from lvdesk.fieldwork.sheet_pages import ELECTRONIC
from lvdesk.fieldwork.sheet_paper import Paper, paper, papers
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

__all__ = ["KeyingSheet", "SheetFinished", "complete", "enter", "error_rates", "finish", "settle", "sheet", "waiting"]

_COLUMNS: Final = ("sheet_no", "place", "value", "how", "score", "first", "first_by", "second", "second_by", "page", "at")
_FOOT: Final = (DAY, BY)


def sheet(ws: Workspace, sheet_no: str, person: str = "") -> KeyingSheet:
    """A sheet to key; with a ``person``, who types it a second time and must not see what the first one typed.

    Raises:
        KnownError: ``sheet.missing``, ``form.version``; RefusedError: ``sheet.paper`` for a workbook.
    """
    with ws.store.read() as connection:
        return view(ws, connection, paper(ws, connection, sheet_no), second=bool(person))


def enter(
    ws: Workspace, sheet_no: str, values: Mapping[str, str], *, second: bool = False, collected_on: str = "", collected_by: str = ""
) -> KeyingSheet:  # fmt: skip
    """Stores what a person typed, in one undoable write; what stands there already is not written again.

    Args:
        ws: the station.
        sheet_no: of the sheet.
        values: place -> text, "" for left empty; a tick is ``1`` or "".
        second: typed blindly by a second person: only risky places count, the first value stays until both agree or one is settled on.
        collected_on: when, as written on the paper; "" says nothing new.
        collected_by: by whom; "" says nothing new.

    Raises:
        KnownError: ``sheet.missing``, ``form.version``, ``keying.place`` for a place the sheet does not have.
        RefusedError: ``keying.same_person`` when the person typed it the first time; ``keying.date``; ``sheet.paper``.
    """
    with ws.store.write(f"录入表单 {sheet_no.strip().upper()}") as write:
        about = paper(ws, write.connection, sheet_no)
        strange = [name for name in values if name not in about.places]
        if strange:
            raise KnownError("keying.place", f"表单 {about.sheet_no} 上没有“{strange[0]}”这一栏", "请重新打开这张表单")
        entries = entries_of(write.connection, [about.sheet_no]).get(about.sheet_no, {})
        meant = {name: normal(field_of(ws, about, name), text) for name, text in values.items()}
        if second:
            _second(ws, write, about, entries, meant)
        else:
            _first(ws, write, about.sheet_no, entries, meant | _foot(collected_on, collected_by))
        if about.row.state == SheetState.BACK and write.changed:
            write.label = f"改录表单 {about.sheet_no}"
    return sheet(ws, about.sheet_no, ws.person if second else "")


def settle(ws: Workspace, sheet_no: str, place: str, value: str) -> KeyingSheet:
    """A person looked at the paper again and decides between two typings; one undoable write.

    Raises:
        KnownError: ``sheet.missing``, ``keying.place``.
    """
    with ws.store.write(f"定夺表单 {sheet_no.strip().upper()} 的两次录入") as write:
        about = paper(ws, write.connection, sheet_no)
        entry = entries_of(write.connection, [about.sheet_no]).get(about.sheet_no, {}).get(place)
        if place not in about.places or entry is None:
            raise KnownError("keying.place", f"表单 {about.sheet_no} 的“{place}”还没有录入", "请重新打开这张表单")
        meant = normal(field_of(ws, about, place), value)
        values: dict[str, Any] = {"value": meant, "how": SETTLED, "at": stamp(ws.clock())}
        if entry.second is None:
            values |= {"second": meant, "second_by": ws.person}
        write.update(ENTRY, [Change(entry.id, values, entry.version)])
    return sheet(ws, about.sheet_no)


def waiting(ws: Workspace) -> list[KeyingWaiting]:
    """Sheets that wait for a person: begun ones with open places, and those whose risky fields nobody typed a second time."""
    titles = {key: form.title for key, form in load_forms(ws.overrides).items()}
    found = []
    with ws.store.read() as connection:
        begun = select(ENTRY.c.sheet_no, func.max(ENTRY.c.at).label("at")).group_by(ENTRY.c.sheet_no)
        moments = {row.sheet_no: row.at for row in connection.execute(begun)}
        out = select(SHEET.c.sheet_no, SHEET.c.form, PACKAGE.c.package_no)
        out = out.join(PACKAGE, PACKAGE.c.id == SHEET.c.package)
        live = (SHEET.c.state != str(SheetState.BACK)) & SHEET.c.replaced_by.is_(None) & (SHEET.c.form != ELECTRONIC)
        rows = [row for row in connection.execute(out.where(live)) if row.sheet_no in moments and row.form in titles]
        entries = entries_of(connection, [row.sheet_no for row in rows])
        sheets = papers(ws, connection, [row.sheet_no for row in rows])
        for row in (row for row in rows if row.sheet_no in sheets):
            about, said = sheets[row.sheet_no], entries[row.sheet_no]
            second = state_of(about, said) == SECOND
            count = len(waiting_places(about, said) if second else open_places(about, said))
            first = next((entry.first_by for entry in said.values() if entry.first_by), "")
            kind = "second" if second else "keying"
            if count:
                found.append(KeyingWaiting(row.sheet_no, row.package_no, titles[row.form], kind, count, first, moments[row.sheet_no]))
    return sorted(found, key=lambda each: (each.kind != "second", each.sheet_no))


def error_rates(ws: Workspace) -> list[ErrorRate]:
    """How often whose typing turned out wrong, of the fields that two persons typed; keyers first."""
    counts: dict[tuple[str, str], list[int]] = {}
    with ws.store.read() as connection:
        for entry in connection.execute(select(ENTRY).where(ENTRY.c.second.is_not(None), ENTRY.c.first.is_not(None))):
            if entry.second != entry.first and entry.how != SETTLED:
                continue
            for role, person, typed in (("keyer", entry.first_by, entry.first), ("verifier", entry.second_by, entry.second)):
                count = counts.setdefault((role, person or ""), [0, 0])
                count[0] += 1
                count[1] += typed != entry.value
    return [ErrorRate(person, role, fields, wrong) for (role, person), (fields, wrong) in sorted(counts.items())]


def _foot(collected_on: str, collected_by: str) -> dict[str, str]:
    """When and by whom, as entries of the sheet's foot."""
    found = {}
    if collected_on.strip():
        day = day_of(collected_on)
        if day is None:
            raise RefusedError("keying.date", f"“{collected_on}”不是日期", "请写成 20261123 这样的 8 位数字")
        found[DAY] = day.isoformat()
    if collected_by.strip():
        found[BY] = collected_by.strip()
    return found


def _first(ws: Workspace, write: Write, sheet_no: str, entries: Mapping[str, Any], values: Mapping[str, str]) -> None:
    moment = stamp(ws.clock())
    fresh, again = [], []
    for place, value in values.items():
        entry = entries.get(place)
        if entry is None:
            fresh.append((sheet_no, place, value, KEYED, None, value, ws.person, None, None, None, moment))
        elif entry.value != value:
            kept = {"value": value, "how": KEYED, "first": value, "first_by": ws.person, "second": None, "second_by": None, "at": moment}
            again.append(Change(entry.id, kept, entry.version))
    write.insert(ENTRY, _COLUMNS, fresh, len(fresh))
    write.update(ENTRY, again)


def _second(ws: Workspace, write: Write, about: Paper, entries: Mapping[str, Any], values: Mapping[str, str]) -> None:
    moment, changes = stamp(ws.clock()), []
    for place, value in values.items():
        entry = entries.get(place)
        if entry is None or not is_risky(about.places[place]):
            continue
        if entry.first_by and entry.first_by == ws.person:
            text = f"{ws.person} 第一遍录入过表单 {about.sheet_no}，第二遍须由另一个人录入"
            raise RefusedError("keying.same_person", text, "请换一位同事登录后复录")
        if entry.second != value:
            first = entry.first if entry.first is not None else entry.value
            changes.append(Change(entry.id, {"first": first, "second": value, "second_by": ws.person, "at": moment}, entry.version))
    write.update(ENTRY, changes)
