"""Numbers of packages: given once and never again, also when the package they were given to was undone."""

from typing import Final

from sqlalchemy import Connection, insert, select, update

from lvdesk.kit.clock import Clock
from lvdesk.store.tables import setting

_KEY: Final = "package_numbers."


def next_package_no(connection: Connection, clock: Clock) -> str:
    """``CLyymmdd-nn`` of today; the count is kept beside the journal, so that undo does not give a number free."""
    day = f"{clock():%y%m%d}"
    mine = setting.c.key == f"{_KEY}{day}"
    last = connection.execute(select(setting.c.value).where(mine)).scalar()
    number = int(last or 0) + 1
    if last is None:
        connection.execute(insert(setting), {"key": f"{_KEY}{day}", "value": str(number)})
    else:
        connection.execute(update(setting).where(mine).values(value=str(number)))
    return f"CL{day}-{number:02d}"
