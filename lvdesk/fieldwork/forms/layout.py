"""Fills a form: the contents' words into the places that the shapes gave."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from lvdesk.fieldwork.forms.definition import FIELD, Cell, Form
from lvdesk.fieldwork.forms.frame import page_size
from lvdesk.fieldwork.forms.grid import Rect, blocks
from lvdesk.fieldwork.forms.head import foot, head
from lvdesk.fieldwork.forms.model import Content, Face
from lvdesk.fieldwork.forms.parts import LABEL, Part, parts
from lvdesk.fieldwork.forms.seating import Seated, seated
from lvdesk.kit.page import Code, Comb, Line, Page, Primitive, Rectangle, TextBox, TickBox

LEAST_MODULE: Final = 0.33
"""Narrowest bar of a Code128 that hand-held readers take."""
_GROUND: Final = "#EDF0F0"
_BORDER, _OUTLINE = 0.18, 0.45
_DIGITS: Final = 4.4
_HIGHEST_BARS: Final = 14.0


def lay_out(form: Form, face: Face, shapes: tuple[str, ...], contents: Sequence[Content]) -> Page:
    """A sheet with its contents, one for each shape.

    Raises:
        KnownError: ``form.code`` when the shapes do not fit a page.
    """
    items: list[Primitive] = list(head(form, face, shapes))
    for block, content in zip(blocks(form, shapes), contents, strict=True):
        sheet = _Block(content, seated(content.slots, block.shape))
        placed = [part for cell in block.cells for part in parts(cell)]
        for layer in (True, False):  # grounds and borders lie under words
            items += [item for part in placed if (part.kind == "border") is layer for item in _DRAWN[part.kind](part, sheet)]
        items.append(Rectangle(*block.rect, _OUTLINE))
    items += foot(form, face)
    return Page(*page_size(form), tuple(items), f"{form.key} {face.sheet_no}".strip())


class _Block:
    """The content of one block."""

    def __init__(self, content: Content, meters: Seated) -> None:
        self.content, self.meters = content, meters

    def values(self, part: Part) -> Mapping[str, str]:
        """The values a part speaks of: those of its line, else of the block."""
        return self.content.values if part.line is None else self.content.rows[part.line]

    def filled(self, part: Part) -> str:
        """The text of a cell with its fields filled in; its word for nothing when none of them has a value."""
        values, text = self.values(part), part.cell.text
        names = FIELD.findall(text)
        if names and part.cell.empty and not any(values.get(name) for name in names):
            return part.cell.empty
        return FIELD.sub(lambda match: values.get(match[1], ""), text)


def _border(part: Part, _: _Block) -> Iterator[Primitive]:
    yield Rectangle(*part.rect, _BORDER, _GROUND if part.cell.fill else "")


def _picture(part: Part, _: _Block) -> Iterator[Primitive]:
    yield Rectangle(*part.rect, _OUTLINE)


def _words(part: Part, _: _Block) -> Iterator[Primitive]:
    size = LABEL if part.words == part.cell.label else part.cell.size
    yield TextBox(*part.rect, part.words, size, 5)


def _heading(part: Part, _: _Block) -> Iterator[Primitive]:
    yield Rectangle(*part.rect, _BORDER, _GROUND)
    yield TextBox(*part.rect.inset(0.5, 0.2), part.words, 8.5, 5, 2, bold=True, align="center")


def _value(part: Part, block: _Block) -> Iterator[Primitive]:
    text = block.filled(part)
    if text:
        yield _text(part.cell, part.rect, text)


def _text(cell: Cell, rect: Rect, text: str) -> TextBox:
    return TextBox(*rect, text, cell.size, cell.least, cell.lines, cell.bold, cell.mono, cell.align, cell.rise)


def _code(part: Part, block: _Block) -> Iterator[Primitive]:
    values, cell = block.values(part), part.cell
    option = next((option for option in cell.options if values.get(option.key)), None)
    if option is None:
        yield TextBox(*part.rect, cell.empty, cell.size, cell.least, 3, align="center")
        return
    text = values[option.key]
    spare = max(0.6, (part.rect.height - _HIGHEST_BARS - _DIGITS) / 2)
    place = part.rect.inset(0, spare)
    bars = place.inset(0, bottom=_DIGITS)
    if text.isascii() and bars.width / code128_modules(text) >= LEAST_MODULE:
        yield Code(*bars, "code128", text)
        digits = place.inset(0, place.height - _DIGITS, bottom=0)
    else:
        digits = part.rect
    yield TextBox(*digits, f"{option.label}{text}", 10.5, 6, mono=True, align="center")


def code128_modules(text: str) -> int:
    """Most modules a Code128 of the text takes, quiet zones included."""
    symbols = -(-len(text) // 2) + len(text) % 2 if text.isdigit() else len(text) + 2
    return (symbols + 2) * 11 + 13 + 20


def _digits(part: Part, block: _Block) -> Iterator[Primitive]:
    """The end of a meter's number; of a slot without one what is said of it instead."""
    slot = block.meters.seats.get(part.slot) if part.slot else block.meters.loose[part.loose or 0]
    number = (slot.meter_no or slot.bar_code)[-6:] if slot else ""
    if number:
        yield TextBox(*part.rect, number, 10.5, 6, bold=True, mono=True)
    elif slot and slot.customer_name:
        yield TextBox(*part.rect, slot.customer_name, 8.5, 5, 2, align="center")


def _seat(part: Part, block: _Block) -> Iterator[Primitive]:
    """Row and column of a slot; of a loose meter those it is said to have."""
    text = part.words
    if part.loose is not None:
        slot = block.meters.loose[part.loose]
        text = f"{slot.row or '?'}-{slot.column or '?'}" if slot.row or slot.column else "?"
    yield TextBox(*part.rect, text, 6.5, 5, colour="#444444")


def _tick(part: Part, _: _Block) -> Iterator[Primitive]:
    yield TickBox(part.rect.x, part.rect.y, part.rect.width, part.spot.name if part.spot else "")


def _comb(part: Part, block: _Block) -> Iterator[Primitive]:
    if part.spot:
        text = "" if part.slot or part.loose is not None else block.filled(part)
        yield Comb(*part.rect, part.spot.count, part.spot.name, text)


def _cell(part: Part, block: _Block) -> Iterator[Primitive]:
    """Room to write; what is already known stands in it."""
    yield from _value(part, block)


def _sign(part: Part, _: _Block) -> Iterator[Primitive]:
    x, y, width, height = part.rect
    yield Line(x, y + height - 0.8, x + width, y + height - 0.8, 0.25)


def _sketch(part: Part, block: _Block) -> Iterator[Primitive]:
    from lvdesk.fieldwork.forms.sketch import sketch

    yield from sketch(*part.rect, block.content.places)


_DRAWN: Final[dict[str, Callable[[Part, _Block], Iterator[Primitive]]]] = {
    "border": _border,
    "picture": _picture,
    "words": _words,
    "heading": _heading,
    "value": _value,
    "code": _code,
    "digits": _digits,
    "seat": _seat,
    "tick": _tick,
    "comb": _comb,
    "cell": _cell,
    "sign": _sign,
    "sketch": _sketch,
}
