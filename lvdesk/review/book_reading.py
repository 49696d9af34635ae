"""A filled review workbook as rows: read in the guarded process, whatever Excel or WPS made of order, sheets and columns."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.review.book_sheet import COLUMNS, DECISION, ITEM, PERSON, REASON, SEAL, VALUES, VERSION
from lvdesk.tabular.guard import Reader
from lvdesk.templates.dictionary import Dictionary, Field

_READ: Final = "lvdesk.tabular.reading:everything"
_HEAD_ROWS: Final = 20
_KNOWN_BY: Final = {DECISION, PERSON, ITEM, VERSION, SEAL}
"""A header row has these."""
_SIGNS: Final = "=＝:："
_BREAKS: Final = str.maketrans({"；": "\n", ";": "\n"})


@dataclass(frozen=True)
class BookRow:
    """One row that speaks of an item.

    Attributes:
        row: its number in the file; ``sheet`` the sheet's name.
        item: id, 0 when the row does not say one; ``version`` that was exported.
        cells: all texts by column, as they are.
    """

    row: int
    sheet: str
    item: int
    version: int
    cells: Mapping[str, str]

    @property
    def decision(self) -> str:
        """What was chosen, without blanks."""
        return plain(self.cells.get(DECISION, ""))

    @property
    def person(self) -> str:
        """Who is said to have decided."""
        return self.cells.get(PERSON, "").strip()

    @property
    def values(self) -> str:
        """What it shall be changed to."""
        return self.cells.get(VALUES, "").strip()

    @property
    def reason(self) -> str:
        """Why."""
        return self.cells.get(REASON, "").strip()


def rows_of(path: Path, progress: Progress) -> list[BookRow]:
    """All rows with an item or a decision, of every sheet that has the header, in the order of the file.

    Raises:
        KnownError: ``review.not_a_book`` without any such sheet, or ``file.…`` when it cannot be read.
    """
    progress.start(f"正在读取 {path.name}")
    heads: dict[str, dict[str, int]] = {}
    found: list[BookRow] = []
    with Reader() as reader:
        for message in reader.stream(_READ, (path,), progress):
            if not isinstance(message, tuple):
                continue
            name, piece = message
            for number, texts in enumerate(piece.frame.iter_rows(), piece.first_row):
                if name in heads:
                    cells = {title: texts[at] or "" for title, at in heads[name].items() if at < len(texts)}
                    found += _rows(number, name, cells)
                elif number <= _HEAD_ROWS and (head := _head(texts)):
                    heads[name] = head
            progress.step(piece.frame.height)
    if not heads:
        hint = "请选择从本程序导出、由同事填好的复核清单；隐藏的列不能删除"
        raise KnownError("review.not_a_book", f"{path.name} 里没有复核清单", hint)
    return found


def _head(texts: Iterable[str | None]) -> dict[str, int]:
    """Our columns by place; of two with one name the first. Empty when this is no header."""
    titles: dict[str, int] = {}
    for at, text in enumerate(texts):
        titles.setdefault(plain(text or ""), at)
    return {name: titles[name] for name in COLUMNS if name in titles} if titles.keys() >= _KNOWN_BY else {}


def _rows(number: int, sheet: str, cells: Mapping[str, str]) -> Iterator[BookRow]:
    row = BookRow(number, sheet, _number(cells[ITEM]), _number(cells.get(VERSION, "")), cells)
    if row.item or row.decision or row.values:
        yield row


def _number(text: str) -> int:
    """A whole number, also where a program made ``12.0`` of it; 0 for anything else."""
    whole = text.strip().removesuffix(".0")
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) <= 18 else 0


def plain(text: str) -> str:
    """A text without blanks, full-width characters as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def parsed(text: str, entity: str, dictionary: Dictionary) -> dict[str, str]:
    """What a cell such as ``用户名称=张三；用电地址=东村`` says: place (or the word itself where no field is called so) -> text.

    Raises:
        ValueError: with the part that is no ``字段=值``.
    """
    values: dict[str, str] = {}
    for part in filter(str.strip, text.translate(_BREAKS).splitlines()):
        at = next((at for at, character in enumerate(part) if character in _SIGNS), 0)
        name, value = plain(part[:at]), part[at + 1 :].strip()
        if not name:
            raise ValueError(part.strip())
        field = _field(name, entity, dictionary)
        if field is not None and field.reference:
            value = value.split()[0] if value else ""  # the list shows such numbers with a name behind them
        values[field.key if field is not None else name] = value
    return values


def _field(name: str, entity: str, dictionary: Dictionary) -> Field | None:
    """A field by name or title: of the thing itself, then of what belongs to an account."""
    owners = [entity, *(other for other in ("customer", "metering_point", "meter") if entity == "customer" and other != entity)]
    for owner in owners:
        for field in dictionary.entities[owner].fields.values():
            if name in {field.name, field.key, plain(field.title), plain(f"{dictionary.title(owner)}.{field.title}")}:
                return field
    return None
