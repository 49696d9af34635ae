"""Reads the forms of the rule book and refuses those that could not be printed or read back."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lvdesk.fieldwork.forms.checking import problems_of
from lvdesk.fieldwork.forms.definition import Cell, Form, Option, Row, Signature
from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import family
from lvdesk.templates.codes import load_codes
from lvdesk.templates.definition import load_templates
from lvdesk.templates.dictionary import load_dictionary

_HINT = "请改正工作区 resources/forms 中的文件，或移走它改用软件自带的表单"


def load_forms(overrides: Path | None = None) -> dict[str, Form]:
    """All forms by key, in the order of the pile of sheets; files of the workspace replace ours by key.

    Raises:
        KnownError: ``rules.unreadable`` with what the person who wrote the form has to put right.
    """
    found = family("forms", overrides)
    forms = {key: _form(key, table) for key, table in found.items()}
    dictionary, codes = load_dictionary(overrides), load_codes(overrides)
    notes = {column.field for template in load_templates(overrides).values() for column in template.columns if column.is_note}
    letters: dict[str, str] = {}
    for key, form in forms.items():
        problems = problems_of(form, lambda name: name in notes or dictionary.find(name) is not None, codes)
        if letters.setdefault(form.code, key) != key:
            problems.append(f"代号 {form.code} 已被 {letters[form.code]} 使用")
        if problems:
            raise KnownError("rules.unreadable", f"表单 {key} 有误：{'；'.join(problems)}", _HINT)
    return dict(sorted(forms.items(), key=lambda pair: (pair[1].order, pair[0])))


def _form(key: str, table: Mapping[str, Any]) -> Form:
    try:
        plain = {name: _frozen(value) for name, value in table.items() if name not in {"key", "rows", "signatures"}}
        rows = tuple(_row(row) for row in table["rows"])
        signatures = tuple(Signature(**row) for row in table.get("signatures", ()))
        return Form(key=key, rows=rows, signatures=signatures, **plain)
    except (KeyError, TypeError, AttributeError) as error:
        raise KnownError("rules.unreadable", f"表单 {key} 格式不对：{error}", _HINT) from error


def _row(table: Mapping[str, Any]) -> Row:
    plain = {name: _frozen(value) for name, value in table.items() if name != "cells"}
    return Row(cells=tuple(_cell(cell) for cell in table["cells"]), **plain)


def _cell(table: Mapping[str, Any]) -> Cell:
    nested = {"options", "columns", "rows"}
    plain = {name: _frozen(value) for name, value in table.items() if name not in nested}
    return Cell(
        **plain,
        options=tuple(Option(**option) for option in table.get("options", ())),
        columns=tuple(_cell(column) for column in table.get("columns", ())),
        rows=tuple(_row(row) for row in table.get("rows", ())),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
