"""Packages and forms on the command line: made, listed, printed, sent; what is refused is said in a line."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lvdesk.cli import main
from lvdesk.fieldwork.forms.payload import decode
from lvdesk.kit.page import Code, Page, PagePrinter
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.stations import near_reader
from tests.helpers.visiting import EAST, NORTH, SILVER, SOUTH, box, customer

__all__ = ["near_reader"]
pytestmark = pytest.mark.usefixtures("near_reader")

Run = Callable[..., tuple[int, dict[str, Any]]]


class Paper:
    """Takes the pages as a printer does, and keeps them."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    def __call__(self, pages: Iterable[Page], path: Path, progress: Progress, *, title: str) -> int:
        self.pages = []
        for page in pages:
            self.pages.append(page)
            progress.step()
        path.write_text(title, "utf-8")
        return len(self.pages)


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, paper: Paper) -> Run:
    monkeypatch.setenv("LVDESK_HOME", str(tmp_path / "home"))
    workspace = Workspace.open(tmp_path / "station")
    visiting.laid(workspace)
    workspace.close()

    def go(*words: object, printer: PagePrinter | None = paper) -> tuple[int, dict[str, Any]]:
        status = main(["--workspace", str(tmp_path / "station"), *map(str, words), "--json"], printer)
        said = json.loads(capsys.readouterr().out)
        assert isinstance(said, dict)
        return status, said

    return go


@pytest.fixture
def number(run: Run) -> str:
    """A package of one feeder."""
    status, said = run("package", "create", "--feeder", SILVER, "--people", "张三，李四", "--team", "一班", "--day", "2026-11-25")
    assert status == 0
    return str(said["package"])


def test_a_package_is_made_with_its_sheets(run: Run) -> None:
    status, said = run("package", "create", "--area", NORTH, "--area", "北村10#公变", "--people", "张三,李四", "--day", "2026-11-25")
    assert status == 0
    assert (said["packages"], said["items"]) == ([said["package"]], 4)
    assert {each["reason"]: each["count"] for each in said["left_out"]} == {"台账已销户的用户": 1, "箱内用户全部销户的计量箱": 1}
    assert said["sheets"] > 0
    _, shown = run("package", "show", said["package"])
    assert len(shown["sheets"]) == said["sheets"]
    assert {item["key"] for item in shown["items"]} == {box(1), box(2), box(4), customer(6)}
    assert [item["position"] for item in shown["items"]] == [1, 2, 3, 4]
    assert (shown["people"], shown["planned_on"], shown["due_on"]) == (["张三", "李四"], "2026-11-25", "2026-12-02")
    first = next(item for item in shown["items"] if item["key"] == box(1))
    assert (first["entity"], first["area"], first["reasons"][0]["text"]) == ("meter_box", NORTH, "从未现场采录")
    assert all(item["sheets"] for item in shown["items"])


def test_each_area_its_own(run: Run) -> None:
    _, said = run("package", "create", "--area", NORTH, "--area", SOUTH, "--area", EAST, "--split")
    assert len(said["packages"]) == 3
    _, listed = run("package", "list")
    assert [each["package"] for each in listed["packages"]] == list(reversed(said["packages"]))
    assert sum(sum(each["sheets"].values()) for each in listed["packages"]) == said["sheets"]


def test_what_was_printed_is_told_sheet_by_sheet(run: Run, number: str, paper: Paper, tmp_path: Path) -> None:
    status, said = run("forms", number, "--out", tmp_path / "表单.pdf")
    assert status == 0
    assert (tmp_path / "表单.pdf").exists()
    assert said["pages"] == len(said["sheets"]) == len(paper.pages)
    assert [sheet["page"] for sheet in said["sheets"]] == list(range(1, said["pages"] + 1))
    assert {box(1), box(2), box(4), customer(6)} <= {key for sheet in said["sheets"] for key in sheet["items"]}
    codes = [next(item.text for item in page.items if isinstance(item, Code) and item.kind == "qr") for page in paper.pages]
    assert [decode(code).sheet_no for code in codes] == [sheet["sheet_no"] for sheet in said["sheets"]]
    _, sheets = run("package", "sheets", number)
    assert {sheet["state"] for sheet in sheets["sheets"]} == {"printed"}


