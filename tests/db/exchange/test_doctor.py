"""The upstream doctor: the way up of one customer, customers without one, links that are probably wrong."""

from pathlib import Path

import polars as pl
import pytest

from lvdesk.exchange.doctor.model import Grade, Link, StepState
from lvdesk.exchange.doctor.paths import dead_ends, told, trace
from lvdesk.exchange.doctor.ranking import suspects
from lvdesk.exchange.reconcile.running import run
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.network.tables import TABLES
from lvdesk.sample import build
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace
from tests.helpers.reconciling import everyone, fed
from tests.helpers.visiting import EAST, NORTH, SOUTH, box, customer, laid
from tests.helpers.wronglinks import judged, spoil

pytestmark = pytest.mark.usefixtures("near_reader")


def test_the_way_up_is_told_step_by_step(ws: Workspace) -> None:
    laid(ws)
    way = trace(ws, "customer", customer(1))
    assert [(step.entity, step.state) for step in way.steps] == [
        (entity, StepState.SOUND) for entity in ("customer", "metering_point", "meter", "meter_box", "transformer_area", "feeder")
    ]
    assert (way.complete, way.why) == (True, "")
    assert told(way.steps)[-1].strip() == "线路 1336422701 10kV银岗线"
    assert [step.entity for step in trace(ws, "meter_box", box(1)).steps] == ["meter_box", "transformer_area", "feeder"]


def test_a_way_that_ends_and_a_way_that_is_disputed(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    fed(ws, tmp_path, everyone({5: NORTH}))
    run(ws, Progress())
    disputed = next(step for step in trace(ws, "customer", customer(5)).steps if step.state is StepState.DISPUTED)
    assert (disputed.entity, disputed.key, disputed.said) == ("transformer_area", SOUTH, {"gis": f"北村2#公变 {NORTH}"})
    unboxed = trace(ws, "customer", customer(6))
    assert (unboxed.complete, unboxed.why) == (False, "台账中没有计量箱")
    with pytest.raises(RefusedError, match="台账中没有用户 1"):
        trace(ws, "customer", "1")


def test_customers_without_a_way_are_counted_by_reason(ws: Workspace) -> None:
    laid(ws)
    assert dead_ends(ws, Progress()) == {}
    with ws.store.write("试验") as write:
        write.update(TABLES["metering_point"], [Change(1, {"area_no": None}), Change(2, {"area_no": "404"})])
        write.update(TABLES["transformer_area"], [Change(3, {"feeder_no": None})])
    assert dead_ends(ws, Progress()) == {
        "计量点没有台区": [customer(1)],
        "台账中没有所属台区": [customer(2)],
        "台区没有所属线路": [customer(7)],
    }


@pytest.fixture
def true_station(local_ws: Workspace, tmp_path: Path) -> Workspace:
    take(local_ws, ImportRequest(build(tmp_path / "files", customers=2_500).files), Progress())
    return local_ws


def test_seeded_wrong_links_are_found_with_evidence_and_the_certain_ones_are_wrong(true_station: Workspace, tmp_path: Path) -> None:
    truth = spoil(true_station, tmp_path)
    score = judged(true_station, truth)
    assert score.wrong > 100
    assert score.found >= 0.9
    assert score.certain > 0
    assert score.precise >= 0.99


def test_a_true_ledger_has_nothing_certain(true_station: Workspace) -> None:
    assert [each for each in suspects(true_station, Progress()) if each.grade is Grade.CERTAIN] == []


def test_voltages_are_a_witness(ws: Workspace, tmp_path: Path) -> None:
    laid(ws)
    waves = {NORTH: [220 + (hour * 7) % 11 for hour in range(24)], SOUTH: [220 - (hour * 5) % 13 for hour in range(24)],
             EAST: [220 + hour // 8 for hour in range(24)]}  # fmt: skip
    homes = {1: NORTH, 2: NORTH, 3: NORTH, 5: NORTH, 6: SOUTH, 7: EAST}
    rows = [(customer(number), f"{hour:02d}:00", waves[area][hour] + number / 10) for number, area in homes.items() for hour in range(24)]
    pl.DataFrame(rows, schema=["户号", "时间", "电压"], orient="row").write_csv(tmp_path / "电压.csv")
    found = suspects(ws, Progress(), voltage=tmp_path / "电压.csv")
    wrong = next(each for each in found if each.key == customer(5))
    assert (wrong.link, wrong.should_no) == (Link.CUSTOMER_AREA, NORTH)
    assert "电压变化与 北村2#公变 最相像" in wrong.evidence
    (tmp_path / "坏.csv").write_text("只有一列\n1\n", "utf-8")
    with pytest.raises(KnownError, match="不是电压或线损序列"):
        suspects(ws, Progress(), voltage=tmp_path / "坏.csv")
