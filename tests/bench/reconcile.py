"""The group ``reconcile``: marketing, field and GIS of a large station compared, and compared again when nothing changed."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace
    from tests.bench.plan import Bench

Result = dict[str, Any]
Rows = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]
_CUSTOMERS: Final = 100_000
_GOAL: Final = 15.0
_PER_AREA, _PER_BOX, _PER_FEEDER = 70, 5, 12
_AREA_WRONG, _BOX_MOVED, _NAME_WRONG, _SLOT_WRONG, _GONE, _UNFED, _UNPAIRED = 50, 20, 100, 100, 200, 200, 100
"""One in so many."""
_FIELD: Final = [
    "用户编号",
    "用户名称",
    "计量箱条码",
    "电能表条码",
    "所在行",
    "所在列",
    "经度",
    "纬度",
    "坐标系",
    "核对结论",
    "采录日期",
    "采录人",
]
_FED: Final = ["户号", "变电站", "馈线", "变压器GIS_ID", "台区编号"]


def reconcile(bench: "Bench") -> Iterator[Figure]:
    """What a person waits for after a file of the GIS came."""
    folder = bench.fresh()
    measure("reconcile.make", _CUSTOMERS, folder)
    runs = [measure("reconcile.run", folder, number) for number in range(bench.runs)]
    first, again = runs[0], median(run.said["again"] for run in runs)
    seconds = first.said["seconds"]
    what = f"reconcile: {_CUSTOMERS:,} customers × 3 sources ({first.said['sides']:,} values compared)"
    value = f"{seconds:.1f} s, {first.said['found']:,} differences stored, +{first.growth:.0f} MB"
    yield bench.figure(what, value, f"< {_GOAL:.0f} s", met=seconds < _GOAL)
    yield bench.figure(
        "reconcile: the same again, nothing changed, nothing written", f"{again:.1f} s", f"< {_GOAL:.0f} s", met=again < _GOAL
    )


def make(customers: str, folder: str) -> Result:
    """Records of the station, one row of field results and one of the feedback for each customer, some of them wrong."""
    from lvdesk.exchange.answers import take_answers
    from lvdesk.kit.progress import Progress
    from lvdesk.tabular.writing import write_sheets
    from lvdesk.workspace import Workspace
    from tests.helpers.stations import taken

    count, place = int(customers), Path(folder)
    ws = Workspace.open(place, person="钱内勤")
    _lay(ws, count)
    field, fed = place / "采录.xlsx", place / "回写.xlsx"
    write_sheets(field, [("采录结果", _FIELD, [_seen(number) for number in range(count)])], text_columns=_FIELD)
    write_sheets(fed, [("电源信息", _FED, [_traced(number, count) for number in range(count) if number % _UNFED])], text_columns=_FED)
    assert [report.status for report in taken(ws, field).files] == ["imported"]
    assert [report.status for report in take_answers(ws, [fed], Progress()).files] == ["imported"]
    ws.close()
    return {"seconds": 0.0, "before": 0.0}


def run(folder: str, turn: str) -> Result:
    """The first run of a station, or the next one; and another at once."""
    from lvdesk.exchange.reconcile.running import run as compare
    from lvdesk.kit.progress import Progress
    from lvdesk.network.changed import Changed
    from lvdesk.workspace import Workspace

    ws = Workspace.open(Path(folder), person="钱内勤")
    before, started = memory(), time.perf_counter()
    found = compare(ws, Progress())
    seconds = time.perf_counter() - started
    assert (found.changed is Changed.NOTHING) == (turn != "0")
    started = time.perf_counter()
    assert compare(ws, Progress()).changed is Changed.NOTHING
    again = time.perf_counter() - started
    ws.close()
    counts = {str(klass): count for klass, count in found.counts.items()}
    assert counts["wrong_upstream"], counts
    sides = sum(found.compared.values())
    return {"seconds": seconds, "again": again, "found": sum(counts.values()), "counts": counts, "sides": sides, "before": before}


def _lay(ws: "Workspace", count: int) -> None:
    from lvdesk.network.tables import TABLES
    from tests.helpers.stations import barcode

    people, boxes, areas = range(count), range(-(-count // _PER_BOX)), range(-(-count // _PER_AREA))
    rows: Rows = {
        "feeder": (("feeder_no", "name"), [(f"13{number:08}", f"10kV线{number}") for number in range(len(areas) // _PER_FEEDER + 1)]),
        "transformer_area": (("area_no", "name", "feeder_no"), [(_area(n), f"青禾{n}#公变", f"13{n // _PER_FEEDER:08}") for n in areas]),
        "transformer": (("transformer_no", "name", "area_no", "gis_id"), [(f"T{n}", f"青禾{n}#变", _area(n), f"40{n:06}") for n in areas]),
        "meter_box": (
            ("asset_no", "bar_code", "location", "longitude", "latitude", "area_no", "gis_id"),
            [(barcode("05", n)[7:21], barcode("05", n), f"{n}号", *_place(n), _area(n * _PER_BOX // _PER_AREA), _drawn(n)) for n in boxes],
        ),
        "meter": (
            ("asset_no", "bar_code", "mp_no", "box_no", "slot_row", "slot_column"),
            [
                (barcode("01", n)[7:21], barcode("01", n), f"71{n:08}", barcode("05", n // _PER_BOX)[7:21], 1, n % _PER_BOX + 1)
                for n in people
            ],
        ),
        "metering_point": (("mp_no", "customer_no", "area_no"), [(f"71{n:08}", f"42{n:08}", _home(n)) for n in people]),
        "customer": (
            ("customer_no", "name", "address", "sort", "status"),
            [(f"42{n:08}", f"用户{n}", f"青禾村{n}号", "03", "正常用电客户") for n in people],
        ),
    }
    with ws.store.write("台账") as write:
        for entity, (columns, values) in rows.items():
            write.insert(TABLES[entity], (*columns, "listed"), [(*row, 1) for row in values], len(values))


def _area(number: int) -> str:
    return f"40{number:08}"


def _home(customer: int) -> str:
    """The area of the customer's box."""
    return _area(customer // _PER_BOX * _PER_BOX // _PER_AREA)


def _drawn(box: int) -> str | None:
    """The GIS's number of a box; one in so many was lost, one is another box's."""
    if box % _UNPAIRED == 0:
        return None
    return f"5{box + (box % _UNPAIRED == 1):07}"


def _place(box: int) -> tuple[float, float]:
    return round(115.0 + box % 200 / 400, 6), round(34.0 + box // 200 / 400, 6)


def _seen(number: int) -> tuple[str, ...]:
    """A row of field results."""
    from tests.helpers.stations import barcode

    box = number // _PER_BOX
    east, north = _place(box)
    shift = 0.001 if box % _BOX_MOVED == 0 else 0.00001
    name = f"住户{number}" if number % _NAME_WRONG == 0 else f"用户{number}"
    slot = str(number % _PER_BOX + (2 if number % _SLOT_WRONG == 0 else 1))
    verdict = "现场无表" if number % _GONE == 0 else "正常"
    place = (f"{east + shift:.6f}", f"{north:.6f}", "CGCS2000")
    return (f"42{number:08}", name, barcode("05", box), barcode("01", number), "1", slot, *place, verdict, "2026-11-20", "李四")


def _traced(number: int, count: int) -> tuple[str, ...]:
    """A row of the feedback."""
    home = number // _PER_BOX * _PER_BOX // _PER_AREA
    area = (home + 1) % (count // _PER_AREA) if number % _AREA_WRONG == 1 else home
    return (f"42{number:08}", "110kV青禾变电站", f"10kV线{area // _PER_FEEDER}", f"40{area:06}", _area(area))


if __name__ == "__main__":
    tell({"make": make, "run": run}[sys.argv[1]](*sys.argv[2:]))
