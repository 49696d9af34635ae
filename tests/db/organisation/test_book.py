"""The organisation's workbook: taken in whole or not at all, out and in again without a change, refusals that name the row."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lvdesk import history
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.organisation import former, roster
from lvdesk.organisation.grids import assign, create, picture, responsible, set_leader, set_manager
from lvdesk.organisation.state import state
from lvdesk.organisation.workbook import take_book, write_book
from lvdesk.workspace import Workspace
from tests.helpers.grids import GRIDS, NAMES, SINCE, organised, station_rows, taken, with_areas


def station(ws: Workspace, folder: Path) -> list[str]:
    areas = with_areas(ws)
    found = organised(ws, folder)
    assert not found.applied.problems
    return areas


def test_a_workbook_comes_in_and_goes_out_and_changes_nothing_when_it_comes_back(ws: Workspace, tmp_path: Path) -> None:
    station(ws, tmp_path)
    write_book(ws, tmp_path / "out.xlsx")
    again = take_book(ws, tmp_path / "out.xlsx", Progress())
    assert (again.applied.rows, again.applied.problems) == (0, ())
    assert [each.key for each in again.sheets if not each.key] == []
    history.undo(ws)
    assert all(not rows for rows in state(ws).rows.values())
    history.redo(ws)
    assert len(state(ws).rows["staff"]) == len(NAMES)


WRONG: list[tuple[str, Mapping[str, Any], str, str]] = [
    ("grid_area", {"area_no": "0499999999", "grid_no": "WG01", "since": SINCE}, "unknown_area", "没有公变台区“0499999999”"),
    ("grid_area", {"area_no": "0400000013", "grid_no": "WG01", "since": SINCE}, "private_area", "专变"),
    ("grid_area", {"area_no": "0400000001", "grid_no": "WG03", "since": "2026-06-01"}, "two_grids", "同时属于网格"),
    ("grid_duty", {"grid_no": "WG01", "duty": "网格长", "staff": NAMES[7], "since": "2026-06-01"}, "two_leaders", "有两个网格长"),
    ("grid_duty", {"grid_no": "WG01", "duty": "网格长", "staff": "无此人", "since": SINCE}, "unknown_staff", "没有人员“无此人”"),
    ("membership", {"staff": NAMES[0], "team": "内勤班", "since": "2026-05-01"}, "overlap", "同时属于"),
    ("absence", {"staff": NAMES[4], "since": "2026-06-01", "until": "2026-06-05", "substitute": NAMES[3]}, "substitute_cycle", "绕成了圈"),
    ("absence", {"staff": NAMES[5], "since": "2026-06-01", "until": "2026-06-05", "substitute": NAMES[5]}, "substitute_self", "不能替自己"),
    ("absence", {"staff": NAMES[5], "since": "2026-06-09", "until": "2026-06-05"}, "dates", "早于"),
    ("shift", {"staff": NAMES[5], "day": "2026-13-45", "shift": "白班"}, "day", "不能识别"),
    ("shift", {"staff": NAMES[5], "day": "2026-06-01", "shift": "下午茶"}, "choice", "不在可选的里面"),
    ("staff", {"name": "新人", "phone": "没有"}, "phone", "不是电话号码"),
]  # fmt: skip


@pytest.mark.parametrize("sheet, row, code, says", WRONG, ids=[each[2] for each in WRONG])
def test_a_wrong_row_is_named_and_nothing_of_its_workbook_is_stored(
    ws: Workspace, tmp_path: Path, sheet: str, row: Mapping[str, str], code: str, says: str
) -> None:
    station(ws, tmp_path)
    before = {key: len(rows) for key, rows in state(ws).rows.items()}
    more = {"support_unit": [{"name": "别的单位"}], sheet: [row]}
    found = taken(ws, tmp_path / "wrong.xlsx", more)
    assert [each.code for each in found.applied.problems] == [code]
    assert says in found.applied.problems[0].message
    assert "第 2 行" in found.applied.problems[0].where
    assert {key: len(rows) for key, rows in state(ws).rows.items()} == before


def test_other_header_words_and_days_as_people_write_them_are_understood(ws: Workspace, tmp_path: Path) -> None:
    with (tmp_path / "名单.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(
            [
                ["2026年人员花名册"],
                ["序号", "员工姓名", "现岗位", "手机号码", "到岗日期"],
                ["1", "钱多", "客户经理", "139 0000 0001", "2026.3.5"],
            ]
        )
    found = take_book(ws, tmp_path / "名单.csv", Progress())
    assert (found.applied.new, found.sheets[0].unknown) == ({"staff": 1}, ("序号",))
    person = state(ws).rows["staff"][0]
    assert (person["name"], person["post"], person["joined_on"]) == ("钱多", "客户经理", "2026-03-05")


def test_a_file_without_any_known_sheet_is_refused_with_the_sheets_there_are(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(KnownError, match="没有认得出的表") as raised:
        take_book(ws, tmp_path / "x.csv", Progress())
    assert "网格台区" in raised.value.hint


def test_the_former_teams_become_inner_and_outer_team(ws: Workspace, tmp_path: Path) -> None:
    rows = [
        ("张一", "综合班", "综合内勤"),
        ("张二", "营业班", "抄核收"),
        ("张三", "营业班", "营业厅"),
        ("张四", "计量外勤", ""),
        ("张五", "配电班运维", "线路维护"),
        ("张六", "食堂", ""),
    ]
    with (tmp_path / "旧.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["姓名", "原班组", "岗位"], *rows])
    found = former.propose(ws, tmp_path / "旧.csv", Progress())
    assert [each.team for each in found] == ["内勤班", "外勤班", "内勤班", "外勤班", "外勤班", ""]
    former.adopt(ws, found, "2026-11-01")
    here = {each.name: each.team for each in roster.members(state(ws), "2026-11-02")}
    assert here == {"张一": "内勤班", "张二": "外勤班", "张三": "内勤班", "张四": "外勤班", "张五": "外勤班"}
    former.adopt(ws, found, "2026-12-01")
    assert len(state(ws).rows["membership"]) == 5


def test_who_changes_team_leaves_the_old_one_the_day_before(ws: Workspace, tmp_path: Path) -> None:
    station(ws, tmp_path)
    roster.move(ws, state(ws), NAMES[9], "外勤班", "2026-08-01")
    now = state(ws)
    teams = [next(each.team for each in roster.members(now, day) if each.name == NAMES[9]) for day in ("2026-07-31", "2026-08-01")]
    assert teams == ["内勤班", "外勤班"]


def test_grids_are_made_areas_move_and_leaders_change_with_their_history(ws: Workspace, tmp_path: Path) -> None:
    areas = station(ws, tmp_path)
    before = picture(ws, "2026-11-01")
    source = before.grid_of[areas[0]]
    create(ws, "WG09", "新网格", "2026-10-01")
    assign(ws, "WG09", areas[:2], "2026-10-01")
    set_leader(ws, "WG09", NAMES[6], "2026-10-01")
    set_manager(ws, "WG09", NAMES[7], areas[:1], "计量", "2026-10-01")
    assert picture(ws, "2026-09-30").grid_of[areas[0]] == source
    now = picture(ws, "2026-10-02")
    assert (now.grid_of[areas[0]], next(view.leader for view in now.grids if view.grid_no == "WG09")) == ("WG09", NAMES[6])
    assert [each.kind for each in now.lacks if each.key in areas[:2]] == ["no_manager", "no_manager"]
    set_leader(ws, "WG09", NAMES[8], "2026-11-01")
    assert next(view.leader for view in picture(ws, "2026-10-31").grids if view.grid_no == "WG09") == NAMES[6]
    with pytest.raises(RefusedError, match="已经有了"):
        create(ws, "WG09", "又一个")
    with pytest.raises(RefusedError, match="没有公变台区"):
        assign(ws, "WG09", [areas[3], "0499999999"])
    assert picture(ws, "2026-11-24").grid_of[areas[3]] != "WG09"


def test_the_substitute_does_the_work_of_who_is_away_and_the_leader_where_there_is_nobody(ws: Workspace, tmp_path: Path) -> None:
    areas = station(ws, tmp_path)
    now = state(ws)
    first = next(area for area in areas if now.grid_of("2026-11-24")[area] == "WG01")
    assert responsible(now, first, "2026-11-24") == (NAMES[4], f"替班（{NAMES[3]}）")
    second = next(area for area in areas if now.grid_of("2026-11-24")[area] == "WG02")
    assert responsible(now, second, "2026-11-24") == (NAMES[4], "台区客户经理")
    assert responsible(now, "0499999999", "2026-11-24") == ("", "台区没有网格")


def test_a_name_in_use_cannot_go(ws: Workspace, tmp_path: Path) -> None:
    from lvdesk.organisation.applying import apply
    from lvdesk.organisation.model import Asked

    station(ws, tmp_path)
    person = next(row for row in state(ws).rows["staff"] if row["name"] == NAMES[0])
    with pytest.raises(RefusedError, match="还在“班组成员”中使用"):
        apply(ws, [Asked("staff", {}, id=person["id"], remove=True)], "删除")
    assert set(GRIDS) == {view.name for view in picture(ws).grids}


def test_every_area_is_in_one_grid_and_what_is_lacking_is_told(ws: Workspace, tmp_path: Path) -> None:
    areas = with_areas(ws)
    rows = station_rows(ws)
    rows["grid_area"] = [row for row in rows["grid_area"] if row["area_no"] != areas[5]]
    rows["grid_duty"] = [row for row in rows["grid_duty"] if row["grid_no"] != "WG03" or row["duty"] != "网格长"]
    taken(ws, tmp_path / "some.xlsx", rows)
    found = picture(ws, "2026-11-24").lacks
    assert ("no_grid", areas[5]) in {(each.kind, each.key) for each in found}
    assert ("no_leader", "WG03") in {(each.kind, each.key) for each in found}
