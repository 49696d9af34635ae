"""What the collection page asks of the station; heavy modules are loaded with the first question."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lvdesk.fieldwork.model import AreaNeed, Created, PackageDetail, PackageState, PackageView, Plan, Request, SheetState, SheetView
from lvdesk.kit.page import Page, PagePrinter
from lvdesk.kit.progress import Progress

if TYPE_CHECKING:
    from lvdesk.network.changed import Changed
    from lvdesk.workspace import Workspace


@dataclass(frozen=True)
class Listed:
    """All packages, newest first; ``allowed``: what can be done in which states; ``ledger``: whether there is anything to visit at all."""

    packages: Sequence[PackageView]
    allowed: Mapping[str, frozenset[PackageState]]
    ledger: bool


@dataclass(frozen=True)
class FormChoice:
    """A paper form to choose; ``per`` what one block is about, ``per_sheet`` how many of them a sheet holds about."""

    key: str
    title: str
    purpose: str
    per: str
    per_sheet: float
    usual: bool


@dataclass(frozen=True)
class AreaChoice:
    """A transformer area to choose."""

    area_no: str
    name: str
    feeder_no: str
    feeder_name: str


@dataclass(frozen=True)
class Choices:
    """What a new package can be made of; ``days`` from planned to due, ``people`` it takes at least."""

    areas: Sequence[AreaChoice]
    reasons: Mapping[str, str]
    forms: Sequence[FormChoice]
    days: int
    people: int


@dataclass(frozen=True)
class Scope:
    """What there is to visit in the whole station: by area, and by area and reason."""

    areas: Mapping[str, AreaNeed]
    reasons: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Move:
    """Something done with a package; ``items`` (entity, key) where it is about some of them."""

    name: str
    package_no: str
    items: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Paper:
    """Which sheets of a package; none named: all that can be printed."""

    package_no: str
    sheet_nos: tuple[str, ...] = ()


class Services(Protocol):
    """All calls may take long and come on worker threads."""

    def packages(self) -> Listed:
        """All packages with what can be done with them."""

    def show(self, package_no: str) -> PackageDetail:
        """A package with everything in it."""

    def change(self, package_no: str, given: Mapping[str, Any]) -> "Changed":
        """Changes what is said about a package."""

    def move(self, move: Move) -> "Changed":
        """Sends, takes back, closes, calls off, opens again, leaves things out."""

    def choices(self) -> Choices:
        """What new packages can be made of."""

    def scope(self, progress: Progress) -> Scope:
        """What there is to visit."""

    def plan(self, request: Request, progress: Progress) -> Plan:
        """What a request would make."""

    def create(self, request: Request, progress: Progress) -> Created:
        """Makes the packages."""

    def prepare(self, package_no: str, progress: Progress) -> "Changed":
        """Gives the sheets of a package their numbers."""

    def printable(self, package_no: str, progress: Progress) -> tuple[str, ...]:
        """Numbers all sheets of a package; those that would be printed now, in the order of the pile."""

    def sheets(self) -> Sequence[SheetView]:
        """The register of sheets."""

    def sheet_no(self, text: str) -> str:
        """The number in a scanned or typed text."""

    def page(self, sheet_no: str, package_no: str) -> Page:
        """A sheet as it is printed."""

    def mark(self, sheet_nos: Sequence[str], state: SheetState, reason: str) -> "Changed":
        """Says where sheets are."""

    def found(self, sheet_nos: Sequence[str]) -> "Changed":
        """Sheets are out again, or here where their package has not gone out."""

    def replace(self, sheet_nos: Sequence[str], reason: str) -> "Changed":
        """Gives sheets new numbers; the old ones count no more."""

    def print_sheets(self, paper: Paper, path: Path, printer: PagePrinter, progress: Progress) -> tuple[int, "Changed"]:
        """Prints, then marks as printed; the number of sheets."""

    def write_workbook(self, package_no: str, path: Path, progress: Progress) -> "Changed":
        """The package as a workbook for a tablet."""


class StationServices:
    """The real services of one workspace."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def packages(self) -> Listed:
        """See ``Services``."""
        from lvdesk.fieldwork import moving, packages
        from lvdesk.network import counting

        allowed = {name: move.states for name, move in moving.MOVES.items()}
        return Listed(packages.packages(self._workspace), allowed, bool(counting.counts(self._workspace).get("meter_box")))

    def show(self, package_no: str) -> PackageDetail:
        """See ``Services``."""
        from lvdesk.fieldwork import packages

        return packages.show(self._workspace, package_no)

    def change(self, package_no: str, given: Mapping[str, Any]) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import packages

        return packages.change(self._workspace, package_no, **given)

    def move(self, move: Move) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import moving

        ws, number = self._workspace, move.package_no
        match move.name:
            case "send":
                return moving.send(ws, number)
            case "take_back":
                return moving.take_back(ws, number, move.items, move.reason)
            case "close":
                return moving.close(ws, number, move.reason)
            case "cancel":
                return moving.cancel(ws, number, move.reason)
            case "drop":
                return moving.drop(ws, number, move.items)
            case _:
                return moving.reopen(ws, number)

    def choices(self) -> Choices:
        """See ``Services``."""
        from lvdesk.fieldwork import book, choosing
        from lvdesk.fieldwork.forms import loading

        ws = self._workspace
        rules = book.load_book(ws)
        with ws.store.read() as connection:
            areas = [AreaChoice(each.area_no, each.name, each.feeder_no, each.feeder_name) for each in choosing.all_areas(connection)]
        forms = [
            FormChoice(form.key, form.title, PURPOSES.get(form.per, ""), form.per, rules.per_sheet.get(form.per, 1), form.usual)
            for form in loading.load_forms(ws.overrides).values()
        ]
        return Choices(areas, rules.titles, forms, rules.days, rules.people)

    def scope(self, progress: Progress) -> Scope:
        """See ``Services``."""
        from lvdesk.fieldwork import book, choosing, needs, planning

        ws = self._workspace
        with ws.store.read() as connection:
            held = planning.held_by(connection)
            numbers = [area.area_no for area in choosing.all_areas(connection)]
        if not numbers:
            return Scope({}, {})
        found = needs.gather(ws, book.load_book(ws), "", numbers, progress)
        free = [need for need in found.needs if planning.hold_of(need) not in held]
        taken = Counter(need.area_no for need in found.needs if planning.hold_of(need) in held)
        needed, reasons = Counter(need.area_no for need in free), dict[str, Counter[str]]()
        nowhere = Counter(need.area_no for need in free if need.longitude is None or need.latitude is None)
        for need in free:
            reasons.setdefault(need.area_no, Counter()).update({reason.code for reason in need.reasons})
        areas = {
            area.area_no: AreaNeed(
                area.area_no, area.name, area.feeder_no, area.feeder_name, found.boxes.get(area.area_no, 0),
                needed[area.area_no], taken[area.area_no], nowhere[area.area_no],
            )
            for area in found.areas
        }  # fmt: skip
        return Scope(areas, reasons)

    def plan(self, request: Request, progress: Progress) -> Plan:
        """See ``Services``."""
        from lvdesk.fieldwork import packages

        return packages.plan(self._workspace, request, progress)

    def create(self, request: Request, progress: Progress) -> Created:
        """See ``Services``."""
        from lvdesk.fieldwork import packages

        return packages.create(self._workspace, request, progress)

    def prepare(self, package_no: str, progress: Progress) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import sheets

        return sheets.prepare(self._workspace, package_no, progress)

    def printable(self, package_no: str, progress: Progress) -> tuple[str, ...]:
        """See ``Services``."""
        from lvdesk.fieldwork import packages, sheets
        from lvdesk.fieldwork.sheet_pages import ELECTRONIC

        sheets.prepare(self._workspace, package_no, progress)
        aside = {SheetState.REPLACED, SheetState.BACK}
        found = [each for each in packages.show(self._workspace, package_no).sheets if each.state not in aside and each.form != ELECTRONIC]
        return tuple(each.sheet_no for each in sorted(found, key=lambda each: (each.page, each.sheet_no)))

    def sheets(self) -> Sequence[SheetView]:
        """See ``Services``."""
        from lvdesk.fieldwork import register

        return register.sheets(self._workspace)

    def sheet_no(self, text: str) -> str:
        """See ``Services``."""
        from lvdesk.fieldwork.forms import payload

        said = text.strip()
        return payload.decode(said).sheet_no if ":" in said else said.upper()

    def page(self, sheet_no: str, package_no: str) -> Page:
        """See ``Services``."""
        from lvdesk.fieldwork import sheets

        return next(iter(sheets.pages(self._workspace, package_no, (sheet_no,))))

    def mark(self, sheet_nos: Sequence[str], state: SheetState, reason: str) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import register

        return register.mark(self._workspace, list(sheet_nos), state, reason)

    def found(self, sheet_nos: Sequence[str]) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import packages, register
        from lvdesk.network.changed import Changed

        gone = {view.package_no for view in packages.packages(self._workspace) if view.out_at}
        changed = Changed.NOTHING
        for state, away in ((SheetState.OUT, True), (SheetState.PRINTED, False)):
            mine = [number for number in sheet_nos if (number.rpartition("-")[0] in gone) is away]
            changed |= register.mark(self._workspace, mine, state) if mine else Changed.NOTHING
        return changed

    def replace(self, sheet_nos: Sequence[str], reason: str) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import register

        return register.replace(self._workspace, list(sheet_nos), reason)

    def print_sheets(self, paper: Paper, path: Path, printer: PagePrinter, progress: Progress) -> tuple[int, "Changed"]:
        """See ``Services``."""
        from lvdesk.fieldwork import sheets

        printed = sheets.print_sheets(self._workspace, paper.package_no, path, printer, progress, paper.sheet_nos)
        return len(printed.sheets), printed.changed

    def write_workbook(self, package_no: str, path: Path, progress: Progress) -> "Changed":
        """See ``Services``."""
        from lvdesk.fieldwork import electronic

        return electronic.write_workbook(self._workspace, package_no, path, progress).changed


PURPOSES: Mapping[str, str] = {
    "package": "表单清单、领取和收回签字",
    "area": "走访顺序和示意图",
    "box": "逐箱核对条码、位置、表位和电能表",
    "access_point": "核对箱挂在哪个设备上",
    "customer": "台账没有登记计量箱的用户",
    "blank": "台账上没有、现场已用电的用户",
}
