"""What is looked for on a flat sheet: the places people write on, and the printed lines that show where it lies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.grid import Rect, blocks
from lvdesk.fieldwork.forms.model import Spot
from lvdesk.fieldwork.forms.parts import Part, parts

_LINES = {"border": 0.2, "picture": 0.5, "tick": 0.35, "comb": 0.25}


@dataclass(frozen=True)
class Place:
    """A spot with what is printed in it already, and the words beside it: of the cell, of the option to tick."""

    spot: Spot
    printed: str
    label: str
    option: str = ""

    @property
    def group(self) -> str:
        """The same on every sheet of a form: the name without block, slot and line."""
        return ".".join(part for part in self.spot.name.split(".") if not part.isdigit())

    @property
    def rect(self) -> Rect:
        """Where it lies."""
        return Rect(self.spot.x, self.spot.y, self.spot.width, self.spot.height)


@dataclass(frozen=True)
class Outline:
    """A printed rectangle; ``count`` cells in a row within it."""

    rect: Rect
    line: float
    count: int = 1


def places(form: Form, shapes: Sequence[str]) -> tuple[Place, ...]:
    """All places of a sheet but signatures.

    Raises:
        KnownError: ``form.code`` when no page can hold them.
    """
    return tuple(place for block in blocks(form, shapes) for cell in block.cells for place in _within(list(parts(cell))))


def _within(found: Sequence[Part]) -> Iterator[Place]:
    """The places of one cell; those of a table are called as its headings are."""
    headings = {part.cell.name: part.words for part in found if part.kind == "heading"}
    for part in found:
        spot, cell = part.spot, part.cell
        if spot is None or spot.kind == "signature":
            continue
        printed = cell.text if spot.kind == "comb" and cell.kind == "comb" else ""
        chosen = spot.name.rpartition(".")[2] if spot.kind == "tick" else ""
        option = next((option.label for option in cell.options if option.key == chosen), "")
        yield Place(spot, printed, cell.label or headings.get(cell.name, ""), option)


def outlines(form: Form, shapes: Sequence[str]) -> tuple[Outline, ...]:
    """All printed rectangles of a sheet."""
    found = [part for block in blocks(form, shapes) for cell in block.cells for part in parts(cell) if part.kind in _LINES]
    return tuple(Outline(part.rect, _LINES[part.kind], part.spot.count if part.spot else 1) for part in found if min(part.rect[2:]) > 0)
