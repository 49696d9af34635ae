"""Feedback of the GIS about the small station of ``visiting``, and what the reconciliation says of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lvdesk.exchange.answers import take_answers
from lvdesk.exchange.reconcile.model import DisagreementView
from lvdesk.exchange.reconcile.reading import Scope, views
from lvdesk.exchange.reconcile.running import run
from lvdesk.kit.progress import Progress
from lvdesk.tabular.writing import write_sheets
from lvdesk.workspace import Workspace
from tests.helpers.visiting import EAST, NORTH, SOUTH, customer


def fed(ws: Workspace, folder: Path, rows: Iterable[tuple[str, ...]], name: str = "回写.xlsx", head: str = "台区编号") -> None:
    """Feedback of the GIS: (customer, area) each."""
    headers = ["户号", "馈线", head]
    write_sheets(folder / name, [("电源信息", headers, [(row[0], "10kV银岗线", *row[1:]) for row in rows])], text_columns=headers)
    take_answers(ws, [folder / name], Progress())


def found(ws: Workspace, **scope: Any) -> dict[tuple[str, str, str], DisagreementView]:
    """Class, key and field -> disagreement, after a run."""
    run(ws, Progress())
    return {(view.klass, view.key, view.field): view for view in views(ws, Scope(**scope))}


def everyone(areas: dict[int, str]) -> list[tuple[str, str]]:
    """Feedback as the ledger has it, but for these customers."""
    homes = {1: NORTH, 2: NORTH, 3: NORTH, 5: SOUTH, 6: SOUTH, 7: EAST} | areas
    return [(customer(number), area) for number, area in homes.items()]
