"""A package as a workbook for teams that carry a tablet: filled in at site, it comes back through the import as field results."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, select

from lvdesk.fieldwork.electronic_rows import BOXES, CUSTOMERS, METERS, Row, rows_of
from lvdesk.fieldwork.filling_records import Records
from lvdesk.fieldwork.identity import station_code
from lvdesk.fieldwork.model import SheetState
from lvdesk.fieldwork.numbering import next_sheet_nos
from lvdesk.fieldwork.reading import SHEET, package_row
from lvdesk.fieldwork.sheet_pages import ELECTRONIC, open_package
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from lvdesk.store.model import Change
from lvdesk.tabular.writing import xlsx_book
from lvdesk.templates.blank import Filled, FormBook
from lvdesk.templates.definition import Column
from lvdesk.workspace import Workspace

PACKAGE_PROPERTY, SHEET_PROPERTY, STATION_PROPERTY = "lvdesk_package", "lvdesk_sheet", "lvdesk_station"
"""Custom document properties: whose, which package, which number in the register."""
_CHANGED: Final = Changed.PACKAGES | Changed.HISTORY
_SPARE: Final = 100
_TAKEN: Final = ("note.verdict", "note.collected_on", "note.collected_by", "note.package", "note.form_no")
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    BOXES: (
        "note.sequence", "meter_box.asset_no", "meter_box.bar_code", "meter_box.location", "note.area_name", "meter_box.area_no",
        "meter_box.category", "meter_box.slot_rows", "meter_box.slot_columns", "meter_box.access_point_no", "meter_box.device_type",
        "meter_box.device_name", "meter_box.longitude", "meter_box.latitude", "note.crs", "note.defect", "meter_box.note", *_TAKEN,
    ),
    METERS: (
        "note.sequence", "meter_box.asset_no", "meter_box.bar_code", "meter.asset_no", "meter.bar_code", "meter.slot_row",
        "meter.slot_column", "customer.customer_no", "customer.name", "note.area_name", "note.remark", *_TAKEN,
    ),
    CUSTOMERS: (
        "note.sequence", "customer.customer_no", "customer.name", "customer.address", "metering_point.area_no",
        "metering_point.area_name", "meter.asset_no", "meter.bar_code", "meter_box.bar_code", "meter.slot_row", "meter.slot_column",
        "meter_box.longitude", "meter_box.latitude", "note.crs", "note.remark", *_TAKEN,
    ),
}  # fmt: skip
_LOCKED: Final[Mapping[str, frozenset[str]]] = {
    BOXES: frozenset({"meter_box.asset_no", "meter_box.bar_code"}),
    METERS: frozenset({"meter_box.asset_no", "meter_box.bar_code", "meter.asset_no", "meter.bar_code", "customer.customer_no"}),
    CUSTOMERS: frozenset({"customer.customer_no", "meter.asset_no", "meter.bar_code"}),
}
_ALWAYS: Final = frozenset({"note.sequence", "note.area_name", "note.package", "note.form_no"})
_FROZEN: Final = {BOXES: 3, METERS: 3, CUSTOMERS: 2}
_ADVICE: Final = (
    "灰色单元格说明这一行是哪个箱、哪块表、哪个用户，不能修改；其余按现场情况填写，与现场一致的不必改。",
    "每一行都请填核对结论、采录日期和采录人；没有进得去的填“无法进入”。箱、表、户不在的填“缺失”，现场新增的写在下面的空行里。",
    "坐标请在现场测，并选明坐标系。填好后不要改动表头和工作表名，直接导入即可。",
)


@dataclass(frozen=True)
class Written:
    """The workbook: its number in the register, its rows in all and by sheet."""

    path: Path
    sheet_no: str
    rows: int
    sheets: Mapping[str, int]
    changed: Changed


def write_workbook(ws: Workspace, package_no: str, path: Path, progress: Progress) -> Written:
    """Writes a package as a workbook and enters it in the register as a sheet of its own, once the file is there.

    Written again it keeps its number, unless the workbook with that number came back already.

    Raises:
        KnownError: ``package.missing``, ``file.in_use``, ``file.not_writable``.
        RefusedError: ``package.state`` when it is closed; ``package.empty`` when nothing of it can stand in a workbook.
        Cancelled: the user stopped it; nothing was kept.
    """
    progress.start("正在生成电子表单")
    with ws.store.read() as connection:
        package = open_package(connection, package_no)
        records = Records(ws, connection, package.package_no)
        known = _present(connection, package.id)
        rows = {key: part for key, part in rows_of(records).items() if part}
    if not rows:
        raise RefusedError("package.empty", f"任务包 {package.package_no} 没有可以填在电子表单里的对象", "接入点上没有计量箱时请用纸质表单")
    progress.expect(sum(map(len, rows.values())))
    number = known.sheet_no if known is not None else _new_number(ws, package.package_no)
    about = {PACKAGE_PROPERTY: package.package_no, SHEET_PROPERTY: number, STATION_PROPERTY: station_code(ws)}
    _write(ws, path, about, rows, records.people, progress)
    _register(ws, package.package_no, number, records)
    counts = {_title(ws, key): len(part) for key, part in rows.items()}
    return Written(path, number, sum(counts.values()), counts, _CHANGED)


def _write(
    ws: Workspace, path: Path, about: Mapping[str, str], rows: Mapping[str, Sequence[Row]], people: Sequence[str], progress: Progress
) -> None:  # fmt: skip
    team = ["、".join(people), *people] if len(people) > 1 else list(people)
    with xlsx_book(path) as book:
        for name, text in about.items():
            book.set_custom_property(name, text, "text")
        forms = FormBook(book, ws.dictionary, ws.codes, _ADVICE)
        for key, part in rows.items():
            given = [{**row, "note.form_no": about[SHEET_PROPERTY]} for row in part]
            locked = _LOCKED[key] | _ALWAYS
            filled = Filled(given, locked, frozenset({"note.form_no"}), {"note.collected_by": team}, _FROZEN[key], _SPARE)
            forms.add(ws.templates[key], _columns(ws, key), filled)
            progress.step(len(part))
        forms.finish()


def _columns(ws: Workspace, key: str) -> list[Column]:
    """Our columns of a template, those the station's own template knows."""
    found = [ws.templates[key].column(name) for name in _COLUMNS[key]]
    return [column for column in found if column is not None]


