"""The group ``reviews``: a queue of a hundred thousand items opened, counted, decided in bulk; a station's returns gathered into one."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace
    from tests.bench.plan import Bench

Result = dict[str, Any]
_ITEMS, _BULK, _ROWS = 100_000, 10_000, 10_000
_OPENS: Final = 0.3
_IN_VIEW: Final = 60
_PER_AREA: Final = 70
_TEAMS: Final = 20
_DAYS: Final = 12
_PERSON: Final = "孙营销"
_KINDS: Final = ("name_changed", "connection", "name_changed", "address_changed", "slot_changed",
                 "name_changed", "new", "name_changed", "other_area", "cancelled")  # fmt: skip
"""What comes how often; the first customers' names are what is decided in bulk."""
_PLACES: Final = {
    "name_changed": ("customer", "customer.name"), "address_changed": ("customer", "customer.address"),
    "new": ("customer", "customer.name"),
    "other_area": ("customer", "metering_point.area_no"), "cancelled": ("customer", "customer.status"),
    "connection": ("meter_box", "meter_box.device_name"), "slot_changed": ("meter", "meter.slot_row"),
}  # fmt: skip


def reviews(bench: "Bench") -> Iterator[Figure]:
    """What a person waits for."""
    yield from _lists(bench)
    yield from _gathering(bench)


def _lists(bench: "Bench") -> Iterator[Figure]:
    folder = bench.fresh()
    measure("reviews.make", _ITEMS, folder)
    said = [measure("reviews.lists", folder).said for _ in range(bench.runs)]
    count = f"{said[0]['items']:,}"
    worst = max(median(each["opened"][stage] for each in said) for stage in said[0]["opened"])
    first = median(each["first"] for each in said)
    value = f"{worst * 1000:.0f} ms, the first of a process {first * 1000:.0f} ms"
    met = max(worst, first) < _OPENS
    yield bench.figure(f"review: list of {count} items opens, median of {bench.runs}, slowest stage", value, f"< {_OPENS} s", met=met)
    asked = {what: median(each["asked"][what] for each in said) * 1000 for what in said[0]["asked"]}
    value = ", ".join(f"{what} {milliseconds:.0f} ms" for what, milliseconds in asked.items())
    yield bench.figure(f"review: {count} items counted, narrowed, in other orders", value)
    done = measure("reviews.bulk", _BULK, folder)
    value = f"{done.said['seconds']:.1f} s ({done.said['decided'] / done.said['seconds']:,.0f}/s), +{done.growth:.0f} MB"
    value += f"; undone in {done.said['undo']:.1f} s"
    yield bench.figure(f"review: {done.said['decided']:,} items confirmed at once, ledger changed", value)


def _gathering(bench: "Bench") -> Iterator[Figure]:
    run = measure("reviews.gather", _ROWS, bench.fresh())
    said = run.said
    value = f"{said['seconds']:.1f} s ({said['items']:,} items), +{run.growth:.0f} MB; again {said['again'] * 1000:.0f} ms"
    value += f"; after a decision {said['after'] * 1000:.0f} ms"
    yield bench.figure(f"review: queue of a station gathered from {said['rows']:,} field rows", value)


def make(items: str, folder: str) -> Result:
    """A station with so many customers, and as many items of all kinds, areas, teams and days."""
    from lvdesk.kit.clock import local_clock, stamp
    from lvdesk.kit.progress import Progress
    from lvdesk.review.gathering import _Queue
    from lvdesk.review.matters import load_book
    from lvdesk.security.people import register
    from lvdesk.workspace import Workspace

    count = int(items)
    ws = Workspace.open(Path(folder), person="钱内勤")
    _lay(ws, count)
    register(ws.store, ws.overrides, _PERSON, ["marketing"])
    with ws.store.write("整理复核事项") as write:
        for day in range(_DAYS):
            queue = _Queue(write, load_book(None), stamp(local_clock() - timedelta(days=day)))
            queue._insert([_item(number) for number in range(day, count, _DAYS)], Progress())
    ws.close()
    return {"seconds": 0.0, "before": 0.0}


