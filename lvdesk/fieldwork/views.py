"""Rows of packages, items and sheets as people see them; states are told from what happened."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from lvdesk.fieldwork.choosing import Area
from lvdesk.fieldwork.model import PackageState, PackageView, Reason, SheetState, SheetView

WAITING, OUT, BACK, FREED = "待采录", "在外", "已收回", "未采录"
"""States of an item."""
_RUNNING: Final = {PackageState.OUT, PackageState.PARTLY_BACK}


def state_of(row: Any, items: int, back: int) -> PackageState:
    """Where a package stands: ``row`` of its table, how many things it has and how many of them are back."""
    if row.cancelled:
        return PackageState.CANCELLED
    if row.closed_at is not None:
        return PackageState.CLOSED
    if row.out_at is None:
        return PackageState.PREPARED
    if not back:
        return PackageState.OUT
    return PackageState.BACK if back == items else PackageState.PARTLY_BACK


def item_state(state: PackageState, row: Any) -> str:
    """Where a thing to visit stands."""
    if row.back_at is not None:
        return row.outcome or BACK
    if state is PackageState.PREPARED:
        return WAITING
    return FREED if state in {PackageState.CLOSED, PackageState.CANCELLED} else OUT


def people_in(row: Any) -> tuple[str, ...]:
    """The names of those who go."""
    return tuple(json.loads(row.people))


def reasons_of(text: str) -> tuple[Reason, ...]:
    """The stored reasons of an item."""
    return tuple(Reason(code, words) for code, words in json.loads(text))


def package_view(
    row: Any, counts: tuple[int, int], sheets: Mapping[SheetState, int], areas: Mapping[str, Area], today: date
) -> PackageView:
    """A package for lists; ``counts``: its things to visit and those back."""
    items, back = counts
    state = state_of(row, items, back)
    scope: dict[str, Any] = json.loads(row.scope)
    numbers: list[str] = scope["areas"]
    known = [areas[number] for number in numbers if number in areas]
    late = (today - date.fromisoformat(row.due_on)).days if row.due_on and state in _RUNNING else 0
    return PackageView(
        package_no=row.package_no, title=row.title, state=state, team=row.team, people=people_in(row),
        planned_on=row.planned_on or "", due_on=row.due_on or "", items=items, items_back=back,
        areas=tuple(areas[number].name if number in areas else number for number in numbers),
        feeder_name="、".join(dict.fromkeys(area.feeder_name for area in known if area.feeder_name)), sheets=dict(sheets),
        overdue=max(late, 0), note=row.note, person=row.person, created_at=row.created_at, out_at=row.out_at or "",
        closed_at=row.closed_at or "",
    )  # fmt: skip


def sheet_view(row: Any, package_no: str, titles: Mapping[str, str]) -> SheetView:
    """A sheet; ``titles`` of forms by key."""
    return SheetView(
        sheet_no=row.sheet_no, package_no=package_no, form=row.form, form_title=titles.get(row.form, row.form), page=row.page,
        pages=row.pages, items=len(items_on(row)), state=SheetState(row.state), copies=row.copies, printed_at=row.printed_at or "",
        printed_by=row.printed_by or "", back_at=row.back_at or "", replaced_by=row.replaced_by or "", reason=row.reason,
    )  # fmt: skip


def items_on(row: Any) -> Sequence[tuple[str, str]]:
    """(entity, key) of what stands on a sheet, each once."""
    return list(dict.fromkeys((entity, key) for entity, key in json.loads(row.items)))
