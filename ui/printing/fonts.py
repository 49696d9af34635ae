"""Fonts of printed pages: the same on paper, in PDF and in the preview, so that a line breaks at the same place everywhere."""

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF

UNITS: Final = 40
"""Units of a painted page in a millimetre: fine enough that whole units carry every size."""
_POINT: Final = 25.4 / 72 * UNITS
_WORDS: Final = ("Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "Noto Sans CJK SC")
"""Noto stands last: Qt writes its words into PDF files so that they cannot be copied out again (ADR 0016)."""
_FIGURES: Final = ("Consolas", "DejaVu Sans Mono")
_WHOLE: Final = 100


@lru_cache(maxsize=512)
def font(points: float, *, bold: bool = False, mono: bool = False, stretch: int = _WHOLE) -> QFont:
    """The font for text of ``points`` on a page painted in ``UNITS``; ``stretch`` in per cent of its usual width."""
    made = QFont([*_FIGURES, *_WORDS] if mono else list(_WORDS))
    made.setPixelSize(max(1, round(points * _POINT)))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setBold(bold)
    if stretch != _WHOLE:
        made.setStretch(stretch)
    return made


@lru_cache(maxsize=512)
def metrics(points: float, *, bold: bool = False, mono: bool = False) -> QFontMetricsF:
    """Its measures, in units."""
    return QFontMetricsF(font(points, bold=bold, mono=mono))
