"""Where headers can stand in the first rows of a sheet: under titles, in one row or in two with groups above."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lvdesk.templates.headers import is_header_text, normalise, words
from lvdesk.templates.index import Head

Rows = Sequence[Sequence[str | None]]
Merge = tuple[int, int, int, int]

_LONG_NUMBER: Final = re.compile(r"\d{6}")
_HEADER_SHARE: Final = 0.7
_LONGEST_GROUP: Final = 16
_ORDINAL: Final = re.compile(r"[\d一二三四五六七八九十甲乙丙丁]{1,3}")


def filled(row: Sequence[str | None]) -> dict[int, str]:
    """The cells of a row that hold something: column index -> text."""
    return {index: cell for index, cell in enumerate(row) if cell is not None and cell.strip()}


def is_header_like(cells: Sequence[str | None]) -> bool:
    """Whether a row could be a header: two or more different cells, nearly all short words, no long numbers."""
    return _header_like(filled(cells), least=2)


def _header_like(texts: dict[int, str], least: int) -> bool:
    if len(set(texts.values())) < least:
        return False
    if any(_LONG_NUMBER.search(text) for text in texts.values()):
        return False
    return sum(map(is_header_text, texts.values())) >= _HEADER_SHARE * len(texts)


def single(rows: Rows, at: int) -> list[Head]:
    """The headers if row ``at`` is the whole header; empty when it cannot be one."""
    texts = filled(rows[at])
    return [Head(index, text.strip()) for index, text in texts.items()] if _header_like(texts, least=2) else []


def double(rows: Rows, at: int, merges: Sequence[Merge]) -> list[Head]:
    """The headers if row ``at`` holds groups and the next one the leaves; empty when they cannot."""
    if at + 1 >= len(rows):
        return []
    upper, lower = filled(rows[at]), filled(rows[at + 1])
    if not _header_like(upper, least=1) or not _header_like(lower, least=2) or _is_title(upper, lower):
        return []
    groups = _spread(upper, lower, at, merges)
    heads = []
    for index in sorted(upper.keys() | lower.keys()):
        leaf, group = lower.get(index), groups.get(index, "")
        if leaf is None:
            heads.append(Head(index, upper[index].strip()))
        else:
            heads.append(Head(index, leaf.strip(), "" if group.strip() == leaf.strip() else group.strip()))
    return heads


def first_data_row(rows: Rows, after: int) -> int:
    """The first row below the header that is not a line of column numbers or of filling hints."""
    row = after + 1
    while row < len(rows) and _is_legend(filled(rows[row])):
        row += 1
    return row


def _is_title(upper: dict[int, str], lower: dict[int, str]) -> bool:
    """One text above everything is a title, unless it is a short group name over part of the columns."""
    if len(set(upper.values())) > 1:
        return False
    text = next(iter(upper.values())).strip()
    return len(text) > _LONGEST_GROUP or min(upper) <= min(lower)


def _spread(upper: dict[int, str], lower: dict[int, str], at: int, merges: Sequence[Merge]) -> dict[int, str]:
    """Group text per column: along its merge where the row has merges, else to the right until the next text."""
    across = [(left - 1, right) for first, left, last, right in merges if first == at + 1 and last == first and right > left]
    groups = dict(upper)
    for left, right in across:
        if left in upper:
            groups.update(dict.fromkeys(range(left, right), upper[left]))
    if across:
        return groups
    text = ""
    for index in range(max(lower, default=0) + 1):
        if index in upper:
            # A header merged downwards stands for itself and never for its right neighbour.
            text = upper[index] if index in lower and upper[index].strip() != lower[index].strip() else ""
        elif index in lower and text:
            groups[index] = text
    return groups


def _is_legend(texts: dict[int, str]) -> bool:
    if len(texts) < 2:
        return False
    hints = words().hints
    if all(normalise(text) == "" or text.strip("()（）* ") in hints for text in texts.values()):
        return True
    values = [text.strip("()（） ") for text in texts.values()]
    counts = [int(value) for value in values if value.isdecimal() and value.isascii()]
    rising = len(counts) >= 2 and all(after - before == 1 for before, after in pairwise(counts))
    return rising and counts[0] in {0, 1} and all(_ORDINAL.fullmatch(value) for value in values)
