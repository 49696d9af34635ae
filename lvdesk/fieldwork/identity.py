"""The short identity of a station's database that stands in the code of every sheet: what was printed here is known again here."""

import secrets
from typing import Final

from sqlalchemy import insert, select

from lvdesk.store.tables import setting
from lvdesk.workspace import Workspace

_KEY: Final = "station_code"
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for another."""
_LENGTH: Final = 8


def station_code(ws: Workspace) -> str:
    """Eight letters and digits, drawn when they are first asked for; they go along with backups and copies."""
    query = select(setting.c.value).where(setting.c.key == _KEY)
    with ws.store.read() as connection:
        known = connection.execute(query).scalar()
    if known:
        return str(known)
    with ws.store.write("站点标识") as write:
        known = write.connection.execute(query).scalar()  # another desk may have been faster
        if not known:
            known = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
            write.connection.execute(insert(setting), {"key": _KEY, "value": known})
    return str(known)
