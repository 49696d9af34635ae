"""One run of the reconciliation: everything compared, differences kept under their numbers, nothing written where nothing changed."""

import json
from typing import Final

import polars as pl
from sqlalchemy import Connection, func, select

from lvdesk.checks.derived import Stored, bring_up_to_date
from lvdesk.checks.station import Station
from lvdesk.exchange.reconcile import rates
from lvdesk.exchange.reconcile.book import Book, load_book
from lvdesk.exchange.reconcile.gathering import Sides
from lvdesk.exchange.reconcile.identifiers import broken
from lvdesk.exchange.reconcile.judging import judged
from lvdesk.exchange.reconcile.model import JUDGED, Klass, Reconciled
from lvdesk.exchange.reconcile.telling import told, waiting
from lvdesk.kit.clock import stamp
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.changed import Changed
from lvdesk.network.frames import read_frame, schema_of
from lvdesk.network.reconciling import Disagreement
from lvdesk.workspace import Workspace

_LABEL: Final = "三方对账"
_TABLE: Final = table_of(Disagreement)
_KEPT: Final = (
    "identity", "klass", "entity", "key", "field", "title", "marketing", "field_value", "gis", "base", "owner", "suggestion", "target",
    "evidence", "area_no",
)  # fmt: skip


def run(ws: Workspace, progress: Progress) -> Reconciled:
    """Compares marketing, field and GIS with the accepted base and brings the stored disagreements up to date; history gets no entry.

    Raises:
        KnownError: ``rules.unreadable``.
        Cancelled: the user stopped it; the disagreements are as before.
    """
    book = load_book(ws.overrides, ws.dictionary)
    with ws.store.read() as connection:
        found, measured = _found(Station(ws, connection), book, progress)
        rows, day = _rows(found), ws.clock().date().isoformat()
        same, as_before = _same(connection, rows), rates.same(connection, day, measured)
    fields = measured.filter(pl.col("field") != "").select("field", "agreed", "compared").rows()
    rate = {key: agreed / compared for key, agreed, compared in fields}
    looked = {key: compared for key, _agreed, compared in fields}
    whole = measured.row(0, named=True)
    people = (whole["agreed"], whole["compared"])
    counts = dict(rows.group_by("klass").agg(pl.len()).iter_rows())
    klasses = {klass: counts[klass] for klass in Klass if klass in counts}
    if same and as_before:
        return Reconciled(people, rate, looked, klasses, 0, 0, Changed.NOTHING)
    with ws.store.write(_LABEL) as write:
        rates.store(write, day, measured)
        stored = Stored(0, 0) if same else bring_up_to_date(write, Disagreement, rows, stamp(ws.clock()), progress)
    return Reconciled(people, rate, looked, klasses, stored.new, stored.resolved, Changed.RECONCILING)


def counts(ws: Workspace) -> dict[Klass, int]:
    """How many disagreements of each class the last run found, in the order of the classes, those with none left out."""
    query = select(_TABLE.c.klass, func.count()).where(_TABLE.c.resolved_at.is_(None)).group_by(_TABLE.c.klass)
    with ws.store.read() as connection:
        found = {row[0]: row[1] for row in connection.execute(query)}
    return {klass: found[klass] for klass in Klass if klass in found}


def _found(station: Station, book: Book, progress: Progress) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The disagreements with their evidence, and the rates (``rates.RATES``, the station's of all customers first)."""
    sides = Sides(station, book)
    progress.start("正在三方对账", len(book.compare) + 3, "项")
    frames, compared = [pl.DataFrame(schema=JUDGED)], {}
    for rule in (*book.compare, book.presence):
        frame = sides.presence() if rule is book.presence else sides.of(rule)
        unlike, compared[rule.key] = judged(frame, rule)
        frames.append(unlike)
        progress.step()
    pairs, looked = broken(station, sides, book)
    frames.append(pairs)
    progress.step()
    found = pl.concat(frames)
    unlike_by = dict(found.select(pl.concat_str("entity", pl.lit("."), "field").alias("key")).group_by("key").agg(pl.len()).iter_rows())
    compared = {key: max(count, unlike_by.get(key, 0)) for key, count in (compared | looked).items()}
    measured = pl.concat([rates.measured(station, sides, found, book), rates.of_fields(compared, unlike_by)])
    files = pl.concat([station.sheets.select("sheet_id", "file"), sides.gis.files])
    found = told(found, files, waiting(station.connection))
    progress.step()
    return found, measured


def _rows(found: pl.DataFrame) -> pl.DataFrame:
    """The disagreements as stored, each identity once."""
    packed = [json.dumps(sentences, ensure_ascii=False) for sentences in found["evidence"].to_list()]
    identity = pl.concat_str("klass", "entity", "key", "field", separator="|")
    title = pl.coalesce("title", "key")
    clean = pl.col("marketing", "field_value", "gis", "base", "suggestion").str.replace_all(r"[\x00-\x1f]+", " ")
    rows = found.with_columns(pl.Series("evidence", packed, pl.String), identity.alias("identity"), title.alias("title"), clean)
    return rows.select(_KEPT).unique("identity", keep="first", maintain_order=True)


def _same(connection: Connection, rows: pl.DataFrame) -> bool:
    """Whether exactly these disagreements stand already."""
    names = list(_KEPT)
    query = select(*(_TABLE.c[name] for name in names)).where(_TABLE.c.resolved_at.is_(None))
    stored = read_frame(connection, query, schema_of(_TABLE, names))
    return stored.height == rows.height and stored.sort("identity").equals(rows.sort("identity"))
