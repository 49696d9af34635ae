"""``check`` as scripts use it: what ran and what did not, every open finding with its place, exit status 1 while errors are open."""

import json
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lvdesk.checks.exceptions import accept
from lvdesk.checks.model import Severity
from lvdesk.checks.registry import discover
from lvdesk.cli import main
from lvdesk.workspace import Workspace
from tests.helpers.stations import barcode, near_reader, workbook

__all__ = ["near_reader"]
pytestmark = pytest.mark.usefixtures("near_reader")

HEADERS = ["用户编号", "用户名称", "用户地址", "用户分类", "立户日期", "计量点编号", "台区编号", "台区名称", "电能表条形码"]
FINDING = {"number", "rule", "severity", "entity", "key", "field", "value", "message", "fix", "file", "sheet", "row", "state", "suggestion"}


@dataclass(frozen=True)
class Said:
    status: int
    data: dict[str, Any]
    err: str


Run = Callable[..., Said]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "station"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs one verb in this process."""

    def go(*words: object) -> Said:
        capsys.readouterr()
        status = main(["--workspace", str(folder), *map(str, words), "--json"])
        said = capsys.readouterr()
        assert len(said.out.splitlines()) == 1, said.out
        return Said(status, json.loads(said.out), said.err)

    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    yield go
    for number, handler in before:
        signal.signal(number, handler)


def ledger(path: Path, opened: str) -> Path:
    """Two customers; the second one's opening date is given."""
    rows = [
        ["4209747019", "张三", "某村1号", "03", "2020-01-01", "0974701901", "4231757328", "1号公变", barcode("01", 1)],
        ["4209747020", "李四", "某村2号", "03", opened, "0974702001", "4231757328", "1号公变", barcode("01", 2)],
    ]
    return workbook(path, {"用户": [HEADERS, *rows]})


def test_a_fault_is_told_until_it_is_put_right(run: Run, tmp_path: Path) -> None:
    run("import", ledger(tmp_path / "用户.xlsx", "2099-01-01"))
    said = run("check")
    assert said.status == 1
    assert {"rules_run", "rules_skipped", "counts", "findings"} <= set(said.data)
    assert "Q27" in said.data["rules_run"]
    skipped = {each["rule"]: each["why"] for each in said.data["rules_skipped"]}
    assert all(skipped.values())
    assert sorted([*said.data["rules_run"], *skipped]) == list(discover())
    assert all(set(finding) == FINDING for finding in said.data["findings"])
    for severity in Severity:
        assert said.data["counts"][severity] == sum(finding["severity"] == severity for finding in said.data["findings"])
    (future,) = [finding for finding in said.data["findings"] if finding["rule"] == "Q27"]
    assert (future["entity"], future["key"], future["field"], future["severity"]) == ("customer", "4209747020", "opened_on", "error")
    assert (future["file"], future["sheet"], future["row"], future["state"]) == ("用户.xlsx", "用户", 3, "open")
    assert "4209747020" in future["message"]
    assert future["fix"]
    assert "正在" in said.err  # which of its steps was caught depends on how fast they are

    run("import", ledger(tmp_path / "改正.xlsx", "2020-01-01"))
    again = run("check", "--rule", "q27")
    assert (again.status, again.data["findings"], again.data["rules_run"]) == (0, [], ["Q27"])


def test_an_accepted_fault_is_not_counted(run: Run, tmp_path: Path, folder: Path) -> None:
    run("import", ledger(tmp_path / "用户.xlsx", "2099-01-01"))
    (future,) = run("check", "--rule", "Q27").data["findings"]
    workspace = Workspace.open(folder, person="张三")
    accept(workspace, [future["number"]], "合同约定", None)
    workspace.close()
    again = run("check", "--rule", "Q27")
    assert (again.status, again.data["findings"], again.data["counts"]["error"], again.data["excepted"]) == (0, [], 0, 1)
    run("undo")
    assert run("check", "--rule", "Q27").data["findings"] == [future]


def test_the_problem_list_is_written(run: Run, tmp_path: Path) -> None:
    run("import", ledger(tmp_path / "用户.xlsx", "2099-01-01"))
    said = run("check", "--out", tmp_path / "out" / "问题.xlsx")
    written = [Path(path) for path in (said.data["out"]["list"], *said.data["out"]["copies"])]
    assert all(path.is_file() for path in written)
    sheets = openpyxl.load_workbook(written[0]).sheetnames
    assert any("问题清单" in name for name in sheets)


def test_an_unknown_rule_is_refused_and_nothing_runs(run: Run) -> None:
    said = run("check", "--rule", "Q999")
    assert (said.status, said.data["error"]["code"]) == (2, "check.rule")
    assert "Q27" in said.data["error"]["hint"]


def test_people_read_rules_with_their_first_faults(run: Run, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("import", ledger(tmp_path / "用户.xlsx", "2099-01-01"))
    assert main(["--workspace", str(folder), "check", "--rule", "Q27", "Q52"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("检查了 ")
    assert "错误 1" in lines[0]
    assert any(line.startswith("Q27 ") and "1 处" in line for line in lines)
    assert any("4209747020" in line and "用户.xlsx 用户 第 3 行" in line for line in lines)
    assert any(line.startswith("未检查 Q52：") for line in lines)
