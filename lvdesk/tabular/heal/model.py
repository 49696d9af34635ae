"""What healing answers: the canonical value, why it differs from what was typed, and what is known of a damaged identifier."""

from dataclasses import dataclass, replace

import polars as pl

NOTE_SCHEMA: dict[str, pl.DataType] = {
    "index": pl.UInt32(),
    "before": pl.String(),
    "after": pl.String(),
    "why": pl.String(),
    "damage": pl.String(),
    "known": pl.String(),
}


@dataclass(frozen=True)
class Healing:
    """The outcome for one cell.

    Attributes:
        value: canonical text; "" when the cell means "nothing"; None when it is refused.
        why: what was changed or why it is refused, Chinese; "" when the cell was clean.
        damage: "" or how digits were lost: "scientific" (4.13E+21) or "truncated" (zeros after the 15th digit).
        known: the leading digits that survived; the last one may be rounded. Empty without damage.
    """

    value: str | None
    why: str = ""
    damage: str = ""
    known: str = ""

    def after(self, steps: list[str]) -> "Healing":
        """The same outcome with the earlier ``steps`` told first; a refusal keeps only its own reason."""
        if self.value is None or not steps:
            return self
        return replace(self, why="、".join(dict.fromkeys([*steps, *filter(None, [self.why])])))


@dataclass(frozen=True)
class Healed:
    """The outcome for a column.

    Attributes:
        values: canonical text; null where the cell was blank, emptied or refused.
        notes: one row per changed or refused cell: index (u32), before, after ("" emptied, null refused), why, damage, known.
    """

    values: pl.Series
    notes: pl.DataFrame


def refused(text: str, reason: str) -> Healing:
    """A refusal that quotes the cell, shortened, and says why."""
    shown = text if len(text) <= 24 else f"{text[:24]}…"
    return Healing(None, f"“{shown}”{reason}")
