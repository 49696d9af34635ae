"""Head and foot of a sheet, and the four squares by which a photograph of it is laid flat."""

from collections.abc import Iterator
from typing import Final

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.frame import CORNER_SIZE, FOOT, corners, page_size
from lvdesk.fieldwork.forms.measure import words_width
from lvdesk.fieldwork.forms.model import Face, Spot
from lvdesk.fieldwork.forms.payload import Payload, encode
from lvdesk.kit.page import Code, Line, Primitive, Rectangle, TextBox

QR_SIZE: Final = 23.0
_SIDE: Final = 14.0
_CODE_WIDTH: Final = 80.0
_LABEL: Final = 9.0
_NARROW: Final = 40.0
_ABOUT: Final = 9.5
_BETWEEN: Final = "　　"


def head(form: Form, face: Face, shapes: tuple[str, ...]) -> Iterator[Primitive]:
    """Corner squares, title, number of the sheet in words, bars and QR, what it is about."""
    for x, y in corners(form):
        yield Rectangle(x - CORNER_SIZE / 2, y - CORNER_SIZE / 2, CORNER_SIZE, CORNER_SIZE, 0, "#000000")
    width, _ = page_size(form)
    left, right = _SIDE + _CODE_WIDTH + 2, width - _SIDE - QR_SIZE - 2
    half = min(width / 2 - left, right - width / 2)
    # the title stands in the middle of the paper, on a narrow one in the middle of the room beside the codes
    x, wide = (width / 2 - half, 2 * half) if half > _NARROW else (left, right - left)
    yield TextBox(x, 6.4, wide, 9.2, form.title, 18, 10, bold=True, align="center")
    for number, text in enumerate(about_lines(face, right - left)):
        yield TextBox(left, 16.6 + 5.6 * number, right - left, 5.2, text, _ABOUT, 5, align="center")
    if face.sheet_no:
        yield Code(_SIDE, 6.2, _CODE_WIDTH, 11.0, "code128", face.sheet_no)
        yield TextBox(_SIDE, 17.4, _CODE_WIDTH, 4.6, f"表单编号 {face.sheet_no}", 10.5, 7, mono=True, align="center")
        payload = Payload(face.station, face.sheet_no, form.code, form.version, max(face.page, 1), max(face.pages, 1), shapes)
        yield Code(width - _SIDE - QR_SIZE, 5.2, QR_SIZE, QR_SIZE, "qr", encode(payload))
    if face.package_no:
        yield TextBox(_SIDE, 22.2, _CODE_WIDTH, 4.4, f"任务包 {face.package_no}", 8.5, 6, align="center")


def about_lines(face: Face, width: float) -> list[str]:
    """What the sheet is about in one line, or in two of about the same length."""
    entries = [f"{label}：{text}" for label, text in face.about.items() if text]
    whole = _BETWEEN.join(entries)
    if not entries or words_width(whole, _ABOUT) <= width:
        return ["", whole] if whole else []
    splits = [(_BETWEEN.join(entries[:cut]), _BETWEEN.join(entries[cut:])) for cut in range(1, len(entries) + 1)]
    return list(min(splits, key=lambda pair: max(words_width(text, _ABOUT) for text in pair)))


def foot(form: Form, face: Face) -> Iterator[Primitive]:
    """How to fill it in, signatures, who printed it when and what for, page n of m."""
    width, height = page_size(form)
    places = foot_spots(form)
    end = places[0].x - _label_width(form.signatures[0].label) if places else width - _SIDE
    yield TextBox(_SIDE, height - FOOT + 1.0, end - _SIDE - 3, 7.6, form.instruction, 8.5, 5.5, 2)
    for signature, spot in zip(form.signatures, places, strict=True):
        label = _label_width(signature.label)
        yield TextBox(spot.x - label, spot.y, label - 0.6, spot.height, f"{signature.label}：", _LABEL, 6, align="right")
        yield Line(spot.x, spot.y + spot.height, spot.x + spot.width, spot.y + spot.height, 0.25)
    y, third = height - 10.4, (width - 2 * _SIDE) / 3
    said = [part for part in (face.printed_by, face.printed_at) if part]
    printed = "打印：" + " ".join(said) if said else ""
    yield TextBox(_SIDE, y, third + 12, 4.6, _BETWEEN.join(filter(None, (printed, face.purpose and f"用途：{face.purpose}"))), 8, 5)
    if face.page:
        yield TextBox(width / 2 - 20, y, 40, 4.6, f"第 {face.page} 页 共 {face.pages} 页", 9.5, 6, align="center")
    edition = f"{form.title} {form.code}{form.version}"
    yield TextBox(width - _SIDE - third + 12, y, third - 12, 4.6, edition, 8, 5, align="right")


def foot_spots(form: Form) -> tuple[Spot, ...]:
    """Where to sign and date the sheet."""
    width, height = page_size(form)
    x = width - _SIDE
    found = []
    for signature in reversed(form.signatures):
        x -= signature.width
        found.append(Spot(f"sheet.{signature.key}", "signature", -1, x, height - FOOT + 0.8, signature.width, 7.4))
        x -= _label_width(signature.label) + 1.6
    return tuple(reversed(found))


def _label_width(label: str) -> float:
    return words_width(f"{label}：", _LABEL)
