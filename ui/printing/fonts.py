"""Fonts of printed pages: the same on paper, in PDF and in the preview, so that a line breaks at the same place everywhere."""

from functools import lru_cache
from threading import local
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from lvdesk.kit.errors import KnownError

UNITS: Final = 40
"""Units of a painted page in a millimetre: fine enough that whole units carry every size."""
_POINT: Final = 25.4 / 72 * UNITS
_WORDS: Final = ("Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "Noto Sans CJK SC")
"""Noto stands last: Qt writes its words into PDF files so that they cannot be copied out again (ADR 0016)."""
_FIGURES: Final = ("Consolas", "DejaVu Sans Mono")


def font(points: float, *, bold: bool = False, mono: bool = False) -> QFont:
    """The font for text of ``points`` on a page painted in ``UNITS``."""
    return _held.font(points, bold=bold, mono=mono)


def metrics(points: float, *, bold: bool = False, mono: bool = False) -> QFontMetricsF:
    """Its measures, in units."""
    return _held.metrics(points, bold=bold, mono=mono)


def pixels(points: float) -> int:
    """Height of the letters' square, in units."""
    return max(1, round(points * _POINT))


def need_chinese() -> None:
    """Refuses to print where Chinese would come out as empty squares.

    Raises:
        KnownError: ``print.no_font``.
    """
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        raise KnownError("print.no_font", "这台电脑没有中文字体，汉字会印成空框", "请安装中文字体（例如 fonts-wqy-microhei），再打印")


def _font(points: float, *, bold: bool, mono: bool) -> QFont:
    made = QFont([*_FIGURES, *_WORDS] if mono else list(_WORDS))
    made.setPixelSize(pixels(points))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setBold(bold)
    return made


class _Held(local):
    """Each thread holds its own: a font shared by the preview and a PDF written meanwhile would be loaded by both at once."""

    def __init__(self) -> None:
        self.font = lru_cache(maxsize=512)(_font)
        self.metrics = lru_cache(maxsize=512)(_metrics)


def _metrics(points: float, *, bold: bool, mono: bool) -> QFontMetricsF:
    return QFontMetricsF(font(points, bold=bold, mono=mono))


_held: Final = _Held()
