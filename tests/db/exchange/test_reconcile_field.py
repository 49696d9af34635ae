"""What the reconciliation hands out to the field is in the next package, as long as the disagreement stands."""

import pytest
from sqlalchemy import update

from lvdesk.fieldwork.needs import needs
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.reconciling import Disagreement, DisagreementDecision
from lvdesk.workspace import Workspace
from tests.helpers.visiting import SILVER, box, customer, laid

pytestmark = pytest.mark.usefixtures("near_reader")


def asked_for(ws: Workspace) -> dict[str, str]:
    found = needs(ws, SILVER, [], Progress())[0]
    return {need.key: reason.text for need in found for reason in need.reasons if reason.code == "sent_back"}


def test_what_the_field_has_to_correct_needs_a_visit_until_it_agrees(ws: Workspace) -> None:
    laid(ws)
    assert asked_for(ws) == {}
    stands = {
        "klass": "moved", "entity": "customer", "field": "box_no", "title": "赵六", "owner": "field", "target": "field", "evidence": "[]",
        "found_at": "2026-11-23",
    }  # fmt: skip
    decided = {
        "entity": "customer", "decision": "correct", "value": "{}", "number": "GZ261123-01", "reason": "", "person": "钱内勤",
        "at": "2026-11-23T09:00:00+08:00",
    }  # fmt: skip
    with ws.store.write("对账") as write:
        for number, target in ((2, "marketing,field"), (5, "gis")):
            about = {"identity": f"moved|{number}", "key": customer(number)}
            write.insert(table_of(Disagreement), [*stands, *about], [(*stands.values(), *about.values())], 1, derived=True)
            row = {**decided, **about, "target": target}
            write.insert(table_of(DisagreementDecision), list(row), [tuple(row.values())], 1)
    assert asked_for(ws) == {box(1): "三方对账要求现场核对"}
    with ws.store.write("对账") as write:
        write.connection.execute(update(Disagreement).values(resolved_at="2026-11-24"))
    assert asked_for(ws) == {}
