"""Feedback of the GIS: kept, compared with the customers' areas, told where it leads nowhere."""

from argparse import Namespace
from pathlib import Path

import pytest

from lvdesk import history
from lvdesk.cli.feedback_verbs import feedback as verb
from lvdesk.cli.output import DONE, DONE_WITH_REFUSALS, REFUSED
from lvdesk.exchange.feedback import take
from lvdesk.kit.progress import Progress
from lvdesk.network.counting import counts
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace
from tests.helpers.visiting import NORTH, SOUTH, customer, laid

pytestmark = pytest.mark.usefixtures("near_reader")
HEADERS = ["户号", "变电站", "馈线名称", "台区编号", "变压器GIS_ID"]


def book(path: Path, *rows: tuple[str, ...]) -> Path:
    write_sheets(path, [("电源信息回写", HEADERS, rows)], text_columns=HEADERS)
    return path


def fed(number: int, area: str) -> tuple[str, ...]:
    return (customer(number), "110kV银岗变电站", "10kV银岗线", area, "")


def test_what_agrees_differs_or_leads_nowhere_is_told(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    before = counts(ws)
    path = book(
        tmp_path / "回写.xlsx", fed(1, NORTH), fed(2, SOUTH), fed(3, "0000000000"), (f"{int(customer(1)) + 900}", "", "", NORTH, "")
    )
    done = take(ws, [path], Progress())
    assert (done.rows_in, done.customers, done.agreeing, done.differing) == (4, 4, 1, 1)
    assert [(each.key == customer(3), each.row) for each in done.unresolved] == [(True, 4), (False, 5)]
    assert [each.why for each in done.unresolved] == ["回写的台区、变压器在台账中都找不到", "台账中没有这个用户"]
    assert counts(ws) == before


def test_the_same_again_says_the_same_and_a_newer_word_counts(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    path = book(tmp_path / "回写.xlsx", fed(1, SOUTH), fed(2, NORTH))
    first, again = (take(ws, [path], Progress()) for _ in range(2))
    assert [report.status for report in again.files] == ["unchanged"]
    assert (again.customers, again.differing) == (first.customers, first.differing) == (2, 1)
    newer = take(ws, [book(tmp_path / "回写2.xlsx", fed(1, NORTH))], Progress())
    assert (newer.customers, newer.agreeing) == (1, 1)
    assert take(ws, [path], Progress()).customers == 1  # of customer 1 the newer file speaks now
    history.undo(ws)
    assert take(ws, [path], Progress()).differing == 1


@pytest.mark.parametrize(
    "rows, status, code", [([fed(1, NORTH)], DONE, ""), ([fed(1, "0000000000")], DONE_WITH_REFUSALS, ""), (None, REFUSED, "file.missing")]
)
def test_on_the_command_line(ws: Workspace, tmp_path: Path, rows: list[tuple[str, ...]] | None, status: int, code: str) -> None:
    laid(ws)
    path = tmp_path / "回写.xlsx" if rows is None else book(tmp_path / "回写.xlsx", *rows)
    answer = verb(ws, Namespace(paths=[path]), Progress())
    assert (answer.status, answer.data.get("error", {}).get("code", "")) == (status, code)
    assert any("电源信息" in line for line in answer.lines)
