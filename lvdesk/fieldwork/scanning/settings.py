"""How much ink is a tick, how exactly pages are read: ``resources/scanning.toml``, or the workspace's own."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "scanning.toml"
_WHOLE: Final = frozenset({"dpi", "stored"})


@dataclass(frozen=True)
class Settings:
    """The parsed file.

    Attributes:
        marked, empty: share of ink inside a tick box from which it is ticked, up to which it is not; between them a person looks.
        faint: share of a box that may be a little darker than paper and still count as empty.
        crowded: more than this may be a tick that was crossed out.
        outside: ink that lies so many times more outside the box than inside belongs to something else.
        outline: darkness of the faintest side of a printed box that was found.
        written: share of ink up to which a writing cell is empty.
        dpi, stored: PDF pages are read, flat pages are kept at.
        blank: share of dark dots up to which a page is blank.
        aligned: share of boxes that must be found for a page to lie flat.
    """

    marked: float
    empty: float
    crowded: float
    faint: float
    outside: float
    outline: float
    written: float
    dpi: int
    stored: int
    blank: float
    aligned: float


def load_settings(overrides: Path | None = None) -> Settings:
    """The settings of a workspace.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, overrides)
    try:
        said = {**data["ticks"], "written": data["writing"]["empty"], **data["page"]}
        values: dict[str, Any] = {field.name: (int if field.name in _WHOLE else float)(said[field.name]) for field in fields(Settings)}
        found = Settings(**values)
        if not 0 <= found.empty <= found.marked <= found.crowded:
            raise ValueError("ticks")
    except (KeyError, TypeError, ValueError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error
    return found