def _lay(ws: "Workspace", count: int) -> None:
    from lvdesk.network.tables import TABLES

    areas = range(-(-count // _PER_AREA))
    rows: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "feeder": (("feeder_no", "name"), [(f"13{number:08}", f"10kV线{number}") for number in range(len(areas) // 12 + 1)]),
        "transformer_area": (("area_no", "name", "feeder_no"), [(f"40{n:08}", f"青禾{n}#公变", f"13{n // 12:08}") for n in areas]),
        "customer": (
            ("customer_no", "name", "address", "sort", "status"),
            [(f"42{n:08}", f"用户{n}", f"青禾村{n}号", "03", "正常用电客户") for n in range(count)],
        ),
        "metering_point": (
            ("mp_no", "customer_no", "area_no"),
            [(f"71{n:08}", f"42{n:08}", f"40{n // _PER_AREA:08}") for n in range(count)],
        ),
    }
    with ws.store.write("台账") as write:
        for entity, (columns, values) in rows.items():
            write.insert(TABLES[entity], (*columns, "listed"), [(*row, 1) for row in values], len(values))


def _item(number: int) -> Result:
    """Values of ``shaping.DERIVED``; every fortieth cannot enter."""
    kind = _KINDS[number % len(_KINDS)]
    entity, place = _PLACES[kind]
    key, shown = f"42{number:08}", (f"台账{number}", f"现场{number}")
    collector = f"采录{number // _PER_AREA % _TEAMS}"
    return {
        "identity": f"{kind}|{entity}|{key}", "kind": kind, "entity": entity, "key": key, "record": number + 1,
        "area_no": f"40{number // _PER_AREA:08}", "title": f"用户{number}", "ledger_shown": shown[0], "field_shown": shown[1],
        "sides": json.dumps([[place, *shown]]), "evidence": "[]", "sheet_id": 1, "sheet_row": number + 2, "package_no": None,
        "entered_by": json.dumps(["钱内勤", collector]), "blocked": "" if number % 40 else "同一表号出现两次", "digest": f"{number:016}",
        "heard": 1,
    }  # fmt: skip


def lists(folder: str) -> Result:
    """Every stage as a window opens it, then what stands beside it."""
    from lvdesk.kit.table import Condition, Filter, Query
    from lvdesk.review import browsing
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person=_PERSON)
    before, opened, found = memory(), {}, {}

    def opens(stage: str, query: Query) -> int:
        source = browsing.table(ws, browsing.Scope(stage))
        ids = source.ids(query)
        assert len(source.rows(ids[:_IN_VIEW])) == min(_IN_VIEW, len(ids))
        return len(ids)

    first, _ = _seconds(lambda: opens("marketing", Query()), 1)
    for stage in ("all", "mine", *browsing.STAGES):
        opened[stage], found[stage] = _seconds(lambda stage=stage: opens(stage, Query()))
    asked = {
        "counts": _seconds(lambda: browsing.counts(ws))[0],
        "facets": _seconds(lambda: browsing.facets(ws, browsing.Scope("all")))[0],
        "by area": _seconds(lambda: opens("all", Query(order=(("area", False),))))[0],
        "by name": _seconds(lambda: opens("all", Query(order=(("title", False),))))[0],
        "words": _seconds(lambda: opens("all", Query(words="青禾7#")))[0],
        "one kind": _seconds(lambda: opens("all", Query(filters=(Filter("kind", Condition.ONE_OF, ("名称不符",)),))))[0],
    }
    ws.close()
    assert found["marketing"], found
    return {"items": found["all"], "first": first, "opened": opened, "asked": asked, "before": before, "seconds": first}


def _seconds(work: Callable[[], Any], runs: int = 3) -> tuple[float, Any]:
    """Median seconds, and what it gave."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        given = work()
        taken.append(time.perf_counter() - started)
    return median(taken), given


def bulk(items: str, folder: str) -> Result:
    """The first names that wait for marketing, confirmed in one go, then undone."""
    from lvdesk import history
    from lvdesk.kit.progress import Progress
    from lvdesk.kit.table import Query
    from lvdesk.review import browsing
    from lvdesk.review.deciding import decide
    from lvdesk.review.model import Action, Kind, Request
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person=_PERSON)
    ids = browsing.table(ws, browsing.Scope("marketing", frozenset({Kind.NAME_CHANGED}))).ids(Query())[: int(items)]
    before, started = memory(), time.perf_counter()
    done = decide(ws, Request(tuple(ids), Action.CONFIRM, how="bulk"), Progress())
    seconds = time.perf_counter() - started
    assert (len(done.done), done.refused) == (len(ids), ()), done.refused[:3]
    undone, _ = _seconds(lambda: history.undo(ws), 1)
    ws.close()
    return {"seconds": seconds, "undo": undone, "decided": len(ids), "before": before}


def gather(rows: str, folder: str) -> Result:
    """Returns of a station whose ledger is there already, taken back before the clock runs."""
    from lvdesk.fieldwork.return_model import ReturnRequest
    from lvdesk.fieldwork.returns import take_back
    from lvdesk.kit.progress import Progress
    from lvdesk.review import browsing, gathering
    from lvdesk.workspace import Workspace
    from tests.helpers.field_truth import generated
    from tests.helpers.stations import taken

    truth = generated(21, int(rows), Path(folder))
    ws = Workspace.open(Path(folder) / "工作区", person="bench")
    taken(ws, *truth.ledger)
    take_back(ws, ReturnRequest(truth.returns), Progress())
    before = memory()
    seconds, _ = _seconds(lambda: gathering.refresh(ws, Progress()), 1)
    again, _ = _seconds(lambda: gathering.refresh(ws, Progress()))
    after = _after_a_decision(ws)
    found = browsing.counts(ws)
    ws.close()
    items = sum(found[stage] for stage in browsing.STAGES)
    return {"seconds": seconds, "again": again, "after": after, "rows": truth.rows, "items": items, "before": before}


def _after_a_decision(ws: "Workspace") -> float:
    """Whether one decision makes the queue be gathered anew."""
    from lvdesk.kit.progress import Progress
    from lvdesk.kit.table import Query
    from lvdesk.review import browsing, gathering
    from lvdesk.review.deciding import decide
    from lvdesk.review.model import Action, Request

    (number, *_) = browsing.table(ws, browsing.Scope("preparing")).ids(Query())
    assert decide(ws, Request((number,), Action.CONFIRM), Progress()).done
    return _seconds(lambda: gathering.refresh(ws, Progress()), 1)[0]


if __name__ == "__main__":
    tell({"make": make, "lists": lists, "bulk": bulk, "gather": gather}[sys.argv[1]](*sys.argv[2:]))
