"""Which template a sheet follows, where its header is, which column holds which field."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lvdesk.ledger.model import ColumnMatch, SheetChoice
from lvdesk.tabular.workbook import SheetInfo
from lvdesk.templates.codes import CodeList, load_codes
from lvdesk.templates.definition import Template, load_templates
from lvdesk.templates.dictionary import Dictionary, load_dictionary
from lvdesk.templates.matching import TableMatch, fingerprint, is_header_like, match_header, match_table, nearest

Cells = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class UsedColumn:
    """A spreadsheet column in use: frame column ("c3"), number, letter, header text, field."""

    name: str
    index: int
    letter: str
    header: str
    field: str


@dataclass(frozen=True)
class Table:
    """One recognised table. Row numbers are the file's own, 1-based; ``header`` maps frame column -> header text."""

    template: str
    score: float
    header_rows: tuple[int, ...]
    fingerprint: str
    columns: tuple[ColumnMatch, ...]
    used: tuple[UsedColumn, ...]
    header: dict[str, str]
    keys: tuple[str, ...]
    row_key: tuple[str, ...]


@dataclass(frozen=True)
class RuleBook:
    """Templates, dictionary, codes and remembered headers, as the reading process needs them."""

    templates: dict[str, Template]
    dictionary: Dictionary
    codes: dict[str, CodeList]
    remembered: dict[str, tuple[str, dict[int, str]]]

    @classmethod
    def load(cls, overrides: Path, remembered: dict[str, tuple[str, dict[int, str]]]) -> "RuleBook":
        """Reads the rule book, the workspace's own files first."""
        return cls(load_templates(overrides), load_dictionary(overrides), load_codes(overrides), remembered)

    def is_header(self, cells: Sequence[str | None]) -> bool:
        """Whether the cells look like the header line of some template."""
        return is_header_like(cells, self.templates, self.dictionary)

    def title(self, name: str) -> str:
        """The Chinese name of a field."""
        entity, _, field = name.partition(".")
        return field if entity == "note" else self.dictionary.field(entity, field).title


def recognise(
    rows: Cells, first_row: int, book: RuleBook, sheet: SheetInfo, choice: SheetChoice | None
) -> tuple[Table | None, tuple[str, ...]]:
    """The first table in ``rows`` and what a person should know about it; None with reasons when no template fits."""
    notes = _sheet_notes(sheet)
    match = _chosen(rows, first_row, book, choice) if choice is not None else None
    if match is None:
        found = match_table(rows, book.templates, book.dictionary, sheet_name=sheet.name, merges=sheet.merges, remembered=book.remembered)
        match = found[0] if found else None
    if match is None:
        return None, (*notes, nearest(rows, book.templates, book.dictionary))
    mapping = dict(choice.mapping) if choice is not None and choice.mapping is not None else {n + 1: f for n, f in match.mapping.items()}
    return _table(match, mapping, rows, first_row, book), notes


def _chosen(rows: Cells, first_row: int, book: RuleBook, choice: SheetChoice) -> TableMatch | None:
    if choice.template is None and choice.header_row is None:
        return None
    templates = {choice.template: book.templates[choice.template]} if choice.template else book.templates
    header = None if choice.header_row is None else choice.header_row - first_row
    return match_header(rows, header, templates, book.dictionary)


def _table(match: TableMatch, mapping: dict[int, str], rows: Cells, first_row: int, book: RuleBook) -> Table:
    template = book.templates[match.template_key]
    last = rows[match.header_rows[-1]]
    headers = [_header(rows, match.header_rows, column) for column in range(len(last))]
    columns = tuple(
        ColumnMatch(
            index=n + 1,
            letter=letter(n + 1),
            header=text,
            field=mapping.get(n + 1, ""),
            field_title=book.title(mapping[n + 1]) if n + 1 in mapping else "",
            how=match.how.get(n, "") if mapping.get(n + 1) == match.mapping.get(n) else "chosen",
            score=match.scores.get(n, 0.0),
        )
        for n, text in enumerate(headers)
    )
    used = tuple(UsedColumn(f"c{c.index}", c.index, c.letter, c.header, c.field) for c in columns if c.field)
    key_columns = tuple(column.name for column in used if column.field in template.row_key)
    return Table(
        template=match.template_key,
        score=match.score,
        header_rows=tuple(first_row + n for n in match.header_rows),
        fingerprint=fingerprint(headers),
        columns=columns,
        used=used,
        header={column.name: str(last[column.index - 1] or "") for column in used},
        keys=key_columns or tuple(column.name for column in used),
        row_key=template.row_key,
    )


def _header(rows: Cells, header_rows: Sequence[int], column: int) -> str:
    texts = [rows[n][column] for n in header_rows if column < len(rows[n])]
    return " / ".join(dict.fromkeys(text.strip() for text in texts if text and text.strip()))


def _sheet_notes(sheet: SheetInfo) -> tuple[str, ...]:
    notes = []
    if not sheet.visible:
        notes.append("隐藏的工作表，已一并读取")
    if sheet.hidden_rows:
        notes.append(f"有 {len(sheet.hidden_rows)} 个隐藏行，已一并读取")
    if sheet.hidden_columns:
        notes.append(f"隐藏列 {'、'.join(letter(n) for n in sheet.hidden_columns[:10])} 已一并读取")
    return tuple(notes)


def letter(index: int) -> str:
    """The letter(s) Excel shows for a 1-based column number."""
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
