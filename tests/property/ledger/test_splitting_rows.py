"""Whatever stands in a sheet's rows, none gets lost, and the records do not depend on the rows' order."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.ledger.rows import ROW, sort_rows
from lvdesk.ledger.splitting import split
from lvdesk.templates.dictionary import load_dictionary

DICTIONARY = load_dictionary()
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "合计", "小计：", "第 1 页", "用户编号", "4209747019", "统计局", "张三", "合计12户"]),
    st.text(max_size=6),
)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=12)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "customer.customer_no": st.sampled_from(["1", "2", "3", None]),
            "metering_point.mp_no": st.sampled_from(["11", "12", None]),
            "meter.bar_code": st.sampled_from(["4130001180546654915074", "x1", None]),
            "meter_box.bar_code": st.sampled_from(["4130005152698467069774", "箱", None]),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS)
@settings(max_examples=150)
def test_every_row_is_data_or_counted_as_skipped(rows: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(rows, schema={"c1": pl.String, "c2": pl.String, "c3": pl.String}, orient="row")
    frame = frame.with_columns(pl.int_range(5, 5 + len(rows), dtype=pl.Int64).alias(ROW))
    found = sort_rows(frame, ["c1"], {"c1": "用户编号", "c2": "用户名称", "c3": "容量"}, lambda _cells: False)
    assert found.data.height + sum(found.skipped.values()) == len(rows)
    assert found.data[ROW].is_sorted()


@given(LINES)
@settings(max_examples=60)
def test_one_record_per_key_whatever_the_order(lines: list[dict[str, str | None]]) -> None:
    def keys(order: list[dict[str, str | None]]) -> dict[str, set[str]]:
        wide = pl.DataFrame(order, schema=dict.fromkeys(lines[0], pl.String)).with_columns(
            pl.int_range(2, 2 + len(order), dtype=pl.Int64).alias(ROW)
        )
        frames, _ = split(wide, DICTIONARY)
        found = {entity: frame[DICTIONARY.key(entity)].to_list() for entity, frame in frames.items()}
        assert all(len(set(values)) == len(values) and None not in values for values in found.values())
        return {entity: set(values) for entity, values in found.items()}

    assert keys(lines) == keys(lines[::-1])
