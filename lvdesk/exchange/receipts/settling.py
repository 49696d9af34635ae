"""A person says that what a receipt asked for is done."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from lvdesk.exchange.receipts.model import ACTION
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import RefusedError
from lvdesk.network.answers import ReceiptLine
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.security.people import require
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace

_LINE: Final = table_of(ReceiptLine)


def settle(ws: Workspace, numbers: Sequence[int], how: str) -> Changed:
    """Settles lines that wait, in one undoable step.

    Raises:
        RefusedError: ``people.not_allowed``; ``receipt.how`` without a word on how; ``receipt.unknown`` for a number that does not wait.
    """
    require(ws.store, ws.overrides, ACTION)
    if not how.strip():
        raise RefusedError("receipt.how", "请写明怎么办结的", "例如：已在营销系统更正、现场已重新采集")
    wanted = sorted(set(numbers))
    with ws.store.read() as connection:
        query = select(_LINE.c.id, _LINE.c.version).where(_LINE.c.settled_at.is_(None))
        waits = {row.id: row.version for row in connection.execute(query)}
    if missing := [number for number in wanted if number not in waits]:
        raise RefusedError("receipt.unknown", f"没有编号为 {missing[0]} 的待办，或已经办结", "请用 receipt list 查看待办")
    values = {"settled_at": stamp(ws.clock()), "settled_by": ws.person, "settled_how": how.strip()}
    with ws.store.write(f"办结回执待办 {len(wanted)} 条") as write:
        write.update(_LINE, [Change(number, values, waits[number]) for number in wanted])
    return Changed.ANSWERS | Changed.HISTORY
