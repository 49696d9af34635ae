"""The whole organisation as a workbook, and such workbooks taken in: whatever order, sheets and header words they have."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.organisation.applying import try_apply
from lvdesk.organisation.model import Applied, Asked, Problem
from lvdesk.organisation.setup import Field, Setup, Sheet, load_setup
from lvdesk.organisation.state import state
from lvdesk.organisation.validating import MANY
from lvdesk.tabular.guard import Reader
from lvdesk.tabular.heal.dates import heal_date
from lvdesk.tabular.writing import Looks, write_sheets
from lvdesk.workspace import Workspace

_READ: Final = "lvdesk.tabular.reading:everything"
_HEAD_ROWS: Final = 15
_SEPARATORS: Final = str.maketrans(dict.fromkeys("，,；;/|\n ", MANY))
_WIDE, _USUAL, _NARROW = 24.0, 14.0, 12.0


@dataclass(frozen=True)
class SheetRead:
    """One sheet of a file: which of ours it is ("" for none), rows with something in them, columns nobody knew."""

    name: str
    key: str
    title: str
    rows: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A file that was taken in, or not: ``applied.problems`` says why."""

    path: str
    sheets: tuple[SheetRead, ...]
    applied: Applied = field(default_factory=Applied)


@dataclass
class _Open:
    """A sheet being read: its definition, the places of its columns, what was found."""

    name: str
    sheet: Sheet
    places: Mapping[str, int]
    unknown: tuple[str, ...]
    asked: list[Asked] = field(default_factory=list)


def write_book(ws: Workspace, path: Path) -> int:
    """Writes everything, one sheet each, and gives the number of rows; taken in again it changes nothing.

    Raises:
        KnownError: ``file.in_use``, ``file.not_writable``.
    """
    setup, now = load_setup(ws.overrides), state(ws)
    sheets, texts = [], set[str]()
    for sheet in setup.sheets.values():
        heads = [each.title for each in sheet.fields]
        texts.update(heads)
        sheets.append((sheet.title, heads, [[row[each.name] for each in sheet.fields] for row in now.rows[sheet.key]]))
    widths = {each.title: _width(each) for sheet in setup.sheets.values() for each in sheet.fields}
    write_sheets(path, sheets, texts, Looks(widths=widths))
    return sum(len(rows) for _title, _heads, rows in sheets)


def _width(field: Field) -> float:
    return _NARROW if field.kind == "day" else _WIDE if field.name in {"services", "subject", "outcome", "note", "scope"} else _USUAL


def take_book(ws: Workspace, path: Path, progress: Progress) -> Taken:
    """Takes a workbook in: all of it, or with any problem nothing.

    Raises:
        KnownError: ``organisation.not_a_book`` when no sheet is known, or ``file.…`` when it cannot be read.
    """
    setup = load_setup(ws.overrides)
    opened, others = read_book(setup, path, progress)
    if not opened:
        names = "、".join(each.title for each in setup.sheets.values())
        raise KnownError("organisation.not_a_book", f"{path.name} 里没有认得出的表", f"可用的表有：{names}；表头见 people export 的工作簿")
    asked = [each for one in opened for each in one.asked]
    wrong = [Problem("day", f"日期“{each.values[name]}”{why}", each.where) for each in asked for name, why in _bad_days(setup, each)]
    healed = [] if wrong else [_with_days(setup, each) for each in asked]
    applied = Applied(problems=tuple(wrong)) if wrong else try_apply(ws, healed, f"导入人员与网格 {path.name}")
    read = [SheetRead(each.name, each.sheet.key, each.sheet.title, len(each.asked), each.unknown) for each in opened]
    return Taken(str(path), (*read, *(SheetRead(name, "", "", 0) for name in others)), applied)


def read_book(setup: Setup, path: Path, progress: Progress) -> tuple[list[_Open], list[str]]:
    """The known sheets with their rows, and the names of the others."""
    progress.start(f"正在读取 {path.name}")
    opened: dict[str, _Open] = {}
    names: list[str] = []
    with Reader() as reader:
        for message in reader.stream(_READ, (path,), progress):
            if not isinstance(message, tuple):
                continue
            name, piece = message
            if name not in names:
                names.append(name)
            for number, texts in enumerate(piece.frame.iter_rows(), piece.first_row):
                if name in opened:
                    opened[name].asked += _asked(opened[name], number, texts)
                elif number <= _HEAD_ROWS and (found := recognised(setup, name, texts)):
                    opened[name] = found
    return list(opened.values()), [name for name in names if name not in opened]


def recognised(setup: Setup, name: str, texts: Sequence[str | None]) -> _Open | None:
    """The sheet a header row belongs to: the one most of whose columns it has, all required ones among them; its name decides a draw."""
    heads = {plain(text): place for place, text in reversed(list(enumerate(texts))) if text and plain(text)}
    best: tuple[tuple[int, int], _Open] | None = None
    for sheet in setup.sheets.values():
        places = {each.name: heads[word] for each in sheet.fields for word in _words(each) if word in heads}
        if not all(each.name in places for each in sheet.fields if each.required and not each.default):
            continue
        known = {word for each in sheet.fields for word in _words(each)}
        rank = (int(plain(sheet.title) == plain(name)), len(places))
        if best is None or rank > best[0]:
            best = (rank, _Open(name, sheet, places, tuple(str(texts[at]) for word, at in heads.items() if word not in known)))
    return best[1] if best is not None else None


def _words(field: Field) -> Iterator[str]:
    return map(plain, (field.title, *field.aliases))


def plain(text: str) -> str:
    """A text without blanks, line breaks, stars of required columns; full-width characters as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("*:")


def _asked(opened: _Open, number: int, texts: Sequence[str | None]) -> Iterator[Asked]:
    values = {}
    for each in opened.sheet.fields:
        place = opened.places.get(each.name)
        text = (texts[place] or "").strip() if place is not None and place < len(texts) else ""
        if place is not None:
            values[each.name] = (
                MANY.join(part for part in text.translate(_SEPARATORS).split(MANY) if part) if each.several or each.many else text
            )
    if any(values.values()):
        yield Asked(opened.sheet.key, values, f"{opened.name} 第 {number} 行")


def _bad_days(setup: Setup, asked: Asked) -> Iterator[tuple[str, str]]:
    for each in setup.sheets[asked.sheet].fields:
        if each.kind == "day" and asked.values.get(each.name):
            healed = heal_date(asked.values[each.name])
            if healed.value is None:
                yield each.name, f"不能识别（{healed.why}）"


def _with_days(setup: Setup, asked: Asked) -> Asked:
    days = {
        each.name: (heal_date(asked.values[each.name]).value or "")[:10]
        for each in setup.sheets[asked.sheet].fields if each.kind == "day" and asked.values.get(each.name)
    }  # fmt: skip
    return Asked(asked.sheet, {**asked.values, **days}, asked.where)
