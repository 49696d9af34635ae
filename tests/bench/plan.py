"""What the bench measures and how it is told: groups of measurements, each giving its figures."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import mean, median

from tests.bench.apart import Measured, measure, middle
from tests.bench.checks import checks
from tests.bench.exports import exports
from tests.bench.ledgers import CACHE, ledger
from tests.bench.orders import orders
from tests.bench.organisation import organisation
from tests.bench.printing import printing
from tests.bench.reconcile import reconcile
from tests.bench.returns import returns
from tests.bench.reviews import reviews
from tests.bench.tours import compared
from tests.helpers.figures import Figure

SMALL = 300_000
"""Above this many rows one run is enough."""

_TABLE_ROWS = 100_000


@dataclass(frozen=True)
class Pair:
    """A peer's read of a file and our import of it, measured one after the other."""

    read: Measured
    taken: Measured

    @property
    def ratio(self) -> float:
        """How many times the read the import takes."""
        return float(self.taken.said["seconds"] / self.read.said["seconds"])

    @property
    def processor(self) -> float:
        """The same in processor time, which a busy machine does not change."""
        return _processor(self.taken) / float(self.read.said["cpu"])


def _processor(taken: Measured) -> float:
    return float(taken.said["own_cpu"] + taken.said["child_cpu"])


@dataclass
class Bench:
    """One run: sizes asked for, results kept for ratios, workspaces kept for the questions asked of them.

    Attributes:
        sizes: rows of the ledgers, ascending.
        work: an empty folder for workspaces.
        openpyxl: whether the minute of openpyxl is spent.
        runs: repetitions for ledgers up to ``SMALL`` rows.
    """

    sizes: list[int]
    work: Path
    openpyxl: bool = True
    runs: int = 3
    command: str = "python dev.py bench"
    pairs: dict[tuple[int, str], list[Pair]] = field(default_factory=dict)
    _number: int = 0

    def turns(self, rows: int) -> int:
        """How often something of that size is measured."""
        return self.runs if rows <= SMALL else 1

    def fresh(self) -> Path:
        """A folder for a new workspace."""
        self._number += 1
        return self.work / f"workspace-{self._number}"

    def file(self, rows: int, suffix: str) -> Path:
        """The ledger of that size."""
        return ledger(rows, suffix, CACHE)

    def figure(self, what: str, value: str, goal: str = "", *, met: bool | None = None) -> Figure:
        """A figure of this run."""
        return Figure(what, value, self.command, goal, met)

    def paired(self, rows: int, suffix: str) -> list[Pair]:
        """The peer's bare read and our import into an empty workspace, in turn, so that a busy machine slows both; the last one stays."""
        if (rows, suffix) not in self.pairs:
            path, pairs = self.file(rows, suffix), []
            for _ in range(self.turns(rows)):
                read = measure("work.fastexcel" if suffix == "xlsx" else "work.polars", path)
                pairs.append(Pair(read, self.take(path)))
                if pairs[:-1]:
                    shutil.rmtree(pairs[-2].taken.said["folder"])
            self.pairs[rows, suffix] = pairs
        return self.pairs[rows, suffix]

    def imported(self, rows: int, suffix: str) -> list[Measured]:
        """The imports of ``paired``."""
        return [pair.taken for pair in self.paired(rows, suffix)]

    def take(self, path: Path) -> Measured:
        """One import into an empty workspace, which stays in ``said["folder"]``."""
        folder = self.fresh()
        taken = measure("work.take", path, folder)
        taken.said["folder"] = str(folder)
        return taken

    @cached_property
    def large(self) -> int:
        """The size that stands for a county: the largest up to ``SMALL``."""
        return max((rows for rows in self.sizes if rows <= SMALL), default=self.sizes[0])


