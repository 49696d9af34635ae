"""Items that the exchange with other systems moves on: their records left the house, the receiver took them."""

import json
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.network.batches import table_of
from lvdesk.network.frames import read_frame
from lvdesk.network.reviews import ReviewDecision, ReviewItem
from lvdesk.review.model import Action, State
from lvdesk.review.states import TRANSITIONS
from lvdesk.store.model import Change
from lvdesk.store.write import Write

_ITEM: Final = table_of(ReviewItem).c
_READ: Final = {
    "id": pl.Int64, "version": pl.Int64, "round": pl.Int64, "moves": pl.Int64, "entity": pl.String, "key": pl.String,
}  # fmt: skip
_LOGGED: Final = ("item", "round", "stage", "decision", "person", "at", "how", "reason", "given")


@dataclass(frozen=True)
class Why:
    """The number of the package or the file that moves the items, who does it, when (ISO 8601)."""

    number: str
    person: str
    moment: str


def move(write: Write, before: State, action: Action, records: pl.DataFrame, why: Why) -> int:
    """Moves the items of these records (entity, key) that stand in ``before``; returns how many.

    An item that left the house can no longer be revoked.
    """
    query = select(*(_ITEM[name] for name in _READ)).where(_ITEM.state == str(before)).order_by(_ITEM.id)
    standing = read_frame(write.connection, query, _READ)
    going = standing.join(records.select("entity", "key").unique(), on=["entity", "key"], how="semi", maintain_order="left")
    changes, log = [], []
    empty = json.dumps({})
    for number, version, round_, moves, *_rest in going.iter_rows():
        values: dict[str, Any] = {"state": str(TRANSITIONS[before, action]), "at": why.moment, "moves": moves + 1}
        changes.append(Change(number, values, version))
        log.append((number, round_, str(before), str(action), why.person, why.moment, "rule", why.number, empty))
    write.update(table_of(ReviewItem), changes)
    write.insert(table_of(ReviewDecision), _LOGGED, log, len(log))
    return len(changes)
