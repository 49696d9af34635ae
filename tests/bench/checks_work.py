"""What the group ``checks`` measures, one function per process: ``python -m tests.bench.checks_work FUNCTION ARGUMENTS``."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from tests.bench.apart import memory, tell

Result = dict[str, Any]
_WARM = 2_000
"""Customers of the station that is checked before the clock runs, so that nothing is imported on the way."""


def make(customers: str, folder: str) -> Result:
    """Puts the station of that size into files, so that measuring processes do not make it."""
    from tests.bench.big_station import big_station

    station = big_station(int(customers))
    Path(folder).mkdir(parents=True)
    for entity, frame in station._tables.items():
        frame.write_parquet(Path(folder) / f"{entity}.parquet")
    return {"seconds": 0.0, "before": 0.0}


def ours(folder: str) -> Result:
    """The full rule set."""
    return _timed(_station(folder), _found)


def by_hand(folder: str) -> Result:
    """Peer: the same faults found in plain polars."""
    return _timed(_station(folder), _found_by_hand)


def ours_schema(folder: str) -> Result:
    """The rules of which a table schema can say the most."""
    from tests.bench.schemas import RULES

    return _timed(_station(folder), lambda station: _found(station, RULES))


def frictionless(folder: str) -> Result:
    """Peer: the same tables checked against table schemas; its rows are made before the clock runs."""
    from tests.bench.schemas import found_by_schema, tables

    station = _station(folder)
    rows = tables(station)
    before, started, own = memory(), time.perf_counter(), time.process_time()
    found = found_by_schema(station, rows)
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "before": before, "pairs": found.height}


def same(folder: str) -> Result:
    """How many pairs of rule and key only one side finds; table schemas may find less, never more."""
    from tests.bench.schemas import found_by_schema, tables

    station = _station(folder)
    mine, other, schema = _found(station), _found_by_hand(station), found_by_schema(station, tables(station))
    return {
        "pairs": mine.height, "only_ours": _only(mine, other), "only_by_hand": _only(other, mine),
        "schema_pairs": schema.height, "only_schema": _only(schema, mine), "before": 0.0, "seconds": 0.0,
    }  # fmt: skip


def _only(some: pl.DataFrame, others: pl.DataFrame) -> int:
    return some.join(others, on=["rule", "key"], how="anti").height


def service(folder: str) -> Result:
    """The whole check of a workspace as the window runs it: read, check, keep."""
    from lvdesk.checks.checking import check
    from lvdesk.kit.progress import Progress
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="bench")
    before, started, own = memory(), time.perf_counter(), time.process_time()
    report = check(ws, Progress())
    result = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "before": before}
    ws.close()
    return {**result, "new": report.new, "resolved": report.resolved, "open": sum(report.counts.values()), "rules": len(report.rules_run)}


def _timed(station: Any, work: Callable[[Any], pl.DataFrame]) -> Result:
    """Seconds of ``work`` over the station, after the same over a small one."""
    from tests.bench.big_station import big_station

    work(big_station(_WARM))
    before, started, own = memory(), time.perf_counter(), time.process_time()
    found = work(station)
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "before": before, "pairs": found.height}


def _station(folder: str) -> Any:
    """The frames that ``make`` kept; nobody has looked at them yet."""
    from tests.helpers.checking import StationOf

    station = StationOf({})
    for entity in list(station._tables):
        station._tables[entity] = frame = pl.read_parquet(Path(folder) / f"{entity}.parquet")
        station._standing[entity] = _listed(entity, frame)
    return station


def _listed(entity: str, frame: pl.DataFrame) -> pl.DataFrame:
    from lvdesk.checks.model import KEYS

    return frame.select(pl.col(KEYS[entity]).alias("key"), pl.lit("listed").alias("standing"))


def _found(station: Any, only: tuple[str, ...] = ()) -> pl.DataFrame:
    """Rule and key of everything the product finds, each pair once."""
    from lvdesk.checks.engine import run_rules
    from lvdesk.checks.registry import discover
    from lvdesk.checks.rulebook import Tuning
    from lvdesk.kit.progress import Progress
    from tests.helpers.checking import values_of

    book = {code: Tuning(not only or code in only, rule.severity, values_of(rule)) for code, rule in discover().items()}
    return run_rules(station, book, Progress()).found.select("rule", "key").unique()


def _found_by_hand(station: Any) -> pl.DataFrame:
    from lvdesk.checks.refusals import NUMBERS
    from tests.bench.handwritten import Given
    from tests.bench.handwritten_places import by_hand as search

    codes, numbers = {}, {}
    for entity in station.dictionary:
        lists = {field.name: station.codes[field.codes] for field in entity.fields.values() if field.kind == "code"}
        codes[entity.name] = {name: [item.code for item in known.items] for name, known in lists.items() if not known.open}
        numbers[entity.name] = [field.name for field in entity.fields.values() if field.kind in {*NUMBERS, "barcode"}]
    return search(Given(station._tables, codes, numbers))


if __name__ == "__main__":
    tell(globals()[sys.argv[1]](*sys.argv[2:]))
