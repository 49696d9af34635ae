"""Which rows still count when the same records come again in other files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from lvdesk.checks.currency import current_rows


@dataclass(frozen=True)
class Sheet:
    """An imported sheet; rows are numbered from 2 in the order of ``keys``."""

    keys: Sequence[str | None]
    file: str = "用户.xlsx"
    name: str = "用户"
    template: str = "customer_ledger"
    batch: int | None = None
    replaces: int | None = None


def people(first: int, last: int) -> list[str | None]:
    return [str(number) for number in range(first, last + 1)]


def counting(*sheets: Sheet) -> dict[int, list[str | None]]:
    """Sheet number (from 1, in the order of import) -> keys of the rows that count."""
    about: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number, sheet in enumerate(sheets, 1):
        batch = sheet.batch or number
        about.append({"sheet_id": number, "batch": batch, "replaces": sheet.replaces, "file": sheet.file, "name": sheet.name,
                      "template": sheet.template})  # fmt: skip
        rows += [
            {"sheet_id": number, "sheet_row": row, "item": row * 1000, "key": key, "digest": row} for row, key in enumerate(sheet.keys, 2)
        ]
    made = pl.DataFrame(rows, schema={"sheet_id": pl.Int64, "sheet_row": pl.Int64, "item": pl.Int64, "key": pl.String, "digest": pl.UInt64})
    schema = {"sheet_id": pl.Int64, "batch": pl.Int64, "replaces": pl.Int64, **dict.fromkeys(("file", "name", "template"), pl.String)}
    found = current_rows(made, pl.DataFrame(about, schema=schema))
    assert found.columns == [*made.columns, "template"]
    assert found.select(*made.columns).equals(found.select(*made.columns).sort("sheet_id", "sheet_row", maintain_order=True))
    kept: dict[int, list[str | None]] = {}
    for number, key in found.select("sheet_id", "key").iter_rows():
        kept.setdefault(number, []).append(key)
    return kept


JANUARY, FEBRUARY, MARCH = "一月.xlsx", "二月.xlsx", "三月.xlsx"


@pytest.mark.parametrize(
    "sheets, expected",
    [
        pytest.param([Sheet(people(1, 9))], {1: people(1, 9)}, id="one file"),
        pytest.param([Sheet(["1", "2", None, "1", None])], {1: ["1", "2", None, "1", None]}, id="twice in one sheet counts twice"),
        pytest.param(
            [Sheet(people(1, 20), JANUARY), Sheet(people(2, 24), FEBRUARY)], {2: people(2, 24)}, id="monthly refresh with one gone"
        ),
        pytest.param(
            [Sheet([*people(1, 20), None], JANUARY), Sheet(people(1, 20), FEBRUARY), Sheet(people(1, 20), MARCH)],
            {3: people(1, 20)},
            id="three months; unreadable rows go with their sheet",
        ),
        pytest.param([Sheet(people(1, 20)), Sheet(people(8, 24))], {2: people(8, 24)}, id="same name, a third gone"),
        pytest.param(
            [Sheet(people(1, 20), JANUARY), Sheet(people(8, 24), FEBRUARY)],
            {1: people(1, 7), 2: people(8, 24)},
            id="another name, a third gone: those may stand elsewhere",
        ),
        pytest.param(
            [Sheet(people(1, 40), JANUARY), Sheet(people(1, 40)[::13], "更正.xlsx")],
            {1: [key for key in people(1, 40) if key not in people(1, 40)[::13]], 2: people(1, 40)[::13]},
            id="excerpt of corrections",
        ),
        pytest.param(
            [Sheet(people(1, 40), JANUARY), Sheet(["7"], "更正.xlsx")],
            {1: [key for key in people(1, 40) if key != "7"], 2: ["7"]},
            id="a correction of one row",
        ),
        pytest.param(
            [Sheet(people(1, 40), JANUARY), Sheet(people(1, 12), "更正.xlsx"), Sheet(people(1, 40), FEBRUARY)],
            {3: people(1, 40)},
            id="refresh after an excerpt",
        ),
        pytest.param(
            [Sheet(people(1, 20), "甲线.xlsx"), Sheet([*people(21, 40), "7"], "乙线.xlsx")],
            {1: people(1, 20), 2: [*people(21, 40), "7"]},
            id="same customer in two feeder files of one import",
        ),
        pytest.param(
            [
                Sheet(people(1, 20), "甲线.xlsx"), Sheet([*people(21, 40), "7"], "乙线.xlsx"),
                Sheet([*people(21, 40), "7"], "乙线.xlsx"), Sheet(people(1, 20), "甲线.xlsx"),
            ],
            {3: [*people(21, 40), "7"], 4: people(1, 20)},
            id="both feeder files again: the contradiction stays",
        ),
        pytest.param(
            [Sheet(people(1, 20), "甲线.xlsx"), Sheet([*people(21, 40), "7"], "乙线.xlsx"), Sheet(people(1, 20), "甲线.xlsx")],
            {2: [*people(21, 40), "7"], 3: people(1, 20)},
            id="one of the feeder files again: the contradiction stays",
        ),
        pytest.param(
            [Sheet(people(1, 20), "甲线.xlsx"), Sheet([*people(21, 40), "7"], "乙线.xlsx"), Sheet(["7", "8"], "更正.xlsx")],
            {1: [key for key in people(1, 20) if key not in {"7", "8"}], 2: people(21, 40), 3: ["7", "8"]},
            id="a correction speaks against both",
        ),
        pytest.param(
            [Sheet(people(1, 20), "甲线.xlsx", batch=1), Sheet(people(21, 40), "乙线.xlsx"), Sheet(people(1, 40), "全所.xlsx")],
            {3: people(1, 40)},
            id="feeder files, then the whole station",
        ),
        pytest.param(
            [Sheet(people(1, 40), "全所.xlsx"), Sheet(people(1, 15), "甲线.xlsx"), Sheet(people(16, 40), "乙线.xlsx")],
            {2: people(1, 15), 3: people(16, 40)},
            id="the whole station, then feeder files",
        ),
        pytest.param(
            [Sheet(people(1, 40), "全所.xlsx"), Sheet(people(1, 15), "甲线.xlsx")],
            {1: people(16, 40), 2: people(1, 15)},
            id="the whole station, then one feeder",
        ),
        pytest.param(
            [Sheet(people(1, 20), "甲线.xlsx"), Sheet(people(21, 40), "乙线.xlsx"), Sheet(people(1, 12), "甲线2.xlsx"),
             Sheet(people(13, 40), "乙线2.xlsx")],
            {3: people(1, 12), 4: people(13, 40)},
            id="a feeder was cut in two",
        ),
        pytest.param(
            [
                Sheet(people(1, 8), name="一号台区", batch=1), Sheet([*people(9, 16), "3"], name="二号台区", batch=1),
                Sheet(["4"], name="三号", batch=1),
            ],
            {1: people(1, 8), 2: [*people(9, 16), "3"], 3: ["4"]},
            id="sheets of one workbook never correct each other",
        ),
        pytest.param(
            [Sheet(people(1, 9)), Sheet(people(1, 9), template="field_return")],
            {1: people(1, 9), 2: people(1, 9)},
            id="field results say nothing about the ledger",
        ),
        pytest.param(
            [Sheet(people(1, 20), "甲组.xlsx", template="field_return"), Sheet(people(18, 40), "乙组.xlsx", template="field_return")],
            {1: people(1, 20), 2: people(18, 40)},
            id="two field teams went to the same three",
        ),
        pytest.param(
            [
                Sheet(people(1, 10), "甲组.xlsx", template="field_return"), Sheet(people(9, 20), "乙组.xlsx", template="field_return"),
                Sheet(people(1, 15), "甲组.xlsx", template="field_return"),
            ],
            {2: people(9, 20), 3: people(1, 15)},
            id="a team hands in more",
        ),
    ],
)  # fmt: skip
def test_rows_that_count(sheets: list[Sheet], expected: dict[int, list[str | None]]) -> None:
    assert counting(*sheets) == expected


@pytest.mark.parametrize(
    "sheets, expected",
    [
        pytest.param(
            [Sheet(people(1, 9)), Sheet([*people(1, 8), "10"], replaces=1)], {2: [*people(1, 8), "10"]}, id="a number was corrected"
        ),
        pytest.param([Sheet(people(1, 9)), Sheet(people(11, 19), replaces=1)], {2: people(11, 19)}, id="all numbers were corrected"),
        pytest.param(
            [Sheet(people(1, 9)), Sheet(people(1, 9), replaces=1), Sheet(people(11, 19), replaces=1)],
            {3: people(11, 19)},
            id="the copy was corrected again",
        ),
        pytest.param(
            [Sheet(people(1, 9)), Sheet(people(11, 19), replaces=1), Sheet(people(21, 29), replaces=2)],
            {3: people(21, 29)},
            id="the copy of a copy",
        ),
        pytest.param(
            [Sheet(people(1, 9), "a.csv", "a"), Sheet(people(11, 19), "a.xlsx", "Sheet1", replaces=1)],
            {2: people(11, 19)},
            id="a csv file came back as a workbook",
        ),
        pytest.param(
            [
                Sheet(people(1, 9), "a.csv", "很长的名字"), Sheet(people(11, 19), "a.xlsx", "很长", replaces=1),
                Sheet(people(21, 29), "b.xlsx", "改过", replaces=1),
            ],
            {3: people(21, 29)},
            id="several copies came back, none under the sheet's name",
        ),
        pytest.param(
            [
                Sheet(people(1, 9), name="甲", batch=7), Sheet(people(21, 29), name="乙", batch=7),
                Sheet(people(11, 19), name="乙", batch=8, replaces=7),
            ],
            {1: people(1, 9), 3: people(11, 19)},
            id="only one sheet came back",
        ),
    ],
)  # fmt: skip
def test_a_corrected_copy_speaks_for_its_original(sheets: list[Sheet], expected: dict[int, list[str | None]]) -> None:
    assert counting(*sheets) == expected


def test_an_undone_import_gives_its_say_back() -> None:
    january, february = Sheet(people(1, 20), JANUARY), Sheet(people(1, 20), FEBRUARY)
    assert counting(january, february) == {2: people(1, 20)}
    assert counting(january) == {1: people(1, 20)}
    undone = counting(january, Sheet([], FEBRUARY))
    assert undone == {1: people(1, 20)}


def test_two_months_of_many_files_are_told_apart_at_once() -> None:
    files = [Sheet(people(n * 100, n * 100 + 99), f"{n}.xlsx") for n in range(40)]
    kept = counting(*files, *files)
    assert kept == {41 + n: people(n * 100, n * 100 + 99) for n in range(40)}
