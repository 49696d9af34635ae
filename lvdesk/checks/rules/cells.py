"""Cells: numbers with foreign characters, values that mean nothing."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from lvdesk.checks.model import KEYS, Parameter, Rule, Severity, Values, hits
from lvdesk.checks.refusals import NUMBERS, keyed_cells, refusals
from lvdesk.checks.sheetrows import sheet_marks, suggested, told_apart
from lvdesk.checks.station import Station
from lvdesk.tabular.heal import heal_identifier

_FOREIGN: Final = r"[\s\u00a0\u3000０-９Ａ-Ｚａ-ｚ]|^\d+\.0+$"


def _characters(station: Station, values: Values) -> Iterator[pl.DataFrame]:
    yield from _healed(station, values["most"])
    yield from _stored(station)
    yield from refusals(station, "Q26")


def _healed(station: Station, most: int) -> Iterator[pl.DataFrame]:
    """Numbers that were put right on import; a column that is wrong as a whole is told once."""
    names = [field.key for entity in station.dictionary for field in entity.fields.values() if field.kind in {*NUMBERS, "barcode"}]
    notes = station.notes.filter((pl.col("level") == "healed") & pl.col("field").is_in(names) & pl.col("after").is_not_null())
    many = pl.len().over("sheet_id", "field", "why") > most
    for (name, template), part in notes.group_by("field", "template", maintain_order=True):
        entity, _, field = str(name).partition(".")
        lists, title = station.templates[str(template)].entity, station.dictionary.field(entity, field).title
        said = pl.coalesce(f"{station.dictionary.title(lists)} " + pl.col("row_key").str.strip_prefix("@"), "after")
        message = pl.format(f"{{}} 的{title}写作“{{}}”，已改为“{{}}”：{{}}", said, "before", "after", "why")
        detail = pl.concat_str("template", "before", "nth", separator=":", ignore_nulls=True)
        single = told_apart(station, part.filter(~many).with_columns(pl.col("key").alias("row_key")), "key")
        single = keyed_cells(station, single, lists, entity)
        yield hits(single, str(name), message, key="key", value=pl.col("before"), detail=detail, milder=2)
        columns = (
            part.filter(many)
            .group_by("sheet_id", "why", maintain_order=True)
            .agg(pl.len().alias("cells"), pl.col("column").unique().sort().str.join("、"))
        )
        columns = columns.join(sheet_marks(station), on="sheet_id", how="left", maintain_order="left")
        columns = columns.with_columns(pl.lit(0, pl.Int64).alias("sheet_row"))
        message = pl.format(f"{{}} 列“{title}”有 {{}} 处写法不规范，导入时已改正：{{}}", "column", "cells", "why")
        detail = pl.concat_str("mark", "why", separator=":", ignore_nulls=True)
        yield hits(columns, str(name), message, value=pl.format("{} 处", "cells"), detail=detail, milder=2)


def _stored(station: Station) -> Iterator[pl.DataFrame]:
    """Accepted numbers with foreign characters; the number that identifies a record is not changed by a suggestion."""
    for entity in station.dictionary:
        frame = station.table(entity.name)
        for name in (field.name for field in entity.fields.values() if field.kind in {*NUMBERS, "barcode"}):
            wrong = frame.filter(pl.col(name).str.contains(_FOREIGN))
            if wrong.is_empty():
                continue
            right = pl.Series([heal_identifier(value).value or None for value in wrong[name]], dtype=pl.String)
            wrong = wrong.with_columns(right.alias("right"))
            message = pl.format(f"{entity.title} {{}} 的{entity.fields[name].title}“{{}}”含空格、全角字符或小数点", KEYS[entity.name], name)
            suggestion = None if name == entity.key else suggested(name, pl.col("right"))
            yield hits(wrong, f"{entity.name}.{name}", message, suggestion=suggestion)


def _unreadable(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    yield from refusals(station, "Q29")


RULES = (
    Rule(
        code="Q26",
        family="format",
        title="编号含多余字符",
        what="编号中有空格、全角数字、不间断空格或“.0”；能改正的导入时已改正，改不了的没有采用",
        where="各表的编号、条码和引用编号",
        fix="在源文件中把该列设为文本格式，按原编号填写；提示级的已改正，可不处理",
        severity=Severity.ERROR,
        find=_characters,
        parameters=(Parameter("most", "同一列逐格列出的最多处数", "integer", 1000, "处", 1, 1_000_000),),
        source="模板填写规范：编号只含半角字符",
    ),
    Rule(
        code="Q29",
        family="format",
        title="内容无法识别",
        what="数字等内容无法识别，该值没有采用",
        where="容量、长度、倍率等数字列，以及只随行保留的列",
        fix="在源文件中改成规范写法后重新导入，或直接改正记录",
        severity=Severity.ERROR,
        find=_unreadable,
    ),
)
