"""Barcodes and customer numbers: length, check digit, segments."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import Parameter, Rule, Severity, Values, hits
from lvdesk.checks.refusals import refusals
from lvdesk.checks.sheetrows import suggested, told_apart
from lvdesk.checks.station import Station
from lvdesk.network.identifiers import (
    ASSET_NO_LENGTH,
    ASSET_TYPES,
    BARCODE_LENGTH,
    LEVELS,
    PREFIX_LENGTH,
    asset_number,
    check_digits,
    customer_no_problem,
    reconstruct,
)

_CARRIERS: Final = {"meter": 0, "meter_box": 1}
"""Entities with asset barcodes, and how much milder a fault is there: boxes issued locally or long ago may fail the check digit."""
_ZEROS: Final = "00"


def _codes(station: Station, entity: str) -> pl.DataFrame:
    """asset_no, bar_code, id of accepted records, and what field results give that no record carries, with its place."""
    accepted = station.table(entity).select("id", "asset_no", "bar_code").drop_nulls("bar_code")
    rows = station.field(entity).select("sheet_id", "sheet_row", "bar_code").drop_nulls("bar_code")
    rows = rows.join(accepted, on="bar_code", how="anti").sort("sheet_id", "sheet_row").unique(
        ["sheet_id", "bar_code"], keep="first", maintain_order=True
    )  # fmt: skip
    rows = rows.with_columns(asset_number(pl.col("bar_code")).alias("asset_no"))
    return pl.concat([accepted, rows], how="diagonal")


def _said(station: Station, entity: str) -> pl.Expr:
    return pl.format(f"{station.dictionary.title(entity)} {{}} 的条形码 {{}}", "asset_no", "bar_code")


def _barcodes(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    for entity, milder in _CARRIERS.items():
        codes = _codes(station, entity)
        codes = codes.with_columns(check_digits(codes["bar_code"]).alias("expected"))
        wrong = _with_problem(codes, values["share"])
        wrong = told_apart(station, wrong, "asset_no")
        wrong = wrong.with_columns(_from_asset(codes, wrong).alias("right"))
        message = pl.format("{}：{}", _said(station, entity), "problem")
        suggestion = suggested("bar_code", pl.col("right"))
        yield hits(wrong, f"{entity}.bar_code", message, detail=pl.col("nth"), suggestion=suggestion, milder=milder)
    yield from refusals(station, "Q20")


def _with_problem(codes: pl.DataFrame, share: float) -> pl.DataFrame:
    """The faulty barcodes and their ``problem``; lengths and letters are judged by what most barcodes of the station have."""
    bar = pl.col("bar_code")
    is_digits = bar.str.contains(r"^[0-9]+$")
    digits_only = codes.select(is_digits.mean()).item() or 0
    length = _typical(codes["bar_code"], share)
    problems = (
        (~is_digits & pl.lit(digits_only >= share), pl.lit("条形码应全部为数字")),
        (bar.str.len_chars() != pl.lit(length), pl.format(f"应为 {length} 位，现为 {{}} 位", bar.str.len_chars())),
        (pl.col("expected").is_null(), pl.lit("")),
        (pl.col("expected") != bar.str.slice(-1), pl.format("校验码不符，末位应为 {}，现为 {}", "expected", bar.str.slice(-1))),
        (~bar.str.slice(2, 1).is_in(LEVELS), pl.format("第 3 位（单位层级）应为 0 至 4，现为 {}", bar.str.slice(2, 1))),
        (bar.str.slice(3, 2) != _ZEROS, pl.format("第 4、5 位应为 00，现为 {}", bar.str.slice(3, 2))),
    )
    faulty = codes.filter(pl.any_horizontal(is_wrong.fill_null(value=False) for is_wrong, _ in problems))
    said = pl.coalesce(*[pl.when(is_wrong).then(words) for is_wrong, words in problems])
    return faulty.rechunk().with_columns(said.alias("problem")).filter(pl.col("problem") != "")  # in one piece: see ``model.hits``


def _typical(numbers: pl.Series, share: float) -> int | None:
    """The length that at least ``share`` of the numbers have."""
    lengths = numbers.str.len_chars().value_counts().sort("count", numbers.name, descending=[True, False])
    return int(lengths.item(0, 0)) if lengths.height and lengths.item(0, 1) >= share * len(numbers) else None


def _from_asset(codes: pl.DataFrame, wrong: pl.DataFrame) -> pl.Series:
    """The barcode that the record's asset number stands for, where that is not itself taken from the barcode."""
    sound = codes.filter(pl.col("expected") == pl.col("bar_code").str.slice(-1))
    prefixes = sound["bar_code"].str.slice(0, PREFIX_LENGTH).unique()
    if len(prefixes) != 1:
        return pl.Series([None] * wrong.height, dtype=pl.String)
    made = [
        reconstruct(prefixes[0], asset) if number != asset and len(asset) == ASSET_NO_LENGTH else None
        for asset, number in wrong.select("asset_no", asset_number(pl.col("bar_code")).alias("number")).iter_rows()
    ]
    right = pl.Series(made, dtype=pl.String)
    taken = right.is_in(codes["bar_code"].implode()) if right.len() > right.null_count() else right.is_null()
    return pl.select(pl.when(~taken).then(right)).to_series()


