"""Numbers of packages and sheets: given once and never again, also when what they were given to was undone.

The counts are kept beside the journal, so that undo does not give a number free. So is what was once on paper: a printed sheet whose
printing was undone may still lie on somebody's desk, and its number must not come to stand for other contents.
"""

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, insert, select, update

from lvdesk.kit.clock import Clock
from lvdesk.store.tables import setting

_PACKAGES: Final = "package_numbers."
_SHEETS: Final = "sheet_numbers."
_PAPER: Final = "sheets_on_paper."


def next_package_no(connection: Connection, clock: Clock) -> str:
    """``CLyymmdd-nn`` of today."""
    day = f"{clock():%y%m%d}"
    return f"CL{day}-{_counted_on(connection, f'{_PACKAGES}{day}', 1):02d}"


def next_sheet_nos(connection: Connection, package_no: str, count: int) -> list[str]:
    """So many new numbers of sheets, ``CLyymmdd-nn-nnn``."""
    last = _counted_on(connection, f"{_SHEETS}{package_no}", count) if count else 0
    return [f"{package_no}-{number:03d}" for number in range(last - count + 1, last + 1)]


def on_paper(connection: Connection, package_no: str) -> set[str]:
    """Numbers of the package's sheets that were ever printed."""
    return set(json.loads(_read(connection, f"{_PAPER}{package_no}") or "[]"))


def note_paper(connection: Connection, package_no: str, sheet_nos: Iterable[str]) -> None:
    """Remembers that sheets were printed."""
    _keep(connection, f"{_PAPER}{package_no}", json.dumps(sorted(on_paper(connection, package_no) | set(sheet_nos))))


def _counted_on(connection: Connection, key: str, count: int) -> int:
    """The last of ``count`` new numbers."""
    number = int(_read(connection, key) or 0) + count
    _keep(connection, key, str(number))
    return number


def _read(connection: Connection, key: str) -> str | None:
    return connection.execute(select(setting.c.value).where(setting.c.key == key)).scalar()


def _keep(connection: Connection, key: str, value: str) -> None:
    if not connection.execute(update(setting).where(setting.c.key == key).values(value=value)).rowcount:
        connection.execute(insert(setting), {"key": key, "value": value})
