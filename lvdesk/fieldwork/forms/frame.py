"""What is the same on every sheet: page, corner squares, head and foot, and the room between them for the blocks."""

from typing import Final

from lvdesk.fieldwork.forms.definition import Form

A4: Final = (297.0, 210.0)
CORNER_SIZE: Final = 5.0
CORNER_INSET: Final = 6.0
HEAD: Final = 28.6
"""Where the blocks begin."""
FOOT: Final = 19.0
"""Height of what stands under the blocks."""


def page_size(form: Form) -> tuple[float, float]:
    """Width and height of the paper."""
    return A4 if form.orientation == "landscape" else (A4[1], A4[0])


def corners(form: Form) -> tuple[tuple[float, float], ...]:
    """Centres of the four corner squares: upper left, upper right, lower left, lower right."""
    return _corners(*page_size(form))


def _corners(width: float, height: float) -> tuple[tuple[float, float], ...]:
    near = CORNER_INSET + CORNER_SIZE / 2
    return ((near, near), (width - near, near), (near, height - near), (width - near, height - near))


CORNERS: Final = _corners(*A4)
"""Centres of the four corner squares on a sheet that lies flat."""


def body(form: Form) -> tuple[float, float, float, float]:
    """The room for the blocks: left, top, width, height."""
    width, height = page_size(form)
    return form.margin, HEAD, width - 2 * form.margin, height - HEAD - FOOT
