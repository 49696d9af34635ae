"""Every kind of fault planted in a station is found by its rule, and the rules name little else."""

from datetime import datetime
from pathlib import Path

import pytest

from lvdesk.checks.checking import check
from lvdesk.checks.findings import listed
from lvdesk.checks.registry import discover
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample.building import build
from lvdesk.workspace import Workspace
from tests.helpers.faults_between import ALL, TIMES, plant_all
from tests.helpers.faulty import TODAY, Fault, clean_station
from tests.helpers.recall import Said, precision, recall

PROBABLE, PRECISE = 0.95, 0.95


def _checked(folder: Path, files: list[Path]) -> tuple[dict[str, int], list[Said]]:
    ws = Workspace.open(folder / "ws", clock=lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 9).astimezone())
    result = take(ws, ImportRequest(tuple(files)), Progress())
    assert {file.status for file in result.files} == {"imported"}
    counts = check(ws, Progress()).counts
    said = [Said(view.rule, frozenset({view.key, view.file} - {""}), f"{view.severity}: {view.message}") for view in listed(ws)]
    ws.close()
    return counts, said


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Fault], list[Said]]:
    folder = tmp_path_factory.mktemp("faulty")
    station = clean_station(9000)
    plant_all(station)
    _, said = _checked(folder, station.write(folder / "files"))
    return station.faults, said


def test_there_are_enough_kinds_of_each_enough() -> None:
    assert len(ALL) >= 27
    assert TIMES == 12


def test_every_planted_fault_is_found(faulty: tuple[list[Fault], list[Said]]) -> None:
    rules, missed = discover(), []
    for (kind, code), score in recall(*faulty).items():
        if score.share < (1 if rules[code].certain else PROBABLE):
            missed.append(f"{kind}: {code} found {score.right} of {score.total}, not {score.examples}")
    assert missed == []


def test_rules_name_what_is_faulty(faulty: tuple[list[Fault], list[Said]]) -> None:
    wrong = [f"{code}: {s.right} of {s.total}, also {s.examples}" for code, s in precision(*faulty).items() if s.share < PRECISE]
    assert wrong == []


def test_a_clean_station_has_no_finding(tmp_path: Path) -> None:
    counts, said = _checked(tmp_path, clean_station(3000).write(tmp_path / "files"))
    assert counts == {"error": 0, "warning": 0, "info": 0}, [each.message for each in said][:5]


def test_the_clean_sample_station_has_no_error(tmp_path: Path) -> None:
    sample = build(tmp_path / "files", customers=2000, dirt=False)
    counts, said = _checked(tmp_path, list(sample.files))
    assert counts["error"] == 0, [each.message for each in said if each.message.startswith("error")][:5]
