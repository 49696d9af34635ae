"""What the QR of a sheet says: whose it is, which sheet, which form in which version, how its blocks are sized; with a check."""

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.shapes import Shape, damaged
from lvdesk.kit.errors import KnownError

MARK: Final = "LV1"
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHECK_LENGTH: Final = 7
_STATION: Final = re.compile(r"[0-9A-Z]{1,12}")
_SHEET: Final = re.compile(r"[0-9A-Z-]{1,24}")
_FORM: Final = re.compile(r"([A-Z])([1-9]\d{0,3})")
_PAGES: Final = re.compile(r"([1-9]\d{0,4})\.([1-9]\d{0,4})")
_RUN: Final = re.compile(r"(?:([1-9]\d?)\*)?([^*]+)")


@dataclass(frozen=True)
class Payload:
    """The contents of a sheet's QR; ``shapes`` are those of its blocks, from top to bottom."""

    station: str
    sheet_no: str
    form_code: str
    form_version: int
    page: int
    pages: int
    shapes: tuple[str, ...]


def encode(payload: Payload) -> str:
    """The text of the QR, in its alphanumeric letters only, with a check at the end.

    Raises:
        ValueError: when a part of it is not made of such letters.
    """
    form, pages = f"{payload.form_code}{payload.form_version}", f"{payload.page}.{payload.pages}"
    parts = ((_STATION, payload.station), (_SHEET, payload.sheet_no), (_FORM, form), (_PAGES, pages))
    for pattern, part in parts:
        if not pattern.fullmatch(part):
            raise ValueError(f"not fit for a sheet's code: {part!r}")
    body = ":".join((MARK, *(part for _, part in parts), _runs(payload.shapes)))
    return f"{body}:{_check(body)}"


def decode(text: str) -> Payload:
    """What a QR says.

    Raises:
        KnownError: ``form.code`` when it is damaged or none of ours.
    """
    body, _, check = text.rpartition(":")
    parts = body.split(":")
    if len(parts) != 6 or parts[0] != MARK or check != _check(body):
        raise damaged()
    _, station, sheet_no, form, pages, runs = parts
    form_match, pages_match = _FORM.fullmatch(form), _PAGES.fullmatch(pages)
    if not (form_match and pages_match and _STATION.fullmatch(station) and _SHEET.fullmatch(sheet_no)):
        raise damaged()
    shapes = tuple(_unrolled(runs))
    return Payload(station, sheet_no, form_match[1], int(form_match[2]), int(pages_match[1]), int(pages_match[2]), shapes)


def form_of(forms: Mapping[str, Form], payload: Payload) -> Form:
    """The form a sheet was printed from.

    Raises:
        KnownError: ``form.unknown`` when the program has none of this letter, ``form.version`` when its places were others then.
    """
    form = next((form for form in forms.values() if form.code == payload.form_code), None)
    if form is None:
        hint = "请更新软件，或补上工作区 resources/forms 中缺少的表单"
        raise KnownError("form.unknown", f"表单 {payload.sheet_no} 的种类“{payload.form_code}”本软件没有", hint)
    if form.version != payload.form_version:
        text = f"表单 {payload.sheet_no} 按“{form.title}”第 {payload.form_version} 版打印，现用第 {form.version} 版，填写位置不同"
        raise KnownError("form.version", text, "请按表单编号手工录入，或换新表单重新打印")
    return form


def _runs(shapes: Iterable[str]) -> str:
    runs = [(len(list(group)), shape) for shape, group in groupby(shapes)]
    return "$".join(shape if count == 1 else f"{count}*{shape}" for count, shape in runs)


def _unrolled(runs: str) -> Iterable[str]:
    for run in runs.split("$") if runs else ():
        match = _RUN.fullmatch(run)
        if not match:
            raise damaged()
        yield from [str(Shape.parse(match[2]))] * int(match[1] or 1)


def _check(body: str) -> str:
    """A CRC of 32 bits in base 36: no change within four letters next to each other stays unnoticed."""
    number, letters = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK_LENGTH):
        number, digit = divmod(number, 36)
        letters = _DIGITS[digit] + letters
    return letters
