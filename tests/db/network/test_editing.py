"""Changes at the desk: checked, undoable, refused when somebody was faster."""

from pathlib import Path

import pytest

from lvdesk.history import detail, entries, undo, undo_label
from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.network.editing import Edit, check_edits, edit
from lvdesk.network.records import show
from lvdesk.network.searching import search
from lvdesk.workspace import Workspace
from tests.helpers.stations import record, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")
NUMBER = "4209747019"


@pytest.fixture
def one(ws: Workspace, tmp_path: Path) -> Workspace:
    rows = [
        ["用户编号", "用户名称", "用户分类", "合同容量", "立户日期", "计量点编号"],
        [NUMBER, "张三", "03", "8", "2020-01-01", "0974701901"],
    ]
    taken(ws, workbook(tmp_path / "one.xlsx", {"用户": rows}))
    return ws


@pytest.mark.parametrize(
    "field, text, value",
    [
        ("name", " 李四 ", "李四"),
        ("sort", "低压非居民", "02"),
        ("contract_capacity", "１２kVA", 12.0),
        ("opened_on", "2024年3月5日", "2024-03-05"),
        ("name", "", None),
    ],
)
def test_a_typed_value_is_healed_like_a_cell(one: Workspace, field: str, text: str, value: object) -> None:
    found = show(one, "customer", NUMBER)
    edit(one, "customer", [Edit(found.id, field, text, found.version)])
    assert record(one, "customer", NUMBER)[field] == value
    assert undo_label(one).startswith("修改用户")
    undo(one)
    assert record(one, "customer", NUMBER)["name"] == "张三"


@pytest.mark.parametrize("field, text", [("sort", "外星人"), ("opened_on", "昨天"), ("contract_capacity", "很多"), ("customer_no", "1")])
def test_what_does_not_pass_is_refused_and_nothing_written(one: Workspace, field: str, text: str) -> None:
    found = show(one, "customer", NUMBER)
    edits = [Edit(found.id, "name", "李四", found.version), Edit(found.id, field, text, found.version)]
    assert [bool(checked.reason) for checked in check_edits(one, "customer", edits)] == [False, True]
    with pytest.raises(RefusedError):
        edit(one, "customer", edits)
    assert record(one, "customer", NUMBER)["name"] == "张三"


def test_who_comes_second_is_told(one: Workspace) -> None:
    found = show(one, "customer", NUMBER)
    edit(one, "customer", [Edit(found.id, "name", "李四", found.version)])
    with pytest.raises(ConflictError):
        edit(one, "customer", [Edit(found.id, "name", "王五", found.version)])
    assert record(one, "customer", NUMBER)["name"] == "李四"


def test_an_edit_is_found_and_told_in_history(one: Workspace) -> None:
    found = show(one, "customer", NUMBER)
    edit(one, "customer", [Edit(found.id, "name", "欧阳丹", found.version), Edit(found.id, "sort", "02", found.version)])
    assert [hit.key for hit in search(one, "oyd")] == [NUMBER]
    newest = entries(one, limit=1)[0]
    assert (newest.person, newest.summary) == ("张三", "修改用户 1")
    told = {(line.key, line.field_title, line.before, line.after) for line in detail(one, newest.id)}
    assert told == {(NUMBER, "用户名称", "张三", "欧阳丹"), (NUMBER, "用户分类", "低压居民", "低压非居民")}
