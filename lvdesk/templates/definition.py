"""A template: the columns of one kind of sheet, what they mean, what must be there, and what proves the kind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import family, single
from lvdesk.templates.dictionary import KINDS, Dictionary, Field

LEDGERS: Final = "templates"
"""Folder of what people import: ledgers and field results."""
ANSWERS: Final = "answers"
"""Folder of what other systems answer: receipts, feedback, their own lists. Only who expects an answer looks for one."""
EFFECTS: Final = ("accept", "evidence")
SYSTEMS: Final = ("marketing", "pms", "gis", "field")
NOTE: Final = "note"
LEAST_TRADE: Final = 2


@dataclass(frozen=True, eq=False)  # compared by identity: they are keys of caches in the inmost loops
class Column:
    """One column.

    Attributes:
        field: ``entity.attribute``, or ``note.…`` for what is only kept raw.
        header: the header word our own sheets carry.
        aliases: other headers for it; ``weak`` ones count only when no other column claims the header.
        required: must be filled in each row; ``unique``: no value twice in a sheet.
        distinctive: speaks for this template when several fit.
        extra: accepted in files, but not part of our own blank sheets and exports.
        kind: "" takes the dictionary's; ``codes`` likewise.
        split: sign that joins several values in one cell, "" for none.
        hint, example: for the header's comment and the instructions.
    """

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    distinctive: bool = False
    extra: bool = False
    kind: str = ""
    codes: str = ""
    split: str = ""
    hint: str = ""
    example: str = ""

    @property
    def entity(self) -> str:
        """The entity the column speaks about, ``note`` for none."""
        return self.field.partition(".")[0]

    @property
    def is_note(self) -> bool:
        """Whether the value is only kept raw."""
        return self.entity == NOTE

    def attribute(self, dictionary: Dictionary) -> Field:
        """Kind, code list and owner that hold for this column; a note column is described by itself."""
        found = dictionary.find(self.field)
        if found is None:
            return Field(NOTE, self.field.partition(".")[2], self.header, self.kind or "text", "", self.codes)
        if self.kind or self.codes:
            return replace(found, kind=self.kind or found.kind, codes=self.codes or found.codes)
        return found


@dataclass(frozen=True, eq=False)
class Template:
    """One kind of sheet.

    Attributes:
        entity: what it lists.
        system: where such sheets come from; chooses the code system.
        effect: ``accept`` changes the accepted state, ``evidence`` is kept beside it.
        row_key: any one of these fields, not empty, identifies a row; a row without is refused.
        needs: the sheet is of this kind only when one of these fields is among its columns; empty for no such demand.
        least: fewest recognised columns.
        trade: fewest headers that prove by themselves that the sheet is about low-voltage supply; an answer that somebody hands in as one
            needs none.
        sheet_names: usual names of the sheet; the first one is ours.
    """

    key: str
    title: str
    entity: str
    system: str
    effect: str
    row_key: tuple[str, ...]
    columns: tuple[Column, ...]
    needs: tuple[str, ...] = ()
    least: int = 3
    trade: int = LEAST_TRADE
    sheet_names: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def form(self) -> tuple[Column, ...]:
        """The columns of our own sheets, in order."""
        return tuple(column for column in self.columns if not column.extra)

    @property
    def headers(self) -> tuple[str, ...]:
        """The header words of our own sheets, in order."""
        return tuple(column.header for column in self.form)

    def column(self, field: str) -> Column | None:
        """The column of a field."""
        return next((column for column in self.columns if column.field == field), None)


def load_templates(overrides: Path | None = None, folder: str = LEDGERS) -> dict[str, Template]:
    """All templates of a folder by key, in the order people meet them; files of the workspace replace ours by key.

    Raises:
        KnownError: ``rules.unreadable`` when a template is damaged or names a field twice.
    """
    shared = single("headers.toml", overrides).get("fields", {})
    found = family(folder, overrides)
    order = sorted(found, key=lambda key: (found[key].get("order", 100), key))
    return {key: _template(key, found[key], shared) for key in order}


def load_checked(overrides: Path | None, dictionary: Dictionary, folder: str = LEDGERS) -> dict[str, Template]:
    """All templates of a folder, each checked against the dictionary.

    Raises:
        KnownError: ``rules.unreadable`` with what the person who wrote the template has to put right.
    """
    templates = load_templates(overrides, folder)
    for template in templates.values():
        problems = check_template(template, dictionary)
        if problems:
            text = f"模板 {template.key} 有误：{'；'.join(problems)}"
            raise KnownError("rules.unreadable", text, f"请改正工作区 resources/{folder} 中的文件")
    return templates


def check_template(template: Template, dictionary: Dictionary) -> list[str]:
    """What is wrong with a template, in words for the person who wrote it; empty when nothing is."""
    fields = {column.field for column in template.columns}
    problems = [f"字段 {name} 不在列中" for name in (*template.row_key, *template.needs) if name not in fields]
    problems += [
        f"字段 {column.field} 不在数据字典中" for column in template.columns if not column.is_note and dictionary.find(column.field) is None
    ]
    problems += [f"类型 {column.kind} 不存在" for column in template.columns if column.kind and column.kind not in KINDS]
    if template.effect not in EFFECTS or template.system not in SYSTEMS:
        problems.append("effect 或 system 的取值不对")
    if template.entity not in dictionary.entities:
        problems.append(f"实体 {template.entity} 不存在")
    return problems


def _template(key: str, table: Mapping[str, Any], shared: Mapping[str, list[str]]) -> Template:
    try:
        columns = tuple(_column(row, shared) for row in table["columns"])
        made = Template(
            key=key,
            title=table["title"],
            entity=table["entity"],
            system=table["system"],
            effect=table["effect"],
            row_key=tuple(table["row_key"]),
            columns=columns,
            needs=tuple(table.get("needs", ())),
            least=table.get("least", 3),
            trade=table.get("trade", LEAST_TRADE),
            sheet_names=tuple(table.get("sheet_names", ())),
            purpose=table.get("purpose", ""),
        )
    except (KeyError, TypeError) as error:
        raise KnownError("rules.unreadable", f"模板 {key} 格式不对：{error}") from error
    names = [column.field for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise KnownError("rules.unreadable", f"模板 {key} 中字段重复：{'、'.join(twice)}")
    return made


def _column(row: Mapping[str, Any], shared: Mapping[str, list[str]]) -> Column:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Column(**values, shared=tuple(shared.get(row["field"], ())))
