"""Brings the cases up to date: confirmed review items begin one, packages carry it, agreement closes it."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, select

from lvdesk.checks.model import KEYS
from lvdesk.checks.station import Station
from lvdesk.exchange import snapshot
from lvdesk.exchange.answers import answer_sheets
from lvdesk.exchange.changes.model import CaseState, Kind, Opening, Refreshed, kinds
from lvdesk.exchange.sources import FEEDBACK, upstream
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import Batch, table_of
from lvdesk.network.changed import Changed
from lvdesk.network.exports import ExportPackage, ExportSnapshot
from lvdesk.network.reconciling import ChangeCase
from lvdesk.network.reviews import ReviewItem
from lvdesk.network.tables import TABLES
from lvdesk.review.model import DONE
from lvdesk.store.facts import remember, remembered
from lvdesk.store.model import Change
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

CASE: Final = table_of(ChangeCase)
_ITEM: Final = table_of(ReviewItem).c
_NUMBERS: Final = "case_numbers."
_LIVE: Final = (str(CaseState.OPEN), str(CaseState.CARRIED))
_MARKETING, _GIS = "marketing", "gis"


def refresh(ws: Workspace, progress: Progress) -> Refreshed:
    """Begins, carries and closes what can be; one write, none where nothing moved.

    Raises:
        KnownError: ``rules.unreadable`` when the kinds are damaged.
        Cancelled: the user stopped it.
    """
    known = kinds(ws.overrides)
    progress.start("正在更新异动")
    with ws.store.read() as connection:
        begun = _begun(connection, known)
        station = Station(ws, connection)
        cases = connection.execute(select(CASE).where(CASE.c.state.in_(_LIVE)).order_by(CASE.c.id)).all()
        carried = {case.id: number for case in cases if case.state == CaseState.OPEN and (number := _carrier(connection, case, known))}
        moved = [case for case in cases if case.state == CaseState.CARRIED or case.id in carried]
        closed = _agreed(station, moved, carried, known)
    progress.check()
    if not begun and not carried and not closed:
        return Refreshed()
    moment = stamp(ws.clock())
    with ws.store.write("更新异动") as write:
        opened = insert_cases(ws, write, [(known[opening.kind], opening, about) for opening, about in begun])
        steps = [
            Change(case, {"state": str(CaseState.CARRIED), "carried_at": moment, "number": number}) for case, number in carried.items()
        ]
        ends = [Change(case, {"state": str(CaseState.CLOSED), "closed_at": moment, "closed_how": why}) for case, why in closed.items()]
        write.update(CASE, steps)
        write.update(CASE, ends)
    names = {case.id: case.case_no for case in cases}
    return Refreshed(
        opened, tuple(names[case] for case in carried), tuple(names[case] for case in closed), Changed.RECONCILING | Changed.HISTORY
    )


def insert_cases(ws: Workspace, write: Write, asked: Sequence[tuple[Kind, Opening, Mapping[str, Any]]]) -> tuple[str, ...]:
    """Stores new cases; returns their numbers. The mapping adds entity, title, area_no, before, evidence."""
    now, numbers, rows = ws.clock(), [], []
    columns = (
        "case_no", "kind", "entity", "key", "title", "side", "state", "area_no", "before", "after", "evidence", "number", "opened_at",
        "opened_by", "due_on", "closed_how",
    )  # fmt: skip
    for kind, opening, about in asked:
        day = f"{now:%y%m%d}"
        count = int(remembered(write.connection, f"{_NUMBERS}{day}") or 0) + 1
        remember(write.connection, f"{_NUMBERS}{day}", str(count))
        numbers.append(f"YD{day}-{count:03d}")
        due = (now.date() + timedelta(days=kind.days)).isoformat()
        row = (
            numbers[-1], kind.key, about.get("entity", kind.entity), opening.key, about.get("title", ""), opening.side, str(CaseState.OPEN),
            about.get("area_no"), _json(about.get("before", {})), _json(dict(opening.after)), _json(list(about.get("evidence", ()))),
            "", stamp(now), ws.person, due, "",
        )  # fmt: skip
        rows.append(row)
    write.insert(CASE, columns, rows, len(rows))
    return tuple(numbers)


def record_of(connection: Connection, kind: Kind, key: str) -> Any:
    """The accepted record a case is about.

    Raises:
        KnownError: ``show.missing``.
    """
    table = TABLES[kind.entity]
    found = connection.execute(select(table).where(table.c[KEYS[kind.entity]] == key)).first()
    if found is None:
        raise KnownError("show.missing", f"没有编号为 {key} 的记录", "请核对编号")
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _begun(connection: Connection, known: Mapping[str, Kind]) -> list[tuple[Opening, dict[str, Any]]]:
    """Confirmed review items that are a change and have no case yet. An item is known again by its number and round."""
    by_review = {name: kind for kind in known.values() for name in kind.review}
    query = select(
        _ITEM.id,
        _ITEM.entity,
        _ITEM.kind,
        _ITEM.round,
        _ITEM.key,
        _ITEM.title,
        _ITEM.area_no,
        _ITEM.ledger_shown,
        _ITEM.field_shown,
        _ITEM.evidence,
    )
    items = connection.execute(
        query.where(_ITEM.state.in_([str(state) for state in DONE]), _ITEM.kind.in_(list(by_review)), _ITEM.resolved_at.is_(None)).order_by(
            _ITEM.id
        )
    ).all()
    there = {json.loads(evidence)[0] for (evidence,) in connection.execute(select(CASE.c.evidence)) if evidence != "[]"}
    found = []
    for item in items:
        source = f"采录复核第 {item.id} 项" + (f"（第 {item.round + 1} 次采录）" if item.round else "")
        if source in there:
            continue
        kind = by_review[item.kind]
        opening = Opening(kind.key, item.key, "field", {"": item.field_shown} if item.field_shown else {})
        about = {
            "entity": item.entity,
            "title": item.title,
            "area_no": item.area_no,
            "before": {"": item.ledger_shown} if item.ledger_shown else {},
        }
        found.append((opening, about | {"evidence": [source, *json.loads(item.evidence)]}))
    return found


def _carrier(connection: Connection, case: Any, known: Mapping[str, Kind]) -> str:
    """The packages that told every system of it, "" while one does not know."""
    kind = known.get(case.kind)
    if kind is None:
        return ""
    numbers = []
    for system in kind.tell:
        newer = (
            select(ExportPackage.number, ExportSnapshot.payload)
            .join(ExportSnapshot, ExportSnapshot.number == ExportPackage.number)
            .where(ExportPackage.system == system, ExportPackage.at >= case.opened_at)
            .order_by(ExportPackage.id.desc())
        )
        number = next((row.number for row in connection.execute(newer) if _says(row.payload, case, gone=kind.gone)), None)
        if number is None:
            return ""
        numbers.append(number)
    return "、".join(dict.fromkeys(numbers))


def _says(payload: bytes, case: Any, *, gone: bool) -> bool:
    """Whether a package carries the thing; of one that is gone, whether it speaks of such things and no longer of it."""
    said = snapshot.unpacked(payload).filter(pl.col("entity") == case.entity)
    there = not said.filter(pl.col("key") == case.key).is_empty()
    return not said.is_empty() and not there if gone else there


def _agreed(station: Station, cases: Sequence[Any], carried: Mapping[int, str], known: Mapping[str, Kind]) -> dict[int, str]:
    """Case -> why it is closed: the other systems have their identifiers, and the GIS's newest word agrees or no longer names it."""
    if not cases:
        return {}
    said = upstream(station).select("customer_no", "own_area")
    heard = _heard(station.connection)
    found = {}
    for case in cases:
        kind = known.get(case.kind)
        since = case.carried_at or case.opened_at
        if kind is None or case.id in carried:
            continue  # what was carried just now cannot be answered yet
        if kind.gone:
            if heard > since and case.key not in set(said["customer_no"].to_list() if case.entity == "customer" else ()):
                found[case.id] = "GIS 回写中已不再有它"
        elif _identified(station.connection, case, kind.tell) and _relation_agrees(station, said, case):
            found[case.id] = "标识齐全，关系一致"
    return found


