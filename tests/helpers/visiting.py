"""A small station to make collection packages of: three areas on two feeders, boxes, customers, what the field said of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lvdesk.fieldwork.model import Request
from lvdesk.fieldwork.packages import create
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.packages import FormSheet
from lvdesk.network.tables import TABLES
from lvdesk.workspace import Workspace
from tests.helpers.stations import Cell, barcode, taken, workbook

NORTH, SOUTH, EAST = "4231757321", "4231757322", "4231757323"
AREAS = {NORTH: ("北村2#公变", "1336422701", "10kV银岗线"), SOUTH: ("北村10#公变", "1336422701", "10kV银岗线"),
         EAST: ("东村1#公变", "1336422702", "10kV前店线")}  # fmt: skip
SILVER, FRONT = "10kV银岗线", "10kV前店线"
_TRANSFORMERS = [
    "线路编号",
    "线路名称",
    "台区编号",
    "台区名称",
    "公专变标志",
    "变压器容量(kVA)",
    "运行状态",
    "变压器资产编号",
    "经度",
    "纬度",
]
_BOXES = ["计量箱条形码", "类别", "计量箱列数和", "计量箱行数和", "安装位置", "GPS经度坐标", "GPS纬度坐标", "用户编号", "计量点编号",
          "电能表资产号", "所在行", "所在列", "用户名称", "台区编号"]  # fmt: skip
_CUSTOMERS = [
    "用户编号",
    "用户名称",
    "用电地址",
    "用户分类",
    "用户状态",
    "计量点编号",
    "台区编号",
    "台区名称",
    "电能表条形码",
    "计量箱条形码",
]
_RETURN = ["采录日期", "采录人", "用户编号", "台区编号", "计量箱条码", "电能表条码", "经度", "纬度", "坐标系", "核对结论"]


def box(number: int) -> str:
    """The asset number of a box."""
    return barcode("05", 500 + number)[7:21]


def meter(number: int) -> str:
    """The asset number of a meter."""
    return barcode("01", number)[7:21]


def customer(number: int) -> str:
    """A customer's number."""
    return str(4209747010 + number)


def point(number: int) -> str:
    """The number of a customer's metering point."""
    return f"09{4747010 + number:08}"


def transformers(*areas: str) -> list[Sequence[Cell]]:
    """The rows of the transformer ledger of some areas."""
    rows: list[Sequence[Cell]] = [_TRANSFORMERS]
    for place, area in enumerate(areas):
        name, feeder_no, feeder = AREAS[area]
        rows.append([feeder_no, feeder, area, name, "01", 200, "01", f"T{area}", 115.68 + place / 100, 34.44])
    return rows


def boxes(*placed: tuple[int, str, Sequence[int]], slots: int = 2, nowhere: Sequence[int] = ()) -> list[Sequence[Cell]]:
    """The rows of the box survey: (box, area, customers in it) each; boxes of ``nowhere`` have no coordinates."""
    rows: list[Sequence[Cell]] = [_BOXES]
    for number, area, people in placed:
        place: list[Cell] = [None, None] if number in nowhere else [round(115.68 + number / 2000, 6), 34.441]
        own: list[Cell] = [barcode("05", 500 + number), "合体表箱", slots, 2, f"某村{number}号", *place]
        inside: list[list[Cell]] = [[customer(n), point(n), meter(n), 1, slot, f"用户{n}"] for slot, n in enumerate(people, 1)]
        rows += [[*own, *each, area] for each in (inside or [[None] * 6])]
    return rows


def customers(*placed: tuple[int, str], cancelled: Sequence[int] = (), unboxed: Sequence[int] = ()) -> list[Sequence[Cell]]:
    """The rows of the customer ledger: (customer, area) each."""
    rows: list[Sequence[Cell]] = [_CUSTOMERS]
    for number, area in placed:
        status = "已销户客户" if number in cancelled else "正常用电客户"
        rows.append(
            [
                customer(number),
                f"用户{number}",
                f"某村{number}号",
                "03",
                status,
                point(number),
                area,
                AREAS[area][0],
                barcode("01", number),
                "",
            ]
        )
    return rows


