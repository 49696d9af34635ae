"""What the sheets of a package say: true to the records, in walking order, readable, nothing lost and nothing invented."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import Table, event

from lvdesk.fieldwork.filling import contents, face
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content, MapPlace, Slot
from lvdesk.kit.errors import KnownError
from lvdesk.network.packages import CollectionPackage, FormSheet, PackageItem
from lvdesk.network.tables import TABLES
from lvdesk.network.verdicts import DeskCheckMark
from lvdesk.workspace import Workspace

NO = "CL261123-01"
NORTH, SOUTH = "4231757321", "4231757322"
PACKAGE = {
    "package_no": NO, "title": "银岗线采录", "scope": json.dumps({"areas": [NORTH, SOUTH], "blank_sheets": 2}), "team": "一班",
    "people": json.dumps(["王佳", "李强"]), "planned_on": "2026-11-25", "due_on": "2026-12-02", "forms": "[]", "note": "", "person": "张三",
    "created_at": "2026-11-23T08:00:00+08:00",
}  # fmt: skip
MARK = {"reason": "拆迁", "evidence": "[]", "person": "张三", "at": "2026-11-20T08:00:00+08:00"}
SHEET = {"package": 1, "form_version": 1, "pages": 4, "shapes": "[]", "state": "prepared", "digest": "", "copies": 0, "reason": ""}


def put(ws: Workspace, table: Any, *rows: Mapping[str, Any], **same: Any) -> None:
    """Rows straight into a table."""
    stored: Table = table if isinstance(table, Table) else table.__table__
    base = {"listed": 1} if "listed" in stored.c else {}
    full = [{**base, **same, **row} for row in rows]
    names = sorted({name for row in full for name in row})
    with ws.store.write("测试") as write:
        write.insert(stored, names, [tuple(row.get(name) for name in names) for row in full], len(full))


def form(per: str, key: str = "some_form") -> Form:
    return Form(key, "X", 1, "某表", 1, per, ())


def item(position: int, entity: str, key: str, area_no: str | None, *words: str) -> dict[str, Any]:
    reasons = json.dumps([["never_collected", word] for word in words])
    return {"package": 1, "entity": entity, "key": key, "area_no": area_no, "position": position, "reasons": reasons, "outcome": ""}


def account(ws: Workspace, number: int, box: str | None, seat: tuple[int | None, int | None] = (None, None), **customer: Any) -> None:
    """A customer with its metering point and, in a box or not, its meter."""
    put(ws, TABLES["customer"], {"customer_no": f"42{number:08}", "name": f"用户{number}", **customer})
    put(ws, TABLES["metering_point"], {"mp_no": f"M{number}", "customer_no": f"42{number:08}", "area_no": NORTH, "area_name": "北公变"})
    meter = {"asset_no": f"18{number:012}", "mp_no": f"M{number}", "box_no": box, "slot_row": seat[0], "slot_column": seat[1]}
    put(ws, TABLES["meter"], {**meter, "bar_code": f"413000118{number:012}4"})


@pytest.fixture
def station(ws: Workspace) -> Workspace:
    put(ws, TABLES["feeder"], {"feeder_no": "F1", "name": "10kV银岗线"})
    places: list[dict[str, Any]] = [
        {"area_no": NORTH, "name": "北公变", "longitude": 115.68, "latitude": 34.45},
        {"area_no": SOUTH, "name": "南公变"},
    ]
    put(ws, TABLES["transformer_area"], *places, feeder_no="F1", usage="01", org_name="城郊供电所")
    put(ws, TABLES["transformer"], {"transformer_no": "T1", "area_no": NORTH, "capacity_kva": 160.0})
    boxes: list[dict[str, Any]] = [
        {"asset_no": "B1", "bar_code": "4130005152698467069774", "slot_rows": 2, "slot_columns": 2, "location": "某村\n1号\x07",
         "property": "01", "longitude": 115.6820234, "latitude": 34.4465, "area_no": NORTH, "access_point_no": "P1"},
        {"asset_no": "B2", "area_no": NORTH, "location": "某村2号", "access_point_no": "P1", "longitude": 115.683, "latitude": 34.4467},
        {"asset_no": "B3", "area_no": NORTH, "device_type": "低压杆塔", "device_name": "12号杆"},
        {"asset_no": "B4", "area_no": SOUTH, "longitude": 115.69, "latitude": 34.44},
    ]  # fmt: skip
    put(ws, TABLES["meter_box"], *boxes)
    point = {"access_point_no": "P1", "name": "1号接入点", "area_no": NORTH, "device_type": "分支箱", "device_name": "1号分支箱"}
    put(ws, TABLES["access_point"], {**point, "longitude": 115.681, "latitude": 34.4461}, {"access_point_no": "P2", "area_no": SOUTH})
    put(ws, TABLES["pole"], {"pole_no": "G1", "name": "3号杆", "area_no": NORTH, "longitude": 115.682, "latitude": 34.446})
    account(ws, 1, "B1", (1, 1))
    account(ws, 2, "B1", (1, 2), status="已销户客户")
    account(ws, 3, "B1", (1, 1))
    account(ws, 4, "B1")
    account(ws, 5, "B1", (2, 1), status="正常用电客户")
    account(ws, 6, None, address="某村6号")
    put(ws, DeskCheckMark, {"customer_no": "4200000005", "verdict": "确认销户", **MARK})
    put(ws, CollectionPackage, PACKAGE, cancelled=0)
    visits = [
        item(2, "meter_box", "B1", NORTH, "从未采录", "坐标缺失"),
        item(1, "meter_box", "B3", NORTH, "从未采录"),
        item(3, "customer", "4200000006", NORTH, "无箱"),
        item(4, "meter_box", "B4", SOUTH, "从未采录"),
    ]
    put(ws, PackageItem, *visits)
    return ws


def by_key(found: Sequence[Content]) -> dict[str, Content]:
    return {content.key: content for content in found}


def test_boxes_stand_in_walking_order_with_their_words(station: Workspace) -> None:
    found = contents(station, NO, form("box"))
    assert [(content.entity, content.key, content.values["position"]) for content in found] == [
        ("meter_box", "B3", "1"), ("meter_box", "B1", "2"), ("meter_box", "B4", "4"),
    ]  # fmt: skip
    values = by_key(found)["B1"].values
    expected = {
        "meter_box.bar_code": "4130005152698467069774",
        "meter_box.property": "局属",
        "meter_box.longitude": "115.6820234",
        "meter_box.latitude": "34.4465000",
        "meter_box.location": "某村 1号",
        "meter_box.slot_rows": "2",
        "meter_box.material": "",
        "meter_box.device_name": "1号分支箱",
        "transformer_area.name": "北公变",
        "area_no": NORTH,
        "reasons": "从未采录；坐标缺失",
        "slots": "4",
        "customers": "3",
    }
    assert {name: values[name] for name in expected} == expected
    assert all("None" not in text for content in found for text in content.values.values())


def test_cancelled_customers_are_a_word_and_no_slot_to_visit(station: Workspace) -> None:
    box = by_key(contents(station, NO, form("box")))["B1"]
    words = [(slot.row, slot.column, slot.meter_no[-6:], slot.customer_name) for slot in box.slots]
    assert words == [
        (1, 1, "000001", "用户1"),
        (1, 2, "", "销户"),
        (2, 1, "", "销户"),
        (0, 0, "000003", "用户3"),
        (0, 0, "000004", "用户4"),
    ]
    assert box.values["meters_without_slot"] == "2"
    assert box.values["cancelled"] == "销户 2 户：1行2列 000002 用户2；2行1列 000005 用户5"


def test_a_person_who_said_normal_at_the_desk_is_believed(station: Workspace) -> None:
    put(station, DeskCheckMark, {"customer_no": "4200000002", "verdict": "正常", **MARK})
    box = by_key(contents(station, NO, form("box")))["B1"]
    assert Slot(1, 2, "18000000000002", "4130001180000000000024", "4200000002", "用户2") in box.slots


def test_access_points_list_their_boxes_and_the_rest_stands_together(station: Workspace) -> None:
    found = contents(station, NO, form("access_point"))
    listed = [(content.entity, content.key, [row["number"] for row in content.rows]) for content in found]
    assert listed == [
        ("access_point", "P1", ["B1", "B2"]),
        ("transformer_area", NORTH, ["B3"]),
        ("access_point", "P2", []),
        ("transformer_area", SOUTH, ["B4"]),
    ]
    first, rest = found[0].values, found[1].values
    assert (first["access_point.device_name"], first["boxes"], first["customers"], first["loose"]) == ("1号分支箱", "2", "3", "")
    assert [row["position"] for row in found[0].rows] == ["2", ""]
    assert (rest["loose"], rest["access_point.access_point_no"]) == ("未登记接入点的计量箱", "")


def test_customers_without_a_box(station: Workspace) -> None:
    (found,) = contents(station, NO, form("customer"))
    said = ("customer.name", "customer.address", "meter.asset_no", "position", "reasons", "transformer_area.name")
    assert [found.values[name] for name in said] == ["用户6", "某村6号", "18000000000006", "3", "无箱", "北公变"]


def test_blank_sheets_for_each_area(station: Workspace) -> None:
    found = contents(station, NO, form("blank"))
    assert [(content.key, content.values["transformer_area.name"]) for content in found] == [
        ("", "北公变"), ("", "北公变"), ("", "南公变"), ("", "南公变"),
    ]  # fmt: skip


def test_an_area_with_its_list_and_its_map(station: Workspace) -> None:
    north, south = contents(station, NO, form("area"))
    assert [(row["position"], row["number"], row["address"]) for row in north.rows] == [
        ("1", "B3", ""), ("2", "B1", "某村 1号"), ("3", "4200000006", "某村6号"),
    ]  # fmt: skip
    assert (north.values["boxes"], north.values["all_boxes"], north.values["transformer_area.capacity_kva"]) == ("2", "3", "160")
    assert north.places == (
        MapPlace("box", 0.0, 0.0, "1", visited=True),
        MapPlace("box", 115.6820234, 34.4465, "2", visited=True),
        MapPlace("box", 115.683, 34.4467),
        MapPlace("area", 115.68, 34.45, "北公变"),
        MapPlace("access_point", 115.681, 34.4461, "1号接入点"),
        MapPlace("pole", 115.682, 34.446, "3号杆"),
    )
    assert [place.label for place in south.places] == ["4"]


def test_the_cover_lists_every_sheet_but_itself(station: Workspace) -> None:
    sheets = [
        {"sheet_no": f"{NO}-001", "form": "cover", "page": 1, "items": "[]"},
        {"sheet_no": f"{NO}-002", "form": "area_overview", "page": 2, "items": json.dumps([["transformer_area", NORTH]])},
        {"sheet_no": f"{NO}-003", "form": "box_collection", "page": 3, "items": json.dumps([["meter_box", "B3"], ["meter_box", "B1"]])},
        {"sheet_no": f"{NO}-004", "form": "new_account", "page": 4, "items": json.dumps([["", ""]])},
        {"sheet_no": f"{NO}-005", "form": "box_collection", "page": 3, "items": "[]", "replaced_by": f"{NO}-003"},
    ]
    put(station, FormSheet, *sheets, **SHEET)
    (cover,) = contents(station, NO, form("package", "cover"))
    assert [(row["sheet_no"][-3:], row["content"]) for row in cover.rows] == [("002", "北公变"), ("003", "1–2 号 北公变"), ("004", "空白")]
    assert cover.values["reasons"] == "从未现场采录 4"
    said = {name: cover.values[name] for name in ("people", "sheets", "items", "boxes", "customers", "feeder", "station")}
    assert said == {
        "people": "王佳、李强", "sheets": "3", "items": "4", "boxes": "3", "customers": "1", "feeder": "10kV银岗线",
        "station": "城郊供电所",
    }  # fmt: skip


def test_the_head_of_every_sheet(station: Workspace) -> None:
    found = face(station, NO)
    assert found.package_no == NO
    assert dict(found.about) == {
        "供电所": "城郊供电所", "线路": "10kV银岗线", "台区": "北公变、南公变", "班组": "一班", "采录人": "王佳、李强",
        "计划日期": "2026-11-25", "应回日期": "2026-12-02",
    }  # fmt: skip


def test_what_is_not_known_stays_empty(ws: Workspace) -> None:
    bare = {**PACKAGE, "scope": "{}", "people": "[]", "team": "", "planned_on": None, "due_on": None}
    put(ws, CollectionPackage, bare, cancelled=0)
    put(ws, PackageItem, item(1, "meter_box", "B9", None), item(2, "access_point", "P9", None), item(3, "customer", "C9", None))
    assert set(face(ws, NO).about.values()) == {""}
    for per in ("box", "access_point", "customer", "blank", "area", "package"):
        found = contents(ws, NO, form(per))
        assert found, per
        assert all(text != "None" for content in found for text in content.values.values())
    (area,) = contents(ws, NO, form("area"))
    assert (area.key, [row["number"] for row in area.rows]) == ("-", ["B9", "P9", "C9"])


def test_many_areas_are_said_shortly(ws: Workspace) -> None:
    areas = [f"423175732{number}" for number in range(5)]
    put(ws, CollectionPackage, {**PACKAGE, "scope": json.dumps({"areas": areas})}, cancelled=0)
    put(
        ws,
        TABLES["transformer_area"],
        *({"area_no": number, "name": f"{letter}公变"} for number, letter in zip(areas, "甲乙丙丁戊", strict=True)),
    )
    assert face(ws, NO).about["台区"] == "甲公变、乙公变 等 5 个台区"


def test_a_package_nobody_made(ws: Workspace) -> None:
    with pytest.raises(KnownError) as error:
        contents(ws, "CL000000-01", form("box"))
    assert error.value.code == "package.missing"


def test_more_boxes_take_no_more_statements(station: Workspace) -> None:
    counts = []
    for more in (0, 300):
        extra = [f"X{number}" for number in range(more)]
        if extra:
            put(station, TABLES["meter_box"], *({"asset_no": key, "area_no": NORTH} for key in extra))
            put(station, PackageItem, *(item(10 + place, "meter_box", key, NORTH, "从未采录") for place, key in enumerate(extra)))
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)  # noqa: B023 - heard only in this turn of the loop

        event.listen(station.store.engine, "before_cursor_execute", note)
        assert sum(len(contents(station, NO, form(per))) for per in ("box", "area", "access_point")) >= more
        event.remove(station.store.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]
