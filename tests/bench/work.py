"""What is measured, one function per process: ``python -m tests.bench.work FUNCTION ARGUMENTS``."""

import random
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.bench.apart import memory, tell
from tests.bench.peers import PEERS

Result = dict[str, Any]


def fastexcel(path: str) -> Result:
    """Peer: the bare fastest read of a workbook; ``eager`` False where pyarrow is not to be had and polars took its place."""
    sys.path.append(str(PEERS))
    import fastexcel as reader

    eager = find_spec("pyarrow") is not None
    before, started, own = memory(), time.perf_counter(), time.process_time()
    book = reader.read_excel(path)
    rows = book.load_sheet(0, eager=True).num_rows if eager else book.load_sheet(0).to_polars().height
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "cpu": time.process_time() - own, "before": before, "rows": rows, "eager": eager}


def openpyxl(path: str) -> Result:
    """Peer: the usual Python reader, merely reading."""
    import openpyxl as reader

    before, started, own, rows = memory(), time.perf_counter(), time.process_time(), 0
    book = reader.load_workbook(path, read_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        rows += 1
    return {"seconds": time.perf_counter() - started, "cpu": time.process_time() - own, "before": before, "rows": rows}


def polars(path: str) -> Result:
    """Peer: the bare fastest read of a GBK csv."""
    import polars as pl

    before, started, own = memory(), time.perf_counter(), time.process_time()
    frame = pl.read_csv(path, encoding="gb18030", infer_schema=False)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "cpu": time.process_time() - own, "before": before, "rows": frame.height}


def take(path: str, folder: str) -> Result:
    """The whole import into the workspace: read, heal, store, search."""
    from lvdesk.kit.progress import Progress
    from lvdesk.ledger.importing import take as work
    from lvdesk.ledger.model import ImportRequest
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="bench")
    before, started, own = memory(), time.perf_counter(), time.process_time()
    result = work(ws, ImportRequest((Path(path),)), Progress())
    seconds, own = time.perf_counter() - started, time.process_time() - own
    times = psutil.Process().cpu_times()
    (report,) = result.files
    (sheet,) = report.sheets
    ws.close()
    size = sum(each.stat().st_size for each in Path(folder).glob("station.db*"))
    return {
        "seconds": seconds, "before": before, "after": memory(), "status": report.status, "rows": sheet.rows_in,
        "stored": sheet.rows_stored, "database_mb": size / 2**20, "own_cpu": own, "child_cpu": times.children_user + times.children_system,
    }  # fmt: skip


def preview_load(path: str, folder: str) -> Result:
    """As the window does it: preview, then load."""
    from lvdesk.kit.progress import Progress
    from lvdesk.ledger.importing import load, preview
    from lvdesk.ledger.model import ImportRequest
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="bench")
    before, started = memory(), time.perf_counter()
    prepared = preview(ws, ImportRequest((Path(path),)), Progress())
    previewed = time.perf_counter()
    result = load(ws, prepared, Progress())
    ended = time.perf_counter()
    ws.close()
    seconds = {"seconds": ended - started, "preview": previewed - started, "load": ended - previewed}
    return {**seconds, "before": before, "status": result.files[0].status}


def undo(folder: str) -> Result:
    """The last import taken back, and brought again."""
    from lvdesk import history
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="bench")
    before, started = memory(), time.perf_counter()
    history.undo(ws, None)
    undone = time.perf_counter()
    history.redo(ws)
    ended = time.perf_counter()
    ws.close()
    return {"seconds": undone - started, "redo": ended - undone, "before": before}


def search(folder: str) -> Result:
    """What a person types into the search box; milliseconds, median of seven each after a first one that warms up."""
    from lvdesk.kit.table import Query
    from lvdesk.network.browsing import table
    from lvdesk.network.searching import search as find
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="bench")
    before, source = memory(), table(ws, "customer")
    ids = source.ids(Query())
    keys = [column.key for column in source.columns]
    row = source.rows([ids[len(ids) * 2 // 3]])[0]
    number, name = (row.values[keys.index(key)] for key in ("customer_no", "name"))
    typed = {"number": number, "name": name, "two_characters": name[:2], "initials": _initials(name), "nothing": "查无此人氏"}
    times: Result = {}
    for what, words in typed.items():
        find(ws, words)
        runs = []
        for _ in range(7):
            started = time.perf_counter()
            hits = find(ws, words)
            runs.append(time.perf_counter() - started)
        times[what] = median(runs) * 1000
        times[f"{what}_hits"] = len(hits)
    ws.close()
    return {**times, "before": before, "rows": len(ids), "seconds": 0.0}


def _initials(name: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))


def table(folder: str) -> Result:
    """What a table of all customers asks: ids, ids in another order, ids with a filter, pages of 200 anywhere."""
    from lvdesk.kit.table import Condition, Filter, Query
    from lvdesk.network.browsing import table as open_table
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="bench")
    before, source, chance = memory(), open_table(ws, "customer"), random.Random(1)
    questions = {
        "ids": Query(),
        "ordered": Query(order=(("name", False),)),
        "filtered": Query(filters=(Filter("name", Condition.CONTAINS, ("饭店",)),)),
    }
    times: Result = {}
    ids = source.ids(Query())
    for what, query in questions.items():
        runs = []
        for _ in range(3):
            started = time.perf_counter()
            source.ids(query)
            runs.append(time.perf_counter() - started)
        times[what] = median(runs) * 1000
    pages = []
    for _ in range(100):
        first = chance.randrange(max(len(ids) - 200, 1))
        started = time.perf_counter()
        source.rows(ids[first : first + 200])
        pages.append(time.perf_counter() - started)
    ws.close()
    return {**times, "page": median(pages) * 1000, "slowest_page": max(pages) * 1000, "rows": len(ids), "before": before, "seconds": 0.0}


if __name__ == "__main__":
    tell(globals()[sys.argv[1]](*sys.argv[2:]))
