"""Which templates the tables of a sheet are, where their headers stand, and what each column means."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

from lvdesk.templates.assigning import Assignment, assign, assign_known, complete
from lvdesk.templates.definition import Column, Template
from lvdesk.templates.dictionary import Dictionary
from lvdesk.templates.evidence import joined_cells, weigh_values
from lvdesk.templates.headers import fold, normalise, words
from lvdesk.templates.index import Head, forms, index_of
from lvdesk.templates.layout import Merge, Rows, double, first_data_row, is_header_like, single

__all__ = [
    "NoMatch",
    "Remembered",
    "TableMatch",
    "explain_no_match",
    "fingerprint",
    "is_header_like",
    "match_headers",
    "match_table",
    "remember",
]

_LOOK_AHEAD: Final = 2
_SHEET_NAME: Final = 0.05
_DISTINCTIVE: Final = 0.03
_DISTINCTIVE_MOST: Final = 0.12
_JOINED: Final = 0.1
_LEAST_HITS: Final = 2
_BRACKET: Final = re.compile(r"[(（\[【]")
_WORTHWHILE: Final = 0.5


@dataclass(frozen=True)
class Remembered:
    """A mapping someone confirmed: fields in the order of the sheet's filled headers, "" for a column left out."""

    template_key: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TableMatch:
    """One recognised table. Rows and columns are 0-based within the rows that were given.

    Attributes:
        header_rows: one row, or two when groups stand above.
        score: 0..1; 1.0 for our own blank sheet and for remembered mappings.
        unknown: headers no field was found for.
        missing: required fields (and the key) no header was found for.
        how: per column ``alias``, ``normalised``, ``likeness``, ``values`` or ``remembered``; ``quality`` 0..1 likewise.
        headers: every filled header, group and leaf joined by "/".
        fingerprint: what mappings of this header are remembered by.
    """

    template_key: str
    header_rows: tuple[int, ...]
    first_data_row: int
    mapping: dict[int, str]
    score: float
    unknown: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]
    how: dict[int, str]
    quality: dict[int, float] = field(default_factory=dict)
    headers: tuple[tuple[int, str], ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True)
class NoMatch:
    """Why no template fits: the nearest one (key "" when there is none) and what is missing, as one line for people."""

    template_key: str
    header_row: int | None
    reasons: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class _Found:
    rows: tuple[int, ...]
    made: Assignment
    rank: float
    remembered: str = ""


@dataclass(frozen=True)
class _Sheet:
    rows: Rows
    templates: Mapping[str, Template]
    merges: Sequence[Merge]
    remembered: Mapping[str, Remembered]
    name: str


def match_table(
    rows: Rows,
    templates: Mapping[str, Template],
    dictionary: Dictionary,  # noqa: ARG001 - part of the agreed call
    merges: Sequence[Merge] = (),
    remembered: Mapping[str, Remembered] | None = None,
    *,
    sheet: str = "",
) -> list[TableMatch]:
    """The tables in a sheet's first rows, top to bottom; empty when no template fits (see ``explain_no_match``).

    Args:
        rows: the first rows as read, blank rows included; ``rows[0]`` is row 1 of the sheet.
        templates: the rule book's templates by key.
        dictionary: the attributes the templates speak of.
        merges: (first row, first column, last row, last column), 1-based.
        remembered: fingerprint -> mapping confirmed before; wins over recognition.
        sheet: the sheet's name, a hint between templates that fit equally well.
    """
    given = _Sheet(rows, templates, merges, remembered or {}, sheet)
    matches: list[TableMatch] = []
    at = 0
    while at < len(rows):
        found = _best_near(given, at)
        if found is None:
            at += 1
            continue
        match = _result(given, found)
        if not _repeated(match, matches):
            matches.append(match)
        at = max(match.first_data_row, found.rows[-1] + 1)
    return matches