def importing(bench: Bench) -> Iterator[Figure]:
    """Whole imports of all sizes: seconds, memory of the window's process and of the reading one."""
    for suffix in ("xlsx", "csv"):
        for rows in bench.sizes:
            runs = bench.imported(rows, suffix)
            last, seconds = runs[-1].said, middle(runs)
            assert last["status"] == "imported", last
            assert last["rows"] == last["stored"] == rows, last
            name = f"{rows:,} rows {'GBK csv' if suffix == 'csv' else suffix}"
            value = (
                f"{seconds:.1f} s ({rows / seconds:,.0f} rows/s; processor {last['own_cpu']:.1f} s here, {last['child_cpu']:.1f} s reading)"
            )
            yield bench.figure(f"import {name}: read, heal, store, search", value)
            growth = max(run.growth for run in runs)
            goal = "≤ 400 MB" if rows == 200_000 else ""
            memory = f"+{growth:.0f} MB; reading process {max(run.child for run in runs):.0f} MB; database {last['database_mb']:.0f} MB"
            yield bench.figure(f"import {name}: memory at the peak", memory, goal, met=growth <= 400 if goal else None)
        yield from _linear(bench, suffix)


def _linear(bench: Bench, suffix: str) -> Iterator[Figure]:
    if {200_000, 1_000_000} <= set(bench.sizes):
        large, small = bench.imported(1_000_000, suffix), bench.imported(200_000, suffix)
        ratio = middle(large) / middle(small)
        processor = _processor(large[-1]) / median(map(_processor, small))
        value = f"{ratio:.1f} (processor time {processor:.1f})"
        # the two sizes run at different moments: on a busy machine only the processor time is sure
        yield bench.figure(f"import {suffix}, 1,000,000 : 200,000 rows", value, "≤ 6", met=max(ratio, processor) <= 6)


def peers(bench: Bench) -> Iterator[Figure]:
    """The same files merely read by others."""
    for suffix, title in (("xlsx", "xlsx"), ("csv", "GBK csv")):
        for rows in bench.sizes:
            pairs = bench.paired(rows, suffix)
            read = [pair.read for pair in pairs]
            how = _peer(suffix, read[-1])
            held = max(run.peak for run in read)
            yield bench.figure(f"{how} merely reads {rows:,} rows {title}", f"{middle(read):.1f} s, {held:.0f} MB")
            ratio = median(pair.ratio for pair in pairs)
            value = f"{ratio:.2f} (processor time {median(pair.processor for pair in pairs):.2f})"
            goal = "≤ 2.5" if (rows, suffix) == (200_000, "xlsx") else ""
            yield bench.figure(f"import : {how}, {rows:,} rows {title}", value, goal, met=ratio <= 2.5 if goal else None)


def _peer(suffix: str, read: Measured) -> str:
    if suffix == "csv":
        return "polars"
    return "fastexcel eager" if read.said["eager"] else "fastexcel to polars (no pyarrow here)"


def slow_peer(bench: Bench) -> Iterator[Figure]:
    """The usual Python reader, once, between two imports."""
    if not bench.openpyxl:
        return
    rows = bench.large
    path = bench.file(rows, "xlsx")
    before = bench.take(path)
    read = measure("work.openpyxl", path)
    after = bench.take(path)
    ratio = read.said["seconds"] / mean([before.said["seconds"], after.said["seconds"]])
    processor = read.said["cpu"] / mean([_processor(before), _processor(after)])
    yield bench.figure(f"openpyxl merely reads {rows:,} rows xlsx", f"{read.said['seconds']:.1f} s, {read.peak:.0f} MB")
    value = f"{ratio:.1f} (processor time {processor:.1f})"
    goal = "≥ 6" if rows == 200_000 else ""
    yield bench.figure(f"openpyxl reading : import, {rows:,} rows xlsx", value, goal, met=ratio >= 6 if goal else None)


def again(bench: Bench) -> Iterator[Figure]:
    """The same file once more, preview and load, undo and redo."""
    rows = bench.large
    path, folder = bench.file(rows, "xlsx"), bench.imported(rows, "xlsx")[-1].said["folder"]
    same = measure("work.take", path, folder)
    assert same.said["status"] == "unchanged", same
    yield bench.figure(f"the same {rows:,} rows xlsx again: unchanged", f"{same.said['seconds'] * 1000:.0f} ms")
    both = measure("work.preview_load", path, bench.fresh())
    value = f"{both.said['preview']:.1f} + {both.said['load']:.1f} s, +{both.growth:.0f} MB"
    yield bench.figure(f"preview + load {rows:,} rows xlsx", value)
    back = measure("work.undo", folder)
    yield bench.figure(
        f"undo + redo of the {rows:,} rows import", f"{back.said['seconds']:.1f} + {back.said['redo']:.1f} s, +{back.growth:.0f} MB"
    )


