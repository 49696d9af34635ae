"""From the XML of some rows to (row, column, text) of their cells."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from lvdesk.tabular.numbers import date_tokens, duration_tokens, moment_text, plain_tokens
from lvdesk.tabular.problems import problem
from lvdesk.tabular.xlsx.entities import resolved
from lvdesk.tabular.xlsx.styles import DATE, DURATION, NUMBER
from lvdesk.tabular.xlsx.tags import Flags, OddXml, Positions, Tags

_MAX_TEXT = 256 << 20
"""Bytes the texts of one block may spread out to: one long shared string can be told a million times."""

_ROW_NUMBER = re.compile(rb'\sr="(\d{1,9})"')
_ATTRIBUTE = re.compile(rb'\s([\w:]+)="([^"]*)"')
_KINDS = {b"s": ord("s"), b"n": 0, b"b": ord("b"), b"e": ord("e"), b"d": ord("d"), b"str": ord("i"), b"inlineStr": ord("i")}
# length of the value of t="…" by its first two bytes, and the kind it stands for; "i" is text in place
_KIND_CODES = (("s", '"', 1, ord("s")), ("n", '"', 1, 0), ("b", '"', 1, ord("b")), ("e", '"', 1, ord("e")), ("d", '"', 1, ord("d")),
               ("s", "t", 3, ord("i")), ("i", "n", 9, ord("i")))  # fmt: skip


class Dictionary(NamedTuple):
    """What cells refer to: the shared strings, what each style shows (see ``styles``), and the calendar's epoch."""

    strings: pl.Series
    looks: npt.NDArray[np.uint8]
    epoch_1904: bool


@dataclass(frozen=True)
class Cells:
    """Cells that hold something: row and column numbers from 1, and texts."""

    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    texts: pl.Series
    last_row: int


def parse(block: bytes, dictionary: Dictionary, row_before: int) -> Cells:
    """The cells of ``block``, whole ``<row>`` elements; ``row_before`` is the number of the row before it.

    Raises:
        OddXml: not of the plain form; another reader must take over.
    """
    tags = Tags.of(block)
    is_row = tags.opening("ro")
    is_cell = tags.opening("c")
    numbers = _row_numbers(tags, is_row, row_before)
    cells = np.flatnonzero(is_cell).astype(np.int32)
    last = int(numbers[-1]) if len(numbers) else row_before
    which_row = np.cumsum(is_row)[cells] - 1
    if len(cells) and (not len(numbers) or which_row[0] < 0):
        raise OddXml("cell outside of a row")
    rows = numbers[which_row] if len(cells) else np.empty(0, np.int64)
    columns, after = _columns(tags, cells, rows)
    kinds, styles = _attributes(tags, cells, after)
    owner, texts = _texts(tags, is_cell)
    texts = _shown(texts, kinds[owner], styles[owner], dictionary)
    length = texts.str.len_bytes()
    if int(length.sum()) > _MAX_TEXT:
        raise problem("file.absurd", "单元格文字过长")
    kept = (length > 0).fill_null(value=False)
    if not kept.all():
        owner, texts = owner[kept.to_numpy()], texts.filter(kept)
    return Cells(rows[owner], columns[owner], texts, last)


def _row_numbers(tags: Tags, is_row: Flags, row_before: int) -> npt.NDArray[np.int64]:
    starts = np.flatnonzero(is_row)
    data, at = tags.data, tags.start[starts] + 5
    usual = (data[at] == ord("r")) & (data[at + 1] == ord("=")) & (data[at + 2] == ord('"'))
    result, close = digits(data, at + 3)
    if not bool((usual & (data[close] == ord('"'))).all()):
        result = _slow_row_numbers(tags, starts, row_before)
    if len(result) and (result[0] <= row_before or bool((np.diff(result) <= 0).any())):
        raise OddXml("rows out of order")
    return result


