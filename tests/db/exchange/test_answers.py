"""Files of other systems are kept beside the records: nothing in the ledger changes, one undo forgets them."""

from pathlib import Path

import polars as pl
import pytest

from lvdesk import history
from lvdesk.checks.station import Station
from lvdesk.exchange.answers import answer_rows, answer_sheets, take_answers
from lvdesk.exchange.sources import upstream
from lvdesk.kit.progress import Progress
from lvdesk.network.counting import counts
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace
from tests.helpers.visiting import EAST, NORTH, customer, laid

pytestmark = pytest.mark.usefixtures("near_reader")


def book(path: Path, headers: list[str], rows: list[tuple[str, ...]]) -> Path:
    write_sheets(path, [("表", headers, rows)], text_columns=headers)
    return path


def feedback(folder: Path) -> Path:
    rows = [(customer(number), "110kV银岗变电站", "10kV银岗线", f"4077{number:04d}", EAST) for number in (1, 2, 5)]
    return book(folder / "电源信息回写.xlsx", ["户号", "变电站", "馈线", "变压器GIS_ID", "台区编号"], rows)


def test_a_file_of_another_system_changes_no_record(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    before = counts(ws)
    (report,) = take_answers(ws, [feedback(tmp_path)], Progress()).files
    assert (report.status, [sheet.template for sheet in report.sheets]) == ("imported", ["power_source"])
    assert counts(ws) == before
    with ws.store.read() as connection:
        sheets = answer_sheets(connection, ["power_source"])
        rows = answer_rows(connection, sheets["sheet_id"].to_list())
        assert Station(ws, connection).field_rows.is_empty()
    assert rows["customer.customer_no"].to_list() == [customer(1), customer(2), customer(5)]
    assert rows["transformer_area.area_no"].unique().to_list() == [EAST]


def test_the_same_file_again_is_unchanged_and_undo_forgets_it(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    path = feedback(tmp_path)
    take_answers(ws, [path], Progress())
    assert [report.status for report in take_answers(ws, [path], Progress()).files] == ["unchanged"]
    history.undo(ws)
    with ws.store.read() as connection:
        assert answer_sheets(connection).equals(pl.DataFrame(schema=answer_sheets(connection).schema))


def test_a_ledger_is_no_answer(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    path = book(tmp_path / "用户.xlsx", ["用户编号", "用户名称", "用电地址"], [(customer(1), "张三", "北村1号")])
    (report,) = take_answers(ws, [path], Progress()).files
    assert (report.status, report.code) == ("refused", "file.no_template")


def test_the_newest_word_counts_and_is_told_in_our_numbers(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    take_answers(ws, [feedback(tmp_path)], Progress())
    later = book(
        tmp_path / "回写2.xlsx", ["户号", "馈线", "台区名称"], [(customer(1), "10kV银岗线", "北村2#公变"), (customer(2), "某线", "某台区")]
    )
    take_answers(ws, [later], Progress())
    with ws.store.read() as connection:
        rows = upstream(Station(ws, connection)).sort("customer_no")
    said = rows.select("customer_no", "own_area", "own_feeder").rows()
    assert said == [(customer(1), NORTH, "1336422701"), (customer(2), None, None), (customer(5), EAST, "1336422701")]
