"""A clean customer ledger of any size: 25 columns, about 2.5 customers to a box and 70 to an area; for the bench."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from lvdesk.kit.files import replacing
from lvdesk.sample import words
from lvdesk.sample.model import COUNTY, STATION

_PER_AREA, _AREAS_PER_FEEDER, _FEEDERS_PER_SUBSTATION = 70, 12, 8
_SLICE = 100_000
_IN_MEMORY_ROWS = 300_000  # rustpy-xlsxwriter keeps the sheet in memory, about 3.6 kB a row
_PRIME = 7_368_787  # steps through numbers without meeting one twice


def big_ledger(path: Path, rows: int, seed: int = 1) -> Path:
    """Writes the ledger: .csv in GBK, anything else as xlsx; the same arguments give the same content.

    Args:
        path: its suffix chooses the format.
        rows: customers.
        seed: another seed, other numbers and names.
    """
    with replacing(path) as part:
        if path.suffix.lower() == ".csv":
            _write_csv(part, rows, seed)
        elif rows <= _IN_MEMORY_ROWS:
            from rustpy_xlsxwriter import write_worksheet

            write_worksheet(pl.concat([*_slices(rows, seed)]), str(part), sheet_name="低压用户台账")
        else:
            _write_long_workbook(part, rows, seed)
    return path


def _write_csv(path: Path, rows: int, seed: int) -> None:
    with path.open("wb") as stream:
        for place, frame in enumerate(_slices(rows, seed)):
            stream.write(frame.write_csv(include_header=place == 0, line_terminator="\r\n").encode("gbk"))


def _write_long_workbook(path: Path, rows: int, seed: int) -> None:
    import xlsxwriter

    book: Any = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("低压用户台账")
    row = 0
    for frame in _slices(rows, seed):
        if not row:
            for column, name in enumerate(frame.columns):
                sheet.write_string(0, column, name)
        for cells in frame.iter_rows():
            row += 1
            for column, cell in enumerate(cells):
                (sheet.write_string if isinstance(cell, str) else sheet.write_number)(row, column, cell)
    book.close()


def _slices(rows: int, seed: int) -> Iterator[pl.DataFrame]:
    for first in range(0, max(rows, 1), _SLICE):
        yield _slice(first, min(first + _SLICE, rows), seed)


def _slice(first: int, end: int, seed: int) -> pl.DataFrame:
    index = (
        pl.int_range(first, end, eager=True)
        .alias("i")
        .to_frame()
        .with_columns(
            (pl.col("i") * 2 // 5).alias("box"),
            (pl.col("i") // _PER_AREA).alias("area"),
            (pl.col("i") % 9 == 4).alias("is_business"),
        )
    )
    index = index.with_columns((pl.col("area") // _AREAS_PER_FEEDER).alias("feeder"))
    index = index.with_columns(
        (pl.col("feeder") // _FEEDERS_PER_SUBSTATION).alias("substation"),
        _scattered("i", 8, seed).alias("cno"),
        _scattered("i", 12, seed + 1).alias("meter"),
        _scattered("box", 12, seed + 2).alias("case"),
    )
    return index.select(**_columns(seed))


def _columns(seed: int) -> dict[str, pl.Expr]:
    i, is_business = pl.col("i"), pl.col("is_business")
    feeder = pl.format("10kV{}{}线", _word(words.FEEDERS, pl.col("feeder")), pl.col("feeder") + 1)
    village = _word(words.VILLAGES, pl.col("area"))
    return {
        "供电单位": pl.lit(STATION),
        "变电站名称": pl.format("110kV{}{}号变电站", _word(words.FEEDERS, pl.col("substation")), pl.col("substation") + 1),
        "线路编号": pl.format("13{}", _padded((pl.col("feeder") + 1) * 7919 % 10**8, 8)),
        "线路名称": feeder,
        "台区编号": pl.format("00{}", _padded((pl.col("area") + 1) * 104_729 % 10**8, 8)),
        "台区名称": pl.format("{}{}#公变", village, pl.col("area") + 1),
        "用户编号": pl.format("42{}", _padded(pl.col("cno"), 8)),
        "用户名称": _name(i * 31 + seed, is_business),
        "用电地址": _address(i, village),
        "用户分类": _either(is_business, "02", "03"),
        "用电类别": _either(is_business, "400", "201"),
        "供电电压": _either(is_business, "AC03802", "AC02202"),
        "合同容量": pl.when(is_business).then(20).otherwise(4 + i % 3 * 2),
        "用户状态": pl.lit("正常用电客户"),
        "立户日期": _day(i * 37 + seed),
        "城乡类别": pl.lit("02"),
        "计量点编号": pl.format("71{}", _padded(pl.col("cno"), 8)),
        "电能表条形码": _barcode("413000118", "meter"),
        "电能表资产号": pl.format("18{}", _padded(pl.col("meter"), 12)),
        "接线方式": _either(is_business, "3", "1"),
        "装表日期": _day(i * 41 + seed),
        "计量箱条形码": _barcode("413000515", "case"),
        "所在行": pl.lit(1),
        "所在列": pl.when(i % 5 < 3).then(i % 5 + 1).otherwise(i % 5 - 2),
        "联系电话": pl.format("138****{}", _padded(i * 7 % 10_000, 4)),
    }


def _scattered(column: str, digits: int, seed: int) -> pl.Expr:
    """Numbers of at most ``digits`` digits without apparent order, each once; ``digits`` 8 or more."""
    return (pl.col(column) * _PRIME * (1 if digits < 12 else 1009) + seed * 15_485_863) % int(10**digits)


def _padded(number: pl.Expr, digits: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(digits)


def _barcode(head: str, serial: str) -> pl.Expr:
    """``head`` (9 digits), the 12-digit serial, the check digit: weight 3 for the last and every second digit before it."""
    digits = [pl.col(serial) // 10**place % 10 * (1 if place % 2 else 3) for place in range(12)]
    fixed = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(head), 12))
    check = (10 - (pl.sum_horizontal(digits) + fixed) % 10) % 10
    return pl.format(head + "{}{}", _padded(pl.col(serial), 12), check)


def _word(choices: tuple[str, ...] | str, place: pl.Expr) -> pl.Expr:
    return (place % len(choices)).replace_strict(list(range(len(choices))), list(choices), return_dtype=pl.String)


def _either(condition: pl.Expr, yes: str, no: str) -> pl.Expr:
    return pl.when(condition).then(pl.lit(yes)).otherwise(pl.lit(no))


def _name(number: pl.Expr, is_business: pl.Expr) -> pl.Expr:
    person = pl.format("{}{}{}", _word(words.SURNAMES, number), _word(words.GIVEN, number // 41), _word(words.GIVEN, number // 1931))
    return pl.when(is_business).then(pl.concat_str(person, _word(words.TRADES, number // 7))).otherwise(person)


def _address(number: pl.Expr, village: pl.Expr) -> pl.Expr:
    town, road = _word(words.TOWNS, pl.col("area") // 4), _word(words.ROADS, pl.col("area"))
    return pl.format(COUNTY + "{}{}{}组{}{}号", town, village, number % 70 // 25 + 1, road, number % 70 + 1)


def _day(number: pl.Expr) -> pl.Expr:
    """A day between 2008 and 2024 as ISO text."""
    return (pl.lit(13_879) + number % 6200).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m-%d")
