"""Dirt as it is found in real ledgers, counted, so that what is healed can be compared with what was spoilt."""

from collections import Counter
from collections.abc import Callable, MutableMapping
from datetime import date

Cell = str | int | float | date | None
Cells = MutableMapping[str, Cell]

_EVERY = 17
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_DATE_FORMS: tuple[Callable[[date], Cell], ...] = (
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: day,
)


def full_width(text: str) -> str:
    """The text as a Chinese input method in full-width mode types it."""
    return text.translate(_WIDE)


def scientific(code: str) -> str:
    """A long number as Excel shows it in a narrow column."""
    return f"{float(code):.2E}"


def cut(code: str) -> float:
    """A long number as Excel keeps it: 15 digits, then zeros."""
    return float(code[:15] + "0" * (len(code) - 15))


class Dirt:
    """Spoils every 17th row in turn with the next kind of dirt its columns allow.

    Args:
        kinds: kind of dirt -> the column it befalls.
        enabled: False leaves every row clean.
    """

    def __init__(self, kinds: dict[str, str], *, enabled: bool) -> None:
        self._kinds = list(kinds.items()) if enabled else []
        self._rows = self._dates = 0
        self.counts: Counter[str] = Counter()

    def spoil(self, cells: Cells) -> None:
        """Counts the row and spoils it when it is its turn."""
        self._rows += 1
        turn, rest = divmod(self._rows, _EVERY)
        if rest or not self._kinds:
            return
        kind, column = self._kinds[turn % len(self._kinds)]
        value = cells.get(column)
        if not value:
            return
        if kind == "number" and str(value).startswith("0"):
            kind = "lost_zeros"
        cells[column] = self._spoilt(kind, value)
        self.counts[f"dirt.{kind}"] += 1

    def _spoilt(self, kind: str, value: Cell) -> Cell:
        if kind == "date":
            self._dates += 1
            day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
            return _DATE_FORMS[self._dates % len(_DATE_FORMS)](day)
        return _SPOIL[kind](str(value))


_SPOIL: dict[str, Callable[[str], Cell]] = {
    "full_width": full_width,
    "space": lambda text: f"{text}  ",
    "wide_space": lambda text: f"\u3000{text}\u3000",
    "nbsp": lambda text: f"{text}\u00a0",
    "zero_width": lambda text: f"\u200b{text}",
    "apostrophe": lambda text: f"'{text}",
    "number": int,
    "lost_zeros": int,
    "decimal": lambda text: f"{text}.0",
    "unit": lambda text: f"{text}kVA",
    "scientific": scientific,
    "cut": cut,
}
