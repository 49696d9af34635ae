"""Which template a sheet follows, where its header is, which column holds which field."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lvdesk.kit.errors import RefusedError
from lvdesk.ledger.model import ColumnMatch, SheetChoice
from lvdesk.tabular.workbook import SheetInfo
from lvdesk.templates.codes import CodeList, load_codes
from lvdesk.templates.definition import LEDGERS, Template, load_checked
from lvdesk.templates.dictionary import Dictionary, load_dictionary
from lvdesk.templates.matching import Remembered, TableMatch, explain_no_match, is_header_like, match_headers, match_table

Cells = Sequence[Sequence[str | None]]
_PADDED = 1_000


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
    first_data_row: int
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
    remembered: dict[str, Remembered]

    @classmethod
    def load(cls, overrides: Path, remembered: dict[str, Remembered], folder: str = LEDGERS) -> "RuleBook":
        """The rule book with one folder of templates, the workspace's own files first; read once for all files of an import."""
        own = tuple(sorted((str(path), path.stat().st_mtime_ns) for path in overrides.rglob("*.toml")))
        return cls(*_rules(overrides if own else None, own, folder), remembered)

    def is_header(self, cells: Sequence[str | None]) -> bool:
        """Whether the cells are the header line of some template, beyond merely looking like one."""
        return is_header_like(cells) and bool(match_table([list(cells)], self.templates, self.dictionary))

    def title(self, name: str) -> str:
        """The Chinese name of a field."""
        entity, _, field = name.partition(".")
        return field if entity == "note" else self.dictionary.field(entity, field).title


@lru_cache(maxsize=2)
def _rules(
    overrides: Path | None, _own: tuple[tuple[str, int], ...], folder: str
) -> tuple[dict[str, Template], Dictionary, dict[str, CodeList]]:
    dictionary = load_dictionary(overrides)
    return load_checked(overrides, dictionary, folder), dictionary, load_codes(overrides)


def recognise(
    rows: Cells, first_row: int, book: RuleBook, sheet: SheetInfo, choice: SheetChoice | None
) -> tuple[Table | None, tuple[str, ...]]:
    """The first table in ``rows`` and what a person should know about it; None with reasons when no template fits."""
    notes = _sheet_notes(sheet)
    if 1 < first_row <= _PADDED:  # matching counts rows and merges from the top of the sheet
        rows, first_row = [*([[]] * (first_row - 1)), *rows], 1
    match = _chosen(rows, first_row, book, sheet, choice) if choice is not None else _recognised(rows, book.templates, book, sheet)
    if match is None:
        return None, (*notes, explain_no_match(rows, book.templates).message)
    mapping = {index + 1: name for index, name in match.mapping.items()}
    if choice is not None and choice.mapping is not None:
        mapping = {index: name for index, name in choice.mapping.items() if name}
    return _table(match, mapping, rows, first_row, book), notes


def _recognised(rows: Cells, templates: dict[str, Template], book: RuleBook, sheet: SheetInfo) -> TableMatch | None:
    found = match_table(rows, templates, book.dictionary, sheet.merges, book.remembered, sheet=sheet.name)
    return found[0] if found else None


def _chosen(rows: Cells, first_row: int, book: RuleBook, sheet: SheetInfo, choice: SheetChoice) -> TableMatch | None:
    """What a person decided wins; the rest is recognised."""
    if choice.template is not None and choice.template not in book.templates:
        raise RefusedError("import.template", f"没有模板“{choice.template}”", f"可用的有：{'、'.join(book.templates)}")
    templates = {choice.template: book.templates[choice.template]} if choice.template else book.templates
    if choice.header_row is None:
        match = _recognised(rows, templates, book, sheet)
        return match or _forced(rows, explain_no_match(rows, templates).header_row, choice.template, book)
    at = choice.header_row - first_row
    if not 0 <= at < len(rows):
        raise RefusedError(
            "import.header_row",
            f"第 {choice.header_row} 行不在表头可能的范围内",
            f"请在第 {first_row} 至 {first_row + len(rows) - 1} 行中选择",
        )
    guessed = choice.template or explain_no_match(rows[at : at + 1], templates).template_key
    return _forced(rows, at, guessed, book)


def _forced(rows: Cells, at: int | None, template: str | None, book: RuleBook) -> TableMatch | None:
    if at is None or not template:
        return None
    match = match_headers(rows[at], book.templates[template])
    return replace(match, header_rows=(at,), first_data_row=at + 1)


def _table(match: TableMatch, mapping: dict[int, str], rows: Cells, first_row: int, book: RuleBook) -> Table:
    template = book.templates[match.template_key]
    last = rows[match.header_rows[-1]]
    headers = dict(match.headers)
    columns = tuple(_column(match, n, headers.get(n, ""), mapping.get(n + 1, ""), book) for n in range(len(last)))
    used = tuple(UsedColumn(f"c{c.index}", c.index, c.letter, c.header, c.field) for c in columns if c.field)
    return Table(
        template=match.template_key,
        score=match.score,
        header_rows=tuple(first_row + n for n in match.header_rows),
        first_data_row=first_row + match.first_data_row,
        fingerprint=match.fingerprint,
        columns=columns,
        used=used,
        header={column.name: str(last[column.index - 1] or "") for column in used},
        keys=tuple(column.name for column in used if column.field in template.row_key) or tuple(column.name for column in used),
        row_key=template.row_key,
    )


def _column(match: TableMatch, index: int, header: str, field: str, book: RuleBook) -> ColumnMatch:
    how = match.how.get(index, "") if field == match.mapping.get(index, "") else "chosen"
    title = book.title(field) if field else ""
    return ColumnMatch(index + 1, letter(index + 1), header, field, title, how, match.quality.get(index, 0.0))


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
    """What Excel shows for a 1-based column number."""
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
