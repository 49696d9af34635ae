"""Confirmed items whose records left the house: from now on a decision about them can no longer be revoked."""

import json
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.network.batches import table_of
from lvdesk.network.frames import read_frame
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.review.model import Action, State
from lvdesk.store.model import Change
from lvdesk.store.write import Write

_ITEM: Final = table_of(ReviewItem).c
_READ: Final = {
    "id": pl.Int64, "version": pl.Int64, "round": pl.Int64, "moves": pl.Int64, "entity": pl.String, "key": pl.String,
}  # fmt: skip
_LOGGED: Final = ("item", "round", "stage", "decision", "person", "at", "how", "reason", "given")


def leave(write: Write, records: pl.DataFrame, number: str, person: str, moment: str) -> int:
    """Moves the confirmed items of these records (entity, key) to 已导出; returns how many.

    Args:
        write: the export's own.
        records: what is in the package.
        number: of the package, the reason of the step.
        person: who exports.
        moment: ISO 8601.
    """
    query = select(*(_ITEM[name] for name in _READ)).where(_ITEM.state == str(State.CONFIRMED)).order_by(_ITEM.id)
    confirmed = read_frame(write.connection, query, _READ)
    going = confirmed.join(records.select("entity", "key").unique(), on=["entity", "key"], how="semi", maintain_order="left")
    changes, log = [], []
    empty = json.dumps({})
    for number_, version, round_, moves, *_rest in going.iter_rows():
        values: dict[str, Any] = {"state": str(State.EXPORTED), "at": moment, "moves": moves + 1}
        changes.append(Change(number_, values, version))
        log.append((number_, round_, str(State.CONFIRMED), str(Action.EXPORT), person, moment, "rule", number, empty))
    write.update(table_of(ReviewItem), changes)
    write.insert(table_of(ReviewDecision), _LOGGED, log, len(log))
    return len(changes)
