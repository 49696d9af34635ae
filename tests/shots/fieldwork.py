"""Pictures of the collection page: packages on their way, a new one, sheets as they print, nothing yet, something broken."""

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lvdesk.fieldwork import moving, packages, register, sheets
from lvdesk.fieldwork.model import PackageState, Request, SheetState
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.workspace import Workspace
from tests.shots.stage import Scene
from tests.shots.station import COLLEAGUE, PERSON, TITLE, Moment, moment, window, workspace
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.base import Context
from ui.panes.fieldwork.loading import Choices, Listed, StationServices
from ui.panes.fieldwork.pane import FieldworkPane as RealPane
from ui.printing.pdf import write_pdf

_NARROW = ((1366, 768),)
_LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
_TEAMS = (("外勤一班", ("王建国", "周志强")), ("外勤二班", ("李海燕", "沈国平")), ("外勤一班", ("赵明", "钱伟")), ("", ()))
_LEAST = 6  # things to visit in a package that is worth a picture
_SENT, _BACK = "11 08:10", "18 17:05"


class FieldworkPane(RealPane):
    """The collection page when the database does not answer."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _NoFieldwork(context.workspace))


class _NoFieldwork(StationServices):
    def packages(self) -> Listed:
        raise _LOCKED

    def choices(self) -> Choices:
        raise _LOCKED


def pane(widget: QWidget) -> RealPane:
    """The collection page of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("fieldwork")
    assert isinstance(found, RealPane)
    return found


def _at(folder: Path, text: str, person: str = PERSON) -> Workspace:
    return Workspace.open(folder, person=person, clock=Moment(moment(text)))


@cache
def _station() -> Path:
    """A station with packages of four areas: one overdue, one out, one printed, one just made."""
    folder = Path(tempfile.mkdtemp(prefix="lvdesk-shots-"))
    ws = workspace(folder)
    areas = [area.area_no for area in StationServices(ws).choices().areas]
    ws.close()
    place = folder / TITLE
    days = ("10 16:20", "19 09:00", "22 09:30", "22 14:02")
    made: list[str] = []
    wanted = iter(areas)
    for when, (team, people) in zip(days, _TEAMS, strict=True):
        ws = _at(place, when, COLLEAGUE if when == days[1] else PERSON)
        while True:
            request = Request(areas=(next(wanted),), team=team, people=people, planned_on=f"2026-11-{int(when[:2]) + 1}")
            if len(packages.plan(ws, request, Progress()).needs) >= _LEAST:
                made += packages.create(ws, request, Progress()).package_nos
                break
        ws.close()
    for number, when in zip(made[:3], ("10 16:40", "19 09:20", "22 10:00"), strict=True):
        ws = _at(place, when)
        sheets.print_sheets(ws, number, folder / "sheets.pdf", write_pdf, Progress())
        ws.close()
    for number, when in zip(made[:2], (_SENT, "20 08:05"), strict=True):
        ws = _at(place, when)
        moving.send(ws, number)
        ws.close()
    ws = _at(place, _BACK, COLLEAGUE)
    detail = packages.show(ws, made[0])
    done = [(item.entity, item.key) for item in detail.items][: max(len(detail.items) * 2 // 3, 1)]
    moving.take_back(ws, made[0], done)
    numbers = [sheet.sheet_no for sheet in detail.sheets]
    register.mark(ws, numbers[: max(len(numbers) * 2 // 3, 1)], SheetState.BACK)
    register.mark(ws, numbers[-1:], SheetState.MISSING, "现场丢失")
    ws.close()
    return place


def _opened(folder: Path) -> MainWindow:
    shutil.copytree(_station(), folder / TITLE)
    ws = Workspace.open(folder / TITLE, person=PERSON, clock=Moment(moment("22 14:32")))
    made = MainWindow(ws, discover(), Settings(folder / "window.json"))
    made.navigate("fieldwork", ("state", "all"))
    return made


def _new(folder: Path) -> MainWindow:
    made = window(folder, "fieldwork")
    made.navigate("fieldwork", "new")
    return made


def _sheets(folder: Path) -> MainWindow:
    made = _opened(folder)
    made.navigate("fieldwork", "sheets")
    return made


def _broken(folder: Path) -> MainWindow:
    made = MainWindow(workspace(folder), (FieldworkPane,), Settings(folder / "window.json"))
    made.navigate("fieldwork")
    return made


def _listed(widget: QWidget) -> bool:
    return pane(widget).packages.inspector.detail is not None and pane(widget).packages.items.model.row(0) is not None


def _go_late(widget: QWidget) -> None:
    pane(widget).packages.table.find_marked(1)


def _late(widget: QWidget) -> bool:
    detail = pane(widget).packages.inspector.detail
    return detail is not None and detail.view.state is PackageState.PARTLY_BACK


def _counted(widget: QWidget) -> bool:
    return pane(widget).new.scope is not None


def _tick(widget: QWidget) -> None:
    new = pane(widget).new
    needed = new.scope.areas if new.scope is not None else {}
    numbers = [area.area_no for area in new.picks.areas.shown() if needed[area.area_no].needed]
    new.picks.areas.tick(numbers[:3], on=True)
    new.form.lines["people"].setText("王建国 周志强")
    new.form.lines["team"].setText("外勤一班")


def _planned(widget: QWidget) -> bool:
    return pane(widget).new.plan.make.isEnabled()


def _registered(widget: QWidget) -> bool:
    return pane(widget).sheets.table.model.row(0) is not None


def _a_box_sheet(widget: QWidget) -> None:
    found = pane(widget).sheets.found or {}
    pane(widget).sheets.find_sheet(
        next(no for no, sheet in found.items() if sheet.form == "box_collection" and sheet.state is SheetState.OUT)
    )


def _page_shown(widget: QWidget) -> bool:
    card = pane(widget).sheets.card
    return card.sheet is not None and card.sheet.form == "box_collection" and card.preview.isVisible()


def _said(widget: QWidget) -> bool:
    return bool(pane(widget).packages.state.title())


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    yield Scene("fieldwork-loaded", _opened, _listed, _go_late, _late, readme="fieldwork")
    yield Scene("fieldwork-new", _new, _counted, _tick, _planned, readme="package")
    yield Scene("fieldwork-sheets", _sheets, _registered, _a_box_sheet, _page_shown, readme="sheets")
    yield Scene("fieldwork-none", lambda folder: window(folder, "fieldwork"), _said, sizes=_NARROW)
    yield Scene("fieldwork-empty", lambda folder: window(folder, "fieldwork", filled=False), _said)
    yield Scene("fieldwork-error", _broken, _said, sizes=_NARROW)
