"""The QR of a sheet in a picture: as it is, smaller, sharper, evened out, in parts; whatever finds it first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from lvdesk.fieldwork.forms.payload import MARK

Grey = NDArray[np.uint8]
_USUAL: Final = 2200
"""Dots of the longer side at which a QR on A4 is read with ease."""
_SMALL: Final = 1300
_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.QRCode)
_BARS: Final = zxingcpp.BarcodeFormats(zxingcpp.Code128)


@dataclass(frozen=True)
class FoundCode:
    """A QR: its text ("" when it is there but damaged) and its corners in dots, from its own upper left, clockwise."""

    text: str
    quad: tuple[tuple[float, float], ...]

    @property
    def ours(self) -> bool:
        """Whether it is one of our sheets."""
        return self.text.startswith(f"{MARK}:")


def find_code(grey: Grey, heard: Callable[[], None] = lambda: None, *, thorough: bool = True) -> FoundCode | None:
    """The sheet's QR; another QR, or a damaged one, only where none of ours is found.

    Args:
        grey: the picture.
        heard: called between attempts.
        thorough: False looks once at each of two sizes.
    """
    other: FoundCode | None = None
    for picture, shrunk, left, top in _attempts(grey, thorough=thorough):
        for code in _read(picture, errors=thorough):
            quad = tuple((x / shrunk + left, y / shrunk + top) for x, y in code.quad)
            found = FoundCode(code.text, quad)
            if found.ours:
                return found
            other = other if other and other.text else found
        heard()
    return other


def sheet_bars(grey: Grey) -> list[str]:
    """Texts of the bar codes in a picture: the sheet's number stands in one beside its QR."""
    return [each.text for each in zxingcpp.read_barcodes(_sized(grey, _USUAL)[0], formats=_BARS)]


def _attempts(grey: Grey, *, thorough: bool) -> Iterator[tuple[Any, float, float, float]]:
    usual, shrunk = _sized(grey, _USUAL)
    yield usual, shrunk, 0.0, 0.0
    small, less = _sized(grey, _SMALL)
    yield small, less, 0.0, 0.0
    if not thorough:
        return
    if shrunk < 1:
        yield grey, 1.0, 0.0, 0.0
    even = _even(usual)
    yield even, shrunk, 0.0, 0.0
    yield np.asarray(Image.fromarray(even).filter(ImageFilter.UnsharpMask(3, 200, 0))), shrunk, 0.0, 0.0
    yield ndimage.median_filter(even, 3), shrunk, 0.0, 0.0
    yield from _parts(grey)


def _parts(grey: Grey) -> Iterator[tuple[Any, float, float, float]]:
    """Overlapping parts, larger."""
    height, width = grey.shape
    high, wide = height // 2, width // 2
    for top in (0, height // 4, height - high):
        for left in (0, width // 4, width - wide):
            part = Image.fromarray(grey[top : top + high, left : left + wide])
            scale = min(2.0, 3000 / max(part.size))
            larger = part.resize((max(1, round(part.width * scale)), max(1, round(part.height * scale))), Image.Resampling.BICUBIC)
            yield np.asarray(larger.filter(ImageFilter.UnsharpMask(4, 150, 0))), scale, float(left), float(top)


def _read(picture: Any, *, errors: bool) -> Iterator[FoundCode]:
    for each in zxingcpp.read_barcodes(np.ascontiguousarray(picture), formats=_QR, return_errors=errors):
        place = each.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        yield FoundCode(each.text if each.valid else "", tuple((corner.x + 0.5, corner.y + 0.5) for corner in corners))


def _sized(grey: Grey, longest: int) -> tuple[Grey, float]:
    scale = min(1.0, longest / max(grey.shape))
    if scale == 1:
        return grey, 1.0
    height, width = grey.shape
    small = Image.fromarray(grey).resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BOX)
    return np.asarray(small), scale


def _even(grey: Grey) -> Grey:
    """Shadows taken away."""
    ground = ndimage.uniform_filter(ndimage.maximum_filter(grey, 9), 61).astype(np.float32)
    return np.asarray(np.clip(grey * (235 / np.maximum(ground, 1)), 0, 255), dtype=np.uint8)
