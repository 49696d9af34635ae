"""The generated ledger is clean, and its returns are read as what they are, row by row."""

from pathlib import Path

import pytest

from lvdesk.network.counting import unresolved
from lvdesk.workspace import Workspace
from tests.helpers.field_truth import generated
from tests.helpers.stations import state, taken

FIELD = {"field_return", "box_collection", "box_meter_relation", "handheld_scan"}


@pytest.mark.usefixtures("near_reader")
def test_the_ledger_is_clean_and_every_row_comes_back(ws: Workspace, tmp_path: Path) -> None:
    truth = generated(11, 400, tmp_path)
    ledger = taken(ws, *truth.ledger)
    assert not [sheet for file in ledger.files for sheet in file.sheets if sheet.healed or sheet.refused]
    assert not any(unresolved(ws).values())
    before = state(ws)
    returned = taken(ws, *truth.returns)
    sheets = [sheet for file in returned.files for sheet in file.sheets]
    assert {sheet.template for sheet in sheets} <= FIELD
    assert sum(sheet.rows_in for sheet in sheets) == truth.rows
    assert state(ws) == before
