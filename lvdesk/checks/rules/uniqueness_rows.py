"""Rows of sheets: the same row twice, one record in two lists, running numbers of poles."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS, Rule, Severity, Values, hits
from lvdesk.checks.sheetrows import told_apart, with_spots
from lvdesk.checks.station import Station

_POLE: Final = "pole"


def _repeated(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    rows = station.listing.drop_nulls("key").group_by("sheet_id", "sheet_row").agg(
        pl.first("key", "template"), pl.col("digest").sort().implode().list.eval(pl.element().cast(pl.String)).list.join("|").alias("said")
    ).sort("sheet_id", "sheet_row")  # fmt: skip
    for (template,), part in rows.group_by("template", maintain_order=True):
        entity = station.templates[str(template)].entity
        yield _same(station, part, entity)
        yield _elsewhere(station, part, entity)


def _same(station: Station, rows: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Every row that says what an earlier row of its sheet says."""
    first = pl.col("sheet_row").min().over("sheet_id", "said")
    wrong = _known(station, rows.with_columns(first.alias("first")).filter(pl.col("sheet_row") > pl.col("first")), entity)
    wrong = told_apart(station, wrong, "key")
    message = pl.format(f"{station.dictionary.title(entity)} {{}} 的这一行与第 {{}} 行内容完全相同", _key(), "first")
    return hits(wrong, f"{entity}.{KEYS[entity]}", message, key="key", value=pl.col("key"), detail=pl.format("重复:{}", "nth"))


def _elsewhere(station: Station, rows: pl.DataFrame, entity: str) -> pl.DataFrame:
    """Records that sheets about different records both list; told at the first row in every later sheet."""
    each = rows.unique(["sheet_id", "key"], keep="first", maintain_order=True).filter(pl.len().over("key") > 1)
    each = with_spots(station, each)
    each = each.with_columns(pl.col("spot").first().over("key").alias("before"), pl.col("sheet_id").min().over("key").alias("oldest"))
    wrong = told_apart(station, _known(station, each.filter(pl.col("sheet_id") > pl.col("oldest")), entity), "key")
    message = pl.format(f"{station.dictionary.title(entity)} {{}} 列在两张表中，另一处是 {{}}", _key(), "before")
    return hits(wrong, f"{entity}.{KEYS[entity]}", message, key="key", value=pl.col("key"), detail=pl.format("两表:{}", "nth"))


def _key() -> pl.Expr:
    return pl.col("key").str.strip_prefix("@")


def _known(station: Station, rows: pl.DataFrame, entity: str) -> pl.DataFrame:
    """With the id of the accepted record, where there is one."""
    return rows.join(station.table(entity).select(pl.col(KEYS[entity]).alias("key"), "id"), on="key", how="left", maintain_order="left")


def _sequence(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    """A blank row counts in the numbers or not: both are done; a pole is out of order when it fits neither its neighbours nor its place."""
    sheets = station.sheets.filter(pl.col("template") == _POLE).select("sheet_id", "header_row")
    poles = station.table(_POLE).with_columns(
        _from("sequence", 0, "from_sheet").alias("sheet_id"), _from("sequence", 1, "from_row").alias("at")
    )
    poles = poles.join(sheets, on="sheet_id", maintain_order="left").sort("sheet_id", "at", "pole_no")
    poles = poles.filter(pl.col("sequence").is_not_null().any().over("sheet_id"))
    number, row = pl.col("sequence"), pl.col("at")
    index = pl.int_range(1, pl.len() + 1).over("sheet_id")
    feeder = pl.coalesce("feeder_no", "feeder_name").fill_null("")
    restarts = (number == 1) & (feeder != feeder.shift(1).over("sheet_id").fill_null(feeder))
    fits = [number == index, number == row - pl.col("header_row"), restarts]
    for back in (1, 2):
        step = number - number.shift(back).over("sheet_id")
        fits += [step == back, step == row - row.shift(back).over("sheet_id")]
    wrong = poles.with_columns(
        number.shift(1).over("sheet_id").alias("before"), pl.any_horizontal(*[fit.fill_null(value=False) for fit in fits]).alias("fits")
    ).filter(~pl.col("fits"))
    expected = pl.when(pl.col("before").is_null()).then(pl.lit("从 1 开始")).otherwise(pl.format("接在 {} 之后", "before"))
    said = pl.when(number.is_null()).then(pl.lit("为空")).otherwise(pl.format("为 {}", number))
    message = pl.format("杆塔 {} 的序号{}，应{}连续编号", pl.coalesce("name", "pole_no"), said, expected)
    yield hits(wrong.drop("sheet_id"), "pole.sequence", message)


def _from(field: str, place: int, column: str) -> pl.Expr:
    """Sheet or row of a value, out of the record's sources; a typed value keeps its record's place."""
    given = [pl.col("sources").str.json_path_match(f"$.{field}[{n}]").cast(pl.Int64) for n in (place, 1)]
    return pl.when(given[1].is_not_null()).then(given[0]).otherwise(pl.col(column))


RULES = (
    Rule(
        code="Q16",
        family="uniqueness",
        title="杆塔序号不连续",
        what="杆塔表的序号不是从 1 起连续编号",
        where="杆塔模板的序号，逐张表；空行编号或不编号都可以，换线路时可重新从 1 开始",
        fix="加行或删行后重新编号",
        severity=Severity.ERROR,
        find=_sequence,
        needs=("pole.sequence",),
        source="配电杆塔模板填写规范：从 1 连续，空行也要编号，加行后重排",
    ),
    Rule(
        code="Q17",
        family="uniqueness",
        title="重复行",
        what="同一张表里两行内容完全相同，或同一用户、计量箱、台区列在两张各管一片的表里",
        where="所有导入表的行；较新的同类表代替较旧的表，不算重复",
        fix="删去多余的一行；列在两张表里的，核实属于哪一张",
        severity=Severity.WARNING,
        find=_repeated,
    ),
)
