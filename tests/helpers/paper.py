"""Reads printed pages back: PDF into pictures, words, fonts, codes."""

import ctypes
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from pypdfium2 import raw


@dataclass(frozen=True)
class ReadCode:
    """A code as a reader found it: text, and the middle of it in millimetres."""

    text: str
    x: float
    y: float


def picture(path: Path, page: int = 0, dpi: int = 150) -> NDArray[np.uint8]:
    """A page in grey, as scanned at ``dpi``."""
    with pypdfium2.PdfDocument(path) as document:
        return np.array(document[page].render(scale=dpi / 72, grayscale=True).to_numpy()).squeeze()


def words(path: Path, page: int = 0) -> str:
    """The text layer of a page."""
    with pypdfium2.PdfDocument(path) as document:
        return str(document[page].get_textpage().get_text_range())


def codes(image: NDArray[np.uint8], kind: str, dpi: int = 150) -> list[ReadCode]:
    """All codes of one kind (qr, code128) on a picture."""
    wanted = zxingcpp.QRCode if kind == "qr" else zxingcpp.Code128
    found = []
    for each in zxingcpp.read_barcodes(image, formats=wanted):
        corners = (each.position.top_left, each.position.top_right, each.position.bottom_left, each.position.bottom_right)
        x, y = (sum(getattr(corner, name) for corner in corners) / 4 * 25.4 / dpi for name in ("x", "y"))
        found.append(ReadCode(each.text, x, y))
    return found


def loose_fonts(path: Path) -> set[str]:
    """Fonts of a PDF that are not embedded."""
    loose: set[str] = set()
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(thing.raw)
                if not raw.FPDFFont_GetIsEmbedded(font):
                    name = ctypes.create_string_buffer(256)
                    raw.FPDFFont_GetBaseFontName(font, name, 256)
                    loose.add(name.value.decode())
    return loose
