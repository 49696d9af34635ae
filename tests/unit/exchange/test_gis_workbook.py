"""运行杆塔: the order of the lines, numbers from 1 without a gap, blank rows where a line breaks."""

import polars as pl
import pytest

from lvdesk.exchange.formats._gis_poles import LONGEST_GAP, running
from lvdesk.exchange.picture import columns_of
from lvdesk.network.frames import schema_of
from lvdesk.network.tables import TABLES

SILVER, FRONT = "10kV银岗线", "10kV前店线"
NO_FEEDERS = pl.DataFrame(schema={"feeder_no": pl.String, "name": pl.String})
Pole = tuple[str, str | None, int | None]
"""Feeder, area, running number; its name is its place in the list, from A."""


def poles(*given: Pole) -> pl.DataFrame:
    rows = [
        {"id": number, "pole_no": f"P{number}", "name": chr(65 + number), "feeder_no": feeder, "feeder_name": feeder, "area_no": area,
         "sequence": sequence}
        for number, (feeder, area, sequence) in enumerate(given)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema_of(TABLES["pole"], columns_of("pole")))


def said(frame: pl.DataFrame) -> str:
    """Number and name of each row, "-" for a blank one; the feeder's first sign where it changes."""
    found, feeder = [], None
    for number, name, line in running(frame, NO_FEEDERS).select("pole.sequence", "pole.name", "pole.feeder_name").iter_rows():
        found += [line[4]] if line != feeder else []
        found.append(f"{number}{name or '-'}")
        feeder = line
    return " ".join(found)


@pytest.mark.parametrize(
    "given, rows",
    [
        pytest.param([(SILVER, None, 1), (SILVER, None, 2)], "银 1A 2B", id="a line"),
        pytest.param([(SILVER, None, 2), (SILVER, None, 1)], "银 1B 2A", id="by number, not as recorded"),
        pytest.param([(SILVER, None, 1), (SILVER, None, 3)], "银 1A 2- 3B", id="a gap is a blank row"),
        pytest.param([(SILVER, None, 1), (SILVER, None, 5)], "银 1A 2- 3- 4- 5B", id="poles that stay"),
        pytest.param([(SILVER, None, 2), (SILVER, None, 3)], "银 1- 2A 3B", id="the first one stays"),
        pytest.param([(SILVER, None, 1), (FRONT, None, 1)], "银 1A 2- 前 1B", id="another feeder begins again"),
        pytest.param([(SILVER, None, 1), (FRONT, None, 3)], "银 1A 前 2- 3B", id="numbers go on behind a blank row"),
        pytest.param([(SILVER, None, 1), (FRONT, None, 2)], "银 1A 前 2- 3B", id="numbers go on without one"),
        pytest.param([(SILVER, None, 4), (FRONT, None, 1), (SILVER, None, 5)], "银 1- 2- 3- 4A 5C 6- 前 1B", id="feeders stay together"),
        pytest.param([(SILVER, None, 1), (SILVER, None, 2000)], "银 1A 2- 3B", id="numbers that jump"),
        pytest.param([(SILVER, None, 2000), (SILVER, None, 2001)], "银 1A 2B", id="numbers that begin far from 1"),
        pytest.param(
            [(SILVER, "N", 1), (SILVER, "S", 1), (SILVER, "N", 2), (SILVER, None, 1)], "银 1D 2- 1A 2C 3- 1B", id="lines of areas"
        ),
        pytest.param([(SILVER, "N", 1), (SILVER, "S", 2), (SILVER, "N", 3)], "银 1A 2B 3C", id="one line through areas"),
        pytest.param([(SILVER, None, 1), (SILVER, None, None), (SILVER, None, 2)], "银 1A 2C", id="no place in the line"),
        pytest.param([(SILVER, None, None)], "", id="no order at all"),
        pytest.param([], "", id="no poles"),
    ],
)
def test_the_order_of_the_lines(given: list[Pole], rows: str) -> None:
    assert said(poles(*given)) == rows


def test_a_gap_of_any_usual_width_keeps_the_numbers() -> None:
    made = running(poles((SILVER, None, 1), (SILVER, None, 2 + LONGEST_GAP)), NO_FEEDERS)
    assert made["pole.sequence"].to_list() == list(range(1, 3 + LONGEST_GAP))


def test_a_blank_row_says_only_its_number_and_its_feeder() -> None:
    made = running(poles((SILVER, "N", 1), (SILVER, "N", 3)), NO_FEEDERS)
    blank = made.row(1, named=True)
    assert {name: value for name, value in blank.items() if value is not None} == {"pole.sequence": 2, "pole.feeder_name": SILVER}


def test_ten_thousand_poles_take_no_time_to_order_and_lose_none() -> None:
    given = [(f"10kV{n % 20}线", None, n // 20 + 1 + n // 2000) for n in range(10_000)]
    made = running(poles(*given), NO_FEEDERS)
    assert made["pole.pole_no"].drop_nulls().n_unique() == 10_000


def test_every_row_names_its_feeder_also_where_the_pole_gives_only_its_number() -> None:
    feeders = pl.DataFrame({"feeder_no": ["13"], "name": [SILVER]})
    by_number, by_name = pl.lit("13"), pl.lit(None, pl.String)
    first = poles((SILVER, None, 1)).with_columns(by_number.alias("feeder_no"), by_name.alias("feeder_name"))
    later = poles((SILVER, None, 4), (SILVER, None, 3)).with_columns(by_name.alias("feeder_no"))
    made = running(pl.concat([first, later.with_columns(pl.col("id") + 1)]), feeders)
    assert made["pole.sequence"].to_list() == [1, 2, 3, 4]
    assert made["pole.feeder_name"].to_list() == [SILVER] * 4
