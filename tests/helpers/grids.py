"""A station with people, teams, grids and villages, as its workbook would say them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from lvdesk.kit.progress import Progress
from lvdesk.network.tables import TABLES
from lvdesk.organisation.division.proposals import Plan
from lvdesk.organisation.setup import load_setup
from lvdesk.organisation.workbook import Taken, take_book
from lvdesk.organisation.workload import area_work
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace

SINCE: Final = "2026-01-01"
NAMES: Final = ("王建国", "李海燕", "周志强", "陈思远", "刘桂英", "赵明", "孙丽", "吴刚", "郑敏", "冯涛", "褚卫", "蒋芳")
GRIDS: Final = ("城东网格", "滨江网格", "文一网格")
Rows = Mapping[str, Sequence[Mapping[str, str]]]


def book(path: Path, rows: Rows) -> Path:
    """A workbook with these sheets (by key) and rows (by field), with the headers of the rule book."""
    setup = load_setup(None)
    sheets = []
    for key, lines in filter(lambda each: each[1], rows.items()):
        sheet = setup.sheets[key]
        fields = [each for each in sheet.fields if any(each.name in line for line in lines)]
        sheets.append((sheet.title, [each.title for each in fields], [[line.get(each.name, "") for each in fields] for line in lines]))
    write_sheets(path, sheets, {head for _name, heads, _rows in sheets for head in heads})
    return path


def taken(ws: Workspace, path: Path, rows: Rows) -> Taken:
    """Takes such rows in."""
    return take_book(ws, book(path, rows), Progress())


def organised(ws: Workspace, folder: Path) -> Taken:
    """Three grids over the station's public areas with leaders, managers, villages, agreements; one person is away."""
    return taken(ws, folder / "organisation.xlsx", station_rows(ws))


def station_rows(ws: Workspace) -> dict[str, list[dict[str, str]]]:
    """The rows of ``organised``."""
    work = list(area_work(ws, load_setup(None)).values())
    east = np.array([each.longitude or 0.0 for each in work])
    order = np.argsort(east, kind="stable")
    grid = {work[place].area_no: f"WG{1 + rank * 3 // len(work):02d}" for rank, place in enumerate(order)}
    posts = ["网格长"] * 3 + ["客户经理"] * 6 + ["综合内勤", "计量内勤", "内勤班长"]
    return {
        "staff": [
            {"name": name, "staff_no": f"G{place:03d}", "post": post, "phone": f"1390000{place:04d}", "joined_on": SINCE,
             "specialties": "营业、计量"}
            for place, (name, post) in enumerate(zip(NAMES, posts, strict=True), 1)
        ],
        "team": [{"name": "内勤班", "kind": "内勤班", "phone": "0512-5550001"}, {"name": "外勤班", "kind": "外勤班"}],
        "membership": [
            {"staff": name, "team": "内勤班" if place >= 9 else "外勤班", "role": "班长" if place in {0, 11} else "成员", "since": SINCE}
            for place, name in enumerate(NAMES)
        ],
        "absence": [{"staff": NAMES[3], "since": "2026-01-01", "until": "2027-12-31", "substitute": NAMES[4], "reason": "学习"}],
        "support_unit": [{"name": "光明电力工程公司", "kind": "集体企业", "scope": "配网抢修", "contact": "何工", "phone": "0512-5550100"}],
        "grid": [{"grid_no": f"WG{place:02d}", "name": name, "since": SINCE} for place, name in enumerate(GRIDS, 1)],
        "grid_area": [{"area_no": number, "grid_no": where, "since": SINCE} for number, where in grid.items()],
        "grid_duty": [
            {"grid_no": f"WG{place:02d}", "duty": duty, "staff": name, "since": SINCE}
            for place in range(1, 4)
            for duty, name in (("网格长", NAMES[place - 1]), ("客户经理", NAMES[place + 2]))
        ],
        "village": [
            {"name": "东村", "township": "城关镇", "kind": "村", "grid_no": "WG01", "manager": NAMES[3], "contact": "钱书记",
             "phone": "0512-5550200"},
            {"name": "滨江社区", "township": "城关镇", "kind": "社区", "grid_no": "WG02", "manager": NAMES[4], "contact": "孙主任",
             "phone": "0512-5550201"},
        ],
        "agreement": [
            {"agreement_no": "XY-001", "kind": "双长融合共建协议", "village": "东村", "party_a": "东村村民委员会", "party_b": "城东供电所",
             "grid_no": "WG01", "manager": NAMES[3], "services": "停电通知、用电咨询、安全检查", "contact": "钱书记",
             "phone": "0512-5550200",
             "since": "2026-01-10", "until": "2026-12-20"},
        ],
        "village_visit": [{"day": "2026-09-01", "village": "东村", "staff": NAMES[3],
             "met": "钱书记", "subject": "夏季用电",
             "outcome": "已答复"}],
    }  # fmt: skip


def with_areas(ws: Workspace, count: int = 12, private: int = 1) -> list[str]:
    """Public areas in rows of four, 400 m apart, with boxes and customers; ``private`` private ones more. Gives the public numbers."""
    areas = [f"04{place:08d}" for place in range(1, count + private + 1)]
    columns = ("area_no", "name", "usage", "feeder_no", "longitude", "latitude", "listed")
    rows = [
        (number, f"{place}号{'专' if place > count else '公'}变", "02" if place > count else "01", f"F{place % 2}",
         115.68 + place % 4 * 0.0044, 34.44 + place // 4 * 0.0036, 1)
        for place, number in enumerate(areas, 1)
    ]  # fmt: skip
    people = [(f"42{place:08d}", f"用户{place}", float(place % 7), 1) for place in range(count * 5)]
    points = [(f"M{place:07d}", f"42{place:08d}", areas[place // 5], 1) for place in range(count * 5)]
    boxes = [(f"B{place:07d}", areas[place // 2], 115.68 + place * 0.0002, 34.44, 1) for place in range(count * 2)]
    with ws.store.write("台区") as write:
        write.insert(TABLES["transformer_area"], columns, rows, len(rows))
        write.insert(TABLES["customer"], ("customer_no", "name", "contract_capacity", "listed"), people, len(people))
        write.insert(TABLES["metering_point"], ("mp_no", "customer_no", "area_no", "listed"), points, len(points))
        write.insert(TABLES["meter_box"], ("asset_no", "area_no", "longitude", "latitude", "listed"), boxes, len(boxes))
    return areas[:count]


def scattered(count: int, grids: int, seed: int) -> Plan:
    """Areas scattered over 10 km, each in the grid whose seat is nearest."""
    dice = np.random.default_rng(seed)
    plane, seats = dice.uniform(0, 10_000, (count, 2)), dice.uniform(0, 10_000, (grids, 2))
    grid = np.hypot(*(plane[:, None] - seats[None]).transpose(2, 0, 1)).argmin(axis=1)
    load = dice.gamma(4, 30, count)
    weights = {"geography": 1.0, "density": 0.3, "workload": 3.0, "condition": 0.5, "resources": 1.0}
    return Plan(
        tuple(f"A{place}" for place in range(count)), tuple(f"{place}#公变" for place in range(count)),
        tuple(f"第{place}网格" for place in range(grids)), plane, grid, load, load * 0.8, dice.poisson(2, count).astype(float),
        dice.integers(0, 4, count), np.full(grids, 2.0), np.zeros(count, dtype=bool), weights,
    )  # fmt: skip
