"""Barcodes of assets in a photo: quickly as it is, then with patience where nothing was found."""

import re
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image

from lvdesk.kit.checkdigit import gs1_is_valid
from lvdesk.tabular.pulse import pulse

_BARS: Final = zxingcpp.BarcodeFormats(zxingcpp.Code128)
_LONGEST: Final = 2000
_TURNS: Final = (12, -12, 24, -24, 36, -36, 45)
_BESIDE: Final = 6
"""Degrees. Labels are four to five times as wide as high: a line crosses all bars up to about ten degrees off, some a little earlier."""
_NUMBER: Final = re.compile(r"^[0-9A-Z]{8,24}$")
_WHOLE: Final = 22


def codes_of(picture: Image.Image) -> tuple[str, ...]:
    """What may be numbers of assets, in the order found.

    Args:
        picture: grey.
    """
    small = _fitted(picture)
    found = dict.fromkeys([*_read(small), *_read(_larger(picture, small))])
    tilt = 0
    for turn in _TURNS:
        if any(map(_is_sound, found)):
            break
        found.update(dict.fromkeys(_read(_turned(small, turn))))
        tilt = turn
    if any(map(_is_sound, found)):
        for turn in (tilt - _BESIDE, tilt + _BESIDE):
            found.update(dict.fromkeys(_read(_turned(small, turn))))
    return tuple(found)


def _is_sound(code: str) -> bool:
    return len(code) == _WHOLE and gs1_is_valid(code)


def _larger(picture: Image.Image, small: Image.Image) -> Image.Image:
    """The whole picture for distant labels; one that a messenger made small is enlarged."""
    if picture is not small:
        return picture
    return picture.resize((picture.width * 3 // 2, picture.height * 3 // 2), Image.Resampling.BICUBIC)


def _turned(picture: Image.Image, degrees: int) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=160)


def _fitted(picture: Image.Image) -> Image.Image:
    scale = _LONGEST / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX)


def _read(view: Image.Image) -> list[str]:
    pulse()
    seen = zxingcpp.read_barcodes(np.ascontiguousarray(view), formats=_BARS, try_invert=False)
    return [text for text in (each.text.strip().upper() for each in seen) if _NUMBER.match(text)]
