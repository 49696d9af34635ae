"""Who has an item open. A lock is a courtesy that ends by itself; what keeps two decisions apart is the write itself."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select, update

from lvdesk.kit.clock import stamp
from lvdesk.network.batches import table_of
from lvdesk.network.reviews import ReviewLock
from lvdesk.review.matters import load_book
from lvdesk.workspace import Workspace

_LOCK: Final = table_of(ReviewLock)
_LABEL: Final = "打开复核事项"


def open_item(ws: Workspace, item_id: int, session: str) -> str:
    """Opens an item for one window, which gives up the one it had; returns who else has it open, "" when it is ours now."""
    now = ws.clock()
    until = stamp(now + timedelta(minutes=load_book(ws.overrides).lock_minutes))
    with ws.store.write(_LABEL) as write:
        connection = write.connection
        held = connection.execute(select(_LOCK).where(_LOCK.c.item == item_id)).first()
        if held is not None and held.session != session and held.until > stamp(now):
            return str(held.person)
        connection.execute(delete(_LOCK).where(_LOCK.c.session == session, _LOCK.c.item != item_id))
        if held is None:
            write.insert(_LOCK, ("item", "person", "session", "until"), [(item_id, ws.person, session, until)], 1)
        else:
            mine = {"person": ws.person, "session": session, "until": until}
            connection.execute(update(_LOCK).where(_LOCK.c.id == held.id).values(**mine))
    return ""


def close(ws: Workspace, session: str) -> None:
    """Gives up everything that a window has open."""
    with ws.store.write(_LABEL) as write:
        write.connection.execute(delete(_LOCK).where(_LOCK.c.session == session))
