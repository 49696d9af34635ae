"""One sheet of paper as people fill it in: its places in the order of the paper, and what the records say beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from lvdesk.fieldwork.filling_records import Hung, Records
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.model import Content, Slot, Spot
from lvdesk.fieldwork.reading import PACKAGE, SHEET
from lvdesk.fieldwork.scan_places import sheet_places
from lvdesk.fieldwork.scanning.places import Place
from lvdesk.fieldwork.sheet_pages import ELECTRONIC, PackagePages
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.workspace import Workspace

LAST_DIGITS = 6
"""So many digits of a meter's number are written into a slot."""


@dataclass(frozen=True)
class Paper:
    """A printed sheet.

    Attributes:
        row: of the register, with ``package_no``.
        places: by name, in the order of the paper.
        contents: what the records say today, block by block.
    """

    row: Any
    form: Form
    places: Mapping[str, Place]
    contents: tuple[Content, ...]
    records: Records

    @property
    def sheet_no(self) -> str:
        """Its number."""
        return str(self.row.sheet_no)

    def slot(self, spot: Spot) -> Slot | None:
        """The meter the records have where the spot is: in its slot, or the n-th of those without one."""
        slots = self.contents[spot.block].slots
        if spot.slot is not None:
            return next((slot for slot in slots if (slot.row, slot.column) == spot.slot), None)
        name = spot.name.split(".")
        if "loose" not in name:
            return None
        loose = [slot for slot in slots if min(slot.row, slot.column) < 1]
        number = int(name[name.index("loose") + 1]) - 1
        return loose[number] if number < len(loose) else None

    def ledger(self, spot: Spot) -> str:
        """What the records say of what is written there, "" for nothing."""
        if spot.kind == "tick" or not spot.field or spot.block < 0:
            return ""
        if spot.slot is not None:
            slot = self.slot(spot)
            return slot.meter_no[-spot.count :] if slot and spot.field == "meter.bar_code" else ""
        if ".loose." in spot.name:
            return ""
        content, line = self.contents[spot.block], self.line(spot)
        return (line if line is not None else content.values).get(spot.field, "")

    def line(self, spot: Spot) -> Mapping[str, str] | None:
        """The line of a table block a spot stands in, None for a spot outside tables."""
        parts = spot.name.split(".")
        rows = self.contents[spot.block].rows
        if len(parts) > 2 and parts[1].isdigit():
            number = int(parts[1]) - 1
            return rows[number] if number < len(rows) else {}
        return None

    @cached_property
    def endings(self) -> dict[str, list[Hung]]:
        """Last digits of a meter's number -> the meters of the package's areas that end so."""
        found: dict[str, list[Hung]] = {}
        for meters in self.records.meters.values():
            for meter in meters:
                found.setdefault(meter.meter_no[-LAST_DIGITS:], []).append(meter)
        return found


def paper(ws: Workspace, connection: Connection, sheet_no: str) -> Paper:
    """The sheet of a number.

    Raises:
        KnownError: ``sheet.missing``; ``form.version`` when its form has other places by now.
        RefusedError: ``sheet.paper`` for a workbook, which is returned as a file.
    """
    number = sheet_no.strip().upper()
    found = papers(ws, connection, [number]).get(number)
    if found is None:
        text = f"表单 {number} 的填写位置与现用版本不同"
        raise KnownError("form.version", text, "请把这张表单换新编号后重新采录，或在“数据导入”中导入整理好的结果")
    return found


def papers(ws: Workspace, connection: Connection, sheet_nos: Sequence[str]) -> dict[str, Paper]:
    """Sheets by their numbers, without those whose form has other places by now; a package's records are read once for all of them.

    Raises:
        KnownError: ``sheet.missing``; RefusedError: ``sheet.paper``.
    """
    rows: dict[str, list[Any]] = {}
    for number in dict.fromkeys(sheet_nos):
        row = _registered(connection, number)
        rows.setdefault(row.package_no, []).append(row)
    forms, found = load_forms(ws.overrides), {}
    for package_no, mine in rows.items():
        pages, records = PackagePages(ws, connection, package_no, mine, forms), Records(ws, connection, package_no)
        for row in mine:
            on = sheet_places(ws.overrides, row)
            if on is not None:
                found[row.sheet_no] = Paper(row, on.form, on.places, tuple(pages.contents(row)), records)
    return found


def _registered(connection: Connection, number: str) -> Any:
    query = select(SHEET, PACKAGE.c.package_no).join(PACKAGE, PACKAGE.c.id == SHEET.c.package).where(SHEET.c.sheet_no == number)
    row = connection.execute(query).first()
    if row is None:
        raise KnownError("sheet.missing", f"没有表单 {number}", "请核对表单编号，如 CL261123-01-007")
    if row.form == ELECTRONIC:
        raise RefusedError("sheet.paper", f"{number} 是电子表单，不是纸质表单", "请在“回收”中直接交回填好的电子表单文件")
    return row