def _heard(connection: Connection) -> str:
    """When the GIS last said what feeds whom, "" for never."""
    batches = answer_sheets(connection, [FEEDBACK])["batch"].to_list()
    rows = connection.execute(select(Batch.imported_at).where(Batch.id.in_(batches))).scalars() if batches else ()
    return max(rows, default="")


def _identified(connection: Connection, case: Any, tell: Sequence[str]) -> bool:
    table = TABLES[case.entity]
    wanted = {_MARKETING: "marketing_id", _GIS: "gis_id"}
    columns = [table.c[wanted[system]] for system in tell if system in wanted]
    row = connection.execute(select(*columns).where(table.c[KEYS[case.entity]] == case.key)).first()
    return row is not None and all(row)


def _relation_agrees(station: Station, said: pl.DataFrame, case: Any) -> bool:
    """The GIS's area of every customer concerned is ours; where it says nothing there is nothing to agree with."""
    owners = {"customer": "customer_no", "meter": "asset_no", "meter_box": "box_no"}
    if case.entity not in owners:
        return True
    links = station.meters.filter(pl.col(owners[case.entity]) == case.key).select("customer_no", "point_area")
    both = links.drop_nulls("customer_no").join(said.drop_nulls("own_area"), on="customer_no")
    return bool((both["point_area"] == both["own_area"]).all())


def refuse_unknown(ws: Workspace, case_nos: Sequence[str], allowed: Sequence[CaseState]) -> list[Any]:
    """The cases with these numbers.

    Raises:
        RefusedError: ``changes.unknown``, ``changes.state``.
    """
    with ws.store.read() as connection:
        rows = {row.case_no: row for row in connection.execute(select(CASE).where(CASE.c.case_no.in_(list(case_nos))))}
    if missing := [number for number in case_nos if number not in rows]:
        raise RefusedError("changes.unknown", f"没有异动 {missing[0]}", "请用 changes list 查看编号")
    if wrong := [number for number in case_nos if rows[number].state not in [str(state) for state in allowed]]:
        raise RefusedError("changes.state", f"异动 {wrong[0]} 已经办结或作废", "请刷新后查看")
    return [rows[number] for number in case_nos]
