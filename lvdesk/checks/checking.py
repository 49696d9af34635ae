"""Checks the whole station and keeps what was found; tells what the last check found and whether the data changed since."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, func, select

from lvdesk.checks.derived import Stored
from lvdesk.checks.engine import Outcome, Skipped, run_rules
from lvdesk.checks.model import Severity
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook import rule_book
from lvdesk.checks.station import Station
from lvdesk.checks.storing import store_found
from lvdesk.kit.clock import stamp
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import Difference, table_of
from lvdesk.network.changed import Changed
from lvdesk.network.counting import findings
from lvdesk.network.returns import FieldSheet
from lvdesk.network.tables import TABLES
from lvdesk.network.verdicts import EXCEPTED, OPEN, RESOLVED, CheckRun, RuleSetting
from lvdesk.store.tables import journal
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

_LABEL: Final = "模板校验"
_LOOKED_AT: Final = frozenset({*TABLES, Difference.__tablename__, RuleSetting.__tablename__, FieldSheet.__tablename__})
"""Tables whose changes make a run out of date."""


@dataclass(frozen=True)
class RuleRun:
    """A rule that ran and how much it found."""

    code: str
    title: str
    family: str
    found: int


@dataclass(frozen=True)
class Report:
    """One check.

    Attributes:
        counts: open findings by severity.
        new: open now and not before; ``resolved``: stood before and are gone; ``excepted``: stand, but are accepted.
    """

    rules_run: tuple[RuleRun, ...]
    rules_skipped: tuple[Skipped, ...]
    counts: dict[str, int]
    new: int
    resolved: int
    excepted: int
    changed: Changed


@dataclass(frozen=True)
class CheckState:
    """The last check; ``at`` is "" when there was none. ``stale``: data or rules changed since."""

    at: str
    person: str
    stale: bool
    counts: dict[str, int]
    excepted: int
    resolved: int
    rules_run: tuple[RuleRun, ...]
    rules_skipped: tuple[Skipped, ...]


def check(ws: Workspace, progress: Progress) -> Report:
    """Runs every rule over the station and brings the findings up to date; history gets no entry.

    Raises:
        Cancelled: the user stopped it; the findings are as before.
    """
    started, moment = monotonic(), stamp(ws.clock())
    with ws.store.read() as connection:
        entry = _newest_entry(connection)
        book = rule_book(ws)
        outcome = run_rules(_read(ws, connection, progress), book, progress)
    report = _packed(outcome, monotonic() - started)
    with ws.store.write(_LABEL) as write:
        stored = store_found(write, outcome.found, moment, progress)
        _keep(write, (moment, ws.person, entry, report))
        progress.start("正在写入磁盘", cancellable=False)
    return _report(ws, report, stored)


def state(ws: Workspace) -> CheckState:
    """What the last check found, as exceptions stand today."""
    query = select(CheckRun.at, CheckRun.person, CheckRun.entry, CheckRun.report).order_by(CheckRun.id.desc()).limit(1)
    with ws.store.read() as connection:
        last = connection.execute(query).first()
        stale = last is not None and _changed_since(connection, last.entry)
    found = findings(ws)
    if last is None:
        return CheckState("", "", stale=False, counts=_open(found), excepted=0, resolved=0, rules_run=(), rules_skipped=())
    run, skipped = _unpacked(last.report)
    return CheckState(
        last.at, last.person, stale, _open(found), _of_state(found, EXCEPTED), _of_state(found, RESOLVED), run, skipped
    )  # fmt: skip


def _newest_entry(connection: Connection) -> int:
    return connection.execute(select(func.max(journal.c.id))).scalar() or 0


def _read(ws: Workspace, connection: Connection, progress: Progress) -> Station:
    """The station with its records read; what only some rules need is read by them."""
    station = Station(ws, connection)
    progress.start("正在读取", len(TABLES), "类记录")
    for entity in TABLES:
        station.table(entity)
        progress.step()
    return station


def _keep(write: Write, values: tuple[Any, ...]) -> None:
    write.insert(table_of(CheckRun), ("at", "person", "entry", "report"), [values], 1)


def _packed(outcome: Outcome, seconds: float) -> str:
    found: dict[str, int] = dict(outcome.found.group_by("rule").len().iter_rows())
    run = [[code, found.get(code, 0)] for code in outcome.run]
    skipped = [[each.rule, each.why] for each in outcome.skipped]
    return json.dumps({"run": run, "skipped": skipped, "seconds": round(seconds, 1)}, ensure_ascii=False)


def _unpacked(packed: str) -> tuple[tuple[RuleRun, ...], tuple[Skipped, ...]]:
    content, rules = json.loads(packed), discover()
    known = [(rules[code], found) for code, found in content["run"] if code in rules]
    run = tuple(RuleRun(rule.code, rule.title, rule.family, found) for rule, found in known)
    return run, tuple(Skipped(code, why) for code, why in content["skipped"])


def _report(ws: Workspace, packed: str, stored: Stored) -> Report:
    run, skipped = _unpacked(packed)
    found = findings(ws)
    return Report(run, skipped, _open(found), stored.new, stored.resolved, _of_state(found, EXCEPTED), Changed.CHECKS)


def _open(found: Mapping[tuple[str, str], int]) -> dict[str, int]:
    return {str(severity): found.get((OPEN, str(severity)), 0) for severity in Severity}


def _of_state(found: Mapping[tuple[str, str], int], wanted: str) -> int:
    return sum(count for (of, _), count in found.items() if of == wanted)


def _changed_since(connection: Connection, entry: int) -> bool:
    summaries = connection.execute(select(journal.c.summary).where(journal.c.id > entry)).scalars()
    return any(not _LOOKED_AT.isdisjoint(summary) for summary in summaries)
