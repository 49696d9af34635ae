"""What is decided about disagreements, by the services and on the command line."""

import argparse
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lvdesk import history
from lvdesk.cli import reconcile_verbs
from lvdesk.cli.output import Answer
from lvdesk.exchange.reconcile.corrections import write_corrections
from lvdesk.exchange.reconcile.deciding import correct, except_, withdraw
from lvdesk.exchange.reconcile.model import Klass, State, Target
from lvdesk.kit.errors import RefusedError
from lvdesk.kit.progress import Progress
from lvdesk.network.answers import IdPair
from lvdesk.network.batches import table_of
from lvdesk.network.tables import TABLES
from lvdesk.store.model import Change
from lvdesk.workspace import Workspace
from tests.helpers import reviewing, visiting
from tests.helpers.reconciling import everyone, fed, found
from tests.helpers.returning import results, returned
from tests.helpers.visiting import NORTH, SOUTH, box, customer

pytestmark = pytest.mark.usefixtures("near_reader")


def ask(ws: Workspace, *words: str) -> Answer:
    """What the command line answers."""
    parser = argparse.ArgumentParser()
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    reconcile_verbs.add_verbs(parser.add_subparsers(dest="verb"), common)
    return reconcile_verbs.reconcile(ws, parser.parse_args(["reconcile", *words]), Progress())


@pytest.mark.parametrize(
    "reason, until, code",
    [("", None, "reconcile.reason"), ("月底", "月底", "reconcile.expires"), ("月底", "2026-11-22", "reconcile.expires")],
)
def test_exceptions_that_say_too_little(local_ws: Workspace, tmp_path: Path, reason: str, until: str | None, code: str) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, everyone({6: NORTH}))
    number = found(local_ws)[Klass.WRONG_UPSTREAM, customer(6), "area_no"].number
    with pytest.raises(RefusedError) as caught:
        except_(local_ws, [number], reason, until)
    assert caught.value.code == code


def test_only_the_desk_decides(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, everyone({6: NORTH}))
    number = found(local_ws)[Klass.WRONG_UPSTREAM, customer(6), "area_no"].number
    local_ws.store.person = reviewing.OPERATIONS
    for attempt in (lambda: except_(local_ws, [number], "月底"), lambda: correct(local_ws, [number]), lambda: withdraw(local_ws, [number])):
        with pytest.raises(RefusedError) as caught:
            attempt()
        assert caught.value.code == "people.not_allowed"


def test_a_correction_for_the_gis_and_what_comes_back(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, everyone({6: NORTH}))
    key = (Klass.WRONG_UPSTREAM, customer(6), "area_no")
    number = found(local_ws)[key].number
    done = correct(local_ws, [number])
    assert (done.done, done.order, dict(done.told)) == ((number,), "GZ261123-01", {Target.GIS: 1})
    assert (found(local_ws)[key].state, found(local_ws)[key].order) == (State.CORRECTED, "GZ261123-01")
    (file,) = write_corrections(local_ws, tmp_path / "更正", done.order)
    sheet = load_workbook(file.path)["用户"]
    head, line = list(sheet.iter_rows(values_only=True))
    said = dict(zip(head, line, strict=True))
    assert (said["对象编号"], said["项目"], said["原值"], said["应为"], said["名称"]) == (customer(6), "户变关系", NORTH, SOUTH, None)
    fed(local_ws, tmp_path, everyone({}), "回写2.xlsx")
    assert key not in found(local_ws)


def test_the_desk_takes_what_the_field_found_and_marketing_is_told_next(local_ws: Workspace, tmp_path: Path) -> None:
    local_ws.clock = reviewing.morning
    visiting.station(local_ws, tmp_path)
    reviewing.enrolled(local_ws)
    returned(local_ws, results(tmp_path / "二班.xlsx", [reviewing.row(3, 2, 经度="115.6815")]))
    key = (Klass.MOVED, box(2), "coordinate")
    view = found(local_ws)[key]
    done = correct(local_ws, [view.number])
    assert dict(done.told) == {Target.DESK: 1, Target.MARKETING: 1}
    after = found(local_ws)[key]
    assert (after.base, after.marketing, after.state, after.target) == (
        "115.6815,34.441",
        "115.681,34.441",
        State.CORRECTED,
        Target.MARKETING,
    )
    with local_ws.store.read() as connection:
        assert connection.execute(TABLES["meter_box"].select().where(TABLES["meter_box"].c.asset_no == box(2))).one().longitude == 115.6815
    history.undo(local_ws)
    back = found(local_ws)[key]
    assert (back.base, back.state, back.target) == ("115.681,34.441", State.OPEN, Target.DESK)


def test_what_waits_in_the_review_is_decided_there(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.queued(local_ws, tmp_path)
    disagreements = found(local_ws)
    name = disagreements[Klass.CHANGED, customer(2), "name"]
    assert (name.target, name.todo) == (Target.DESK, f"内勤：用户 {customer(2)}（用户2） 的用户名称正在采录复核中，先办理复核")
    with pytest.raises(RefusedError) as caught:
        correct(local_ws, [name.number])
    assert caught.value.code == "reconcile.refused"
    reviewing.confirm_all(local_ws)
    assert (Klass.CHANGED, customer(2), "name") in found(local_ws)
    told = found(local_ws)[Klass.CHANGED, customer(2), "name"]
    assert (told.marketing, told.base, told.field_value, told.target) == ("用户2", "赵六", "赵六", Target.MARKETING)


def test_the_command_line(local_ws: Workspace, tmp_path: Path) -> None:
    reviewing.staffed(local_ws)
    fed(local_ws, tmp_path, everyone({6: NORTH}))
    answer = ask(local_ws, "--json", "--class", "wrong_upstream")
    assert (answer.status, answer.data["rate"]["customer.area_no"] < 1) == (1, True)
    (said,) = [each for each in answer.data["differences"] if each["key"] == customer(6)]
    assert {**said, "evidence": []} | {
        "class": "wrong_upstream", "entity": "customer", "field": "area_no", "marketing": SOUTH, "field_value": None, "gis": NORTH,
        "base": SOUTH, "owner": "marketing", "suggestion": SOUTH, "state": "open", "target": "gis",
    } == {**said, "evidence": []}  # fmt: skip
    number = str(said["number"])
    assert any("电网 GIS：把" in line for line in answer.lines)
    assert ask(local_ws, "except", number, "--reason", "月底").data["differences"][0]["state"] == "excepted"
    done = ask(local_ws, "correct", number, "--out", str(tmp_path / "更正"))
    assert (done.status, done.data["order"], done.data["told"], len(done.data["files"])) == (0, "GZ261123-01", {"gis": 1}, 1)
    assert ask(local_ws, "withdraw", number).data["differences"][0]["state"] == "open"


def test_the_desk_takes_the_number_of_a_receipt(local_ws: Workspace) -> None:
    reviewing.staffed(local_ws)
    with local_ws.store.write("编号") as write:
        write.update(TABLES["meter_box"], [Change(3, {"gis_id": "40773160"})])
        pairs = [("meter_box", box(3), "gis", "40773161", "2026-11-01", None, None, "")]
        write.insert(table_of(IdPair), ("entity", "key", "system", "value", "since", "until", "sheet_id", "person"), pairs, 1)
    key = (Klass.ID_BROKEN, box(3), "gis_id")
    done = correct(local_ws, [found(local_ws)[key].number])
    assert (dict(done.told), done.order) == ({Target.DESK: 1}, "")
    assert key not in found(local_ws)
