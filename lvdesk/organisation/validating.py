"""Whether rows may stand together: known names, true days, one leader, one grid, no circle of substitutes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from lvdesk.organisation.model import Problem
from lvdesk.organisation.setup import Alone, Field, Setup, Sheet
from lvdesk.organisation.state import Row, State

_REFERS: Final = {"staff": "人员", "team": "班组", "grid": "网格", "village": "村（社区）", "area": "公变台区"}
_PHONE: Final = re.compile(r"[+\d][\d\- ]{4,19}")
FOREVER: Final = "9999-12-31"
NEVER: Final = "9999-99-99"
"""Sorts behind every day: what begins then never holds."""
MANY: Final = "、"

Where = Mapping[tuple[str, int], str]
"""How rows that were asked for are called: (sheet, place in its list) -> words."""


def problems(setup: Setup, after: State, asked: Where) -> list[Problem]:
    """What is wrong with the rows that were asked for, as everything would stand afterwards."""
    found: list[Problem] = []
    for (key, place), where in asked.items():
        sheet, row = setup.sheets[key], after.rows[key][place]
        found += [Problem(code, text, where) for code, text in _row(setup, sheet, row, after)]
    if found:
        return found  # what follows compares days and names that must be right first
    touched = {key: {place for sheet, place in asked if sheet == key} for key, _place in asked}
    for key, places in touched.items():
        for rule in setup.sheets[key].alone:
            found += _together(rule, after.rows[key], places, asked, key)
    if "absence" in touched:
        found += _circles(after.rows["absence"], {("absence", place): asked["absence", place] for place in touched["absence"]})
    return found


def _row(setup: Setup, sheet: Sheet, row: Row, after: State) -> Iterator[tuple[str, str]]:
    for field in sheet.fields:
        text = row[field.name]
        if not text:
            if field.required:
                yield "missing", f"没有填写{field.title}"
            continue
        yield from _cell(setup, field, text, after)
    if sheet.span and row["until"] and row["until"] < row["since"]:
        yield "dates", f"{sheet.field('until').title} {row['until']} 早于{sheet.field('since').title} {row['since']}"
    if sheet.key == "absence" and row["substitute"] == row["staff"]:
        yield "substitute_self", f"{row['staff']} 不能替自己的班"


def _cell(setup: Setup, field: Field, text: str, after: State) -> Iterator[tuple[str, str]]:
    if field.kind == "day" and not is_day(text):
        yield "day", f"{field.title}“{text}”不是日期，写成 2026-12-31 这样"
    if field.kind == "phone" and not _PHONE.fullmatch(text):
        yield "phone", f"{field.title}“{text}”不是电话号码"
    words = setup.lists.get(field.choice or field.several, ())
    parts = text.split(MANY) if field.several or field.many else [text]
    if words:
        for part in parts:
            if part not in words:
                yield "choice", f"{field.title}“{part}”不在可选的里面：{'、'.join(words)}"
    if field.refers:
        for part in parts:
            if part not in after.known[field.refers]:
                yield _unknown(field, part, after)


def _unknown(field: Field, text: str, after: State) -> tuple[str, str]:
    if field.refers == "area" and text in after.private:
        return "private_area", f"台区 {text} 是专变，网格只划分公变台区"
    return f"unknown_{field.refers}", f"没有{_REFERS[field.refers]}“{text}”"


def still_used(setup: Setup, before: State, after: State) -> list[Problem]:
    """Names that go, or become other ones, although rows refer to them."""
    gone = {kind: set(before.known[kind]) - set(after.known[kind]) for kind in _REFERS if kind != "area"}
    found = []
    for sheet in setup.sheets.values():
        for field in sheet.fields:
            for row in after.rows[sheet.key] if gone.get(field.refers) else ():
                if row[field.name] in gone[field.refers]:
                    hint = "请先改掉这些记录，或填写结束（离岗）日期代替删除"
                    found.append(Problem("in_use", f"{_REFERS[field.refers]}“{row[field.name]}”还在“{sheet.title}”中使用，{hint}"))
    return found[:20]


def is_day(text: str) -> bool:
    """Whether this is a day as rows have it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _together(rule: Alone, rows: Sequence[Row], touched: set[int], asked: Where, key: str) -> Iterator[Problem]:
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if all(row[name] == value for name, value in rule.when.items()) and (not rule.filled or row[rule.filled]):
            groups[tuple(row[name] for name in rule.columns)].append(place)
    for places in groups.values():
        if touched.isdisjoint(places):
            continue
        spans = sorted(places, key=lambda place: rows[place]["since"])
        for first, second in _meeting(rows, spans):
            if first in touched or second in touched:
                where = asked.get((key, second)) or asked.get((key, first), "")
                yield Problem(rule.code, _said(rule, rows[first], rows[second]), where)


def _meeting(rows: Sequence[Row], spans: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that hold on the same day; ``spans`` by their beginning."""
    longest: int | None = None
    for place in spans:
        if longest is not None and rows[place]["since"] <= (rows[longest]["until"] or FOREVER):
            yield longest, place
        if longest is None or (rows[place]["until"] or FOREVER) > (rows[longest]["until"] or FOREVER):
            longest = place


def _said(rule: Alone, first: Row, second: Row) -> str:
    return rule.says.format(**{**first, "day": second["since"], "other": second[rule.differs]})


def _circles(rows: Sequence[Row], asked: Where) -> Iterator[Problem]:
    """Somebody whose substitutes lead back to himself on a day when all of them are away."""
    for (_sheet, place), where in asked.items():
        row = rows[place]
        days = sorted({row["since"], *(each["since"] for each in rows if row["since"] <= each["since"] <= row["until"])})
        for day in days:
            circle = chain(rows, row["staff"], day)
            if len(circle) > 1 and circle[0] == circle[-1]:
                yield Problem("substitute_cycle", f"{day} 的替班绕成了圈：{' → '.join(circle)}", where)
                break


def chain(absences: Iterable[Row], name: str, day: str) -> list[str]:
    """Who stands in for somebody on a day, one after the other; ends with who is there, or where a circle closes or nobody is named."""
    away = {row["staff"]: row["substitute"] for row in absences if row["since"] <= day <= (row["until"] or FOREVER)}
    found = [name]
    while found[-1] in away and away[found[-1]]:
        found.append(away[found[-1]])
        if found[-1] in found[:-1]:
            break
    return found
