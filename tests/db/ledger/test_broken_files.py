"""A broken file among good ones is refused by itself, with nothing of it left; real reading process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lvdesk.history import entries
from lvdesk.kit.errors import Cancelled, KnownError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import preview, take
from lvdesk.ledger.model import ImportRequest
from lvdesk.ledger.prepared import Piece
from lvdesk.network.counting import counts, unresolved
from lvdesk.sample import SampleStation
from lvdesk.store.journal import verify_chain
from lvdesk.workspace import Workspace
from tests.helpers import stations
from tests.helpers.stations import differences, file_of, state, taken, workbook


def test_broken_files_among_good_ones(ws: Workspace, clean: SampleStation, tmp_path: Path) -> None:
    bad = {
        "截断.xlsx": (tmp_path / "截断.xlsx", clean.files[1].read_bytes()[:3000]),
        "空.xlsx": (tmp_path / "空.xlsx", b""),
        "照片.xlsx": (tmp_path / "照片.xlsx", b"\xff\xd8\xff\xe0" + bytes(500)),
    }
    for path, content in bad.values():
        path.write_bytes(content)
    stranger = workbook(tmp_path / "通讯录.xlsx", {"Sheet1": [["姓名", "部门", "生日"], ["张三", "财务", "一月"]]})
    missing = tmp_path / "没有.xlsx"
    paths = [*(path for path, _ in bad.values()), *clean.files, stranger, missing]
    result = taken(ws, *paths)
    statuses = {file.path.name: file.status for file in result.files}
    assert statuses == {path.name: "imported" for path in clean.files} | dict.fromkeys([*bad, "通讯录.xlsx", "没有.xlsx"], "refused")
    assert all(file.code and file.reason and file.hint for file in result.files if file.status == "refused")
    assert [file_of(result, name).code for name in ("空.xlsx", "通讯录.xlsx", "没有.xlsx")] == [
        "file.empty",
        "file.no_template",
        "file.missing",
    ]
    assert counts(ws)["customer"] == len(clean.station.customers)
    assert unresolved(ws) == {}


class BreaksHalfway(stations.NearReader):
    """One file turns out to be damaged after its first pieces."""

    def stream(self, function: str, arguments: tuple[Any, ...], progress: Progress | None = None) -> Iterator[Any]:
        pieces = 0
        for message in super().stream(function, arguments, progress):
            yield message
            pieces += isinstance(message, Piece)
            if pieces and "青石" in arguments[0].path:
                raise KnownError("file.damaged", "文件已损坏", "请重新导出")


@pytest.mark.parametrize("shown_first", [False, True])
def test_a_file_that_breaks_off_leaves_nothing_of_itself(
    local_ws: Workspace, clean: SampleStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown_first: bool
) -> None:
    from lvdesk.ledger.importing import load

    monkeypatch.setattr("lvdesk.ledger.importing.Reader", BreaksHalfway)
    request = ImportRequest(clean.files)
    result = load(local_ws, preview(local_ws, request, Progress()), Progress()) if shown_first else take(local_ws, request, Progress())
    broken = next(path for path in clean.files if "青石" in path.name)
    assert {file.path: file.status for file in result.files} == {path: "refused" if path == broken else "imported" for path in clean.files}
    assert file_of(result, broken.name).code == "file.damaged"
    other = Workspace.open(tmp_path / "other", person="李四")
    taken(other, *(path for path in clean.files if path != broken))
    expected = state(other), differences(other)
    other.close()
    assert (state(local_ws), differences(local_ws)) == expected


def test_cancelling_ends_the_reading_process_and_saves_nothing(local_ws: Workspace, clean: SampleStation) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        take(local_ws, ImportRequest(clean.files), progress)
    assert sum(counts(local_ws).values()) == 0


def test_only_broken_files_leave_no_trace_in_history(local_ws: Workspace, tmp_path: Path) -> None:
    from lvdesk.history import entries

    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(200))
    result = taken(local_ws, path)
    assert (result.files[0].status, result.entry_id) == ("refused", 0)
    assert entries(local_ws) == []


@pytest.mark.parametrize(
    "names, label",
    [
        (("甲.xlsx", "空.xlsx"), "导入 甲.xlsx"),
        (("甲.xlsx", "空.xlsx", "乙.xlsx"), "导入 2 个文件"),
        (("甲.xlsx", "丙.xlsx"), "导入 甲.xlsx"),
    ],
)
def test_history_names_only_what_was_taken(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], label: str
) -> None:
    """Of the files 空 is empty and 丙 the same as 甲."""
    monkeypatch.setattr("lvdesk.ledger.importing.Reader", stations.NearReader)
    head = ("用户编号", "用户名称", "用电地址", "用户分类", "台区编号")
    for name, number in (("甲.xlsx", "4209747019"), ("乙.xlsx", "4209747020")):
        workbook(tmp_path / name, {"用户": [head, (number, "张三", "某村", "03", "4231757328")]})
    (tmp_path / "丙.xlsx").write_bytes((tmp_path / "甲.xlsx").read_bytes())
    (tmp_path / "空.xlsx").write_bytes(b"")
    result = taken(ws, *(tmp_path / name for name in names))
    assert (result.label, [entry.label for entry in entries(ws)]) == (label, [label])
    assert verify_chain(ws.store) == []
