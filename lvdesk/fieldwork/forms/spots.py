"""Where people write on a sheet, computed again from its QR alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.frame import CORNERS, corners
from lvdesk.fieldwork.forms.grid import blocks
from lvdesk.fieldwork.forms.head import foot_spots
from lvdesk.fieldwork.forms.model import Spot
from lvdesk.fieldwork.forms.parts import parts
from lvdesk.fieldwork.forms.payload import Payload, form_of

__all__ = ["CORNERS", "corners", "spots", "spots_of"]


def spots(form: Form, shapes: Sequence[str]) -> tuple[Spot, ...]:
    """The tick boxes, writing cells and signatures of a sheet whose blocks have these shapes.

    Raises:
        KnownError: ``form.code`` when no page can hold them.
    """
    found = [part.spot for block in blocks(form, shapes) for cell in block.cells for part in parts(cell) if part.spot]
    return tuple(_rounded(spot) for spot in (*found, *foot_spots(form)))


def spots_of(forms: Mapping[str, Form], payload: Payload) -> tuple[Spot, ...]:
    """The places of the sheet a QR names.

    Raises:
        KnownError: ``form.unknown``, ``form.version`` when this program cannot tell them, ``form.code`` when no page can hold them.
    """
    return spots(form_of(forms, payload), payload.shapes)


def _rounded(spot: Spot) -> Spot:
    return replace(spot, x=round(spot.x, 3), y=round(spot.y, 3), width=round(spot.width, 3), height=round(spot.height, 3))
