"""Generated ledgers: shape, keys and both formats."""

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from lvdesk.network.identifiers import METER, METER_BOX, barcode_problem
from lvdesk.sample import big_ledger
from lvdesk.tabular.heal import heal

ROWS = 7000


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    path = big_ledger(tmp_path_factory.mktemp("big") / "ledger.csv", ROWS)
    return pl.read_csv(path.read_bytes().decode("gbk").encode(), infer_schema=False)


def test_shape_and_proportions(frame: pl.DataFrame) -> None:
    assert frame.shape == (ROWS, 25)
    assert frame["用户编号"].n_unique() == frame["计量点编号"].n_unique() == frame["电能表条形码"].n_unique() == ROWS
    assert frame["计量箱条形码"].n_unique() == ROWS * 2 // 5
    assert frame["台区编号"].n_unique() == ROWS // 70
    assert frame.group_by("计量箱条形码").agg(pl.col("台区编号").n_unique())["台区编号"].max() == 1
    assert not frame.select("计量箱条形码", "所在行", "所在列").is_duplicated().any()


def test_barcodes_fit_their_asset_numbers(frame: pl.DataFrame) -> None:
    meters, boxes = frame["电能表条形码"].to_list(), frame["计量箱条形码"].unique().to_list()
    assert {barcode_problem(code, METER) for code in meters} == {""}
    assert {barcode_problem(code, METER_BOX) for code in boxes} == {""}
    assert [code[7:21] for code in meters] == frame["电能表资产号"].to_list()


def test_it_is_clean(frame: pl.DataFrame) -> None:
    kinds = dict.fromkeys(frame.columns, "text") | {
        "用户编号": "identifier",
        "电能表条形码": "barcode",
        "立户日期": "date",
        "合同容量": "number",
    }
    assert sum(len(heal(kind, frame[name]).notes) for name, kind in kinds.items()) == 0


@pytest.mark.parametrize("limit", [10_000, 10], ids=["in memory", "streamed"])
def test_workbook_holds_the_same_as_the_csv(tmp_path: Path, frame: pl.DataFrame, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(big_ledger.__globals__, "_IN_MEMORY_ROWS", limit)
    path = big_ledger(tmp_path / "ledger.xlsx", 300)
    header, *rows = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    assert list(header) == frame.columns
    assert [tuple(cell if isinstance(cell, str) else f"{cell:g}" for cell in row) for row in rows] == frame.head(300).rows()
    assert all(isinstance(row[header.index("用户编号")], str) for row in rows)


def test_another_seed_gives_other_numbers(tmp_path: Path) -> None:
    one, other = (big_ledger(tmp_path / f"{seed}.csv", 50, seed).read_bytes() for seed in (1, 2))
    assert one != other
