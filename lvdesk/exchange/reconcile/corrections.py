"""Corrections as workbooks: what marketing and the GIS have to change, what the field has to look at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from lvdesk.exchange.reconcile.model import KLASS_TITLES, TARGET_TITLES, Klass, State, Target
from lvdesk.exchange.reconcile.reading import Words
from lvdesk.exchange.reconcile.standing import CORRECT, DECISION, DISAGREEMENT, joined_on, state_of
from lvdesk.kit.errors import RefusedError
from lvdesk.network.batches import table_of
from lvdesk.network.tables import TransformerArea
from lvdesk.security.people import require
from lvdesk.tabular.writing import Looks, write_sheets
from lvdesk.workspace import Workspace

ACTION: Final = "export.issue"
NAMES: Final = {Target.MARKETING: "营销更正", Target.GIS: "电网GIS更正", Target.FIELD: "现场复核清单"}
HEADERS: Final = ("编号", "类别", "对象编号", "名称", "台区编号", "台区名称", "项目", "原值", "应为", "理由", "更正单号")
_WIDTHS: Final = dict(zip(HEADERS, (8.0, 14.0, 20.0, 24.0, 16.0, 20.0, 14.0, 24.0, 24.0, 60.0, 14.0), strict=True))
_SIDES: Final = {Target.MARKETING: "marketing", Target.GIS: "gis", Target.FIELD: "field_value"}
_TO_FILL: Final = "（请回填）"


@dataclass(frozen=True)
class CorrectionFile:
    """One workbook: for whom, and how many lines."""

    path: Path
    target: Target
    target_title: str
    rows: int


def write_corrections(ws: Workspace, folder: Path, order: str = "") -> list[CorrectionFile]:
    """Writes what was handed out and still stands, one workbook for each who has to act; of one correction or of all.

    The GIS's workbook names no customer (the rule of all exports to it).

    Raises:
        RefusedError: ``people.not_allowed``; ``reconcile.no_corrections`` when nothing is to be written.
        KnownError: ``file.in_use``, ``file.not_writable``, ``rules.unreadable``.
    """
    require(ws.store, ws.overrides, ACTION)
    area = table_of(TransformerArea)
    tables = DISAGREEMENT.join(DECISION, joined_on()).outerjoin(area, area.c.area_no == DISAGREEMENT.c.area_no)
    query = select(DISAGREEMENT, DECISION.c.target.label("told"), DECISION.c.number, area.c.name.label("area_name")).select_from(tables)
    query = query.where(DECISION.c.decision == CORRECT, state_of(ws.clock().date()) == str(State.CORRECTED))
    if order:
        query = query.where(DECISION.c.number == order)
    with ws.store.read() as connection:
        rows = [dict(row) for row in connection.execute(query.order_by(DISAGREEMENT.c.id)).mappings()]
    words, day = Words(ws), f"{ws.clock():%Y%m%d}"
    written = []
    for target, name in NAMES.items():
        mine = [row for row in rows if str(target) in row["told"].split(",")]
        if mine:
            path = folder / f"{name} {order or day}.xlsx"
            write_sheets(path, _sheets(words, mine, target), HEADERS, Looks(_WIDTHS, wrapped=frozenset({"理由"})))
            written.append(CorrectionFile(path, target, TARGET_TITLES[target], len(mine)))
    if not written:
        raise RefusedError("reconcile.no_corrections", "没有要交付的更正", "先在对账列表中选择差异并“更正”")
    return written


def _sheets(words: Words, rows: Sequence[dict[str, Any]], target: Target) -> list[tuple[str, Sequence[str], list[tuple[str, ...]]]]:
    """One sheet for each kind of record."""
    by_entity: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        by_entity.setdefault(row["entity"], []).append(_line(words, row, target))
    return [(words.entity(entity), HEADERS, lines) for entity, lines in by_entity.items()]


def _line(words: Words, row: dict[str, Any], target: Target) -> tuple[str, ...]:
    personal = target is Target.GIS and row["entity"] == "customer"
    side = row[_SIDES[target]] or (row["base"] if row["klass"] == Klass.ID_BROKEN else None)
    title = "" if personal or row["title"] == row["key"] else row["title"]
    return (
        str(row["id"]), KLASS_TITLES[Klass(row["klass"])], row["key"], title, row["area_no"] or "", row["area_name"] or "",
        words.field(row["entity"], row["field"]), side or "", row["suggestion"] or _TO_FILL, words.reason(row), row["number"],
    )  # fmt: skip
