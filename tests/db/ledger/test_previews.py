"""A preview leaves nothing and tells what will happen; undo takes everything back; cancel saves nothing."""

from pathlib import Path

import pytest

from lvdesk.history import entries, redo, undo, verify
from lvdesk.kit.errors import Cancelled, ConflictError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import load, preview, take
from lvdesk.ledger.model import FileReport, ImportRequest
from lvdesk.network.browsing import table
from lvdesk.network.counting import counts
from lvdesk.network.editing import Edit, edit
from lvdesk.network.records import show
from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.stations import differences, record, state, taken, workbook

pytestmark = pytest.mark.usefixtures("near_reader")


def numbers(files: tuple[FileReport, ...]) -> list[tuple[object, ...]]:
    return [
        (
            file.path,
            file.sha256,
            file.kind,
            sheet.name,
            sheet.template,
            sheet.rows_in,
            sheet.rows_stored,
            sheet.new,
            sheet.changed,
            sheet.gone,
            sheet.entities,
            sheet.healed,
            sheet.refused,
            sheet.findings,
            sheet.sample,
        )
        for file in files
        for sheet in file.sheets
    ]


def test_a_preview_leaves_nothing_and_loading_it_equals_taking(ws: Workspace, dirty: SampleStation, tmp_path: Path) -> None:
    shown = preview(ws, ImportRequest(dirty.files), Progress())
    assert {file.status for file in shown.files} == {"ready"}
    assert sum(counts(ws).values()) == 0
    assert entries(ws) == []
    result = load(ws, shown, Progress())
    assert numbers(result.files) == numbers(shown.files)
    other = Workspace.open(tmp_path / "other", person="李四")
    direct = taken(other, *dirty.files)
    assert numbers(direct.files) == numbers(result.files)
    same = state(other), differences(other)
    other.close()
    assert (state(ws), differences(ws)) == same


def test_a_preview_is_good_for_files_that_changed_or_went_away_since(local_ws: Workspace, tmp_path: Path) -> None:
    path = workbook(tmp_path / "站线.xlsx", {"线路": [["线路编号", "线路名称", "所属变电站"], ["1310000001", "10kV甲线", "110kV甲站"]]})
    shown = preview(local_ws, ImportRequest((path,)), Progress())
    preview_again = preview(local_ws, ImportRequest((path,)), Progress())
    with pytest.raises(RefusedError) as raised:
        load(local_ws, shown, Progress())
    assert raised.value.code == "import.preview_gone"
    assert load(local_ws, preview_again, Progress()).files[0].status == "imported"


def test_undo_removes_everything_and_the_files_import_again(ws: Workspace, dirty: SampleStation) -> None:
    taken(ws, *dirty.files)
    before = state(ws), differences(ws)
    undo(ws)
    assert sum(counts(ws).values()) == 0
    assert differences(ws) == []
    result = taken(ws, *dirty.files)
    assert {file.status for file in result.files} == {"imported"}
    assert (state(ws), differences(ws)) == before
    assert verify(ws).problems == ()


def test_redo_brings_it_back(ws: Workspace, dirty: SampleStation) -> None:
    taken(ws, *dirty.files)
    before = state(ws), differences(ws)
    undo(ws)
    redo(ws)
    assert (state(ws), differences(ws)) == before
    assert show(ws, "customer", dirty.station.customers[0].customer_no).fields[0].file.endswith(".xlsx")
    assert {file.status for file in taken(ws, *dirty.files).files} == {"unchanged"}


def test_undoing_the_second_import_gives_the_first_back(local_ws: Workspace, clean: SampleStation) -> None:
    taken(local_ws, *clean.files[:-2])
    before = state(local_ws), differences(local_ws)
    taken(local_ws, *clean.files[-2:])
    assert state(local_ws) != before[0]
    undo(local_ws)
    assert (state(local_ws), differences(local_ws)) == before


def test_an_import_someone_built_upon_is_not_undone(local_ws: Workspace, clean: SampleStation) -> None:
    taken(local_ws, *clean.files[:2])
    customer = show(local_ws, "customer", clean.station.customers[0].customer_no)
    edit(local_ws, "customer", [Edit(customer.id, "phone", "13900000000", customer.version)])
    imported = entries(local_ws)[-1]
    with pytest.raises(ConflictError):
        undo(local_ws, imported.id)
    assert counts(local_ws)["customer"] > 0
    undo(local_ws)
    undo(local_ws)
    assert counts(local_ws)["customer"] == 0


class CancelledLater(Progress):
    """Someone presses cancel after a while."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._left = steps

    def check(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize("steps", [2, 6, 12, 20])
def test_cancelling_saves_nothing(local_ws: Workspace, clean: SampleStation, steps: int) -> None:
    with pytest.raises(Cancelled):
        taken_until(local_ws, clean, steps)
    assert sum(counts(local_ws).values()) == 0
    assert entries(local_ws) == []


def taken_until(ws: Workspace, station: SampleStation, steps: int) -> None:
    take(ws, ImportRequest(station.files), CancelledLater(steps))


def test_a_value_typed_at_the_desk_survives_every_file(local_ws: Workspace, clean: SampleStation, tmp_path: Path) -> None:
    taken(local_ws, *clean.files[:-1])
    number = clean.station.customers[0].customer_no
    before = show(local_ws, "customer", number)
    edit(local_ws, "customer", [Edit(before.id, "name", "桌面改名", before.version)])
    again = workbook(
        tmp_path / "again.xlsx",
        {
            "低压用户台账": [
                ["用户编号", "用户名称", "用电地址", "计量点编号", "用户分类"],
                [number, "营销又改名", "新地址", clean.station.customers[0].mp_no, "03"],
            ]
        },
    )
    result = taken(local_ws, again)
    found = record(local_ws, "customer", number)
    assert (found["name"], found["address"]) == ("桌面改名", "新地址")
    assert ("customer", number, "name", "营销又改名", "marketing") in differences(local_ws)
    assert result.files[0].sheets[0].entities["customer"].kept == 1
    field = next(field for field in show(local_ws, "customer", number).fields if field.key == "name")
    assert (field.value, field.raw, field.who, field.file, field.others) == ("桌面改名", "桌面改名", "张三", "", ("营销又改名",))
    assert table(local_ws, "customer").rows([before.id])[0].marks["name"].reason.endswith("营销又改名")
