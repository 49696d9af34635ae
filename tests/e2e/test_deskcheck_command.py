"""The desk check on the command line, as staff with a list from a spreadsheet and scripts use it."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lvdesk.cli import main
from lvdesk.cli.desk_verbs import copied
from tests.helpers.stations import barcode, near_reader, workbook

__all__ = ["near_reader"]
pytestmark = pytest.mark.usefixtures("near_reader")

Run = Callable[..., tuple[int, dict[str, Any]]]
HEAD = ["用户编号", "用户名称", "用户状态", "计量点编号", "台区编号", "电能表条形码"]
AREAS = [["台区编号", "台区名称", "线路编号", "线路名称"], ["4231757001", "东风1#公变", "1300000001", "10kV东风线"]]


def number(last: int) -> str:
    return f"00097470{last:02d}"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LVDESK_HOME", str(tmp_path / "home"))

    def go(*words: object, stdin: str = "") -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        status = main(["--workspace", str(tmp_path / "station"), *map(str, words), "--json"])
        said = json.loads(capsys.readouterr().out)
        assert isinstance(said, dict)
        return status, said

    rows = [[number(n), f"张{n}", "已销户" if n <= 3 else "正常", f"097470190{n}", "4231757001", barcode("01", n)] for n in range(1, 9)]
    status, _ = go("import", workbook(tmp_path / "10kV东风线.xlsx", {"变压器台账": AREAS, "低压用户台账": [HEAD, *rows]}))
    assert status == 0
    return go


def test_candidates_with_evidence(run: Run) -> None:
    status, said = run("deskcheck", "propose", "--feeder", "10kV东风线")
    assert status == 0
    assert [each["customer_no"] for each in said["candidates"]] == [number(1), number(2), number(3)]
    first = said["candidates"][0]
    assert first["evidence"] == ["用户状态为已销户客户"]
    assert (first["strength"], first["suggested"], first["verdict"]) == ("certain", "确认销户", "")
    assert {key: first["sources"][0][key] for key in ("file", "sheet", "row")} == {
        "file": "10kV东风线.xlsx",
        "sheet": "低压用户台账",
        "row": 2,
    }
    assert said["counts"] == {"certain": 3, "likely": 0, "weak": 0}


def test_marking_by_number_by_standard_input_and_by_file(run: Run, tmp_path: Path) -> None:
    given = ("--verdict", "确认销户", "--reason", "营销已销户")
    assert run("deskcheck", "mark", number(1), *given) == (0, {"marked": 1, "changed": 0, "unchanged": 0, "label": "销户标注 1 户"})
    status, said = run("deskcheck", "mark", "-", *given, stdin=f"户号\t户名\n{number(1)}\t张1\n{number(2)}\t张2\n")
    assert (status, said["marked"], said["unchanged"]) == (0, 1, 1)
    listed = tmp_path / "销户.txt"
    listed.write_bytes(f"户号,户名\r\n'{number(3)},张3\r\n".encode("gbk"))
    assert run("deskcheck", "mark", f"@{listed}", *given)[1]["marked"] == 1
    assert run("deskcheck", "progress")[1]["feeders"] == [
        {"feeder_no": "1300000001", "name": "10kV东风线", "customers": 8, "candidates": 3, "marked": 3, "confirmed": 3, "open": 0}
    ]
    assert run("deskcheck", "unmark", number(3), number(4))[1]["marked"] == 1
    assert run("deskcheck", "propose")[1]["open"] == 1


@pytest.mark.parametrize(
    "words, code",
    [
        (("mark", number(1), "4209799999", "--verdict", "确认销户", "--reason", "是"), "deskcheck.unknown"),
        (("mark", number(1), "--verdict", "走了", "--reason", "是"), "deskcheck.verdict"),
        (("mark", number(1), "--verdict", "确认销户", "--reason", " "), "deskcheck.reason"),
        (("mark", number(1), "--verdict", "确认销户"), "usage"),
        (("mark", "--verdict", "确认销户", "--reason", "是"), "deskcheck.none"),
        (("mark", "@没有.txt", "--verdict", "确认销户", "--reason", "是"), "file.unreadable"),
        (("unmark", "4209799999"), "deskcheck.unknown"),
        (("propose", "--feeder", "没有线"), "deskcheck.feeder"),
        ((), "usage"),
    ],
)
def test_refusals(run: Run, words: tuple[str, ...], code: str) -> None:
    status, said = run("deskcheck", *words)
    assert (status, said["error"]["code"]) == (2, code)
    assert run("deskcheck", "progress")[1]["feeders"][0]["marked"] == 0


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("0009747001", ["0009747001"]),
        ("户号\n0009747001\n\n0009747002\n", ["0009747001", "0009747002"]),
        ("0009747001 0009747002，0009747003", ["0009747001", "0009747002", "0009747003"]),
        ("\ufeff户号\t户名\n'0009747001\t张 三\n", ["0009747001"]),
        ("００09747001\u3000张三", ["0009747001"]),
        ("", []),
    ],
)
def test_numbers_copied_from_a_spreadsheet(text: str, wanted: list[str]) -> None:
    assert copied(text) == wanted
