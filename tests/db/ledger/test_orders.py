"""The files of a station in any order, together or one after the other, give the same picture; and again nothing new."""

import random
from pathlib import Path

import pytest

from lvdesk.network.counting import counts, unresolved
from lvdesk.sample import SampleStation
from lvdesk.workspace import Workspace
from tests.helpers.stations import Values, differences, edited, state, taken

pytestmark = pytest.mark.usefixtures("near_reader")


def truth(station: SampleStation) -> dict[str, int]:
    names = {
        "substation": "substations",
        "feeder": "feeders",
        "transformer_area": "areas",
        "transformer": "transformers",
        "meter_box": "boxes",
        "customer": "customers",
        "metering_point": "metering_points",
        "meter": "meters",
    }
    return {entity: station.counts[name] for entity, name in names.items()} | {"pole": 0, "branch_box": 0, "access_point": 0}


def orders(files: tuple[Path, ...]) -> list[tuple[Path, ...]]:
    shuffled = list(files)
    random.Random(7).shuffle(shuffled)
    return [files[::-1], tuple(shuffled)]


def test_files_taken_together_give_the_same_in_every_order(ws: Workspace, dirty: SampleStation, tmp_path: Path) -> None:
    result = taken(ws, *dirty.files)
    assert [file.status for file in result.files] == ["imported"] * len(dirty.files)
    assert counts(ws) == truth(dirty)
    assert unresolved(ws) == {}
    first = state(ws), accepted_differences(ws)
    for number, order in enumerate(orders(dirty.files)):
        other = Workspace.open(tmp_path / f"other{number}", person="李四")
        taken(other, *order)
        second = state(other), accepted_differences(other)
        other.close()
        assert second == first


def accepted_differences(ws: Workspace) -> list[tuple[str, ...]]:
    return [difference for difference in differences(ws) if difference[-1] != "field"]


def test_field_results_differ_alike_wherever_they_stand_among_the_files(local_ws: Workspace, clean: SampleStation, tmp_path: Path) -> None:
    taken(local_ws, *clean.files)
    other = Workspace.open(tmp_path / "other", person="李四")
    taken(other, *clean.files[::-1])
    found = differences(other)
    other.close()
    assert found == differences(local_ws)


def test_files_taken_one_by_one_give_the_same_in_every_order(local_ws: Workspace, clean: SampleStation, tmp_path: Path) -> None:
    taken(local_ws, *clean.files)
    first = state(local_ws)
    for number, order in enumerate(orders(clean.files)):
        assert one_by_one(tmp_path / f"other{number}", order) == first


def test_what_comes_too_early_for_its_evidence_is_missing_and_never_wrong(
    local_ws: Workspace, dirty: SampleStation, tmp_path: Path
) -> None:
    taken(local_ws, *dirty.files)
    first = state(local_ws)
    second = one_by_one(tmp_path / "other", dirty.files)
    for entity, records in first.items():
        assert second[entity].keys() == records.keys()
        for key, values in records.items():
            wrong = {name: value for name, value in second[entity][key].items() if value not in {None, values[name]}}
            assert wrong == {}


def one_by_one(folder: Path, files: tuple[Path, ...]) -> dict[str, dict[str, Values]]:
    other = Workspace.open(folder, person="李四")
    for path in files:
        taken(other, path)
    found, dangling = state(other), unresolved(other)
    other.close()
    assert dangling == {}
    return found


@pytest.mark.parametrize("kind", ["clean", "dirty"])
def test_no_row_is_lost(local_ws: Workspace, kind: str, request: pytest.FixtureRequest) -> None:
    station: SampleStation = request.getfixturevalue(kind)
    result = taken(local_ws, *station.files)
    sheets = [sheet for file in result.files for sheet in file.sheets]
    assert all(sheet.rows_in == sheet.rows_stored + sheet.rows_refused for sheet in sheets)
    rows = {
        name: sum(sheet.rows_in for sheet in sheets if sheet.template == name) for name in ("customer_ledger", "box_survey", "field_return")
    }
    assert rows == {
        "customer_ledger": station.counts["ledger_rows"],
        "box_survey": station.counts["survey_rows"],
        "field_return": station.counts["field_rows"],
    }
    assert all(sheet.new + sheet.changed + sheet.unchanged == sheet.rows_stored for sheet in sheets)


def test_the_same_files_again_change_nothing(ws: Workspace, dirty: SampleStation) -> None:
    taken(ws, *dirty.files)
    before = state(ws), differences(ws)
    result = taken(ws, *dirty.files[::-1])
    assert {file.status for file in result.files} == {"unchanged"}
    assert result.entry_id == 0
    assert (state(ws), differences(ws)) == before


def test_the_same_contents_in_another_file_change_nothing(local_ws: Workspace, dirty: SampleStation, tmp_path: Path) -> None:
    """A new export on another day differs in its bytes only."""
    taken(local_ws, *dirty.files)
    before = state(local_ws), differences(local_ws)
    again = [edited(path, lambda book: None, tmp_path / path.name) for path in dirty.files if path.suffix == ".xlsx"]
    result = taken(local_ws, *again)
    assert {file.status for file in result.files} == {"imported"}
    sheets = [sheet for file in result.files for sheet in file.sheets]
    assert [(sheet.name, sheet.new, sheet.changed, sheet.gone) for sheet in sheets if sheet.template != "field_return"] == [
        (sheet.name, 0, 0, 0) for sheet in sheets if sheet.template != "field_return"
    ]
    assert (state(local_ws), differences(local_ws)) == before
