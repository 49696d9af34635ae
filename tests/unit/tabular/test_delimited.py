from pathlib import Path

import pytest

from lvdesk.tabular.formats.delimited import records, separator_of
from lvdesk.tabular.workbook import open_workbook


def rows(path: Path, content: str, size: int = 50_000) -> list[tuple[int, list[str | None]]]:
    path.write_text(content, encoding="utf-8", newline="")
    workbook = open_workbook(path)
    found = []
    for piece in workbook.slices(workbook.sheets[0].name, size):
        found += [(piece.first_row + index, list(row)) for index, row in enumerate(piece.frame.iter_rows())]
    return found


@pytest.mark.parametrize(
    "sample,separator",
    [
        ("a,b\n1,2\n", ","),
        ("a\tb,c\n1\t2\n", "\t"),
        ("a;b;c\n1,5;2;3\n", ";"),
        ("a|b\n1|2\n", "|"),
        ('"a,x";"b,y,z"\n"1,,,";2\n', ";"),
        ("sep=;\na,b;c\n", ";"),
        ("one column\nonly\n", ","),
        ("", ","),
    ],
)
def test_separator(sample: str, separator: str) -> None:
    assert separator_of(sample) == separator


@pytest.mark.parametrize(
    "content,expected",
    [
        ("a,b\r\n1,2\r\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("a,b\r1,2\r", [(1, ["a", "b"]), (2, ["1", "2"])]),
        ("\n\na,b\n\n1,2\n\n\n", [(3, ["a", "b"]), (4, [None, None]), (5, ["1", "2"])]),
        ("a,b\n1,2,3\n4\n", [(1, ["a", "b", None]), (2, ["1", "2", "3"]), (3, ["4", None, None])]),
        ('a,b\n"1\n2","x""y"\n3,4\n', [(1, ["a", "b"]), (2, ["1\n2", 'x"y']), (3, ["3", "4"])]),
        ('a,b\n5" pipe,x\n', [(1, ["a", "b"]), (2, ['5" pipe', "x"])]),
        ('a,b\n"open,1\n2,3\n', [(1, ["a", "b"]), (2, ['"open', "1"]), (3, ["2", "3"])]),
        ("a,b\n001,4.13E+21\n", [(1, ["a", "b"]), (2, ["001", "4.13E+21"])]),
        ("a\n1\n", [(1, ["a"]), (2, ["1"])]),
    ],
)
def test_rows_keep_numbers_cells_and_order(tmp_path: Path, content: str, expected: list[tuple[int, list[str | None]]]) -> None:
    assert rows(tmp_path / "a.csv", content) == expected


def test_a_wider_row_far_below_keeps_its_cells(tmp_path: Path) -> None:
    found = rows(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 30_000 + "1,2,3,4\n")
    assert len(found) == 30_002
    assert found[-1] == (30_002, ["1", "2", "3", "4"])


def test_slices_have_the_size_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,2\n" * 99, encoding="utf-8")
    workbook = open_workbook(path)
    assert [(piece.first_row, piece.frame.height) for piece in workbook.slices("a", 30)] == [(1, 30), (31, 30), (61, 30), (91, 10)]


def test_a_quote_that_never_closes_loses_no_line() -> None:
    lines = ['"never closed,1', *[f"{number},x" for number in range(2000)]]
    assert [record[0] for record in records(iter(lines), ",")] == ['"never closed', *map(str, range(2000))]
