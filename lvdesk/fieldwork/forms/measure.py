"""How wide fixed words are on paper, near enough to place what stands after them."""

import unicodedata

MM_PER_POINT = 25.4 / 72


def em(size: float) -> float:
    """Height of the letters' line in millimetres."""
    return size * MM_PER_POINT


def words_width(text: str, size: float) -> float:
    """Width in millimetres: Chinese characters are as wide as high, Latin ones a bit more than half."""
    units = sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.58 for sign in text)
    return units * em(size)