def station(ws: Workspace, folder: Path) -> Workspace:
    """North: boxes 1 (customers 1, 2), 2 (3), 3 (4: cancelled); South: box 4 (5), customer 6 in no box; East: box 5 (7)."""
    people = [(1, NORTH), (2, NORTH), (3, NORTH), (4, NORTH), (5, SOUTH), (6, SOUTH), (7, EAST)]
    sheets = {
        "变压器": transformers(NORTH, SOUTH, EAST),
        "用户": customers(*people, cancelled=[4]),
        "计量箱普查表": boxes((1, NORTH, [1, 2]), (2, NORTH, [3]), (3, NORTH, [4]), (4, SOUTH, [5]), (5, EAST, [7])),
    }
    taken(ws, workbook(folder / "台账.xlsx", sheets))
    return ws


def laid(ws: Workspace) -> Workspace:
    """The same station without its ledgers: records straight into the tables."""
    homes = {1: (1, NORTH), 2: (1, NORTH), 3: (2, NORTH), 4: (3, NORTH), 5: (4, SOUTH), 6: (0, SOUTH), 7: (5, EAST)}
    feeders = {number: name for _, number, name in AREAS.values()}
    boxes_of = {number: area for number, area in homes.values() if number}
    rows: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
        "feeder": (("feeder_no", "name"), list(feeders.items())),
        "transformer_area": (
            ("area_no", "name", "feeder_no", "longitude", "latitude"),
            [(area, name, feeder, 115.68 + place / 100, 34.44) for place, (area, (name, feeder, _)) in enumerate(AREAS.items())],
        ),
        "meter_box": (
            ("asset_no", "bar_code", "location", "longitude", "latitude", "area_no"),
            [(box(n), barcode("05", 500 + n), f"某村{n}号", round(115.68 + n / 2000, 6), 34.441, area) for n, area in boxes_of.items()],
        ),
        "meter": (
            ("asset_no", "bar_code", "mp_no", "box_no"),
            [(meter(n), barcode("01", n), point(n), box(home) if home else None) for n, (home, _) in homes.items()],
        ),
        "metering_point": (("mp_no", "customer_no", "area_no"), [(point(n), customer(n), area) for n, (_, area) in homes.items()]),
        "customer": (
            ("customer_no", "name", "address", "sort", "status"),
            [(customer(n), f"用户{n}", f"某村{n}号", "03", "已销户客户" if n == 4 else "正常用电客户") for n in homes],
        ),
    }
    with ws.store.write("测试") as write:
        for entity, (columns, values) in rows.items():
            write.insert(TABLES[entity], (*columns, "listed"), [(*row, 1) for row in values], len(values))
    return ws


def returned(ws: Workspace, folder: Path, *rows: tuple[int, int, str], name: str = "采录.xlsx") -> None:
    """Field results: (box, customer, verdict) each."""
    cells: list[Sequence[Cell]] = [_RETURN]
    for number, person, verdict in rows:
        place: list[Cell] = [round(115.68 + number / 2000, 6), 34.441, "CGCS2000"]
        own: list[Cell] = ["2026-11-20", "李四", customer(person), None, barcode("05", 500 + number), barcode("01", person)]
        cells.append([*own, *place, verdict])
    taken(ws, workbook(folder / name, {"采录结果": cells}))


def made(ws: Workspace, **request: Any) -> str:
    """The number of a package."""
    given = {"feeder": SILVER, "people": ("张三", "李四"), "planned_on": "2026-11-25", **request}
    return create(ws, Request(**given), Progress()).package_nos[0]


def printed(ws: Workspace, package: int, state: str = "printed", count: int = 1) -> None:
    """Sheets of the package with that row id, as if printed."""
    names = ("sheet_no", "package", "form", "form_version", "page", "pages", "shapes", "items", "state", "digest", "copies", "reason")
    rows = [(f"S{package}-{page}", package, "box_collection", 1, page, count, "[]", "[]", state, "", 1, "") for page in range(1, count + 1)]
    with ws.store.write("打印") as write:
        write.insert(table_of(FormSheet), names, rows, count)