def _slow_row_numbers(tags: Tags, starts: npt.NDArray[np.int64], row_before: int) -> npt.NDArray[np.int64]:
    numbers, number = [], row_before
    for tag in starts:
        match = _ROW_NUMBER.search(tags.source(int(tag)))
        number = int(match.group(1)) if match else number + 1
        numbers.append(number)
    return np.array(numbers, np.int64)


def digits(data: npt.NDArray[np.uint8], at: Positions) -> tuple[npt.NDArray[np.int64], Positions]:
    """The whole number (at most 7 digits) that begins at each position, and the position behind it."""
    value = np.zeros(len(at), np.int64)
    going = np.ones(len(at), np.bool_)
    place = at.copy()
    for _ in range(7):
        digit = data[place].astype(np.int64) - 48
        going &= (digit >= 0) & (digit <= 9)
        value = np.where(going, value * 10 + digit, value)
        place = place + going
    return value, place


def _columns(tags: Tags, cells: Positions, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Positions]:
    """Column numbers, and the position after the closing quote of ``r="AB12"``."""
    data, at = tags.data, tags.start[cells] + 3
    if not (bool((data[at] == ord("r")).all()) and bool((data[at + 1] == ord("=")).all()) and bool((data[at + 2] == ord('"')).all())):
        raise OddXml("cell without its place")
    at = at + 3
    columns = np.zeros(len(cells), np.int64)
    letters = np.zeros(len(cells), np.int32)
    going = np.ones(len(cells), np.bool_)
    for step in range(3):
        letter = data[at + step].astype(np.int64) - 64
        going &= (letter >= 1) & (letter <= 26)
        columns = np.where(going, columns * 26 + letter, columns)
        letters += going
    digits = np.ones(len(cells), np.int32)
    for power in range(1, 8):
        digits += rows >= 10**power
    close = at + letters + digits
    close = np.minimum(close, len(data) - 8).astype(np.int32)
    if bool((columns == 0).any()) or bool((data[close] != ord('"')).any()):
        raise OddXml("place of a cell")
    return columns, close + 1


