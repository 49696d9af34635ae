"""What a request comes to before anything is written: things to visit in walking order, counts, what is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.book import Book
from lvdesk.fieldwork.choosing import Area
from lvdesk.fieldwork.details import forms_of
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.model import AreaNeed, Need, Plan, Request
from lvdesk.fieldwork.needs import Gathered, gather
from lvdesk.fieldwork.reading import ITEM, PACKAGE
from lvdesk.fieldwork.walking import walked
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace

_PER: Final = {"meter_box": "box", "access_point": "access_point", "customer": "customer"}


@dataclass(frozen=True)
class Planned:
    """A plan with what making it takes: the needs of each package, the areas, the forms, who holds what is not in it."""

    plan: Plan
    parts: tuple[tuple[Need, ...], ...]
    areas: tuple[Area, ...]
    forms: tuple[str, ...]
    holders: tuple[str, ...]


def planned(ws: Workspace, book: Book, request: Request, progress: Progress) -> Planned:
    """See ``packages.plan``."""
    unknown = [code for code in request.reasons if code not in book.titles]
    if unknown:
        raise RefusedError("package.reason", f"没有采录原因“{unknown[0]}”", f"可用的有：{'、'.join(book.titles)}")
    forms = forms_of(ws, request.forms)
    found = gather(ws, book, request.feeder, request.areas, progress)
    with ws.store.read() as connection:
        held = held_by(connection)
    wanted = [need for need in found.needs if not request.reasons or any(reason.code in request.reasons for reason in need.reasons)]
    taken = [need for need in wanted if hold_of(need) in held]
    free = [need for need in wanted if hold_of(need) not in held]
    order, metres = walked(free, _starts(found.areas), progress)
    needs = tuple(free[index] for index in order)
    parts = _parts(needs, split=request.split)
    sheets = sum(_sheets(book, forms, part, request.blank_sheets) for part in parts)
    left_out = (*found.left_out, *([("已在其他任务包中的对象", len(taken))] if taken else []))
    plan = Plan(needs, _areas(found, needs, taken), _counted(book, needs), left_out, sheets, metres)
    return Planned(plan, parts, found.areas, tuple(form.key for form in forms), tuple(sorted({held[hold_of(need)] for need in taken})))


def hold_of(need: Need) -> str:
    """What keeps a thing from being in two open packages."""
    return f"{need.entity}|{need.key}"


def held_by(connection: Connection) -> dict[str, str]:
    """Hold -> number of the open package that has it."""
    query = select(ITEM.c.held, PACKAGE.c.package_no).join(PACKAGE, PACKAGE.c.id == ITEM.c.package).where(ITEM.c.held.is_not(None))
    return dict(map(tuple, connection.execute(query)))


def _starts(areas: Sequence[Area]) -> dict[str, tuple[float, float]]:
    return {area.area_no: (area.longitude, area.latitude) for area in areas if area.longitude is not None and area.latitude is not None}


def _parts(needs: Sequence[Need], *, split: bool) -> tuple[tuple[Need, ...], ...]:
    """The needs of each package in walking order."""
    parts: dict[str, list[Need]] = {}
    for need in needs:
        parts.setdefault(need.area_no if split else "", []).append(need)
    return tuple(tuple(part) for part in parts.values())


def _counted(book: Book, needs: Sequence[Need]) -> dict[str, int]:
    """Needs by reason, the weightiest first."""
    counts = Counter(code for need in needs for code in {reason.code for reason in need.reasons})
    return {code: counts[code] for code in book.titles if counts[code]}


def _areas(found: Gathered, needs: Sequence[Need], taken: Sequence[Need]) -> tuple[AreaNeed, ...]:
    needed, held = Counter(need.area_no for need in needs), Counter(need.area_no for need in taken)
    nowhere = Counter(need.area_no for need in needs if need.longitude is None or need.latitude is None)
    return tuple(
        AreaNeed(
            area.area_no, area.name, area.feeder_no, area.feeder_name, found.boxes.get(area.area_no, 0), needed[area.area_no],
            held[area.area_no], nowhere[area.area_no],
        )
        for area in found.areas
    )  # fmt: skip


def _sheets(book: Book, forms: Sequence[Form], needs: Sequence[Need], blank: int) -> int:
    """About how many sheets a package takes."""
    areas = len({need.area_no for need in needs})
    counts = Counter(_PER[need.entity] for need in needs) + Counter({"package": 1, "area": areas, "blank": areas * blank})
    return sum(ceil(counts[form.per] / book.per_sheet.get(form.per, 1)) for form in forms)
