"""Limits and words of the upstream doctor: ``resources/doctor.toml``, or the workspace's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "doctor.toml"


@dataclass(frozen=True)
class Book:
    """The parsed file; each limit is explained there.

    Attributes:
        words: evidence -> its sentence with places for count, most, area.
    """

    nearest: int
    apart_m: float
    sequence: int
    least: float
    reliable: float
    prior: float
    alternatives: float
    most: float
    shared: tuple[str, ...]
    certain: float
    likely: float
    pieces: int
    places: tuple[str, ...]
    words: Mapping[str, str]


def load_book(overrides: Path | None) -> Book:
    """The limits.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks one.
    """
    said = single(FILE, overrides)
    try:
        return Book(**{**said, "shared": tuple(said["shared"]), "places": tuple(said["places"])})
    except (KeyError, TypeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error
