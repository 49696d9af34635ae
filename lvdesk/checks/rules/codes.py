"""Values that no code list has."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from lvdesk.checks.model import KEYS, Rule, Severity, Values, hits
from lvdesk.checks.refusals import refusals
from lvdesk.checks.sheetrows import suggested, told_apart
from lvdesk.checks.station import Station
from lvdesk.templates.codes import CodeList
from lvdesk.templates.dictionary import Field

_POLE = "pole"


def _codes(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    for entity in station.dictionary:
        if entity.name != _POLE:
            yield from _unknown(station, entity.fields)
    yield from refusals(station, "Q22")


def _poles(station: Station, _values: Values) -> Iterator[pl.DataFrame]:
    yield from _unknown(station, station.dictionary.entities[_POLE].fields)


def _unknown(station: Station, fields: Mapping[str, Field]) -> Iterator[pl.DataFrame]:
    for field in fields.values():
        codes = station.codes[field.codes] if field.kind == "code" else None
        if codes is not None and not codes.open:
            yield from _outside(station, field, codes)


def _outside(station: Station, field: Field, codes: CodeList) -> Iterator[pl.DataFrame]:
    """Accepted values, then those of field results, outside a closed list; what it can only mean is suggested."""
    key = KEYS[field.entity]
    known = [item.code for item in codes.items]
    title, allowed = station.dictionary.title(field.entity), "、".join(_said(item.code, item.name) for item in codes.items)
    text = f"{title} {{}} 的{field.title}“{{}}”不在代码表中（应为 {allowed}）"
    wrong = station.table(field.entity).filter(~pl.col(field.name).is_in(known))
    message = pl.format(text, pl.col(key).str.strip_prefix("@"), field.name)
    yield hits(wrong, field.key, message, suggestion=suggested(field.name, _meant(wrong, field, codes)))
    rows = station.field(field.entity).filter(~pl.col(field.name).is_in(known)).sort("sheet_id", "sheet_row", "item")
    rows = told_apart(station, rows, key)
    yield hits(
        rows,
        field.key,
        pl.format(f"现场采录：{text}", pl.col(key).fill_null("（无编号）"), field.name),
        detail=pl.col("nth"),
    )


def _meant(wrong: pl.DataFrame, field: Field, codes: CodeList) -> pl.Expr:
    texts = wrong[field.name].unique().to_list()
    meant: dict[str, Any] = {text: codes.canonical(text)[0] for text in texts}
    return pl.col(field.name).replace_strict(meant, default=None, return_dtype=pl.String)


def _said(code: str, name: str) -> str:
    return name if code == name else f"{code} {name}"


RULES = (
    Rule(
        code="Q22",
        family="format",
        title="代码不在代码表中",
        what="代码列的内容不在标准代码表中",
        where="用户分类、用户状态、供电电压、接线方式、公专变标志、运行状态等代码列",
        fix="改成代码表中的代码或名称",
        severity=Severity.ERROR,
        find=_codes,
        source="SG186 代码表",
    ),
    Rule(
        code="Q28",
        family="format",
        title="杆塔材质或性质不在取值范围",
        what="杆塔材质、杆塔性质不是规定的取值",
        where="杆塔的材质、性质",
        fix="改成规定的取值：材质 水泥杆、钢管塔、角钢塔、钢管杆、木杆；性质 直线、耐张、分支、转角",
        severity=Severity.ERROR,
        find=_poles,
        needs=("pole",),
        source="配电杆塔模板填写规范",
    ),
)