def _attributes(tags: Tags, cells: Positions, after: Positions) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Kind (first letter of its ``t``, 0 for numbers) and style number of each cell."""
    data, end = tags.data, tags.end[cells]
    kinds = np.zeros(len(cells), np.uint8)
    styles = np.zeros(len(cells), np.int32)
    at = after.copy()
    for _ in range(2):  # s then t, or t then s
        simple = (data[at] == ord(" ")) & (data[at + 2] == ord("=")) & (data[at + 3] == ord('"')) & (at < end)
        name = data[at + 1]
        _take_kinds(data, at, simple & (name == ord("t")), kinds)
        _take_styles(data, at, simple & (name == ord("s")), styles)
    rest = np.flatnonzero((at < end) & (data[at] != ord("/")))
    for index in rest:
        _slow_attributes(tags.source(int(cells[index])), int(index), kinds, styles)
    return kinds, styles


def _take_kinds(data: npt.NDArray[np.uint8], at: Positions, which: Flags, kinds: npt.NDArray[np.uint8]) -> None:
    chosen = np.flatnonzero(which)
    place = at[chosen]
    one, two = data[place + 4], data[place + 5]
    for first, second, length, kind in _KIND_CODES:
        hit = (one == ord(first)) & (two == ord(second))
        kinds[chosen[hit]] = kind
        at[chosen[hit]] = place[hit] + 5 + length


def _take_styles(data: npt.NDArray[np.uint8], at: Positions, which: Flags, styles: npt.NDArray[np.int32]) -> None:
    chosen = np.flatnonzero(which)
    value, place = digits(data, at[chosen] + 4)
    styles[chosen] = value
    at[chosen] = place + 1


def _slow_attributes(tag: bytes, index: int, kinds: npt.NDArray[np.uint8], styles: npt.NDArray[np.int32]) -> None:
    attributes = dict(_ATTRIBUTE.findall(tag))
    kind = attributes.get(b"t", b"n")
    if kind not in _KINDS:
        raise OddXml("kind of a cell")
    kinds[index] = _KINDS[kind]
    style = attributes.get(b"s", b"0")
    styles[index] = int(style) if style.isdigit() and len(style) < 7 else 0


def _texts(tags: Tags, is_cell: Flags) -> tuple[npt.NDArray[np.int64], pl.Series]:
    """For each cell with content: its index among the cells and the text inside, several runs of rich text joined."""
    holds = tags.opening("v") | tags.opening("t")
    holds &= tags.data[tags.end - 1] != ord("/")
    holders = np.flatnonzero(holds).astype(np.int32)
    if len(holders) and holders[-1] + 1 >= len(tags.start):
        raise OddXml("cut")
    owner = np.cumsum(is_cell)[holders] - 1
    texts = tags.text_after(holders)
    if len(owner) and owner[0] < 0:
        raise OddXml("text outside of a cell")
    if bool((np.diff(owner) == 0).any()):
        _refuse_phonetics(tags)
        is_value, double = tags.first[holders] == ord("v"), np.bincount(owner)[owner] > 1
        kept = ~(is_value & double)  # some programs write the text in place and a value beside it
        owner, texts = owner[kept], texts.filter(pl.Series(kept))
        joined = pl.DataFrame({"owner": owner, "text": texts}).group_by("owner", maintain_order=True).agg(pl.col("text").str.join(""))
        return joined["owner"].to_numpy(), joined["text"]
    return owner, texts


def _refuse_phonetics(tags: Tags) -> None:
    """``<rPh>`` holds how a text is spoken; the general reader leaves it out, joining runs would not."""
    third = tags.data[tags.start + 3]
    if bool(((tags.first == ord("r")) & (tags.second == ord("P")) & (third == ord("h"))).any()):
        raise OddXml("phonetic text")


def _shown(raw: pl.Series, kinds: npt.NDArray[np.uint8], styles: npt.NDArray[np.int32], dictionary: Dictionary) -> pl.Series:
    """The texts as a person reads them, by kind of cell."""
    looks = np.zeros(len(styles), np.uint8)
    known = styles < len(dictionary.looks)
    looks[known] = dictionary.looks[styles[known]]
    place = np.arange(len(kinds), dtype=np.int64)
    parts, length = [raw], len(raw)
    for chosen, shown in (
        (kinds == ord("s"), lambda texts: _shared(texts, dictionary.strings)),
        (kinds == ord("i"), resolved),
        ((kinds == 0) & (looks == NUMBER), plain_tokens),
        ((kinds == 0) & (looks == DATE), lambda texts: date_tokens(texts, epoch_1904=dictionary.epoch_1904)),
        ((kinds == 0) & (looks == DURATION), duration_tokens),
        (kinds == ord("b"), lambda texts: texts.replace({"1": "TRUE", "0": "FALSE", "true": "TRUE", "false": "FALSE"})),
        (kinds == ord("d"), _iso),
    ):
        if not chosen.any():
            continue
        part = shown(raw.filter(pl.Series(chosen)))
        place[chosen] = np.arange(length, length + len(part))
        length += len(part)
        parts.append(part)
    return pl.concat(parts, rechunk=True).gather(place)


def _shared(indices: pl.Series, strings: pl.Series) -> pl.Series:
    numbers = indices.cast(pl.UInt32, strict=False)
    if numbers.null_count() or (len(numbers) and int(numbers.max()) >= len(strings)):  # type: ignore[arg-type]
        raise OddXml("shared string that does not exist")
    return strings.gather(numbers)


def _iso(texts: pl.Series) -> pl.Series:
    import datetime as dt

    def shown(text: str) -> str:
        try:
            return moment_text(dt.datetime.fromisoformat(text))
        except ValueError:
            return text

    return pl.Series([shown(text) for text in texts], dtype=pl.String)