def _types(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    for entity in _CARRIERS:
        allowed = values[f"{entity}_types"]
        codes = _codes(station, entity).filter(pl.col("bar_code").str.contains(rf"^\d{{{BARCODE_LENGTH}}}$"))
        kind = pl.col("bar_code").str.slice(5, 2)
        wrong = told_apart(station, codes.filter(~kind.is_in(allowed)), "asset_no").with_columns(kind.alias("kind"))
        means = pl.col("kind").replace_strict(ASSET_TYPES, default="未知类型")
        should = " 或 ".join(f"{code}（{ASSET_TYPES.get(code, code)}）" for code in allowed)
        message = pl.format(f"{{}}：第 6、7 位为 {{}}（{{}}），应为 {should}", _said(station, entity), "kind", means)
        yield hits(wrong, f"{entity}.bar_code", message, detail=pl.col("nth"))


def _customer_numbers(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    people = station.table("customer").select("id", "customer_no", "name")
    typical = _typical(people["customer_no"], values["share"])
    lengths = sorted({*map(int, values["lengths"]), *([typical] if typical else [])})
    rows = station.field("customer").select("sheet_id", "sheet_row", "customer_no", "name").drop_nulls("customer_no")
    rows = rows.join(people, on="customer_no", how="anti").sort("sheet_id", "sheet_row").unique(
        "customer_no", keep="first", maintain_order=True
    )  # fmt: skip
    number = pl.col("customer_no")
    odd = ~number.str.contains(r"^[0-9]+$") | ~number.str.len_chars().is_in(lengths)
    wrong = pl.concat([people, rows], how="diagonal").filter(odd)
    problems = [customer_no_problem(text, lengths) for text in wrong["customer_no"]]
    wrong = wrong.with_columns(pl.Series("problem", problems, dtype=pl.String))
    message = pl.format("用户 {}（{}）：{}", "customer_no", pl.col("name").fill_null("无户名"), "problem")
    yield hits(wrong, "customer.customer_no", message)
    yield from refusals(station, "Q23")


RULES = (
    Rule(
        code="Q20",
        family="format",
        title="条形码不规范",
        what="条形码不是 22 位数字、校验码不符，或第 3 至 5 位不合规定；计量箱轻一级",
        where="电能表和计量箱的条形码；本所多数条形码是别的长度时，按多数判断",
        fix="对照实物条形码改正；确为本地自编或早年的条码时登记为例外",
        severity=Severity.ERROR,
        find=_barcodes,
        parameters=(Parameter("share", "视为本所通行长度的最低占比", "number", 0.8, "", 0.5, 1),),
        source="Q/GDW 1205-2013《电能计量器具条码》",
    ),
    Rule(
        code="Q21",
        family="format",
        title="条形码资产类型不符",
        what="条形码第 6、7 位不是该类资产的代码：电能表应为 01，计量箱应为 05",
        where="电能表和计量箱的 22 位条形码",
        fix="核对是否把别的设备的条形码填到了这里",
        severity=Severity.ERROR,
        find=_types,
        parameters=(
            Parameter("meter_types", "电能表的资产类型代码", "list"),
            Parameter("meter_box_types", "计量箱的资产类型代码", "list"),
        ),
        source="Q/GDW 1205-2013 资产类型代码",
    ),
    Rule(
        code="Q23",
        family="format",
        title="用户编号位数不对",
        what="用户编号的位数既不是规定的位数，也不是本所通行的位数，或含有数字以外的字符",
        where="用户台账、普查表和现场采录的用户编号",
        fix="对照营销系统改正用户编号；前导 0 丢失时补回",
        severity=Severity.ERROR,
        find=_customer_numbers,
        parameters=(
            Parameter("lengths", "规定的位数", "list"),
            Parameter("share", "视为本所通行位数的最低占比", "number", 0.95, "", 0.5, 1),
        ),
        source="SG186 用户编号 10 位，营销 2.0 为 13 位",
    ),
)
