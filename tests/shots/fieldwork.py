"""Pictures of the collection page: packages on their way, a new one, sheets as they print, nothing yet, something broken."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lvdesk.fieldwork import moving, packages, register, sheets
from lvdesk.fieldwork.model import PackageState, Request, SheetState
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.ledger import importing
from lvdesk.ledger.model import ImportRequest
from lvdesk.workspace import Workspace
from tests.shots.stage import Scene
from tests.shots.station import COLLEAGUE, PERSON, TITLE, Moment, desk_files, made, moment, window, workspace
from tests.ui.fieldwork.crop_fakes import FakeCrops
from tests.ui.fieldwork.keying_fakes import FakeKeying
from tests.ui.fieldwork.return_fakes import FakeReturns
from tests.ui.fieldwork.return_window import return_window
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


@cache
def _before() -> Path:
    """A station whose teams have not handed anything in."""
    place = Path(tempfile.mkdtemp(prefix="lvdesk-shots-")) / TITLE
    ws = _at(place, "20 09:02")
    importing.take(ws, ImportRequest(desk_files()), Progress())
    ws.close()
    return place


def _handed_in() -> list[Path]:
    """What the field teams brought back."""
    return [path for path in made().files if path.parent.name.startswith("04")]


def _desk(folder: Path) -> MainWindow:
    shutil.copytree(_before(), folder / TITLE)
    ws = Workspace.open(folder / TITLE, person=PERSON, clock=Moment(moment("22 14:32")))
    shown = MainWindow(ws, discover(), Settings(folder / "window.json"))
    shown.navigate("fieldwork", "returns")
    return shown


def _hand_in(widget: QWidget) -> None:
    pane(widget).returns.take(_handed_in())


def _told_apart(widget: QWidget) -> bool:
    desk = pane(widget).returns
    return desk.done is not None and not desk.taking.busy and desk.differences.inspector.view is not None


def _faked(folder: Path, returns: FakeReturns, tab: str = "differences") -> MainWindow:
    keying = FakeKeying(error=returns.error) if returns.found else FakeKeying(list_of=[])
    shown = return_window(folder, returns, keying, FakeCrops())
    pane(shown).returns.show_tab(tab)
    return shown


def _counted_all(widget: QWidget) -> bool:
    desk = pane(widget).returns
    return desk.differences.compared is not None and None not in desk.queue.counts.values()


def _turn(kind: str) -> Callable[[QWidget], None]:
    return lambda widget: pane(widget).returns.queue.turn_to(kind)


def _take(widget: QWidget) -> None:
    pane(widget).returns.take((Path("/交回/外勤一班"),))


def _take_refused(widget: QWidget) -> None:
    _take(widget)
    pane(widget).returns.taking.done.connect(lambda _done: pane(widget).returns.show_tab("files"))


def _pictured(widget: QWidget) -> bool:
    queue = pane(widget).returns.queue
    return queue.pages.picture.shown or queue.photos.card.picture.shown


def _filed(widget: QWidget) -> None:
    queue = pane(widget).returns.queue
    queue.turn_to("photos")
    queue.photos.scope.select("filed")
    queue.photos.refresh()


def _blocked() -> FakeReturns:
    returns = FakeReturns.full()
    returns.error = _LOCKED
    return returns


def _return_scenes() -> Iterator[Scene]:
    """The return desk: nothing yet, the sample station's results, what waits, files that were refused, trouble."""
    waits = lambda folder: _faked(folder, FakeReturns.full(), "queue")  # noqa: E731
    fresh = lambda folder: _faked(folder, FakeReturns.fresh())  # noqa: E731
    shown = lambda widget: pane(widget).returns.drop.isVisible()  # noqa: E731
    said = lambda widget: bool(pane(widget).returns.differences.state.title())  # noqa: E731
    took = lambda widget: pane(widget).returns.done is not None  # noqa: E731
    moving = lambda widget: "行" in pane(widget).returns.strip.doing.text()  # noqa: E731
    yield Scene("returns-loaded", _desk, lambda w: pane(w).returns.drop.isVisible(), _hand_in, _told_apart, readme="returns")
    yield Scene("returns-empty", fresh, shown)
    yield Scene("returns-error", lambda folder: _faked(folder, _blocked()), said, sizes=_NARROW)
    yield Scene("returns-busy", lambda folder: _faked(folder, FakeReturns()), shown, _take, moving, sizes=_NARROW)
    yield Scene("returns-files", fresh, shown, _take_refused, took, sizes=_NARROW)
    yield Scene("returns-pages", waits, _counted_all, _turn("pages"), _pictured)
    yield Scene("returns-photos", waits, _counted_all, _turn("photos"), _pictured)
    yield Scene("returns-filed", waits, _counted_all, _filed, lambda w: pane(w).returns.queue.photos.card.photo is not None, sizes=_NARROW)
    yield Scene("returns-crops", waits, _counted_all, _turn("crops"), lambda w: bool(pane(w).returns.queue.wall.grid.crops), sizes=_NARROW)
    yield Scene("returns-sheets", waits, _counted_all, _turn("sheets"), sizes=_NARROW)


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    yield Scene("fieldwork-loaded", _opened, _listed, _go_late, _late, readme="fieldwork")
    yield Scene("fieldwork-new", _new, _counted, _tick, _planned, readme="package")
    yield Scene("fieldwork-sheets", _sheets, _registered, _a_box_sheet, _page_shown, readme="sheets")
    yield Scene("fieldwork-none", lambda folder: window(folder, "fieldwork"), _said, sizes=_NARROW)
    yield Scene("fieldwork-empty", lambda folder: window(folder, "fieldwork", filled=False), _said)
    yield Scene("fieldwork-error", _broken, _said, sizes=_NARROW)
    yield from _return_scenes()
