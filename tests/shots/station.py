"""The station of the pictures: a real workspace with two weeks of work in it, always the same."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from lvdesk import history
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.kit.table import Query
from lvdesk.ledger import importing
from lvdesk.ledger.model import ImportRequest
from lvdesk.network import browsing, editing
from lvdesk.sample import ledgers
from lvdesk.sample.building import build
from lvdesk.sample.model import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.hostile import FILES
from ui.main_window import MainWindow
from ui.panes import discover

TITLE = "城东供电所"
PERSON, COLLEAGUE = "陈思远", "李海燕"
_CUSTOMERS = 900
_LEFT = 7  # customers that the newer export no longer lists


@dataclass
class Moment:
    """A clock that stands still."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def moment(text: str) -> datetime:
    """A time of November 2026 in China, ``dd HH:MM``."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=timezone(timedelta(hours=8)))


NOW = moment("22 14:32")


@cache
def made() -> SampleStation:
    """The files that the station's people hand over, dirty as they are."""
    return build(Path(tempfile.mkdtemp(prefix="lvdesk-shots-")), customers=_CUSTOMERS)


def desk_files() -> tuple[Path, ...]:
    """The ledgers without what the field brought back."""
    return tuple(path for path in made().files if not path.parent.name.startswith("04"))


@cache
def encrypted() -> Path:
    """A workbook with a password."""
    path = Path(tempfile.mkdtemp(prefix="lvdesk-shots-")) / "10kV旧线（历史）.xlsx"
    path.write_bytes(FILES["encrypted.xlsx"][0]())
    return path


@cache
def _newer_export() -> Path:
    """The first feeder's ledger of a later day; some customers are gone."""
    station = made().station
    feeder = station.feeders[0]
    inside = [customer for customer in station.customers if customer.box.area.feeder is feeder]
    gone = {id(customer) for customer in inside[5 :: max(len(inside) // _LEFT, 1)][:_LEFT]}
    path = Path(tempfile.mkdtemp(prefix="lvdesk-shots-")) / f"{feeder.name}.xlsx"
    ledgers.write(path, replace(station, customers=[each for each in station.customers if id(each) not in gone]), feeder, dirt=True)
    return path


class _Work:
    """What people did, each at a time of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock = Moment(NOW)

    def _open(self, person: str, at: str) -> Workspace:
        self._clock.now = moment(at)
        return Workspace.open(self._folder, person=person, clock=self._clock)

    def take(self, person: str, at: str, *files: Path) -> None:
        """An import."""
        ws = self._open(person, at)
        importing.take(ws, ImportRequest(files), Progress())
        ws.close()

    def undo(self, person: str, at: str) -> None:
        """The last step taken back."""
        ws = self._open(person, at)
        history.undo(ws, None)
        ws.close()

    def backup(self, person: str, at: str) -> None:
        """A backup by hand."""
        ws = self._open(person, at)
        history.backup(ws, None)
        ws.close()

    def address(self, person: str, at: str, row: int) -> None:
        """The address of one customer put right."""
        ws = self._open(person, at)
        source = browsing.table(ws, "customer")
        number = source.ids(Query())[row]
        place = [column.key for column in source.columns].index("address")
        text = source.rows([number])[0].values[place]
        editing.edit(ws, "customer", [editing.Edit(number, "address", f"{text}（东门）")])
        ws.close()


@cache
def _station() -> Path:
    """The workspace after all of it."""
    folder = Path(tempfile.mkdtemp(prefix="lvdesk-shots-")) / TITLE
    work, files = _Work(folder), made().files
    feeders = [path for path in files if path.parent.name.startswith("02")]
    work.take(COLLEAGUE, "20 09:02", files[0])
    work.take(COLLEAGUE, "20 09:12", *feeders[:1])
    work.undo(COLLEAGUE, "20 09:15")
    work.take(PERSON, "21 17:40", *feeders)
    work.backup(PERSON, "21 18:02")
    work.take(PERSON, "22 08:51", next(path for path in files if path.name.startswith("03")))
    work.address(COLLEAGUE, "22 09:20", 18)
    work.address(COLLEAGUE, "22 09:24", 41)
    work.undo(COLLEAGUE, "22 09:25")
    work.take(PERSON, "22 10:26", next(path for path in files if path.parent.name.startswith("04")))
    work.take(PERSON, "22 11:05", _newer_export())
    return folder


def workspace(folder: Path, *, filled: bool = True) -> Workspace:
    """A copy of the station, or a new one of its name."""
    place = folder / TITLE
    if filled:
        shutil.copytree(_station(), place)
    return Workspace.open(place, person=PERSON, clock=Moment(NOW))


def window(folder: Path, page: str, *, filled: bool = True) -> MainWindow:
    """The program's own window over it."""
    shown = MainWindow(workspace(folder, filled=filled), discover(), Settings(folder / "window.json"))
    shown.navigate(page)
    return shown
