"""Simulated sheets read back: how many are identified, whether any tick is wrong, what is left to people, the time a page takes."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.scanning.marks import DOUBTFUL
from lvdesk.fieldwork.scanning.reading import Desk, read_page
from lvdesk.fieldwork.scanning.settings import load_settings
from tests.helpers.scan_truth import Blank, Simulated, blanks, simulated
from tests.helpers.scan_truth_picture import ways

_CONTROL_EVERY = 5
_PIECE = 10


def run(sheets: int) -> Counter[str]:
    """Simulates so many sheets and reads each."""
    pieces = [range(start, min(start + _PIECE, sheets)) for start in range(0, sheets, _PIECE)]
    total: Counter[str] = Counter()
    workers = min(len(pieces), os.cpu_count() or 1)
    with (
        TemporaryDirectory(prefix="lvdesk-scans-") as folder,
        ProcessPoolExecutor(workers, get_context("spawn"), _start, (folder,)) as pool,
    ):
        for counts in pool.map(piece, pieces):
            total.update(counts)
    return total


_made: list[Blank] = []


def _start(folder: str) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    _made.extend(blanks(own))


def sheets_of(made: list[Blank], seeds: range) -> Iterator[tuple[int, Simulated]]:
    """Simulated sheets: every form, every way of picturing in turn."""
    for seed in seeds:
        yield seed, simulated(made[seed % len(made)], seed, ways()[(seed + seed // len(made)) % len(ways())])


def piece(seeds: range) -> Counter[str]:
    """Reads some sheets; a few of them once more with every ink taken for a tick, as a control."""
    desk = Desk(load_forms(), load_settings())
    loose = replace(desk, settings=replace(desk.settings, marked=0.0, empty=0.0, crowded=1.0, faint=1.0, outside=1e9, outline=0.0))
    found: Counter[str] = Counter()
    for seed, sheet in sheets_of(_made, seeds):
        started = time.process_time()
        read = read_page(sheet.picture, desk)
        found["milliseconds"] += round((time.process_time() - started) * 1000)
        found["pages"] += 1
        found["identified"] += read.payload == sheet.payload
        found["read"] += not read.code
        found["queued"] += bool(read.code)
        for mark in read.marks:
            kind = "ticks" if mark.kind == "tick" else "writing"
            found[kind] += 1
            found[f"doubtful {kind}"] += mark.verdict == DOUBTFUL
            found[f"ticked {kind}"] += sheet.ticks.get(mark.place) == "1"
            found[f"wrong {kind}"] += sheet.wrong(mark)
        if seed % _CONTROL_EVERY == 0:
            found["control wrong ticks"] += sum(sheet.wrong(mark) for mark in read_page(sheet.picture, loose).marks if mark.kind == "tick")
    return found
