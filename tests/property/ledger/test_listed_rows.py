"""Whatever a file's rows are, an import keeps each of them once, and equal digests mean equal rows."""

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.ledger.listing import unpack
from lvdesk.ledger.prepared import Order, Piece
from lvdesk.ledger.preparing import prepare
from tests.helpers.stations import barcode, workbook

LEDGER = ("序号", "用户编号", "用户名称", "用电地址", "用户分类", "台区编号", "电能表条形码", "立户日期")
CODES = [barcode("01", number) for number in range(1, 5)]
ROW = st.tuples(
    st.sampled_from(["4209747019", " 4209747019", "4209747020", "0009747021", "4.2E+9", None]),
    st.sampled_from(["张三", "张三 ", "李四", None]),
    st.sampled_from(["某村1号", None]),
    st.sampled_from(["03", "居民"]),
    st.sampled_from(["4231757328", "4.23E+9", None]),
    st.sampled_from([*CODES, "4.13E+21", None]),
    st.sampled_from(["2011-09-24", "去年", "前年", None]),
)


@given(st.lists(ROW, min_size=1, max_size=14))
@settings(max_examples=60)
def test_each_row_is_listed_once_or_waits(rows: list[tuple[str | None, ...]]) -> None:
    first = ("4209747001", "王五", "某村2号", "03", "4231757328", CODES[0], "2011-09-24")
    lines = [(number, *row) for number, row in enumerate([first, *rows], 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / "a.xlsx", {"用户": [LEDGER, *lines]})
        pieces = [message for message in prepare(Order(str(path), folder, {}, {}, None)) if isinstance(message, Piece)]
    kept = pl.concat([unpack(piece.rows) for piece in pieces])
    waiting = [row for piece in pieces for row in piece.pending["row"]]
    refused = {refusal.row for piece in pieces for refusal in piece.refused if refusal.whole_row}
    waits = set(waiting) - refused
    assert sorted([*kept["row"], *waits]) == list(range(2, len(lines) + 2))[: sum(piece.rows_in for piece in pieces)]
    assert set(kept.filter(pl.col("key").is_null())["row"]) == refused
    said = {row: ["03" if text == "居民" else str(text or "").strip() for text in line[1:]] for row, line in enumerate(lines, 2)}
    for _, same in kept.group_by("digest"):
        assert all(said[row] == said[same["row"][0]] for row in same["row"])
