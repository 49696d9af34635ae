"""Collection packages (采录任务包): what one would hold, making them, changing what is said about them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from lvdesk.fieldwork.book import Book, load_book
from lvdesk.fieldwork.details import day_of, due_after, forms_of, people_of, refuse_early
from lvdesk.fieldwork.model import Created, Need, Plan, Request
from lvdesk.fieldwork.numbering import next_package_no
from lvdesk.fieldwork.planning import Planned, held_by, hold_of, planned
from lvdesk.fieldwork.reading import ITEM, PACKAGE, overdue, package_row, packages, show
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

__all__ = ["change", "create", "overdue", "packages", "plan", "show"]

_CHANGED: Final = Changed.PACKAGES | Changed.HISTORY
_PACKAGE: Final = (
    "package_no", "title", "scope", "team", "people", "planned_on", "due_on", "forms", "note", "person", "created_at", "cancelled",
)  # fmt: skip
_ITEM: Final = ("package", "entity", "key", "area_no", "position", "reasons", "held", "outcome")


def plan(ws: Workspace, request: Request, progress: Progress) -> Plan:
    """What ``create`` would make, in walking order.

    Raises:
        RefusedError: ``package.unknown``, ``package.ambiguous``, ``package.scope``, ``package.reason``, ``package.form``.
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it.
    """
    return planned(ws, load_book(ws), request, progress).plan


def create(ws: Workspace, request: Request, progress: Progress) -> Created:
    """Makes the package, or one for each area with ``split``, in one undoable write.

    Raises:
        RefusedError: as ``plan``; ``package.empty`` when nothing needs a visit; ``package.people``, ``package.day``.
        ConflictError: ``package.held`` when somebody else put one of the things into a package in the meantime.
    """
    book = load_book(ws)
    said = _said(book, request)
    found = planned(ws, book, request, progress)
    if not found.parts:
        raise _empty(found)
    with ws.store.write("建立采录任务包") as write:
        _refuse_held(write.connection, found.plan.needs)
        numbers = [next_package_no(write.connection, ws.clock) for _ in found.parts]
        given = {**said, "person": ws.person, "created_at": stamp(ws.clock())}
        rows = [_row(number, part, found, request, given) for number, part in zip(numbers, found.parts, strict=True)]
        ids = write.insert(PACKAGE, _PACKAGE, rows, len(rows))
        items = [row for package, part in zip(ids, found.parts, strict=True) for row in _items(package, part)]
        write.insert(ITEM, _ITEM, items, len(items))
        named = numbers[0] if len(numbers) == 1 else f"{numbers[0]} 至 {numbers[-1]}"
        write.label = f"建立采录任务包 {named}（{len(items):,} 个对象）"
    return Created(tuple(numbers), len(items), found.plan.sheets, write.label, _CHANGED)


def _said(book: Book, request: Request) -> dict[str, Any]:
    """What people said about the package, checked before anything is looked for."""
    planned_on, due_on = day_of(request.planned_on, "计划日期"), day_of(request.due_on, "应回日期")
    refuse_early(planned_on, due_on)
    return {
        "team": request.team.strip(),
        "people": _json(people_of(request.people)),
        "planned_on": planned_on,
        "due_on": due_on or due_after(planned_on, book.days),
        "note": request.note.strip(),
    }


def _row(number: str, part: Sequence[Need], found: Planned, request: Request, given: Mapping[str, Any]) -> tuple[Any, ...]:
    mine = {need.area_no for need in part}
    areas = [area for area in found.areas if area.area_no in mine]
    feeders = list(dict.fromkeys(area.feeder_name for area in areas if area.feeder_name))
    names = [area.name for area in areas]
    usual = names[0] if len(names) == 1 else f"{'、'.join(feeders[:2])}{'等' if len(feeders) > 2 else ''} {len(names)} 个台区"
    scope = {
        "feeder": "、".join(feeders),
        "areas": [area.area_no for area in areas],
        "grid": "",
        "reasons": list(request.reasons),
        "blank_sheets": request.blank_sheets,
    }
    values = {
        **given,
        "package_no": number,
        "title": request.title.strip() or usual.strip(),
        "scope": _json(scope),
        "forms": _json(list(found.forms)),
        "cancelled": 0,
    }
    return tuple(values[name] for name in _PACKAGE)


def _items(package: int, part: Sequence[Need]) -> list[tuple[Any, ...]]:
    return [
        (package, need.entity, need.key, need.area_no or None, place, _json([[r.code, r.text] for r in need.reasons]), hold_of(need), "")
        for place, need in enumerate(part, 1)
    ]


def _refuse_held(connection: Connection, needs: Sequence[Need]) -> None:
    held = held_by(connection)
    taken = [need for need in needs if hold_of(need) in held]
    if taken:
        more = f" 等 {len(taken)} 个对象" if len(taken) > 1 else ""
        message = f"{taken[0].key}{more}已在任务包 {held[hold_of(taken[0])]} 中，本次没有建立任务包"
        raise ConflictError("package.held", message, "请刷新后重新建立")


def _empty(found: Planned) -> RefusedError:
    if found.holders:
        numbers = "、".join(found.holders[:5])
        return RefusedError("package.empty", f"需要采录的对象都已在任务包 {numbers} 中", "请先收回或结束这些任务包")
    why = "；".join(f"{text} {count:,} 个" for text, count in found.plan.left_out)
    message = f"所选范围内没有需要到现场的对象{f'（不再上门：{why}）' if why else ''}"
    return RefusedError("package.empty", message, "请另选线路、台区或采录原因")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def change(ws: Workspace, package_no: str, **given: Any) -> Changed:
    """Changes what is said about an open package in one undoable write.

    Args:
        ws: the station.
        package_no: of the package.
        given: any of team, people, planned_on, due_on, title, note, forms. A due day that followed from the planned day moves with it.

    Raises:
        KnownError: ``package.missing``.
        RefusedError: ``package.state`` when it is closed; ``package.people``, ``package.day``, ``package.form``, ``package.title``.
    """
    book = load_book(ws)
    with ws.store.write(f"修改任务包 {package_no}") as write:
        row = package_row(write.connection, package_no)
        if row.closed_at is not None:
            raise RefusedError("package.state", f"任务包 {row.package_no} 已结束，不能修改", "如需继续使用，请先重新打开")
        write.update(PACKAGE, [Change(row.id, _values(ws, book, row, given))])
        changed = write.changed
    return _CHANGED if changed else Changed.NOTHING


def _values(ws: Workspace, book: Book, row: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: str(given[name]).strip() for name in ("team", "note", "title") if name in given}
    if values.get("title") == "":
        raise RefusedError("package.title", "任务包名称不能为空", "请填写名称")
    if "people" in given:
        people = people_of(given["people"])
        if row.out_at is not None and len(people) < book.people:
            raise RefusedError("package.people", f"任务包已发出，采录人不能少于 {book.people} 人", "请填写全部采录人")
        values["people"] = _json(people)
    if "forms" in given:
        values["forms"] = _json([form.key for form in forms_of(ws, given["forms"])])
    return values | _days(book, row, given)


def _days(book: Book, row: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    planned_on = day_of(given["planned_on"], "计划日期") if "planned_on" in given else row.planned_on
    due_on = day_of(given["due_on"], "应回日期") if "due_on" in given else row.due_on
    if "due_on" not in given and row.due_on in {None, due_after(row.planned_on, book.days)}:
        due_on = due_after(planned_on, book.days)
    refuse_early(planned_on, due_on)
    return {"planned_on": planned_on, "due_on": due_on}
