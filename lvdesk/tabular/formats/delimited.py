"""Text tables: comma, tab, semicolon or bar, quoted or not, ragged or not.

A row's number is that of its record, as Excel numbers it: line breaks inside of quotes do not count.
"""

import csv
import itertools
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import polars as pl

from lvdesk.tabular.encodings import Encoding, texts
from lvdesk.tabular.model import MAX_COLUMNS, SheetInfo, Slice, column_names
from lvdesk.tabular.problems import problem
from lvdesk.tabular.pulse import pulse
from lvdesk.tabular.slicer import Slicer

_SEPARATORS = ",\t;|"
_DIRECTIVE = re.compile(r"sep=(.)\n")
_BATCH = 10_000
_MAX_LINE = 16 << 20
_MAX_FIELD = 131_072
_MAX_LINES_IN_CELL = 500
_SAMPLE = 64 << 10
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def separator_of(sample: str) -> str:
    """The separator whose count is the same on most lines; a comma when none is."""
    directive = _DIRECTIVE.match(sample)
    if directive:
        return directive.group(1)
    lines = [line for line in _QUOTED.sub("", sample).split("\n")[:200] if line.strip()]
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        counts = [line.count(separator) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count) * (count > 0), count), default=0)
        score = counts.count(usual) / max(len(lines), 1) * (1 + min(usual, 50) / 100) if usual else 0.0
        if score > best_score:
            best, best_score = separator, score
    return best


class DelimitedSource:
    """csv, tsv and txt."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        """Looks at the beginning of ``path``."""
        sample = next(texts(path, encoding, _SAMPLE), "")
        self._path, self._encoding = path, encoding
        self._separator = separator_of(sample)
        self.kind = "tsv" if self._separator == "\t" else "csv"
        self.encoding: str | None = encoding.name
        self.notes: tuple[str, ...] = ("文件中有无法识别的字节，已显示为 \ufffd",) if encoding.damaged else ()
        self.sheets: tuple[SheetInfo, ...] = (SheetInfo(path.stem),)

    def slices(self, _sheet: SheetInfo, size: int) -> Iterator[Slice]:
        """See ``SheetSource``."""
        slicer, number = Slicer(size), 1
        blocks = _line_blocks(texts(self._path, self._encoding))
        for frame in self._frames(blocks):
            if frame.width > MAX_COLUMNS:
                raise problem("file.absurd", f"超过 {MAX_COLUMNS} 列")
            pulse()
            kept = _trimmed(frame)
            if kept is not None:
                yield from slicer.add(number + kept[0], kept[1])
            number += frame.height
        yield from slicer.rest()

    def _frames(self, blocks: Iterator[str]) -> Iterator[pl.DataFrame]:
        for block in blocks:
            if '"' in block:
                # from the first quote on, records and lines are not the same any more
                lines = (line for part in itertools.chain([block], blocks) for line in part.split("\n"))
                yield from _batches(records(lines, self._separator))
                return
            frame = _quick(block, self._separator)
            yield from [frame] if frame is not None else _batches(line.split(self._separator) for line in block.split("\n"))


def _line_blocks(stream: Iterator[str]) -> Iterator[str]:
    """Blocks of whole lines, without the line end of the last."""
    rest = ""
    for text in stream:
        rest += text
        cut = rest.rfind("\n")
        if cut >= 0:
            yield rest[:cut]
            rest = rest[cut + 1 :]
        elif len(rest) > _MAX_LINE:
            raise problem("file.absurd", "有一行过长")
    if rest:
        yield rest


def _quick(block: str, separator: str) -> pl.DataFrame | None:
    """Unquoted lines by polars; None when the rows are too uneven for it (it must not lose a cell or a line)."""
    width = block[: block.find("\n") if "\n" in block else len(block)].count(separator) + 1
    if width > MAX_COLUMNS or not block:
        return None
    try:
        frame = pl.read_csv(
            block.encode(),
            separator=separator,
            has_header=False,
            quote_char=None,
            schema=dict.fromkeys(column_names(width), pl.String),
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == block.count("\n") + 1 else None


def records(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """Records of quoted lines; a quote that never closes is taken as an ordinary character of its line."""
    csv.field_size_limit(_MAX_FIELD)
    taken: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            if len(taken) > _MAX_LINES_IN_CELL:
                raise csv.Error("a cell of too many lines")
            yield line + "\n"

    while True:
        reader = csv.reader(feed(), delimiter=separator)
        try:
            for record in reader:
                if len(taken) > 1 and sum(line.count('"') for line in taken) % 2:
                    yield from _literal(taken, separator)
                else:
                    yield record
                taken.clear()
            return
        except csv.Error:
            yield from _literal(taken, separator)
            taken.clear()


def _literal(taken: list[str], separator: str) -> Iterator[list[str]]:
    for line in taken:
        if len(line) > _MAX_LINE:
            raise problem("file.absurd", "有一行过长")
        yield line.split(separator)


def _batches(rows: Iterator[list[str]]) -> Iterator[pl.DataFrame]:
    while batch := list(itertools.islice(rows, _BATCH)):
        width = max(map(len, batch))
        if width > MAX_COLUMNS:
            raise problem("file.absurd", f"超过 {MAX_COLUMNS} 列")
        columns = list(zip_longest(*batch)) or [(None,) * len(batch)]
        frame = pl.DataFrame([pl.Series(f"c{index}", column, dtype=pl.String) for index, column in enumerate(columns, 1)])
        pulse()
        yield frame


def _trimmed(frame: pl.DataFrame) -> tuple[int, pl.DataFrame] | None:
    """The frame with blank cells as null and without blank rows at both ends, and how many went at the top; None when all is blank."""
    frame = frame.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    held = frame.select(pl.any_horizontal(pl.all().is_not_null()))[:, 0].arg_true()
    if not len(held):
        return None
    first, last = int(held[0]), int(held[-1])
    return first, frame.slice(first, last - first + 1)
