import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lvdesk.kit.errors import KnownError
from lvdesk.tabular.formats.delimited import records, separator_of
from lvdesk.tabular.guard import Reader
from lvdesk.tabular.numbers import plain
from lvdesk.tabular.sniff import sniff_bytes, sniff_text
from tests.helpers.hostile import FILES
from tests.soak.hostile import read_one

_SEEDS = [
    FILES[name][0]()
    for name in ("ordinary.xlsx", "xls-as.xlsx", "repeated-blank-rows.ods", "gb18030.csv", "html-as.xls", "spreadsheetml-as.xls")
]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as made:
        yield made


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real file with some bytes changed, taken out or cut off, or any bytes."""
    content = bytearray(draw(st.sampled_from([*_SEEDS, b""])) or draw(st.binary(max_size=2000)))
    for _ in range(draw(st.integers(0, 8))):
        if content:
            at = draw(st.integers(0, len(content) - 1))
            content[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


@pytest.mark.expects_log
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=damaged())
def test_any_bytes_are_read_or_refused_in_one_line(reader: Reader, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        path.write_bytes(content)
        result = read_one(reader, path)
    assert result["outcome"] != "BUG", result["message"]


def _answer(sniff: Callable[[Any], str], content: Any) -> str:
    try:
        return sniff(content)
    except KnownError as error:
        return error.code


@given(st.binary(max_size=200))
def test_sniffing_bytes_never_fails_otherwise(content: bytes) -> None:
    assert _answer(sniff_bytes, content) in {"zip", "ole", "biff", "text", "file.empty", "file.not_table"}


@given(st.text(max_size=200))
def test_sniffing_text_never_fails_otherwise(text: str) -> None:
    separator_of(text)
    assert _answer(sniff_text, text) in {"spreadsheetml", "html", "csv", "file.not_table"}


_CELLS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n\0"), max_size=8)


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=5), min_size=1, max_size=20), st.sampled_from(",\t;|"))
def test_what_the_csv_module_writes_is_read_back(table: list[list[str]], separator: str) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    assert list(records(iter(target.getvalue().split("\n")[:-1]), separator)) == table


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_plain_numbers_give_the_same_number_back(value: float) -> None:
    text = plain(value)
    assert float(text) == value
    assert "e" not in text.lower()