def asking(bench: Bench) -> Iterator[Figure]:
    """Search in the largest workspace; the questions of a table of 100,000 rows."""
    rows = bench.sizes[-1]
    found = measure("work.search", bench.imported(rows, "csv")[-1].said["folder"]).said
    names = {"number": "a whole customer number", "name": "a whole name", "two_characters": "a two-character name",
             "initials": "pinyin initials", "nothing": "words that stand nowhere"}  # fmt: skip
    for what, title in names.items():
        hits = found[f"{what}_hits"]
        assert bool(hits) == (what != "nothing"), (what, hits)
        yield bench.figure(f"search {rows:,} customers: {title}", f"{found[what]:.1f} ms ({hits} shown)")
    asked = measure("work.table", bench.imported(min(_TABLE_ROWS, rows), "csv")[-1].said["folder"]).said
    value = f"ids {asked['ids']:.0f} ms, by name {asked['ordered']:.0f} ms, filtered {asked['filtered']:.0f} ms"
    yield bench.figure(f"table of {asked['rows']:,} customers: which rows", value)
    value = f"{asked['page']:.1f} ms, slowest {asked['slowest_page']:.0f} ms"
    yield bench.figure(f"table of {asked['rows']:,} customers: a page of 200 anywhere", value)


def window(bench: Bench) -> Iterator[Figure]:
    """Start, scrolling, answering during an import, cancel."""
    rows = min(_TABLE_ROWS, bench.sizes[-1])
    folder = bench.imported(rows, "csv")[-1].said["folder"]
    starts = [measure("window.start", folder) for _ in range(6)][1:]
    seconds = middle(starts)
    filled = median(run.said["filled"] for run in starts)
    held = max(run.peak for run in starts)
    processor = median(run.said["cpu"] for run in starts)
    value = f"{seconds:.2f} s (processor {processor:.2f} s; its page filled {filled:.2f} s), {held:.0f} MB"
    yield bench.figure("window: process start to first picture, warm, median of 5", value, "< 1.5 s", met=seconds < 1.5)
    turned = measure("window.scroll", folder).said
    value = f"{turned['longest']:.0f} ms (median {turned['middle']:.0f}, processor {turned['busy']:.0f})"
    name = f"window: longest frame of 500 wheel steps through {turned['rows']:,} rows"
    yield bench.figure(name, value, "≤ 100 ms", met=turned["longest"] <= 100)
    yield bench.figure(f"window: longest frame of 100 jumps in {turned['rows']:,} rows", f"{turned['longest_jump']:.0f} ms")
    path = bench.file(bench.large, "xlsx")
    busy = measure("window.freeze", path, bench.fresh()).said
    value = f"{busy['longest']:.0f} ms (99 % under {busy['p99']:.0f} ms; over 100 ms: {busy['over']} times in {busy['seconds']:.0f} s)"
    yield bench.figure(f"window: longest silence while {bench.large:,} rows xlsx are previewed and loaded", value)
    yield _cancelled(bench, path)


def _cancelled(bench: Bench, path: Path) -> Figure:
    """Cancel early, in the middle and late."""
    usual = middle(bench.imported(bench.large, "xlsx"))
    runs = [measure("window.cancel", path, bench.fresh(), f"{usual * part:.2f}").said for part in (0.1, 0.3, 0.5, 0.7, 0.9)]
    stopped = [run for run in runs if run["outcome"] == "cancelled"]
    longest = max((run["seconds"] for run in stopped), default=0.0)
    kept = sum(run["saved"] for run in stopped)
    value = f"{longest:.2f} s, {kept} records kept ({len(stopped)} of {len(runs)} cancelled before they were done)"
    name = f"window: cancel of a {bench.large:,} rows import, longest of 5"
    return bench.figure(name, value, "≤ 1 s, 0 kept", met=bool(stopped) and longest <= 1 and not kept)


def tours(bench: Bench) -> Iterator[Figure]:
    """Walks through areas beside the best known ones."""
    for what, value, goal, met in compared():
        yield bench.figure(what, value, goal, met=met)


_GROUPS = (
    importing,
    peers,
    slow_peer,
    again,
    asking,
    window,
    tours,
    printing,
    checks,
    returns,
    reviews,
    exports,
    reconcile,
    organisation,
    orders,
)
GROUPS: dict[str, Callable[[Bench], Iterator[Figure]]] = {group.__name__: group for group in _GROUPS}
