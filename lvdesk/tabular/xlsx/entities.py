"""Entities and Excel's own escapes in texts of a workbook."""

import re

import polars as pl

_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ENTITY = re.compile(r"&(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|amp|lt|gt|quot|apos);")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def resolved(texts: pl.Series) -> pl.Series:
    """The texts with ``&amp;`` and ``_x000D_`` resolved; line ends become line feeds."""
    marked = (
        (texts.str.contains("&", literal=True) | texts.str.contains("_x", literal=True) | texts.str.contains("\r", literal=True))
        .fill_null(value=False)
        .arg_true()
    )
    if not len(marked):
        return texts
    return texts.scatter(marked, pl.Series([resolved_text(text) for text in texts.gather(marked)], dtype=pl.String))


def resolved_text(text: str) -> str:
    """One text with its entities and escapes resolved."""
    return _ESCAPE.sub(_escaped, _ENTITY.sub(_entity, text.replace("\r\n", "\n"))).replace("\r\n", "\n").replace("\r", "\n")


def _entity(match: re.Match[str]) -> str:
    name = match.group(1)
    if not name.startswith("#"):
        return _NAMED[name]
    number = int(name[1:].replace("X", "x").replace("x", "0x"), 0) if name[1] in "xX" else int(name[1:])
    return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def _escaped(match: re.Match[str]) -> str:
    number = int(match.group(1), 16)
    return match.group(0) if 0xD800 <= number <= 0xDFFF else chr(number)
