"""A station's collection work without a database: four packages in four states, their sheets, two areas left to do."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lvdesk.fieldwork.model import (
    AreaNeed,
    Created,
    ItemView,
    Need,
    PackageDetail,
    PackageState,
    PackageView,
    Plan,
    Reason,
    Request,
    SheetState,
    SheetView,
)
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.page import Page, PagePrinter, TextBox
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.panes.fieldwork.loading import AreaChoice, Choices, FormChoice, Listed, Move, Paper, Scope

AT = "2026-11-22T10:26:00+00:00"
REASONS = {"never_collected": "从未现场采录", "no_coordinates": "没有坐标", "slots": "表位不符"}
FORMS = (
    FormChoice("cover", "采录任务包", "表单清单、领取和收回签字", "package", 1, usual=True),
    FormChoice("box_collection", "计量箱现场采录表", "逐箱核对", "box", 4, usual=True),
    FormChoice("new_account", "新增用户采录表", "台账上没有的用户", "blank", 1, usual=False),
)
AREAS = tuple(
    AreaChoice(number, name, feeder, name_of)
    for number, name, feeder, name_of in (
        ("A1", "文晖路1#公变", "F1", "10kV文一线"), ("A2", "文晖路2#公变", "F1", "10kV文一线"),
        ("A3", "临江1#公变", "F2", "10kV临江线"),
    )
)  # fmt: skip
_NEEDED = {"A1": 12, "A2": 5, "A3": 0}
ALLOWED = {
    "send": frozenset({PackageState.PREPARED}),
    "take_back": frozenset({PackageState.OUT, PackageState.PARTLY_BACK, PackageState.BACK}),
    "close": frozenset({PackageState.OUT, PackageState.PARTLY_BACK, PackageState.BACK}),
    "cancel": frozenset({PackageState.PREPARED, PackageState.OUT}),
    "reopen": frozenset({PackageState.CLOSED, PackageState.CANCELLED}),
    "drop": frozenset({PackageState.PREPARED, PackageState.OUT, PackageState.PARTLY_BACK}),
}
CHANGED = Changed.PACKAGES | Changed.HISTORY


def package(number: str, state: PackageState, **changes: Any) -> PackageView:
    """A package of three boxes."""
    values: dict[str, Any] = {
        "package_no": number, "title": "文晖路1#公变", "state": state, "team": "外勤一班", "people": ("王建国", "周志强"),
        "planned_on": "2026-11-23", "due_on": "2026-11-30", "items": 3, "items_back": 0, "areas": ("文晖路1#公变",),
        "feeder_name": "10kV文一线", "sheets": {}, "overdue": 0, "note": "", "person": "陈思远", "created_at": AT,
    }  # fmt: skip
    return PackageView(**(values | changes))


def sheet(package_no: str, place: int, state: SheetState, **changes: Any) -> SheetView:
    """A sheet of boxes."""
    values: dict[str, Any] = {
        "sheet_no": f"{package_no}-{place:03d}", "package_no": package_no, "form": "box_collection", "form_title": "计量箱现场采录表",
        "page": place, "pages": 3, "items": 4, "state": state, "copies": int(state is not SheetState.PREPARED),
        "printed_at": "" if state is SheetState.PREPARED else AT, "printed_by": "", "back_at": "", "replaced_by": "", "reason": "",
    }  # fmt: skip
    return SheetView(**(values | changes))


@dataclass
class FakeFieldwork:
    """Services whose answers the test sets; ``hold`` keeps plans waiting until set."""

    packs: dict[str, PackageView] = field(default_factory=dict)
    register: dict[str, SheetView] = field(default_factory=dict)
    error: Exception | None = None
    ledger: bool = True
    moves: list[Move] = field(default_factory=list)
    changes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    replaced: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    printed: list[tuple[Paper, Path]] = field(default_factory=list)
    workbooks: list[Path] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()
        made = (
            package("CL261122-04", PackageState.PREPARED, people=("王建国",)),
            package("CL261122-03", PackageState.OUT, sheets={SheetState.OUT: 3}, out_at=AT, title="文晖路2#公变"),
            package("CL261110-02", PackageState.PARTLY_BACK, items_back=1, due_on="2026-11-17", overdue=5, out_at=AT),
            package("CL261101-01", PackageState.CLOSED, items_back=3, out_at=AT, closed_at=AT),
        )
        self.packs = self.packs or {view.package_no: view for view in made}
        states = (SheetState.OUT, SheetState.OUT, SheetState.MISSING)
        sheets = [sheet("CL261122-03", place, state) for place, state in enumerate(states, 1)]
        sheets.append(sheet("CL261110-02", 1, SheetState.BACK, back_at=AT, changed_since=True))
        self.register = self.register or {each.sheet_no: each for each in sheets}

    def packages(self) -> Listed:
        if self.error:
            raise self.error
        return Listed(list(self.packs.values()), ALLOWED, self.ledger)

    def show(self, package_no: str) -> PackageDetail:
        view = self.packs[package_no]
        state = {PackageState.PREPARED: "待采录", PackageState.CLOSED: "已收回"}.get(view.state, "在外")
        items = tuple(
            ItemView(place, "meter_box", "计量箱", place, f"0000000000000{place}", "A1", "文晖路1#公变", f"文晖路 {place} 号",
                     (Reason("never_collected", "从未现场采录"),), "已收回" if place <= view.items_back else state)
            for place in range(1, view.items + 1)
        )  # fmt: skip
        return PackageDetail(view, items, tuple(self._of(package_no)), ("cover", "box_collection"))

    def change(self, package_no: str, given: Mapping[str, Any]) -> Changed:
        self.changes.append((package_no, dict(given)))
        plain = {key: value for key, value in given.items() if key != "forms"}
        self.packs[package_no] = replace(self.packs[package_no], **plain)
        return CHANGED

    def move(self, move: Move) -> Changed:
        view = self.packs[move.package_no]
        if move.name == "send" and len(view.people) < 2:
            raise RefusedError("package.people", "采录人不足两名", "请填写采录人后再发出")
        self.moves.append(move)
        state = {"send": PackageState.OUT, "close": PackageState.CLOSED, "cancel": PackageState.CANCELLED}.get(move.name, view.state)
        if move.name == "take_back":
            state = PackageState.BACK
        self.packs[move.package_no] = replace(view, state=state, items_back=view.items if state is PackageState.BACK else view.items_back)
        return CHANGED

    def choices(self) -> Choices:
        if self.error:
            raise self.error
        return Choices(AREAS if self.ledger else (), REASONS, FORMS, 7, 2)

    def scope(self, progress: Progress) -> Scope:
        plan = self.plan(Request(areas=tuple(_NEEDED)), progress)
        return Scope({area.area_no: area for area in plan.areas}, {number: {"never_collected": count} for number, count in _NEEDED.items()})

    def plan(self, request: Request, progress: Progress) -> Plan:
        progress.start("正在查找", 5, "步")
        while not self.hold.wait(0.01):
            progress.check()
        needs = tuple(
            Need("meter_box", f"{number}-{place}", number, (Reason("never_collected", "从未现场采录"),), longitude=120.0, latitude=30.0)
            for number in request.areas
            for place in range(_NEEDED[number])
        )
        if request.reasons and "never_collected" not in request.reasons:
            needs = ()
        held = {"A3": 4}
        areas = tuple(
            AreaNeed(area.area_no, area.name, area.feeder_no, area.feeder_name, 20,
                     sum(need.area_no == area.area_no for need in needs), held.get(area.area_no, 0), 1)
            for area in AREAS if area.area_no in request.areas
        )  # fmt: skip
        reasons = {"never_collected": len(needs)} if needs else {}
        return Plan(needs, areas, reasons, (("三天内已采录", 3),), 6, 1234.0)

    def create(self, request: Request, progress: Progress) -> Created:
        self.requests.append(request)
        number = "CL261122-05"
        self.packs = {number: package(number, PackageState.PREPARED, people=request.people), **self.packs}
        return Created((number,), 12, 6, "建立采录任务包", CHANGED)

    def prepare(self, package_no: str, progress: Progress) -> Changed:
        self.prepared.append(package_no)
        if self._of(package_no):
            return Changed.NOTHING
        made = [sheet(package_no, place, SheetState.PREPARED) for place in range(1, 4)]
        self.register |= {each.sheet_no: each for each in made}
        self.packs[package_no] = replace(self.packs[package_no], sheets={SheetState.PREPARED: 3})
        return CHANGED

    def printable(self, package_no: str, progress: Progress) -> tuple[str, ...]:
        self.prepare(package_no, progress)
        return tuple(each.sheet_no for each in self._of(package_no))

    def found(self, sheet_nos: Sequence[str]) -> Changed:
        return self.mark(sheet_nos, SheetState.OUT, "")

    def sheets(self) -> Sequence[SheetView]:
        if self.error:
            raise self.error
        return list(self.register.values())

    def sheet_no(self, text: str) -> str:
        if text.startswith("LV:"):
            raise KnownError("form.code", "二维码已损坏，或不是本软件的表单", "请按编号录入")
        return text.strip().upper()

    def page(self, sheet_no: str, package_no: str) -> Page:
        return Page(297, 210, (TextBox(20, 20, 200, 20, sheet_no, 20),), sheet_no)

    def mark(self, sheet_nos: Sequence[str], state: SheetState, reason: str) -> Changed:
        for number in sheet_nos:
            self.register[number] = replace(self.register[number], state=state, reason=reason)
        return CHANGED

    def replace(self, sheet_nos: Sequence[str], reason: str) -> Changed:
        self.replaced.append((tuple(sheet_nos), reason))
        for number in sheet_nos:
            self.register[number] = replace(self.register[number], state=SheetState.REPLACED, reason=reason)
        return CHANGED

    def print_sheets(self, paper: Paper, path: Path, printer: PagePrinter, progress: Progress) -> tuple[int, Changed]:
        numbers = paper.sheet_nos or self.printable(paper.package_no, progress)
        pages = (self.page(number, paper.package_no) for number in numbers)
        printer(pages, path, progress, title=paper.package_no)
        self.printed.append((paper, path))
        for number in numbers:
            old = self.register[number]
            state = SheetState.PRINTED if old.state is SheetState.PREPARED else old.state
            self.register[number] = replace(old, state=state, copies=old.copies + 1, printed_at=AT)
        self.packs[paper.package_no] = replace(self.packs[paper.package_no], sheets={SheetState.PRINTED: len(numbers)})
        return len(numbers), CHANGED

    def write_workbook(self, package_no: str, path: Path, progress: Progress) -> Changed:
        self.workbooks.append(path)
        return CHANGED

    def _of(self, package_no: str) -> list[SheetView]:
        return [each for each in self.register.values() if each.package_no == package_no]
