"""Which areas a package is for: feeder and areas by number or name, as a person types them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import process
from sqlalchemy import Connection, select

from lvdesk.kit.errors import RefusedError
from lvdesk.network.tables import Feeder, TransformerArea

_NEAR: Final = 3
_LEAST: Final = 45.0
_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Area:
    """A transformer area with its feeder; longitude and latitude are its transformer's."""

    area_no: str
    name: str
    feeder_no: str
    feeder_name: str
    longitude: float | None
    latitude: float | None


def all_areas(connection: Connection) -> list[Area]:
    """Every area of the present ledger: feeder by feeder, inside by name with numbers as people count."""
    query = (
        select(
            TransformerArea.area_no, TransformerArea.name, TransformerArea.feeder_no, Feeder.name, TransformerArea.feeder_name,
            TransformerArea.longitude, TransformerArea.latitude,
        )
        .outerjoin(Feeder, Feeder.feeder_no == TransformerArea.feeder_no)
        .where(TransformerArea.absent_sheet.is_(None))
    )  # fmt: skip
    rows = [
        Area(number, name or number, feeder or "", feeder_name or told or feeder or "", longitude, latitude)
        for number, name, feeder, feeder_name, told, longitude, latitude in connection.execute(query)
    ]
    return sorted(rows, key=lambda area: (area.feeder_name, area.feeder_no, _counted(area.name), area.area_no))


def chosen(connection: Connection, feeder: str, areas: Sequence[str]) -> list[Area]:
    """The areas a request means: those named, else all of the feeder.

    Raises:
        RefusedError: ``package.scope`` when nothing is named, ``package.unknown`` for names that the ledger does not have,
            ``package.ambiguous`` for a name that several have.
    """
    wanted = [text.strip() for text in areas if text.strip()]
    if not feeder.strip() and not wanted:
        raise RefusedError("package.scope", "没有说明采录哪条线路或哪些台区", "请给出线路或台区，编号、名称都可以")
    present = all_areas(connection)
    within = _of_feeder(connection, present, feeder.strip()) if feeder.strip() else present
    if not wanted:
        return within
    numbers = {_one(within, text) for text in wanted}
    return [area for area in within if area.area_no in numbers]


def _of_feeder(connection: Connection, present: Sequence[Area], text: str) -> list[Area]:
    known = {number: name or "" for number, name in connection.execute(select(Feeder.feeder_no, Feeder.name))}
    known |= {area.feeder_no: area.feeder_name for area in present}
    numbers = [text] if text in known else sorted(number for number, name in known.items() if name == text)
    if not numbers:
        raise _unknown("线路", text, sorted({name for name in known.values() if name}))
    if len(numbers) > 1:
        raise _ambiguous("线路", text, numbers)
    return [area for area in present if area.feeder_no == numbers[0]]


def _one(within: Sequence[Area], text: str) -> str:
    if any(area.area_no == text for area in within):
        return text
    named = [area.area_no for area in within if area.name == text]
    if not named:
        raise _unknown("台区", text, [area.name for area in within])
    if len(named) > 1:
        raise _ambiguous("台区", text, named)
    return named[0]


def _unknown(kind: str, text: str, names: Sequence[str]) -> RefusedError:
    near = [name for name, _score, _place in process.extract(text, names, limit=_NEAR, score_cutoff=_LEAST)]
    hint = f"相近的有：{'、'.join(near)}" if near else f"请核对{kind}的编号或名称"
    return RefusedError("package.unknown", f"台账中没有{kind}“{text}”", hint)


def _ambiguous(kind: str, text: str, numbers: Sequence[str]) -> RefusedError:
    return RefusedError("package.ambiguous", f"有 {len(numbers)} 个{kind}叫“{text}”", f"请改用编号：{'、'.join(numbers[:5])}")


def _counted(name: str) -> list[Any]:
    """The name cut at its numbers: 2# stands before 10#."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _DIGITS.split(name) if part]
