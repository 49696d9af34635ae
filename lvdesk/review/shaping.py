"""Lines of one matter put together into one item, with what keeps it from entering."""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from lvdesk.fieldwork.classing.additions import heard, titles
from lvdesk.fieldwork.classing.answers import Answers
from lvdesk.fieldwork.return_model import CLASS_TITLES, DifferenceClass
from lvdesk.network.frames import read_frame
from lvdesk.network.verdicts import OPEN, Finding, FindingException, same_fault, state_of
from lvdesk.review.authors import Authors

_COLUMNS: Final = ("kind", "entity", "key", "place", "ledger", "field_value", "sheet_id", "sheet_row", "evidence", "package_no")
_ROWS: Final = ["sheet_id", "sheet_row"]
_SHOWN: Final = 3
_FEW: Final = 4
DERIVED: Final = (
    "identity", "kind", "entity", "key", "record", "area_no", "title", "ledger_shown", "field_shown", "sides", "evidence", "sheet_id",
    "sheet_row", "package_no", "entered_by", "blocked", "digest", "heard",
)  # fmt: skip
"""Columns of an item that follow from field results and ledger."""


@dataclass
class _Thing:
    """What the lines of one matter say together."""

    sides: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    evidence: dict[str, None] = field(default_factory=dict)
    rows: dict[tuple[int, int], None] = field(default_factory=dict)
    package_no: str | None = None


def shaped(answers: Answers, lines: pl.DataFrame, faults: pl.DataFrame) -> list[dict[str, Any]]:
    """Every item as values of ``DERIVED`` by name, in the order of its first line.

    Args:
        answers: the rows.
        lines: ``lines.LINE``.
        faults: ``lines.faults``.
    """
    called = {(entity, key): rest for entity, key, *rest in titles(answers).unique(["entity", "key"]).iter_rows()}
    newest = {(entity, key): sheet for entity, key, sheet in heard(answers).iter_rows()}
    blocking, authors = _Blocking(answers, faults), Authors(answers)
    found = []
    for (kind, entity, key), thing in _things(lines).items():
        title, area_no, record = called.get((entity, key), ("", None, None))
        found.append(_values(thing, kind, entity, key) | {
            "record": record, "area_no": area_no or _said(thing.sides, "area_no"),
            "title": title or _said(thing.sides, "name", "bar_code") or key, "entered_by": packed(authors.of(thing.rows)),
            "blocked": blocking.of(entity, key, list(thing.rows)),
            "heard": newest.get((entity, key), max((sheet for sheet, _ in thing.rows), default=0)),
        })  # fmt: skip
    return found


def _things(lines: pl.DataFrame) -> dict[tuple[str, str, str], _Thing]:
    """Grouped in plain Python: a frame for each of a hundred thousand things would take minutes."""
    things: defaultdict[tuple[str, str, str], _Thing] = defaultdict(_Thing)
    for kind, entity, key, place, ledger, value, sheet, row, evidence, package_no in lines.select(*_COLUMNS).iter_rows():
        thing = things[kind, entity, key]
        thing.sides.append((place, ledger, value))
        thing.evidence.update(dict.fromkeys(evidence or ()))
        thing.package_no = thing.package_no or package_no
        if sheet is not None:
            thing.rows[sheet, row] = None
    return things


def _values(thing: _Thing, kind: str, entity: str, key: str) -> dict[str, Any]:
    said = sorted([place, value or ""] for place, _, value in thing.sides)
    sheet, row = next(iter(thing.rows), (None, None))
    return {
        "identity": f"{kind}|{entity}|{key}", "kind": kind, "entity": entity, "key": key,
        "sides": packed([list(side) for side in thing.sides]), "ledger_shown": _short([side[1] for side in thing.sides]),
        "field_shown": _short([side[2] for side in thing.sides]), "evidence": packed(list(thing.evidence)), "sheet_id": sheet,
        "sheet_row": row, "package_no": thing.package_no, "digest": hashlib.sha256(packed(said).encode()).hexdigest()[:16],
    }  # fmt: skip


def _short(values: list[str | None]) -> str:
    """The values in one line: at most so many, empty ones left out."""
    given = [value for value in values if value]
    return " · ".join(given[:_SHOWN]) + (" …" if len(given) > _SHOWN else "")


def _said(sides: list[tuple[str, str | None, str | None]], *names: str) -> str | None:
    """What the field says of the first of these fields that it speaks of."""
    return next((value for name in names for place, _, value in sides if place.endswith(f".{name}") and value), None)


def packed(value: Any) -> str:
    """A list as the columns of an item hold it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Blocking:
    """What keeps rows from entering: faults the return found, open errors of the checks."""

    def __init__(self, answers: Answers, faults: pl.DataFrame) -> None:
        self._things: dict[tuple[str, str], list[str]] = {}
        self._rows: dict[tuple[int, int], list[str]] = {}
        for entity, key, sheet, row, klass in faults.iter_rows():
            self._add(entity, key, sheet, row, CLASS_TITLES[DifferenceClass(klass)])
        for sheet, row, message in _errors(answers).iter_rows():
            self._rows.setdefault((sheet, row), []).append(message)

    def _add(self, entity: str, key: str, sheet: int | None, row: int | None, why: str) -> None:
        self._things.setdefault((entity, key), []).append(why)
        if sheet is not None and row is not None:
            self._rows.setdefault((sheet, row), []).append(why)

    def of(self, entity: str, key: str, rows: list[tuple[int, int]]) -> str:
        """Why the thing cannot enter, "" when it can."""
        why = [*self._things.get((entity, key), ()), *(text for row in rows for text in self._rows.get(row, ()))]
        different = list(dict.fromkeys(why))
        return "；".join(different[:_FEW]) + (f" 等 {len(different)} 条" if len(different) > _FEW else "")


def _errors(answers: Answers) -> pl.DataFrame:
    """sheet_id, sheet_row, message of open errors of the checks in rows of field results."""
    schema = {"sheet_id": pl.Int64, "sheet_row": pl.Int64, "message": pl.String}
    query = (
        select(Finding.sheet_id, Finding.sheet_row, Finding.message)
        .select_from(Finding)
        .outerjoin(FindingException, same_fault())
        .where(Finding.resolved_at.is_(None), Finding.severity == "error", state_of(answers.station.today) == OPEN)
        .order_by(Finding.id)
    )
    found = read_frame(answers.station.connection, query, schema)
    return found.join(answers.wide.select(*_ROWS).unique(), on=_ROWS, how="semi", maintain_order="left")


def unlike(one: str | None, other: str | None) -> bool:
    """Whether two texts differ in more than how they are written (as ``checks.devices.plain``)."""
    return _plain(one or "") != _plain(other or "")


def _plain(text: str) -> str:
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("#", "号").upper()
    return re.sub(r"(^|\D)0+(\d)", r"\1\2", bare)
