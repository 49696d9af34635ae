"""What is asked to be changed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """A row to be stored: an existing one with the same identity (or ``id``) is changed, fields not named keep their values.

    Attributes:
        where: how messages call it, e.g. 人员 第 5 行; "" for what was typed.
        remove: the row goes; it needs ``id``.
    """

    sheet: str
    values: Mapping[str, str]
    where: str = ""
    id: int | None = None
    version: int | None = None
    remove: bool = False


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be stored; ``code`` like unknown_area, two_leaders, overlap, substitute_cycle."""

    code: str
    message: str
    where: str = ""

    def __str__(self) -> str:
        """One line."""
        return f"{self.where}：{self.message}" if self.where else self.message


@dataclass(frozen=True)
class Applied:
    """What was stored: rows by sheet; ``problems`` only when nothing was."""

    new: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def rows(self) -> int:
        """All of them."""
        return sum(sum(counts.values()) for counts in (self.new, self.changed, self.removed))