def _title(ws: Workspace, key: str) -> str:
    return (ws.templates[key].sheet_names or (ws.templates[key].title,))[0]


def _present(connection: Connection, package: int) -> Any:
    """The workbook that is on its way, None when there is none."""
    mine = (SHEET.c.package == package) & (SHEET.c.form == ELECTRONIC)
    gone = SHEET.c.state.in_([str(SheetState.BACK), str(SheetState.REPLACED)])
    return connection.execute(select(SHEET).where(mine, ~gone).order_by(SHEET.c.id.desc())).first()


def _new_number(ws: Workspace, package_no: str) -> str:
    """Taken before the file is written, since it stands in it; a number whose file failed is not used again."""
    with ws.store.write("电子表单编号") as write:
        return next_sheet_nos(write.connection, package_no, 1)[0]


def _register(ws: Workspace, package_no: str, number: str, records: Records) -> None:
    """Enters the workbook, or that it was written again."""
    with ws.store.write(f"生成电子表单 {number}") as write:
        package = package_row(write.connection, package_no)
        state = SheetState.PRINTED if package.out_at is None else SheetState.OUT
        items = json.dumps([[item["entity"], item["key"]] for item in records.items], ensure_ascii=False)
        values: dict[str, Any] = {
            "items": items, "state": str(state), "printed_at": stamp(ws.clock()), "printed_by": ws.person, "reason": "",
        }  # fmt: skip
        row = write.connection.execute(select(SHEET).where(SHEET.c.sheet_no == number)).first()
        if row is not None:
            write.update(SHEET, [Change(row.id, {**values, "copies": row.copies + 1})])
            return
        values |= {"sheet_no": number, "package": package.id, "form": ELECTRONIC, "form_version": 1, "page": 0, "pages": 0}
        values |= {"shapes": "[]", "digest": "", "copies": 1}
        write.insert(SHEET, tuple(values), [tuple(values.values())], 1)
