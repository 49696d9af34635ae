"""The group ``checks``: the rules beside the same by hand, beside table schemas, on a million customers, and in a workspace."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.apart import Measured, measure, middle
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    from tests.bench.plan import Bench

_SAME = 20_000
"""Customers of the station in which all sides must find the same."""
_COUNTY, _REGION = 200_000, 1_000_000


def checks(bench: "Bench") -> Iterator[Figure]:
    """Ratios first, then what a person waits for."""
    yield _same(bench)
    mine = {}
    for rows in bench.sizes:
        folder = _station(bench, rows)
        mine[rows] = [measure("checks_work.ours", folder)]
        hand = [measure("checks_work.by_hand", folder)]
        for _ in range(bench.turns(rows) - 1):
            mine[rows].append(measure("checks_work.ours", folder))
            hand.append(measure("checks_work.by_hand", folder))
        yield from _beside_hand(bench, rows, mine[rows], hand)
    if {_COUNTY, _REGION} <= mine.keys():
        yield _linear(bench, mine[_REGION], mine[_COUNTY])
    yield from _beside_schema(bench)
    for rows in bench.sizes:
        yield from _service(bench, rows)


def _station(bench: "Bench", rows: int) -> Path:
    """The station's tables in files, made once."""
    folder = bench.work / f"station-{rows}"
    if not folder.is_dir():
        measure("checks_work.make", rows, folder)
    return folder


def _same(bench: "Bench") -> Figure:
    said = measure("checks_work.same", _station(bench, _SAME)).said
    apart = said["only_ours"] + said["only_by_hand"] + said["only_schema"]
    value = f"{said['pairs']} faults; only ours {said['only_ours']}, only by hand {said['only_by_hand']}"
    value += f"; frictionless {said['schema_pairs']} of them, {said['only_schema']} others"
    return bench.figure(f"check {_SAME:,} customers: all sides find the same faults", value, "no difference", met=not apart)


def _beside_hand(bench: "Bench", rows: int, mine: list[Measured], hand: list[Measured]) -> Iterator[Figure]:
    assert {run.said["pairs"] for run in (*mine, *hand)} == {mine[0].said["pairs"]}, (mine, hand)
    for name, runs in (("full rule set", mine), ("by hand in polars", hand)):
        value = f"{middle(runs):.1f} s (processor {_processor(runs):.1f} s), {_held(runs)}"
        yield bench.figure(f"check {rows:,} customers in memory: {name}", value)
    ratio = median(own.said["seconds"] / other.said["seconds"] for own, other in zip(mine, hand, strict=True))
    processor = median(own.said["cpu"] / other.said["cpu"] for own, other in zip(mine, hand, strict=True))
    goal = "≤ 2" if rows == _COUNTY else ""
    value = f"{ratio:.2f} (processor time {processor:.2f})"
    yield bench.figure(f"full rule set : by hand, {rows:,} customers", value, goal, met=ratio <= 2 if goal else None)


def _linear(bench: "Bench", large: list[Measured], small: list[Measured]) -> Figure:
    ratio, processor = middle(large) / middle(small), _processor(large) / _processor(small)
    value = f"{ratio:.1f} (processor time {processor:.1f})"
    return bench.figure("full rule set, 1,000,000 : 200,000 customers", value, "< 15", met=ratio < 15)


def _beside_schema(bench: "Bench") -> Iterator[Figure]:
    """One run of frictionless between two of ours."""
    rows = bench.large
    folder = _station(bench, rows)
    before = measure("checks_work.ours_schema", folder)
    peer = measure("checks_work.frictionless", folder)
    mine = [before, measure("checks_work.ours_schema", folder)]
    name = f"check {rows:,} customers, rules a table schema can say"
    yield bench.figure(f"{name}: ours", f"{middle(mine):.2f} s, {_held(mine)}")
    yield bench.figure(f"{name}: frictionless", f"{peer.said['seconds']:.1f} s, {_held([peer])}")
    ratio, processor = peer.said["seconds"] / middle(mine), _processor([peer]) / _processor(mine)
    value = f"{ratio:.0f} (processor time {processor:.0f})"
    goal = "≥ 50" if rows == _COUNTY else ""
    yield bench.figure(f"frictionless : ours, {rows:,} customers", value, goal, met=ratio >= 50 if goal else None)


def _service(bench: "Bench", rows: int) -> Iterator[Figure]:
    """The check of a workspace with an imported ledger, then once more with nothing changed."""
    taken = bench.pairs.get((rows, "csv"))
    folder = (taken[-1].taken if taken else bench.take(bench.file(rows, "csv"))).said["folder"]
    first, second = (measure("checks_work.service", folder) for _ in range(2))
    name = f"check of a workspace, {rows:,} customers imported"
    yield bench.figure(f"{name}: read, check, keep", f"{first.said['seconds']:.1f} s, {first.said['open']:,} findings, {_held([first])}")
    value = f"{second.said['seconds']:.1f} s, {second.said['new']} new, {second.said['resolved']} resolved"
    unmoved = second.said["open"] == first.said["open"] and not second.said["new"] + second.said["resolved"]
    yield bench.figure(f"{name}: again", value, "0 new, 0 resolved", met=unmoved)


def _processor(runs: list[Measured]) -> float:
    return median(float(run.said["cpu"]) for run in runs)


def _held(runs: list[Measured]) -> str:
    """Memory at the peak: of the whole process, and what the work took of it."""
    return f"{max(run.peak for run in runs):.0f} MB (+{max(run.growth for run in runs):.0f} MB)"
