"""Heals the columns of a table by the kind of their field and tells damage, refusals and plain repairs apart."""

import re
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from lvdesk.ledger.model import Finding, Healed, Refused
from lvdesk.ledger.prepared import Damage
from lvdesk.ledger.rows import ROW
from lvdesk.tabular.heal import heal, short_identifiers
from lvdesk.templates.codes import CodeList
from lvdesk.templates.definition import Column, Template
from lvdesk.templates.dictionary import Dictionary, Field

_FIRST_CODES = 20
_NUMBERED = {"identifier", "reference"}
_MIN_LENGTH, _MAX_LOST, _MIN_SHARE, _MIN_ROWS = 8, 4, 0.6, 5
_WHOLE_LENGTHS = {10, 13}
_UNIT = re.compile(r"[(（]([^()（）]+)[)）]$")


ITEM: Final = "item"
"""Column that tells apart the wide rows made of one ledger row (handheld exports: one per meter of the box)."""
_JOINS: Final = r"\s*[/／|、；;\r\n]\s*"
"""Signs people and input methods write instead of the one that joins several values in a cell."""
PARTS: Final = 1000
"""Items of one row are numbered ``row * PARTS`` onwards."""

Place = tuple[pl.Series, pl.Series | None]
"""Row numbers, and the items where a row was taken apart."""


@dataclass
class Cleaned:
    """Wide rows (``row``, ``item`` and one column per ``entity.field``) and everything a person should be told about them."""

    wide: pl.DataFrame
    healed: list[Healed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Used:
    """A spreadsheet column in use: frame column, letter, field."""

    name: str
    letter: str
    field: str


class Cleaner:
    """Heals tables of one template."""

    def __init__(self, template: Template, dictionary: Dictionary, codes: dict[str, CodeList]) -> None:
        self._template, self._dictionary = template, dictionary
        self._codes = codes
        self._columns = {column.field: column for column in template.columns}

    def clean(self, frame: pl.DataFrame, used: list[Used]) -> Cleaned:
        """Heals ``frame`` (``row`` and raw text columns); cells that join several values give several wide rows."""
        marks = {column.name: self._split(column.field) for column in used}
        plain = [column for column in used if not marks[column.name]]
        parted = [column for column in used if marks[column.name]]
        result = Cleaned(frame.select(ROW))
        healed = self._columns_of(frame, plain, result, items=None)
        rows = frame.select(ROW, *[column.name for column in parted]).with_columns(**healed)
        rows = _exploded(rows, {column.name: marks[column.name] for column in parted})
        more = self._columns_of(rows, parted, result, items=rows[ITEM])
        result.wide = rows.select(ROW, ITEM, *healed).with_columns(**more)
        return result

    def _columns_of(self, frame: pl.DataFrame, used: list[Used], result: Cleaned, items: pl.Series | None) -> dict[str, pl.Series]:
        columns: dict[str, pl.Series] = {}
        for column in used:
            values = self._one(frame[column.name].alias(column.field), (frame[ROW], items), column, result)
            if column.field in columns:
                values = columns[column.field].zip_with(columns[column.field].is_not_null(), values)
            columns[column.field] = values
        return columns

    def _split(self, name: str) -> str:
        column = self._columns.get(name)
        return column.split if column is not None else ""

    def _one(self, values: pl.Series, place: Place, column: Used, result: Cleaned) -> pl.Series:
        rows, items = place
        attribute = self._attribute(column.field)
        if attribute.kind == "code":
            return self._code(values, rows, column, result)
        outcome = heal(attribute.kind, values, _unit(attribute.title))
        for index, before, after, why, damage, known in outcome.notes.select(
            "index", "before", "after", "why", "damage", "known"
        ).iter_rows():
            row = rows[index]
            if damage:
                item = None if items is None else items[index]
                result.damages.append(Damage(row, item, column.field, column.letter, before, damage, known))
            elif after is None:
                result.refused.append(Refused(row, column.field, column.letter, before, why))
            else:
                result.healed.append(Healed(row, column.field, column.letter, before, after, why))
        if attribute.kind in _NUMBERED:
            result.damages += _shortened(outcome.values, place, column)
        return outcome.values

    def _attribute(self, name: str) -> Field:
        """What the template or, for a column a person chose, the dictionary says of a field."""
        column = self._columns.get(name) or Column(name, name)
        return column.attribute(self._dictionary)

    def _code(self, values: pl.Series, rows: pl.Series, column: Used, result: Cleaned) -> pl.Series:
        """Names and codes of any system become the canonical code; an unknown one is kept as typed and said."""
        codes = self._codes[self._attribute(column.field).codes]
        texts = heal("text", values).values
        unique = texts.drop_nulls().unique(maintain_order=True)
        canonical = {text: codes.canonical(text, self._template.system)[0] for text in unique}
        unknown = [text for text, code in canonical.items() if code is None]
        for text in [] if codes.open else unknown[:_FIRST_CODES]:
            row = rows[int((texts == text).arg_max() or 0)]
            title = f"{column.letter}列“{text}”不在代码表“{codes.title}”中，按原样保留"
            result.findings.append(Finding("warning", row, column.field, title))
        return texts.replace({text: code or text for text, code in canonical.items()})


def _exploded(rows: pl.DataFrame, marks: dict[str, str]) -> pl.DataFrame:
    """One wide row per part of the joined cells, numbered; one each where nothing is joined."""
    if not marks:
        return rows.with_columns((pl.col(ROW) * PARTS).alias(ITEM))
    joined = rows.with_columns(pl.col(name).fill_null("").str.replace_all(_JOINS, mark) for name, mark in marks.items())
    lists = joined.with_columns(pl.col(name).str.split(mark) for name, mark in marks.items())
    longest = lists.select(pl.max_horizontal(*[pl.col(name).list.len() for name in marks])).to_series()
    numbered = lists.with_columns(pl.int_ranges(0, longest).alias(ITEM))
    padded = numbered.with_columns(pl.col(name).list.gather(pl.col(ITEM), null_on_oob=True) for name in marks)
    parts = padded.explode(ITEM, *marks).with_columns(pl.col(name).replace("", None) for name in marks)
    return parts.with_columns((pl.col(ROW) * PARTS + pl.col(ITEM).cast(pl.Int64)).alias(ITEM))


def _unit(title: str) -> str:
    """The unit in a field's title, so that 800米 in a column of kilometres becomes 0.8."""
    match = _UNIT.search(title)
    return match[1] if match else ""


def _shortened(values: pl.Series, place: Place, column: Used) -> list[Damage]:
    """Numbers shorter than the length most of the column has: leading zeros may be lost; evidence decides later.

    10 and 13 digits are whole customer numbers of two generations (domain.md 1.7), never short ones.
    """
    rows, items = place
    digits = values.filter(values.str.contains(r"^\d+$"))
    if digits.len() < _MIN_ROWS:
        return []
    lengths = digits.str.len_chars().value_counts(sort=True)
    typical, count = lengths.row(0)
    if lengths.height == 1 or typical < _MIN_LENGTH or count < _MIN_SHARE * digits.len():
        return []
    short = short_identifiers(values, typical)
    short = short.filter(pl.col("before").str.len_chars() >= typical - _MAX_LOST)
    return [
        Damage(rows[index], None if items is None else items[index], column.field, column.letter, before, "short", candidate)
        for index, before, candidate in short.select("index", "before", "candidate").iter_rows()
        if len(before) not in _WHOLE_LENGTHS
    ]
