"""Packages for people: lists, one with everything in it, those overdue."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from lvdesk.fieldwork.choosing import all_areas
from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.model import ItemView, PackageDetail, PackageState, PackageView, SheetState
from lvdesk.fieldwork.views import item_state, items_on, package_view, reasons_of, sheet_view
from lvdesk.kit.errors import KnownError
from lvdesk.network.batches import table_of
from lvdesk.network.packages import CollectionPackage, FormSheet, PackageItem
from lvdesk.network.tables import TABLES
from lvdesk.store.bulk import among
from lvdesk.workspace import Workspace

PACKAGE: Final = table_of(CollectionPackage)
ITEM: Final = table_of(PackageItem)
SHEET: Final = table_of(FormSheet)
_ADDRESSES: Final = {"meter_box": ("location",), "customer": ("address", "name"), "access_point": ("name", "device_name")}


def packages(ws: Workspace, state: PackageState | None = None) -> list[PackageView]:
    """All packages or those in one state, newest first."""
    with ws.store.read() as connection:
        views = _views(ws, connection, select(PACKAGE).order_by(PACKAGE.c.id.desc()))
    return [view for view in views if state in {None, view.state}]


def overdue(ws: Workspace) -> list[PackageView]:
    """Packages that should be back by today, longest overdue first."""
    return sorted((view for view in packages(ws) if view.overdue), key=lambda view: (-view.overdue, view.package_no))


def show(ws: Workspace, package_no: str) -> PackageDetail:
    """A package with its items in walking order and its sheets.

    Raises:
        KnownError: ``package.missing``.
    """
    titles = {key: form.title for key, form in load_forms(ws.overrides).items()}
    with ws.store.read() as connection:
        row = package_row(connection, package_no)
        view = _views(ws, connection, select(PACKAGE).where(PACKAGE.c.id == row.id))[0]
        sheets = connection.execute(select(SHEET).where(SHEET.c.package == row.id).order_by(SHEET.c.sheet_no)).all()
        items = _items(ws, connection, row, view.state, sheets)
    return PackageDetail(view, items, tuple(sheet_view(sheet, view.package_no, titles) for sheet in sheets), tuple(json.loads(row.forms)))


def package_row(connection: Connection, package_no: str) -> Any:
    """The package's row.

    Raises:
        KnownError: ``package.missing``.
    """
    row = connection.execute(select(PACKAGE).where(PACKAGE.c.package_no == package_no.strip().upper())).first()
    if row is None:
        raise KnownError("package.missing", f"没有任务包 {package_no}", "请在任务包列表中核对编号")
    return row


def counts_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Row id of a package -> its things to visit and those back."""
    query = select(ITEM.c.package, func.count(), func.count(ITEM.c.back_at)).where(among(connection, ITEM.c.package, numbers))
    return {package: (items, back) for package, items, back in connection.execute(query.group_by(ITEM.c.package))}


def _views(ws: Workspace, connection: Connection, query: Select[Any]) -> list[PackageView]:
    rows = connection.execute(query).all()
    numbers = [row.id for row in rows]
    counts = counts_of(connection, numbers)
    sheets: dict[int, dict[SheetState, int]] = {}
    stated = select(SHEET.c.package, SHEET.c.state, func.count()).where(among(connection, SHEET.c.package, numbers))
    for package, state, count in connection.execute(stated.group_by(SHEET.c.package, SHEET.c.state)):
        sheets.setdefault(package, {})[SheetState(state)] = count
    areas = {area.area_no: area for area in all_areas(connection)}
    today = ws.clock().date()
    return [package_view(row, counts.get(row.id, (0, 0)), sheets.get(row.id, {}), areas, today) for row in rows]


def _items(ws: Workspace, connection: Connection, package: Any, state: PackageState, sheets: Sequence[Any]) -> tuple[ItemView, ...]:
    rows = connection.execute(select(ITEM).where(ITEM.c.package == package.id).order_by(ITEM.c.position, ITEM.c.id)).all()
    records = {entity: _records(ws, connection, entity, package.id) for entity in {row.entity for row in rows}}
    areas = {area.area_no: area.name for area in all_areas(connection)}
    placed: dict[tuple[str, str], list[str]] = {}
    for sheet in sheets:
        for item in items_on(sheet):
            placed.setdefault(item, []).append(sheet.sheet_no)
    views = []
    for row in rows:
        record, address = records[row.entity].get(row.key, (None, ""))
        views.append(
            ItemView(
                position=row.position, entity=row.entity, entity_title=ws.dictionary.title(row.entity), record=record, key=row.key,
                area_no=row.area_no or "", area_name=areas.get(row.area_no or "", row.area_no or ""), address=address,
                reasons=reasons_of(row.reasons), state=item_state(state, row),
                sheet_nos=tuple(placed.get((row.entity, row.key), ())),
            )
        )  # fmt: skip
    return tuple(views)


def _records(ws: Workspace, connection: Connection, entity: str, package: int) -> dict[str, tuple[int, str]]:
    """Key -> id and address of the things of one kind."""
    table, key = TABLES[entity], ws.dictionary.key(entity)
    mine = select(ITEM.c.key).where(ITEM.c.package == package, ITEM.c.entity == entity)
    said = func.coalesce(*(table.c[name] for name in _ADDRESSES[entity]), "")
    query = select(table.c[key], table.c.id, said).where(table.c[key].in_(mine))
    return {number: (record, address) for number, record, address in connection.execute(query)}
