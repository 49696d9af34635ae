"""The command line as scripts use it: one JSON object on standard output, exit statuses, files written."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lvdesk.kit.files import sha256
from lvdesk.sample import SampleStation
from tests.helpers.stations import barcode, near_reader, small_station, workbook

__all__ = ["near_reader"]

ROOT = Path(__file__).parents[2]
HEADERS = ["用户编号", "用户名称", "立户日期", "计量点编号", "台区编号", "电能表条形码"]
GOOD = ["4209747019", "张三", "2020-01-01", "0974701901", "4231757328", barcode("01", 1)]


@dataclass(frozen=True)
class Said:
    status: int
    data: dict[str, Any]
    err: str


Run = Callable[..., Said]


def main(home: Path, *words: object) -> Said:
    environment = {**os.environ, "LVDESK_HOME": str(home), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "main.py", *map(str, words), "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 1, (done.stdout, done.stderr)
    data = json.loads(lines[0])
    assert isinstance(data, dict)
    assert "Traceback" not in done.stderr
    return Said(done.returncode, data, done.stderr)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs one verb on this test's own workspace, in this process: the same code behind ``main.py``, without its start-up."""
    from lvdesk.cli import main as command_line

    def go(*words: object) -> Said:
        capsys.readouterr()
        status = command_line(["--workspace", str(tmp_path / "station"), *map(str, words), "--json"])
        said = capsys.readouterr()
        assert len(said.out.splitlines()) == 1, said.out
        return Said(status, json.loads(said.out), said.err)

    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    yield go
    for number, handler in before:
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> SampleStation:
    return small_station(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def loaded(station: SampleStation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Said]:
    """A workspace with the sample station, shared by the tests that only look; and what its import said."""
    folder = tmp_path_factory.mktemp("loaded")

    def go(*words: object) -> Said:
        return main(folder / "home", "--workspace", folder / "station", *words)

    return go, go("import", *station.files)


def test_import_tells_every_sheet(loaded: tuple[Run, Said], station: SampleStation) -> None:
    said = loaded[1]
    assert said.status == any(sheet["refused"] for file in said.data["files"] for sheet in file["sheets"])
    assert [file["status"] for file in said.data["files"]] == ["imported"] * len(station.files)
    for file in said.data["files"]:
        assert len(file["sha256"]) == 64
        assert file["kind"]
        for sheet in file["sheets"]:
            assert sheet["rows_in"] == sheet["rows_stored"] + sheet["rows_refused"]
            assert {"name", "template", "header_row", "new", "changed", "gone", "healed", "refused", "findings"} <= sheet.keys()
            assert sheet["findings"].keys() == {"error", "warning", "info"}
            assert all(healed.keys() >= {"row", "field", "from", "to", "evidence"} for healed in sheet["healed"])
            assert all(
                refused.keys() >= {"row", "field", "reason"} and refused["column"] and refused["sheet"] for refused in sheet["refused"]
            )
    assert "正在导入" in said.err


def test_the_same_again_is_unchanged(loaded: tuple[Run, Said], station: SampleStation) -> None:
    said = loaded[0]("import", *station.files[::-1])
    assert (said.status, {file["status"] for file in said.data["files"]}) == (0, {"unchanged"})
    assert all(sheet["rows_in"] for file in said.data["files"] for sheet in file["sheets"])


def test_show_gives_every_value_its_origin(loaded: tuple[Run, Said], station: SampleStation) -> None:
    customer = station.station.customers[0]
    said = loaded[0]("show", "customer", customer.customer_no)
    assert said.status == 0
    name = said.data["fields"]["name"]
    assert (name["value"], name["raw"].strip(), name["owner"], name["sheet"]) == (customer.name, customer.name, "marketing", "低压用户台账")
    assert name["file"] == f"{customer.box.area.feeder.name}.xlsx"
    assert (name["row"] > 2, bool(name["when"]), bool(name["who"])) == (True, True, True)
    assert [link["entity"] for link in said.data["path"]] == ["substation", "feeder", "transformer_area", "meter_box", "meter", "customer"]


def test_what_nobody_confirmed_does_not_leave_and_says_why(loaded: tuple[Run, Said], tmp_path: Path) -> None:
    said = loaded[0]("export", "marketing", "--out", tmp_path / "out")
    assert (said.status, said.data["files"], said.data["records"]) == (1, [], 0)
    assert not (tmp_path / "out").exists()
    held = said.data["held_back"]
    assert {each["entity"] for each in held} >= {"meter_box", "meter", "customer"}
    assert all(each["key"] and each["why"] for each in held)


@pytest.mark.parametrize("system", ["marketing", "gis", "cim"])
def test_a_test_export_says_so_and_counts_for_nothing(loaded: tuple[Run, Said], tmp_path: Path, system: str) -> None:
    said = loaded[0]("export", system, "--out", tmp_path / "out", "--test")
    assert (said.status, said.data["test"], said.data["number"]) == (0, True, "")
    assert said.data["records"] > 0
    assert all(sha256(Path(file["path"])) == file["sha256"] for file in said.data["files"])
    assert "测试" in Path(said.data["folder"]).name
    assert loaded[0]("export", "list").data["packages"] == []


@pytest.mark.usefixtures("near_reader")
def test_a_clean_file_exits_0_a_refused_value_1_a_broken_file_2(run: Run, tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", {"用户": [HEADERS, GOOD]})
    assert run("import", good).status == 0
    partly = workbook(tmp_path / "partly.xlsx", {"用户": [HEADERS, [*GOOD[:2], "不详", *GOOD[3:]], [None, *GOOD[1:]]]})
    said = run("import", partly)
    sheet = said.data["files"][0]["sheets"][0]
    assert (said.status, sheet["rows_in"], sheet["rows_stored"], sheet["rows_refused"]) == (1, 2, 1, 1)
    assert [(refused["row"], refused["field"]) for refused in sheet["refused"]] == [(2, "customer.opened_on"), (3, "customer.customer_no")]
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(good.read_bytes()[:2000])
    said = run("import", broken)
    assert (said.status, said.data["files"][0]["status"]) == (2, "refused")
    assert all(said.data["error"][part] for part in ("code", "message", "hint"))
    assert run("import", good, broken).status == 1


@pytest.mark.usefixtures("near_reader")
def test_a_dry_run_stores_nothing(run: Run, tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", {"用户": [HEADERS, GOOD]})
    said = run("import", good, "--dry-run")
    assert (said.status, said.data["files"][0]["sheets"][0]["new"]) == (0, 1)
    assert run("show", "customer", GOOD[0]).status == 2
    assert run("history").data["entries"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("unknown",),
        ("import",),
        ("show", "customer"),
        ("import", "x.xlsx", "--crs", "utm"),
        ("export", "marketing"),
        ("history", "abc"),
        (),
        ("import", "没有.xlsx"),
        ("import", "x.xlsx", "--template", "nothing"),
        ("show", "customer", "404"),
        ("show", "house", "1"),
        ("restore", "nothing.db"),
        ("undo",),
        ("redo",),
        ("template", "nothing"),
        ("export", "marketing", "--out", "nowhere"),
        ("undo", "99"),
        ("history", "99"),
    ],
)
def test_what_cannot_be_done_exits_2_with_a_reason(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words)
    assert said.status == 2
    assert said.data["error"]["code"]
    assert said.data["error"]["message"]


@pytest.mark.usefixtures("near_reader")
def test_undo_and_history(run: Run, tmp_path: Path) -> None:
    run("import", workbook(tmp_path / "good.xlsx", {"用户": [HEADERS, GOOD]}))
    entries = run("history").data["entries"]
    assert [entry["label"] for entry in entries] == ["导入 good.xlsx"]
    changes = run("history", entries[0]["id"]).data["changes"]
    assert ("customer", GOOD[0], "name", "", "张三") in {(c["entity"], c["key"], c["field"], c["before"], c["after"]) for c in changes}
    assert run("undo").data["label"] == "撤销：导入 good.xlsx"
    assert run("show", "customer", GOOD[0]).status == 2
    assert run("redo").status == 0
    assert run("show", "customer", GOOD[0]).data["fields"]["name"]["value"] == "张三"


@pytest.mark.usefixtures("near_reader")
def test_backup_verify_restore(run: Run, tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", {"用户": [HEADERS, GOOD]})
    run("import", good)
    made = run("backup", "--out", tmp_path / "safe")
    assert (made.status, made.data["verified"], Path(made.data["path"]).parent) == (0, True, tmp_path / "safe")
    run("undo")
    assert run("verify").status == 0
    assert run("restore", made.data["path"]).status == 0
    assert run("show", "customer", GOOD[0]).status == 0
    said = run("verify")
    assert (said.status, said.data["problems"]) == (0, [])


@pytest.mark.usefixtures("near_reader")
def test_blank_templates_come_back_with_rows(run: Run, tmp_path: Path) -> None:
    """Every template's blank workbook, filled with its own examples, is recognised as what it is."""
    listed = run("template").data["templates"]
    assert len(listed) == 13
    paths = [tmp_path / f"{template['key']}.xlsx" for template in listed]
    for path in paths:
        assert run("template", path.stem, "--out", path).status == 0
        fill(path)
    said = run("import", *paths, "--dry-run")
    assert said.status == 0
    for path, file in zip(paths, said.data["files"], strict=True):
        found = [sheet for sheet in file["sheets"] if sheet["template"]]
        assert [(sheet["template"], sheet["rows_in"], sheet["rows_stored"], sheet["score"]) for sheet in found] == [
            (path.stem, 1, 1, 1.0)
        ], file


def fill(path: Path) -> None:
    """Types each column's example, from the rule book, below its header."""
    from lvdesk.templates.definition import load_templates

    examples = {column.header: column.example for column in load_templates()[path.stem].columns}
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    row = next(n for n in range(1, 6) if sum(str(cell.value or "").strip("*") in examples for cell in sheet[n]) >= 2)
    for cell in sheet[row]:
        example = examples.get(str(cell.value or "").strip("*"))
        if example:
            sheet.cell(row + 1, cell.column).value = example
    book.save(path)


def test_selftest(run: Run) -> None:
    said = run("selftest")
    assert (said.status, said.data["ok"], said.data["problems"], len(said.data["templates"])) == (0, True, [], 13)


@pytest.mark.parametrize("words, status", [(["unknown"], 2), (["import"], 2), (["show", "customer", "404"], 2)])
def test_main_passes_the_exit_status_on(tmp_path: Path, words: list[str], status: int) -> None:
    said = main(tmp_path / "home", *words)
    assert (said.status, list(said.data)) == (status, ["error"])
    assert said.data["error"]["message"] in said.err


def test_a_workspace_of_its_own_is_made_on_first_use(tmp_path: Path) -> None:
    said = main(tmp_path / "home", "history")
    assert (said.status, said.data) == (0, {"entries": []})
    assert list((tmp_path / "home").rglob("station.db"))


def test_the_sample_is_not_mixed_into_a_station(run: Run, tmp_path: Path) -> None:
    assert run("import", workbook(tmp_path / "x.xlsx", {"用户": [HEADERS, GOOD]})).status == 0
    said = run("demo")
    assert (said.status, said.data["error"]["code"]) == (2, "demo.not_empty")