def match_headers(headers: Sequence[str | None], template: Template) -> TableMatch:
    """The mapping of given header texts to a template somebody chose, whether it fits or not."""
    heads = [Head(index, text.strip()) for index, text in enumerate(headers) if text and text.strip()]
    made = assign(template, heads)
    return _result(_Sheet([list(headers)], {template.key: template}, (), {}, ""), _Found((0,), made, 0.0))


def explain_no_match(rows: Rows, templates: Mapping[str, Template], merges: Sequence[Merge] = ()) -> NoMatch:
    """The nearest template and what it lacks."""
    given = _Sheet(rows, templates, merges, {}, "")
    nearest: tuple[float, int, Assignment] | None = None
    for at in range(len(rows)):
        for heads, _ in _readings(given, at):
            for template in templates.values():
                made = assign(template, heads)
                if len(made.positions) >= _LEAST_HITS and (nearest is None or made.matched > nearest[0]):
                    nearest = (made.matched, at, made)
    if nearest is None:
        return NoMatch("", None, (), "没有适用的模板：没有找到营配台账的表头")
    _, at, made = nearest
    reasons = tuple(made.shortfalls())
    return NoMatch(made.template.key, at, reasons, f"没有适用的模板：最接近“{made.template.title}”（第 {at + 1} 行），{'；'.join(reasons)}")


def fingerprint(headers: Sequence[str]) -> str:
    """What a header is remembered by: its filled texts in order, without decoration."""
    joined = "\x1f".join(normalise(text) for text in headers if text and text.strip())
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def remember(match: TableMatch, mapping: Mapping[int, str] | None = None) -> Remembered:
    """What to keep under ``match.fingerprint`` once a person confirmed the mapping (given, or the match's own)."""
    fields = match.mapping if mapping is None else mapping
    return Remembered(match.template_key, tuple(fields.get(index, "") for index, _ in match.headers))


def _best_near(given: _Sheet, at: int) -> _Found | None:
    """The best header starting at ``at`` or, for the group rows above it, a little below; None when none starts here."""
    here = [found for heads, height in _readings(given, at) if (found := _best_template(given, heads, at, height))]
    if not here:
        return None
    below = [
        found
        for start in range(at + 1, min(at + 1 + _LOOK_AHEAD, len(given.rows)))
        for heads, height in _readings(given, start)
        if (found := _best_template(given, heads, start, height)) and start <= max(row for one in here for row in one.rows)
    ]
    return max([*here, *below], key=lambda found: (bool(found.remembered), round(found.made.matched, 2), -len(found.rows), -found.rows[0]))


def _readings(given: _Sheet, at: int) -> Iterator[tuple[list[Head], int]]:
    """The header readings that start in a row and hold at least two known words."""
    for heads, height in ((single(given.rows, at), 1), (double(given.rows, at, given.merges), 2)):
        if heads and (_known(given, heads) or _recalled(given, heads)):
            yield heads, height


def _known(given: _Sheet, heads: Sequence[Head]) -> bool:
    vocabulary, strange = _vocabulary(tuple(given.templates.values()))
    # Prose and names are thrown out by their characters alone, or a wide sheet of text would cost half a second.
    plausible = (head for head in heads if not strange.search(_BRACKET.split(head.leaf, maxsplit=1)[0]))
    hits = (head for head in plausible if any(form in vocabulary for form in forms(head)))
    return len(list(islice(hits, _LEAST_HITS))) == _LEAST_HITS


@lru_cache(maxsize=8)
def _vocabulary(templates: tuple[Template, ...]) -> tuple[frozenset[str], re.Pattern[str]]:
    """All folded spellings, and a pattern for Han characters that no spelling of any of them holds."""
    vocabulary = frozenset(form for template in templates for form in index_of(template).folded)
    look = words()
    known = {*"".join(vocabulary), *"".join(look.plain), *"".join(look.hints), *"必填一二三四五六七八九十"}
    return vocabulary, re.compile(f"(?=[\u3400-\u9fff])[^{''.join(map(re.escape, known))}]")


