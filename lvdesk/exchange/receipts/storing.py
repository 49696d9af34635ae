"""One undoable write for what receipts say: identifiers with their past, lines that wait, lines that are done, matters moved on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.exchange.receipts import pairing
from lvdesk.exchange.receipts.model import Outcome
from lvdesk.exchange.receipts.understanding import ROW, Understood
from lvdesk.network.answers import IdPair, ReceiptLine
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.tables import TABLES
from lvdesk.review.model import Action, State
from lvdesk.review.moving import Why, move
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_LINE: Final = table_of(ReceiptLine)
_PAIR: Final = table_of(IdPair)
_KEPT: Final = ("sheet_id", "sheet_row", "system", "package_no", "entity", "key", "outcome", "value", "reason", "plain", "desk")
_PAIRED: Final = ("entity", "key", "system", "value", "since", "until", "sheet_id", "person")
_RECORD: Final = ["system", "entity", "key"]
_LATER: Final = "后来的回执已接收"
_AGAIN: Final = "再次接收同一回执时已对上"


@dataclass(frozen=True)
class Stored:
    """What was written: identifiers given, ids of new lines, lines settled, items moved on; the name of the step of history."""

    paired: int
    lines: tuple[int, ...]
    settled: int
    items: int
    label: str
    changed: Changed


class Storing:
    """Writes what receipts say."""

    def __init__(self, ws: Workspace, moment: str, called: str) -> None:
        self._ws, self._moment, self._called = ws, moment, called

    def store(self, read: Understood) -> Stored:
        """Nothing is written where nothing is new."""
        pairs = read.pairs.filter(pl.col("verdict") == pairing.PAIR)
        label = f"接收回执 {self._called}"
        with self._ws.store.write(label) as write:
            standing = _standing(write.connection)
            fresh = _fresh(read.waiting, standing)
            done = _done(read, standing)
            self._pair(write, pairs, read.records)
            given = (*_KEPT, "at")
            ids = write.insert(_LINE, given, ((*row, self._moment) for row in fresh.select(_KEPT).iter_rows()), fresh.height)
            self._settle(write, done)
            items = move(write, State.EXPORTED, Action.RECEIPT, read.taken, Why(self._called, self._ws.person, self._moment))
            write.label = f"{label}：编号 {pairs.height:,} 个，待办 {fresh.height:,} 条"
            changed = write.changed
            label = write.label
        if not changed:
            return Stored(0, (), 0, 0, "", Changed.NOTHING)
        told = Changed.ANSWERS | Changed.HISTORY | (Changed.NETWORK if pairs.height else Changed.NOTHING)
        return Stored(pairs.height, tuple(ids), len(done), items, label, told | (Changed.REVIEW if items else Changed.NOTHING))

    def _pair(self, write: Write, pairs: pl.DataFrame, records: dict[str, pl.DataFrame]) -> None:
        """The records take their identifiers; what they had before stays as past."""
        rows: list[tuple[Any, ...]] = []
        open_ones = _open_pairs(write.connection) if pairs.height else {}
        ended: list[Change] = []
        for (entity,), mine in pairs.partition_by("entity", as_dict=True).items():
            write.update(TABLES[str(entity)], list(_changes(mine.join(records[str(entity)], on="key"))))
            for line in mine.iter_rows(named=True):
                known = open_ones.pop((entity, line["key"], line["id_system"]), [])
                ended += [Change(number, {"until": self._moment}) for number in known]
                if line["own"] is not None and not known:
                    rows.append((entity, line["key"], line["id_system"], line["own"], "", self._moment, None, self._ws.person))
                since = line["note.returned_on"] or self._moment
                rows.append((entity, line["key"], line["id_system"], line["value"], since, None, line["sheet_id"], self._ws.person))
        write.update(_PAIR, ended)
        write.insert(_PAIR, _PAIRED, rows, len(rows))

    def _settle(self, write: Write, done: dict[int, str]) -> None:
        values = {"settled_at": self._moment, "settled_by": self._ws.person}
        write.update(_LINE, [Change(number, {**values, "settled_how": how}) for number, how in done.items()])


def _changes(lines: pl.DataFrame) -> Iterator[Change]:
    """The identifiers of each record with the rows that gave them."""
    for mine in lines.partition_by("id"):
        given = list(mine.iter_rows(named=True))
        fields = [f"{line['id_system']}_id" for line in given]
        rows = [[line["sheet_id"], line["sheet_row"]] for line in given]
        sources = {**json.loads(given[0]["sources"] or "{}"), **dict(zip(fields, rows, strict=True))}
        values = dict(zip(fields, [line["value"] for line in given], strict=True))
        yield Change(given[0]["id"], {**values, "sources": json.dumps(sources, separators=(",", ":"))})


def _standing(connection: Connection) -> pl.DataFrame:
    """All lines there are."""
    names = ["id", *_KEPT, "settled_at"]
    return read_frame(connection, select(*(_LINE.c[name] for name in names)), schema_of(_LINE, names))


def _fresh(waiting: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """Those that are new: neither the same row's, nor what waits already."""
    row = [*ROW, "entity", "key", "outcome"]
    left = waiting.join(standing, on=row, how="anti", maintain_order="left")
    same = [*_RECORD, "outcome", "reason"]
    left = left.unique(same, keep="first", maintain_order=True)
    return left.join(standing.filter(pl.col("settled_at").is_null()), on=same, how="anti", maintain_order="left")


def _done(read: Understood, standing: pl.DataFrame) -> dict[int, str]:
    """Waiting lines that are settled by now -> how: a later row took the record, or the same row is understood today."""
    waits = standing.filter(pl.col("settled_at").is_null())
    about = waits.filter(pl.col("outcome") != str(Outcome.UNKNOWN)).join(read.good.rename({"sheet_id": "later"}), on=_RECORD)
    later = about.filter(pl.col("later") >= pl.col("sheet_id"))["id"].to_list()
    again = waits.join(read.lines.select(ROW).unique(), on=ROW).join(read.waiting, on=[*ROW, "outcome"], how="anti")["id"].to_list()
    return {**dict.fromkeys(again, _AGAIN), **dict.fromkeys(later, _LATER)}


def _open_pairs(connection: Connection) -> dict[tuple[str, str, str], list[int]]:
    """(entity, key, system) -> the pairs that hold."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for row in connection.execute(select(_PAIR.c.id, _PAIR.c.entity, _PAIR.c.key, _PAIR.c.system).where(_PAIR.c.until.is_(None))):
        found.setdefault((row.entity, row.key, row.system), []).append(row.id)
    return found
