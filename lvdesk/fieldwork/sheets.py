"""The sheets of a package: laid out and numbered, shown as pages, printed, and marked as printed once they are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.shapes import BLANK
from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.numbering import note_paper
from lvdesk.fieldwork.reading import SHEET, package_row
from lvdesk.fieldwork.sheet_layout import stored
from lvdesk.fieldwork.sheet_pages import ELECTRONIC, PackagePages, open_package
from lvdesk.fieldwork.sheet_plan import SheetPlan, live_rows
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.page import Page, PagePrinter
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

CHANGED: Final = Changed.PACKAGES | Changed.HISTORY


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet that was printed: ``page`` of the printed file, ``items`` the keys of what stands on it."""

    sheet_no: str
    page: int
    items: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """What was printed."""

    pages: int
    sheets: tuple[PrintedSheet, ...]
    changed: Changed


def prepare(ws: Workspace, package_no: str, progress: Progress) -> Changed:
    """Lays out the sheets of a package and gives them numbers, in one undoable write.

    Again it does nothing, unless the contents take other sheets by now: then those never printed are laid out anew under their
    numbers. What is on paper stays as it is until somebody replaces it.

    Raises:
        KnownError: ``package.missing``, ``rules.unreadable``.
        RefusedError: ``package.state`` for a package that is closed or called off.
        Cancelled: the user stopped it; nothing was kept.
    """
    forms = load_forms(ws.overrides)
    progress.start("正在编排表单", unit="张")
    with ws.store.write(f"编排任务包 {package_no} 的表单") as write:
        package = open_package(write.connection, package_no)
        plan = SheetPlan(ws, write.connection, package, forms)
        plan.fill(progress)
        count = plan.store(write)
        write.label = f"编排任务包 {package.package_no} 的表单（{count:,} 张待打印）"
        changed = write.changed
    return CHANGED if changed else Changed.NOTHING


def pages(ws: Workspace, package_no: str, sheet_nos: Sequence[str] = ()) -> Iterator[Page]:
    """The sheets as they would be printed now, in the order of their pages; without numbers all that were not replaced.

    The records are read at once, pages are laid out one at a time as they are asked for.

    Raises:
        KnownError: ``package.missing``, ``sheet.missing``; while pages come ``form.version``.
    """
    station = station_code(ws)
    rows, painted = _read(ws, package_no, lambda connection, package: _chosen(connection, package, sheet_nos))
    said = {"station": station, "printed_by": ws.person, "printed_at": f"{ws.clock():%Y-%m-%d %H:%M}"}
    return (painted.page(row, **said) for row in rows)


def print_sheets(
    ws: Workspace, package_no: str, path: Path, printer: PagePrinter, progress: Progress, sheet_nos: Sequence[str] = ()
) -> Printed:
    """Prints sheets, then marks them as printed in one undoable write; when printing fails or is cancelled nothing is marked.

    Args:
        ws: the station.
        package_no: of the package; what was never printed is laid out anew before when its contents changed.
        path: the file the printer makes, where it makes one.
        printer: paints the pages.
        progress: counts pages, and cancels.
        sheet_nos: some sheets only; without, all that are neither back nor replaced. A sheet printed before keeps its number.

    Raises:
        KnownError: ``package.missing``, ``sheet.missing``, ``form.version``, ``print.nothing``, ``file.…`` of the printer.
        RefusedError: ``package.state``, ``sheet.state`` for sheets that were replaced.
        ConflictError: somebody changed one of the sheets while it was printed; none is marked.
        Cancelled: the user stopped it.
    """
    prepare(ws, package_no, progress)
    station = station_code(ws)
    rows, painted = _read(ws, package_no, lambda connection, package: _printable(connection, package, sheet_nos))
    if not rows:
        raise KnownError("print.nothing", f"任务包 {package_no} 没有要打印的表单", "表单都已收回，或任务包里没有可打印的内容")
    moment = ws.clock()
    said = {"station": station, "printed_by": ws.person, "printed_at": f"{moment:%Y-%m-%d %H:%M}"}
    digests: dict[int, str] = {}

    def coming() -> Iterator[Page]:
        for row in rows:
            page, digests[row.id] = painted.printed(row, **said)
            yield page

    progress.start("正在打印表单", len(rows), "页")
    count = printer(coming(), path, progress, title=f"{package_no} 现场采录表单")
    done = [row for row in rows if row.id in digests]
    with ws.store.write(f"打印任务包 {package_no} 的表单 {len(done):,} 张") as write:
        out = package_row(write.connection, package_no).out_at is not None
        printed = {"printed_at": stamp(moment), "printed_by": ws.person, "reason": ""}
        write.update(
            SHEET,
            [
                Change(row.id, {**printed, "state": _state(row, out=out), "copies": row.copies + 1, "digest": digests[row.id]}, row.version)
                for row in done
            ],
        )
        note_paper(write.connection, package_row(write.connection, package_no).package_no, [row.sheet_no for row in done])
    return Printed(count, tuple(_printed(row, number) for number, row in enumerate(done, 1)), CHANGED)


def _read(ws: Workspace, package_no: str, chosen: Callable[[Connection, Any], list[Any]]) -> tuple[list[Any], PackagePages]:
    forms = load_forms(ws.overrides)
    with ws.store.read() as connection:
        package = package_row(connection, package_no)
        rows = chosen(connection, package)
        return rows, PackagePages(ws, connection, package.package_no, rows, forms)


def _chosen(connection: Connection, package: Any, sheet_nos: Sequence[str]) -> list[Any]:
    if not sheet_nos:
        return live_rows(connection, package.id)
    wanted = {number.strip().upper() for number in sheet_nos}
    named = (SHEET.c.package == package.id) & SHEET.c.sheet_no.in_(wanted)
    rows = list(connection.execute(select(SHEET).where(named).order_by(SHEET.c.page, SHEET.c.sheet_no)))
    strange = sorted(wanted - {row.sheet_no for row in rows})
    if strange:
        message = f"任务包 {package.package_no} 中没有表单 {'、'.join(strange[:5])}"
        raise KnownError("sheet.missing", message, "请在表单登记中核对编号；没有打印过的表单在内容变动后可能已重新编排")
    if paperless := [row.sheet_no for row in rows if row.form == ELECTRONIC]:
        raise RefusedError("sheet.state", f"{paperless[0]} 是电子表单，没有纸页", "请重新生成电子表单")
    return rows


def _printable(connection: Connection, package: Any, sheet_nos: Sequence[str]) -> list[Any]:
    rows = _chosen(connection, package, sheet_nos)
    if replaced := [row for row in rows if row.state == SheetState.REPLACED]:
        other = f"，现用 {replaced[0].replaced_by}" if replaced[0].replaced_by else ""
        raise RefusedError("sheet.state", f"表单 {replaced[0].sheet_no} 已换新{other}", "请打印新编号的表单")
    return rows if sheet_nos else [row for row in rows if row.state != SheetState.BACK]


def _state(row: Any, *, out: bool) -> str:
    """Where a sheet is once it was printed; a copy of one that is back stays with it."""
    if row.state == SheetState.BACK:
        return str(SheetState.BACK)
    return str(SheetState.OUT if out else SheetState.PRINTED)


def _printed(row: Any, page: int) -> PrintedSheet:
    keys = dict.fromkeys(key for (_, key), shape in stored(row) if shape != BLANK)
    return PrintedSheet(row.sheet_no, page, tuple(keys))