def _recalled(given: _Sheet, heads: Sequence[Head]) -> Remembered | None:
    if not given.remembered:
        return None
    recalled = given.remembered.get(fingerprint([head.text for head in heads]))
    return recalled if recalled and recalled.template_key in given.templates and len(recalled.fields) == len(heads) else None


def _best_template(given: _Sheet, heads: list[Head], at: int, height: int) -> _Found | None:
    rows = tuple(range(at, at + height))
    recalled = _recalled(given, heads)
    if recalled:
        return _Found(rows, _from_memory(given.templates[recalled.template_key], heads, recalled), 1.0, "remembered")
    best: _Found | None = None
    start = first_data_row(given.rows, rows[-1])
    known = [assign_known(template, heads) for template in given.templates.values()]
    most = max(made.matched for made in known)
    for made in known:
        if made.matched < _WORTHWHILE * most:
            continue
        complete(made)
        weigh_values(made, given.rows, start)
        if made.shortfalls():
            continue
        rank = made.score() + _bonus(given, made, start)
        if best is None or rank > best.rank:
            best = _Found(rows, made, rank)
    return best


def _from_memory(template: Template, heads: Sequence[Head], recalled: Remembered) -> Assignment:
    made = Assignment(template, heads)
    positions = {column.field: position for position, column in enumerate(template.columns)}
    for head, name in zip(heads, recalled.fields, strict=True):
        if name in positions:
            made.take(head.index, positions[name], 1.0, "remembered")
    return made


def _bonus(given: _Sheet, made: Assignment, start: int) -> float:
    """What speaks for a template besides its columns: the sheet's name, columns only it has, joined cells."""
    template = made.template
    marks = sum(template.columns[position].distinctive for position in made.positions.values())
    bonus = min(marks * _DISTINCTIVE, _DISTINCTIVE_MOST)
    name = fold(given.name)
    if name and any(fold(usual) == name for usual in template.sheet_names):
        bonus += _SHEET_NAME
    if joined_cells(made, given.rows, start):
        bonus += _JOINED
    return bonus


def _result(given: _Sheet, found: _Found) -> TableMatch:
    made, fields = found.made, found.made.fields
    taken = set(fields.values())
    texts = tuple((head.index, head.text) for head in made.heads)
    return TableMatch(
        template_key=made.template.key,
        header_rows=found.rows,
        first_data_row=_after_second_names(given, found, first_data_row(given.rows, found.rows[-1])),
        mapping=fields,
        score=1.0 if found.remembered else min(made.score(), 1.0),
        unknown=tuple((index, text) for index, text in texts if index not in fields),
        missing=tuple(column.field for column in made.template.columns if _is_missing(column, made.template, taken)),
        how={index: made.how[index] for index in fields},
        quality={index: made.quality[index] for index in fields},
        headers=texts,
        fingerprint=fingerprint([text for _, text in texts]),
    )


def _is_missing(column: Column, template: Template, taken: set[str]) -> bool:
    needed = column.required or (column.field in template.row_key and not taken.intersection(template.row_key))
    return needed and column.field not in taken


def _after_second_names(given: _Sheet, found: _Found, start: int) -> int:
    """Passes a row below the header that only repeats it in the words of a database (CONS_NO below 用户编号)."""
    if start >= len(given.rows):
        return start
    again = single(given.rows, start)
    if not again:
        return start
    fields = assign(found.made.template, again).fields
    mine = found.made.fields
    same = sum(mine.get(index) == name for index, name in fields.items())
    return start + 1 if same >= _LEAST_HITS and same * 2 >= len(mine) else start


def _repeated(match: TableMatch, matches: Sequence[TableMatch]) -> bool:
    """Whether this is the header of a table already found, printed again on a new page."""
    return any(one.template_key == match.template_key and one.mapping == match.mapping for one in matches)
