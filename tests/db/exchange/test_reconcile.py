"""Marketing × field × GIS against the accepted base: what is found and whom it asks for what."""

from pathlib import Path

import pytest

from lvdesk.exchange.reconcile.model import Klass, Target
from lvdesk.exchange.reconcile.reading import views
from lvdesk.exchange.reconcile.running import run
from lvdesk.kit.progress import Progress
from lvdesk.network.answers import IdPair
from lvdesk.network.batches import table_of
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace
from tests.helpers import reviewing, visiting
from tests.helpers.reconciling import everyone, fed, found
from tests.helpers.returning import results, returned
from tests.helpers.stations import barcode
from tests.helpers.visiting import EAST, NORTH, SOUTH, box, customer

pytestmark = pytest.mark.usefixtures("near_reader")


def test_all_agree(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, everyone({}))
    said = run(local_ws, Progress())
    assert said.rate["customer.area_no"] == 1.0
    assert set(said.counts) <= {Klass.ID_BROKEN, Klass.WRONG_UPSTREAM}
    assert not [view for view in views(local_ws) if view.entity == "customer"]


def test_the_gis_feeds_a_customer_from_elsewhere(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, everyone({6: NORTH}))
    view = found(local_ws)[Klass.WRONG_UPSTREAM, customer(6), "area_no"]
    assert (view.marketing, view.field_value, view.gis, view.base, view.suggestion) == (SOUTH, None, NORTH, SOUTH, SOUTH)
    assert (view.owner, view.target) == ("marketing", Target.GIS)
    assert view.todo == f"电网 GIS：把 用户 {customer(6)}（用户6） 的户变关系由 {NORTH} 改为 {SOUTH}"
    assert f"电网 GIS：{NORTH}（回写.xlsx 第 7 行）" not in view.evidence
    assert any("回写.xlsx 第" in sentence for sentence in view.evidence)


def test_field_and_gis_together_outvote_the_owner(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    returned(local_ws, results(tmp_path / "二班.xlsx", [reviewing.row(6, 5, 台区编号=EAST)]))
    fed(local_ws, tmp_path, everyone({6: EAST}))
    view = found(local_ws)[Klass.WRONG_UPSTREAM, customer(6), "area_no"]
    assert (view.field_value, view.gis, view.suggestion, view.target) == (EAST, EAST, EAST, Target.MARKETING)
    assert "现场采录和电网 GIS一致，与维护方营销系统不同" in view.evidence


def test_presence(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    returned(local_ws, results(tmp_path / "二班.xlsx", [reviewing.row(3, 2, 核对结论="现场无表"), reviewing.row(8, 5)]))
    rows = [row for row in everyone({4: NORTH}) if row[0] != customer(2)]
    fed(local_ws, tmp_path, [*rows, ("4209749999", NORTH)])
    disagreements = found(local_ws)
    said = {key: (view.suggestion, view.target) for key, view in disagreements.items() if key[2] == "presence"}
    assert said == {
        (Klass.CANCELLED, customer(3), "presence"): ("已销户", Target.MARKETING),
        (Klass.CANCELLED, customer(4), "presence"): ("已销户", Target.GIS),
        (Klass.MISSING, customer(2), "presence"): ("在用", Target.GIS),
        (Klass.EXTRA, customer(8), "presence"): ("在用", Target.MARKETING),
        (Klass.EXTRA, "4209749999", "presence"): ("无", Target.GIS),
    }


def test_an_area_the_gis_has_hardly_spoken_of_misses_nobody(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, [(customer(1), NORTH)])
    assert not found(local_ws, klasses=frozenset({Klass.MISSING}))


def test_places_names_and_slots(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    rows = [
        reviewing.row(1, 1, 用户名称="王五", 所在行="1", 所在列="2"),
        reviewing.row(3, 2, 经度="115.6815"),
        reviewing.row(5, 4, 计量箱条码=barcode("05", 505), 经度="115.6825"),
    ]
    returned(local_ws, results(tmp_path / "二班.xlsx", rows))
    said = {key: (view.base, view.field_value, view.suggestion, view.target) for key, view in found(local_ws).items()}
    assert said[Klass.CHANGED, customer(1), "name"] == ("用户1", "王五", "用户1", Target.FIELD)
    assert said[Klass.MOVED, box(2), "coordinate"] == ("115.681,34.441", "115.6815,34.441", "115.6815,34.441", Target.DESK)
    assert said[Klass.CHANGED, visiting.meter(5), "box_no"] == (box(4), box(5), box(5), Target.DESK)
    assert said[Klass.CHANGED, visiting.meter(1), "slot"] == (None, "1 行 2 列", "1 行 2 列", Target.DESK)


def test_identifiers(local_ws: Workspace) -> None:
    reviewing.staffed(local_ws)
    boxes = TABLES["meter_box"]
    with local_ws.store.write("编号") as write:
        write.update(boxes, [Change(1, {"gis_id": "40773158"}), Change(2, {"gis_id": "40773158"}), Change(3, {"gis_id": "40773160"})])
        pairs = [("meter_box", box(3), "gis", "40773161", "2026-11-01", None, None, "")]
        write.insert(table_of(IdPair), ("entity", "key", "system", "value", "since", "until", "sheet_id", "person"), pairs, 1)
    said = {key[1]: (view.base, view.gis, view.suggestion, view.target) for key, view in found(local_ws).items() if key[2] == "gis_id"}
    assert said == {
        box(1): ("40773158", None, None, Target.GIS),
        box(2): ("40773158", None, None, Target.GIS),
        box(3): ("40773160", "40773161", "40773161", Target.DESK),
    }
