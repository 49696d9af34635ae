"""A stage's list as a workbook for colleagues without the program, and their decisions taken back with the same checks as at the desk."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.kit.table import Query
from lvdesk.review import book_sheet, browsing, gathering, items
from lvdesk.review.book_reading import rows_of
from lvdesk.review.book_taking import BookTaken, RowRefused, Taking
from lvdesk.review.model import STATE_TITLES, ItemView, State
from lvdesk.security import people
from lvdesk.workspace import Workspace

__all__ = ["BookTaken", "RowRefused", "take_book", "write_book"]

_PERMISSIONS: Final = {State.MARKETING: "review.marketing", State.OPERATIONS: "review.operations"}
_PIECE: Final = 2_000


def write_book(ws: Workspace, path: Path, stage: str, ids: Sequence[int] | None = None, progress: Progress | None = None) -> int:
    """Writes the list of a stage, or those of it with these ids in this order; gives the number of rows.

    Raises:
        RefusedError: ``review.stage`` for a stage that is not decided by people with a role, ``review.nothing`` for an empty list.
        KnownError: ``file.in_use``, ``file.not_writable``.
        Cancelled: nothing was written.
    """
    progress = progress or Progress()
    if stage not in set(_PERMISSIONS):
        named = "、".join(f"{each}（{STATE_TITLES[each]}）" for each in _PERMISSIONS)
        raise RefusedError("review.stage", f"“{stage}”的事项不能导出给同事确认", f"可以导出的有：{named}")
    there = browsing.table(ws, browsing.Scope(stage, own=True)).ids(Query())
    known = set(there)
    wanted = list(there) if ids is None else [number for number in dict.fromkeys(ids) if number in known]
    if not wanted:
        raise RefusedError("review.nothing", f"没有“{STATE_TITLES[State(stage)]}”的事项可以导出", "请刷新列表后再选")
    progress.start("正在写复核清单", len(wanted), "项")
    book_sheet.write(path, _head(ws, State(stage)), _views(ws, wanted, progress), len(wanted))
    return len(wanted)


def _head(ws: Workspace, stage: State) -> book_sheet.Head:
    may = [each for each in people.people(ws.store, ws.overrides) if each.active]
    deciders = [each.name for each in may if _PERMISSIONS[stage] in people.actions(ws.store, ws.overrides, each.name)]
    moment = stamp(ws.clock())[:16].replace("T", " ")
    return book_sheet.Head(ws.title, stage, STATE_TITLES[stage], moment, ws.person, deciders)


def _views(ws: Workspace, ids: Sequence[int], progress: Progress) -> Iterator[ItemView]:
    for start in range(0, len(ids), _PIECE):
        yield from items.briefs(ws, ids[start : start + _PIECE])
        progress.step(len(ids[start : start + _PIECE]))


def take_book(ws: Workspace, path: Path, progress: Progress) -> BookTaken:
    """Takes the decisions of a filled workbook: each in the name of the person it names, checked as if he sat at the desk.

    Every person's decisions of one kind are one undoable write. A row that cannot be taken is told, the others are.

    Raises:
        KnownError: ``review.not_a_book``, or ``file.…`` when it cannot be read.
        Cancelled: nothing was written.
    """
    rows = rows_of(path, progress)
    changed = gathering.refresh(ws, progress)
    taking = Taking(ws, path.name, rows)
    for (person, action), group in taking.groups(rows).items():
        taking.decide(person, action, group, progress)
    return taking.result(len(rows), changed)
