"""The marketing system's 35-column survey workbook: one row per meter, the box's columns repeated, everything as text."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from lvdesk.exchange.model import ExportedFile, HeldBack, Manifest
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.ledger.linking import NAMELESS_MP
from lvdesk.network.browsing import shown
from lvdesk.network.tables import TABLES, Customer, Meter, MeterBox, MeteringPoint
from lvdesk.tabular.writing import write_sheets
from lvdesk.templates.definition import Column
from lvdesk.workspace import Workspace

TEMPLATE: Final = "box_survey"
FILE: Final = "计量箱普查表.xlsx"
_STEP: Final = 2_000
_NUMBER: Final = "metering_point.mp_no"
_RECORD: Final = {"meter_box": MeterBox, "meter": Meter, "metering_point": MeteringPoint, "customer": Customer}


def export_survey(ws: Workspace, folder: Path, progress: Progress, purpose: str = "") -> Manifest:
    """Writes every stored box with its meters into ``folder``; what lacks its place is held back with the reason.

    Raises:
        RefusedError: ``export.nothing`` when no box is stored.
        KnownError: the file cannot be written.
        Cancelled: nothing of the file stays.
    """
    template = ws.templates[TEMPLATE]
    target = folder / FILE
    progress.start("正在读取计量箱和电能表")
    with ws.store.read() as connection:
        held = _held_back(connection)
        rows = list(_counted(_rows(ws, connection, template.form), progress))
    if not rows:
        raise RefusedError("export.nothing", "没有可导出的计量箱", "请先导入台账")
    headers = [column.header for column in template.form]
    progress.start("正在写出计量箱普查表", cancellable=False)
    write_sheets(target, [(template.sheet_names[0], headers, rows)], text_columns=headers)
    file = ExportedFile(target, sha256(target), len(rows))
    return Manifest("marketing", (file,), len(rows), held, ws.person, stamp(ws.clock()), purpose)


def _counted(rows: Iterator[list[str]], progress: Progress) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number % _STEP == 0:
            progress.step(_STEP)
        yield row


def _query(columns: tuple[Column, ...]) -> Select[Any]:
    chosen = []
    for column in columns:
        entity, _, name = column.field.partition(".")
        if entity in _RECORD:
            chosen.append(TABLES[entity].c[name].label(column.field.replace(".", "__")))
    return (
        select(*chosen)
        .select_from(MeterBox)
        .outerjoin(Meter, (Meter.box_no == MeterBox.asset_no) & Meter.absent_sheet.is_(None))
        .outerjoin(MeteringPoint, MeteringPoint.mp_no == Meter.mp_no)
        .outerjoin(Customer, Customer.customer_no == MeteringPoint.customer_no)
        .where(MeterBox.absent_sheet.is_(None))
        .order_by(MeterBox.area_no, MeterBox.id, Meter.slot_row, Meter.slot_column, Meter.id)
    )


def _rows(ws: Workspace, connection: Connection, columns: tuple[Column, ...]) -> Iterator[list[str]]:
    system = ws.templates[TEMPLATE].system
    lists = {}
    for column in columns:
        field = ws.dictionary.find(column.field)
        if field is not None and field.codes:
            lists[column.field] = ws.codes[field.codes]
    result = connection.execution_options(yield_per=_STEP).execute(_query(columns))
    for row in result.mappings():
        cells = []
        for column in columns:
            value = shown(row.get(column.field.replace(".", "__")))
            if value and column.field in lists:
                value = lists[column.field].system_code(value, system)
            provisional = column.field == _NUMBER and value.startswith(NAMELESS_MP)
            cells.append("" if provisional else value)
        yield cells


def _held_back(connection: Connection) -> tuple[HeldBack, ...]:
    homeless = select(Meter.asset_no).where(
        Meter.absent_sheet.is_(None), Meter.box_no.is_(None) | Meter.box_no.not_in(select(MeterBox.asset_no))
    )
    left = select(MeterBox.asset_no).where(MeterBox.absent_sheet.is_not(None))
    stranded = select(Meter.asset_no).where(
        Meter.absent_sheet.is_(None), Meter.box_no.in_(select(MeterBox.asset_no).where(MeterBox.absent_sheet.is_not(None)))
    )
    removed = select(Meter.asset_no).where(Meter.absent_sheet.is_not(None))
    reasons = (
        ("meter", homeless, "不知道装在哪个计量箱"),
        ("meter_box", left, "最近一次普查表中已不再列出"),
        ("meter", stranded, "所在计量箱在最近一次普查表中已不再列出"),
        ("meter", removed, "最近一次台账中已不再列出"),
    )
    return tuple(HeldBack(entity, key, why) for entity, query, why in reasons for key in connection.execute(query).scalars())
