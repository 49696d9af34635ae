"""What a rule is and what it answers: frames of hits, for the whole station at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from lvdesk.network.tables import TABLES

if TYPE_CHECKING:
    from lvdesk.checks.station import Station

FAMILIES: Final = {
    "completeness": "完整性",
    "uniqueness": "唯一性",
    "format": "规范性",
    "consistency": "一致性",
    "spatial": "空间",
    "topology": "拓扑",
    "timeliness": "时效",
}
"""Family -> its Chinese name, in the order people meet them."""

KEYS: Final = {entity: next(column.name for column in table.c if column.unique) for entity, table in TABLES.items()}
"""Entity -> the field that identifies it."""

HIT: Final[dict[str, type[pl.DataType]]] = {
    "entity": pl.String,
    "id": pl.Int64,
    "key": pl.String,
    "field": pl.String,
    "value": pl.String,
    "detail": pl.String,
    "message": pl.String,
    "suggestion": pl.String,
    "milder": pl.Int64,
    "sheet_id": pl.Int64,
    "sheet_row": pl.Int64,
}
"""Columns of a frame of hits; see ``hits``."""


class Severity(StrEnum):
    """How much a fault weighs: an error stops a record on its way, a warning wants a look, an info is told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITIES: Final = {str(Severity.ERROR): "错误", str(Severity.WARNING): "警告", str(Severity.INFO): "提示"}
"""Severity -> its Chinese name, the gravest first."""


@dataclass(frozen=True)
class Parameter:
    """A number or a text of a rule that a station may set.

    Attributes:
        kind: number, integer, text, or list (values separated by 、 on paper, a JSON list in data).
        default: None where ``resources/rules.toml`` gives it: a value that differs between provinces or editions.
        minimum, maximum: bounds of a number.
    """

    name: str
    title: str
    kind: str
    default: Any = None
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None


Values = Mapping[str, Any]
Find = Callable[["Station", Values], Iterable[pl.DataFrame]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        code: e.g. Q11; stable for ever, exceptions and scripts name it.
        title: a few words, plain Chinese.
        what: what is wrong when it fires; ``where``: which records and fields it looks at; ``fix``: what to do.
        certain: its hits are faults beyond doubt; otherwise probable ones, with evidence.
        find: the search; gets the station and the values of ``parameters``.
        needs: data without which it cannot run: an entity ("meter_box": some records), a field ("meter_box.longitude": some values),
            "field" (rows of field results), or "never:原因" for what no source gives yet.
        source: where the rule or its numbers come from.
    """

    code: str
    family: str
    title: str
    what: str
    where: str
    fix: str
    severity: Severity
    find: Find
    parameters: tuple[Parameter, ...] = ()
    needs: tuple[str, ...] = ()
    certain: bool = True
    source: str = ""


def hits(
    frame: pl.DataFrame,
    place: str,
    message: str | pl.Expr,
    *,
    key: str = "",
    **more: Any,
) -> pl.DataFrame:
    """A frame of hits from the faulty rows.

    Args:
        frame: one row per fault. With a column ``id`` it speaks of accepted records, and their origin is looked up; with ``sheet_id`` and
            ``sheet_row`` of rows of a sheet. Both may be there.
        place: ``entity.field``.
        message: Chinese, what is wrong, naming the values; an expression over ``frame``.
        key: column that holds the record's key; default: the entity's own.
        **more: ``value`` (default: the column called like the field, if there is one), ``detail`` (tells apart several faults of one
            field of one record; part of the finding's identity), ``suggestion`` (JSON object, field -> new text), ``milder`` (severities
            below the rule's own: True or 1 for one, 2 for two): each an expression or a constant.
    """
    if frame.is_empty():
        return pl.DataFrame(schema=HIT)
    frame = frame.rechunk()  # polars 2.1 aborts where no row of a frame in several pieces takes the words of a when-then
    entity, _, field = place.partition(".")
    key = key or KEYS[entity]
    value = more.get("value", pl.col(field) if field in frame.columns else None)
    said = message if isinstance(message, pl.Expr) else pl.lit(message)
    given = {
        "entity": pl.lit(entity),
        "id": pl.col("id") if "id" in frame.columns else None,
        "key": pl.col(key).str.strip_prefix("@").fill_null("") if key in frame.columns else pl.lit(""),
        "field": pl.lit(field),
        "value": value,
        "detail": more.get("detail", ""),
        "message": said.str.replace_all("） ", "）", literal=True),
        "suggestion": more.get("suggestion"),
        "milder": more.get("milder", 0),
        "sheet_id": pl.col("sheet_id") if "sheet_id" in frame.columns else None,
        "sheet_row": pl.col("sheet_row") if "sheet_row" in frame.columns else None,
    }
    columns = [(part if isinstance(part, pl.Expr) else pl.lit(part)).cast(HIT[name]).alias(name) for name, part in given.items()]
    return frame.select(columns)