def test_one_sheet_again_is_the_same_sheet(run: Run, number: str, paper: Paper, tmp_path: Path) -> None:
    _, first = run("forms", number, "--out", tmp_path / "表单.pdf")
    before = paper.pages
    wanted = first["sheets"][-1]
    _, said = run("forms", number, "--out", tmp_path / "一张.pdf", "--sheet", wanted["sheet_no"])
    assert said == {"pages": 1, "sheets": [{**wanted, "page": 1}]}
    assert [item for item in paper.pages[0].items if isinstance(item, Code)] == [i for i in before[-1].items if isinstance(i, Code)]
    _, sheets = run("package", "sheets", number)
    assert [sheet["copies"] for sheet in sheets["sheets"]] == [1] * (len(sheets["sheets"]) - 1) + [2]


def test_the_way_of_a_package(run: Run, number: str, tmp_path: Path) -> None:
    status, said = run("package", "send", number)
    assert (status, said["error"]["code"]) == (2, "package.sheets")
    run("forms", number, "--out", tmp_path / "表单.pdf")
    _, said = run("package", "send", number)
    assert said["state"] == "out"
    assert {sheet["state"] for sheet in said["sheets"]} == {"out"}
    _, said = run("package", "cancel", number, "--reason", "改期")
    assert said["state"] == "cancelled"
    status, said = run("forms", number, "--out", tmp_path / "又.pdf")
    assert (status, said["error"]["code"], (tmp_path / "又.pdf").exists()) == (2, "package.state", False)
    run("undo")
    _, said = run("package", "close", number, "--reason", "先到这里")
    assert said["state"] == "closed"


@pytest.mark.parametrize(
    "words, code",
    [
        (("package", "create"), "usage"),
        (("package", "create", "--feeder", "10kV没有线"), "package.unknown"),
        (("package", "create", "--feeder", SILVER, "--day", "明天"), "package.day"),
        (("package", "show", "CL000101-01"), "package.missing"),
        (("package", "sheets", "CL000101-01"), "package.missing"),
        (("package", "cancel", "{number}"), "package.reason"),
        (("forms", "CL000101-01", "--out", "a.pdf"), "package.missing"),
        (("forms", "{number}"), "usage"),
        (("forms", "{number}", "--out", "a.pdf", "--sheet", "{number}-999"), "sheet.missing"),
    ],
)
def test_what_is_refused(run: Run, number: str, words: tuple[str, ...], code: str) -> None:
    status, said = run(*(word.format(number=number) for word in words))
    assert (status, said["error"]["code"]) == (2, code)
    assert said["error"]["message"]


def test_without_a_printer_nothing_is_printed(run: Run, number: str, tmp_path: Path) -> None:
    status, said = run("forms", number, "--out", tmp_path / "表单.pdf", printer=None)
    assert (status, said["error"]["code"]) == (2, "print.unavailable")
    _, sheets = run("package", "sheets", number)
    assert {sheet["state"] for sheet in sheets["sheets"]} == {"prepared"}


def test_for_people_a_line_each(run: Run, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--workspace", str(tmp_path / "station"), "package", "list"])
    told = capsys.readouterr().out
    assert told.startswith(f"{number}  {SILVER} 2 个台区  待发出  收回 0/4  应回 2026-12-02")
    main(["--workspace", str(tmp_path / "station"), "package", "sheets", number])
    assert "采录任务包  第 1 页  待打印" in capsys.readouterr().out


def test_the_package_as_a_workbook(run: Run, number: str, tmp_path: Path) -> None:
    status, said = run("forms", number, "--workbook", tmp_path / "电子表单.xlsx")
    assert (status, said["path"]) == (0, str(tmp_path / "电子表单.xlsx"))
    assert said["rows"] == sum(said["sheets"].values()) > 0
    assert openpyxl.load_workbook(tmp_path / "电子表单.xlsx").sheetnames[: len(said["sheets"])] == list(said["sheets"])
    _, sheets = run("package", "sheets", number)
    assert said["sheet_no"] in {sheet["sheet_no"] for sheet in sheets["sheets"]}
    status, said = run("forms", number, "--workbook", tmp_path / "电子表单.xlsx", "--sheet", f"{number}-001")
    assert (status, said["error"]["code"]) == (2, "usage")
