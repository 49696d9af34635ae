"""Records as words for paper: values by their names, coordinates in full, nothing that a printer could stumble over."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lvdesk.network.browsing import shown
from lvdesk.templates.dictionary import Field
from lvdesk.workspace import Workspace

_COORDINATES: Final = {"longitude", "latitude"}
_BREAKS: Final = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_UNPRINTED: Final = {"Cc", "Cf", "Cs"}

Row = Mapping[str, Any]


def clean(text: str) -> str:
    """The text without control characters and marks that turn the direction of writing; breaks become blanks."""
    if text.isprintable():
        return text
    spaced = "".join(" " if sign in _BREAKS else sign for sign in text)
    return "".join(sign for sign in spaced if unicodedata.category(sign) not in _UNPRINTED).strip()


def as_text(value: object) -> str:
    """Any stored value as people read it, "" for none."""
    return clean(shown(value))


def field_text(ws: Workspace, field: Field, value: object) -> str:
    """A stored attribute as people read it: a code by its name, a coordinate with seven decimals."""
    if field.kind in _COORDINATES and isinstance(value, float | int):
        return f"{value:.7f}"
    text = as_text(value)
    codes = ws.codes.get(field.codes) if text and field.codes else None
    return clean(codes.name(text)) if codes is not None else text


def record_values(ws: Workspace, entity: str, row: Row | None) -> dict[str, str]:
    """``entity.attribute`` -> text for every attribute of the record; all of them "" where there is none."""
    fields = ws.dictionary.entities[entity].fields.values()
    return {field.key: field_text(ws, field, row[field.name]) if row else "" for field in fields}


def joined(words: Iterable[str], sign: str = "、") -> str:
    """The words that are there, once each."""
    return sign.join(dict.fromkeys(word for word in words if word))


def counted(number: int) -> str:
    """A count that is not worth a word when nothing is there."""
    return str(number) if number else ""
