"""Which sheets on paper say something else than the records do by now; looked at again only after something they speak of was written."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, func, select

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.reading import ITEM, PACKAGE
from lvdesk.fieldwork.sheet_pages import PackagePages
from lvdesk.fieldwork.sheet_plan import live_rows
from lvdesk.network.tables import TABLES
from lvdesk.network.verdicts import DeskCheckMark
from lvdesk.store.tables import journal_part
from lvdesk.workspace import Workspace

_RECORDS: Final = (*(table.name for table in TABLES.values()), DeskCheckMark.__tablename__)
_known: "WeakKeyDictionary[Workspace, dict[str, tuple[object, dict[int, tuple[int, str]]]]]" = WeakKeyDictionary()
"""Package number -> what it was looked at with, and row id of a sheet -> its words and its digest."""


def changed_sheets(ws: Workspace, connection: Connection, rows: Sequence[Any], forms: Mapping[str, Form]) -> set[int]:
    """Row ids of those among printed sheets (with their ``package_no``) that would say something else if they were printed now."""
    packages: dict[str, list[Any]] = {}
    for row in rows:
        packages.setdefault(row.package_no, []).append(row)
    newest = connection.execute(select(func.max(journal_part.c.entry)).where(journal_part.c.table_name.in_(_RECORDS))).scalar()
    versions = {key: form.version for key, form in forms.items()}
    kept = _known.setdefault(ws, {})
    changed: set[int] = set()
    for number, mine in packages.items():
        state = (newest, ws.title, versions, _package_state(connection, mine[0].package))
        before, digests = kept.get(number, (None, {}))
        if before != state or any(row.id not in digests for row in mine):
            painted = PackagePages(ws, connection, number, mine, forms)
            digests = {**(digests if before == state else {}), **{row.id: _looked_at(painted, row, digests.get(row.id)) for row in mine}}
            kept[number] = (state, digests)
        changed.update(row.id for row in mine if digests[row.id][1] != row.digest)
    return changed


def _looked_at(painted: PackagePages, row: Any, before: tuple[int, str] | None) -> tuple[int, str]:
    """Words and digest; a page is laid out only when its words are others than before."""
    words = hash((row.form_version, painted.words(row)))
    return before if before and before[0] == words else (words, painted.digest(row))


def _package_state(connection: Connection, package: int) -> object:
    """Changes with everything that sheets say of their package: itself, what is visited, which sheets it has."""
    items = select(func.count(), func.max(ITEM.c.id), func.sum(ITEM.c.version)).where(ITEM.c.package == package)
    version = connection.execute(select(PACKAGE.c.version).where(PACKAGE.c.id == package)).scalar()
    sheets = [(row.sheet_no, row.page, row.pages, row.shapes, row.items) for row in live_rows(connection, package)]
    return version, tuple(connection.execute(items).one()), sheets
