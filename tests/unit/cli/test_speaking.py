"""What the command line prints: lines for people, one JSON object for scripts, usage errors as refusals."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lvdesk.cli import main
from lvdesk.cli.output import Answer, write_answer


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """The verbs' handlers for Ctrl+C end with the test."""
    before = [(number, signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGINT)]
    yield
    for number, handler in before:
        signal.signal(number, handler)


def test_an_answer_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer({"名": "张三"}, ("第一行", "第二行"))
    write_answer(answer, as_json=False)
    assert capsys.readouterr().out == "第一行\n第二行\n"
    write_answer(answer, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"名": "张三"}


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["import"], ["history", "--limit", "many"], ["export", "gis3d", "--out", "x"], ["check", "--rule"], ["deskcheck"], []],
)
def test_bad_usage_says_how_it_is_used(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--json"]) == 2
    said = capsys.readouterr()
    error = json.loads(said.out)["error"]
    assert (error["code"], error["hint"][:6]) == ("usage", "usage:")
    assert error["message"] in said.err


def test_people_read_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", str(tmp_path), "template"]) == 0
    out = capsys.readouterr().out
    assert "低压用户台账" in out
    assert len(out.splitlines()) == 13
