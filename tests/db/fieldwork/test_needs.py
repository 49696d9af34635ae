"""What needs a visit: never collected, doubted, changed since, without place or box; cancelled accounts do not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lvdesk.fieldwork.needs import needs
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger import deskcheck
from lvdesk.network.editing import Edit, edit
from lvdesk.network.records import show
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.planting import plant
from tests.helpers.stations import Cell, barcode, taken, workbook
from tests.helpers.visiting import EAST, NORTH, SILVER, SOUTH, box, boxes, customer, customers, meter, point, returned

pytestmark = pytest.mark.usefixtures("near_reader")
STAMP = "2026-06-01T08:00:00+08:00"


@pytest.fixture
def station(ws: Workspace, tmp_path: Path) -> Workspace:
    return visiting.station(ws, tmp_path)


def wanted(ws: Workspace, *areas: str, feeder: str = "") -> dict[str, list[str]]:
    """Key of each need -> its reasons."""
    found, _ = needs(ws, feeder or ("" if areas else SILVER), areas, Progress())
    return {need.key: [reason.code for reason in need.reasons] for need in found}


def texts(ws: Workspace, number: int) -> list[str]:
    """Why a box is visited, in words."""
    found, _ = needs(ws, SILVER, (), Progress())
    return [reason.text for need in found if need.key == box(number) for reason in need.reasons]


def left_out(ws: Workspace) -> dict[str, int]:
    return dict(needs(ws, SILVER, (), Progress())[1])


def finding(rule: str, entity: str, key: str, message: str = "有疑", **more: Any) -> dict[str, Any]:
    return {"rule": rule, "entity": entity, "key": key, "message": message, "identity": f"{rule}{entity}{key}{message}", **more}


def test_everything_is_visited_before_anything_was_collected(station: Workspace) -> None:
    never = ["never_collected"]
    assert wanted(station) == {box(1): never, box(2): never, box(4): never, customer(6): ["no_box"]}
    assert wanted(station, SOUTH) == {box(4): never, customer(6): ["no_box"]}
    assert wanted(station, "东村1#公变", NORTH) == {box(1): never, box(2): never, box(5): never}
    assert wanted(station, feeder="1336422702") == {box(5): never}


def test_a_need_says_where_it_is_and_how_many_live_there(station: Workspace) -> None:
    found, _ = needs(station, SILVER, (), Progress())
    first, loose = found[0], found[-1]
    assert (first.entity, first.key, first.area_no, first.address, first.customers) == ("meter_box", box(1), NORTH, "某村1号", 2)
    assert (first.longitude, first.latitude) == (115.6805, 34.441)
    assert (loose.entity, loose.key, loose.area_no, loose.longitude) == ("customer", customer(6), SOUTH, None)


def test_cancelled_accounts_are_left_out_and_it_is_said(station: Workspace) -> None:
    assert left_out(station) == {"台账已销户的用户": 1, "箱内用户全部销户的计量箱": 1}
    deskcheck.mark(station, [customer(3), customer(6)], "确认销户", "拆迁")
    assert wanted(station) == {box(1): ["never_collected"], box(4): ["never_collected"]}
    assert left_out(station) == {"室内核实确认销户的用户": 2, "台账已销户的用户": 1, "箱内用户全部销户的计量箱": 2}
    deskcheck.mark(station, [customer(3)], "疑似销户", "待核")
    deskcheck.mark(station, [customer(4)], "正常", "仍在用电")
    assert wanted(station).keys() == {box(1), box(2), box(3), box(4)}


def test_a_meter_of_a_cancelled_account_is_visited_where_a_finding_says_it_is_still_there(station: Workspace) -> None:
    plant(station, finding("Q38", "meter", meter(4), "仍在计量箱"))
    assert wanted(station)[box(3)] == ["cancelled_meter"]
    assert texts(station, 3) == ["仍在计量箱"]


def test_collected_boxes_are_not_visited_again_but_those_nobody_could_get_into(station: Workspace, tmp_path: Path) -> None:
    returned(station, tmp_path, (1, 1, "正常"), (2, 3, "锁门"), (4, 5, "正常"), (4, 6, "正常"))
    assert wanted(station) == {box(2): ["never_collected"]}


@pytest.mark.parametrize(
    "rule, entity, key, place, code",
    [
        ("Q33", "meter_box", box(1), box(1), "slots"),
        ("Q03", "meter", meter(1), box(1), "relation"),
        ("Q30", "metering_point", point(5), box(4), "area"),
        ("Q70", "customer", customer(2), box(1), "cancelled_meter"),
        ("Q70", "customer", customer(6), box(4), "cancelled_meter"),
        ("Q01", "meter_box", box(1), box(1), "attributes"),
        ("Q01", "customer", customer(1), box(1), ""),
        ("Q45", "meter", meter(1), box(1), ""),
        ("Q33", "meter_box", "15999999999999", box(1), ""),
    ],
)
def test_findings_lead_to_their_box(station: Workspace, tmp_path: Path, rule: str, entity: str, key: str, place: str, code: str) -> None:
    returned(station, tmp_path, (1, 1, "正常"), (2, 3, "正常"), (4, 5, "正常"), (4, 6, "正常"))
    plant(station, finding(rule, entity, key))
    assert wanted(station) == ({place: [code]} if code else {})


def test_a_finding_on_a_customer_in_no_box_leads_to_the_customer(station: Workspace) -> None:
    plant(station, finding("Q70", "customer", customer(6), "已换表"), finding("Q03", "meter", meter(6), "不在任何计量箱"))
    assert wanted(station)[customer(6)] == ["no_box", "relation", "cancelled_meter"]


@pytest.mark.parametrize("more", [{"severity": "info"}, {"suggestion": "{}"}, {"resolved_at": STAMP}, {"rule": "Q45"}])
def test_what_the_desk_settles_or_has_settled_sends_nobody_out(station: Workspace, tmp_path: Path, more: dict[str, Any]) -> None:
    returned(station, tmp_path, (1, 1, "正常"), (2, 3, "正常"), (4, 5, "正常"), (4, 6, "正常"))
    plant(station, finding("Q33", "meter_box", box(1)) | more)
    assert wanted(station) == {}


def test_the_field_row_says_where_an_unknown_meter_is(station: Workspace, tmp_path: Path) -> None:
    returned(station, tmp_path, (1, 1, "正常"), (2, 3, "正常"), (2, 9, "正常"), (4, 5, "正常"), (4, 6, "正常"))
    plant(station, finding("Q04", "meter", meter(9), "不在台账", place=("采录.xlsx", "", 4)))
    assert wanted(station) == {box(2): ["relation"]}


def test_many_findings_of_one_kind_are_written_short_and_the_weightiest_reason_stands_first(station: Workspace) -> None:
    slots = [finding("Q34", "meter", meter(1), f"表位超出 {n}") for n in range(5)]
    plant(station, finding("Q02", "meter_box", box(1), "空箱"), *slots)
    assert texts(station, 1) == ["从未现场采录", "表位超出 0", "表位超出 1", "表位超出 2", "表位不符，另有 2 条", "空箱"]


def test_boxes_without_coordinates_are_visited_unless_the_field_brought_them(station: Workspace, tmp_path: Path) -> None:
    deskcheck.mark(station, [customer(6)], "确认销户", "拆迁")
    returned(station, tmp_path, (1, 1, "正常"), (2, 3, "正常"), (4, 5, "正常"))
    for number in (1, 2):
        record = show(station, "meter_box", box(number)).id
        edit(station, "meter_box", [Edit(record, "longitude", ""), Edit(record, "latitude", "")])
    assert wanted(station) == {}
    taken(station, workbook(tmp_path / "新.xlsx", {"计量箱普查表": boxes((8, NORTH, [1]), nowhere=[8])}))
    assert wanted(station)[box(8)] == ["never_collected", "no_coordinates"]


@pytest.mark.parametrize(
    "sheets, reasons",
    [
        ({"计量箱普查表": boxes((1, NORTH, [1, 2]), slots=2)}, []),
        ({"计量箱普查表": boxes((1, NORTH, [1, 2]), slots=4)}, ["计量箱 {box} 的计量箱列数改为“4”"]),
        ({"计量箱普查表": boxes((1, NORTH, [1, 2, 8]))}, ["新增电能表 {meter}"]),
    ],
)
def test_a_newer_ledger_that_says_otherwise_is_a_reason(
    station: Workspace, tmp_path: Path, sheets: dict[str, Any], reasons: list[str]
) -> None:
    returned(station, tmp_path, (1, 1, "正常"), (1, 2, "正常"))
    taken(station, workbook(tmp_path / "新台账.xlsx", sheets))
    said = [text.partition("导入的台账：")[2] for text in texts(station, 1)]
    assert said == [reason.format(box=box(1), meter=meter(8)) for reason in reasons]


def test_a_meter_that_the_new_ledger_dropped_is_a_reason(station: Workspace, tmp_path: Path) -> None:
    returned(station, tmp_path, (1, 1, "正常"), (1, 2, "正常"))
    people = [(1, NORTH), (3, NORTH), (4, NORTH), (5, SOUTH), (6, SOUTH), (7, EAST)]
    taken(station, workbook(tmp_path / "新用户.xlsx", {"用户": customers(*people, cancelled=[4])}))
    assert [text.partition("：")[2] for text in texts(station, 1)] == [f"电能表 {meter(2)} 已不在台账"]


def test_access_points_are_confirmed_once(station: Workspace, tmp_path: Path) -> None:
    head = ["接入点编号", "接入点名称", "台区编号", "挂接设备类型", "挂接设备名称", "经度(X坐标)", "纬度(Y坐标)"]
    rows: list[Sequence[Cell]] = [[f"JRD{n}", f"接入点{n}", NORTH, "低压杆塔", f"{n}号杆", 115.68, 34.44] for n in (1, 2, 3)]
    taken(station, workbook(tmp_path / "接入点.xlsx", {"接入点": [head, *rows]}))
    found = wanted(station, NORTH)
    assert [found[f"JRD{n}"] for n in (1, 2, 3)] == [["unconfirmed"]] * 3
    back: list[Sequence[Cell]] = [
        [
            "采录日期",
            "采录人",
            "用户编号",
            "计量箱条码",
            "电能表条码",
            "经度",
            "纬度",
            "坐标系",
            "挂接设备类型",
            "挂接设备名称",
            "接入点编号",
        ],
        ["2026-11-20", "李四", customer(1), barcode("05", 501), barcode("01", 1), 115.68, 34.44, "CGCS2000", "低压杆塔", "1号杆", None],
        ["2026-11-20", "李四", customer(3), barcode("05", 502), barcode("01", 3), 115.68, 34.44, "CGCS2000", "低压杆塔", "x", "JRD2"],
    ]
    taken(station, workbook(tmp_path / "采录.xlsx", {"采录结果": back}))
    assert [key for key in wanted(station, NORTH) if key.startswith("JRD")] == ["JRD3"]


@pytest.mark.parametrize(
    "feeder, areas, code, said",
    [
        ("银岗", (), "package.unknown", "相近的有：10kV银岗线"),
        ("", ("北村3#公变",), "package.unknown", "相近的有：北村2#公变"),
        (SILVER, (EAST,), "package.unknown", "请核对台区的编号或名称"),
        ("", (), "package.scope", "请给出线路或台区"),
    ],
)
def test_an_unknown_place_is_refused_with_near_ones(station: Workspace, feeder: str, areas: tuple[str, ...], code: str, said: str) -> None:
    with pytest.raises(RefusedError) as refused:
        needs(station, feeder, areas, Progress())
    assert refused.value.code == code
    assert said in refused.value.hint


def test_areas_stand_as_people_count_them(station: Workspace) -> None:
    found, _ = needs(station, SILVER, (), Progress())
    assert list(dict.fromkeys(need.area_no for need in found)) == [NORTH, SOUTH]


def test_a_station_may_have_its_own_rules(station: Workspace) -> None:
    station.overrides.mkdir()
    (station.overrides / "fieldwork.toml").write_text("days = 3\n", encoding="utf-8")
    with pytest.raises(KnownError) as unreadable:
        needs(station, SILVER, (), Progress())
    assert unreadable.value.code == "rules.unreadable"
