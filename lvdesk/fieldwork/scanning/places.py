"""What is looked for on a flat sheet: the places people write on, and the printed lines that show where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.grid import Rect, blocks
from lvdesk.fieldwork.forms.model import Spot
from lvdesk.fieldwork.forms.parts import parts

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
    found = []
    for block in blocks(form, shapes):
        for cell in block.cells:
            for part in parts(cell):
                if part.spot and part.spot.kind != "signature":
                    text = part.cell.text if part.spot.kind == "comb" and part.kind == "comb" and part.cell.kind == "comb" else ""
                    chosen = part.spot.name.rpartition(".")[2] if part.spot.kind == "tick" else ""
                    option = next((option.label for option in part.cell.options if option.key == chosen), "")
                    found.append(Place(part.spot, text, part.cell.label, option))
    return tuple(found)


def outlines(form: Form, shapes: Sequence[str]) -> tuple[Outline, ...]:
    """All printed rectangles of a sheet."""
    found = [part for block in blocks(form, shapes) for cell in block.cells for part in parts(cell) if part.kind in _LINES]
    return tuple(Outline(part.rect, _LINES[part.kind], part.spot.count if part.spot else 1) for part in found if min(part.rect[2:]) > 0)
