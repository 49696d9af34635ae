"""Which box a photo shows, by rule: codes first, one meter alone only when nothing speaks against it, no code only by time and place."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lvdesk.fieldwork.photo_binding import Shot, Verdict, bound, by_code
from lvdesk.fieldwork.photo_ground import Asset, Ground
from tests.helpers.photo_truth import place

START = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - as cameras write it
A, B, C = "A", "B", "C"
HOMES = {"a1": A, "a2": A, "a3": A, "a4": A, "a5": A, "a6": A, "b1": B, "b2": B, "c1": C, "n1": ""}
BOXES = {A: 0.0, B: 60.0, C: 400.0}
GROUND = Ground(
    {box: Asset(box, is_box=True, box_no=box) for box in BOXES}
    | {meter: Asset(meter, is_box=False, box_no=home) for meter, home in HOMES.items()},
    [(box, *place(metres)) for box, metres in BOXES.items()],
)


def shot(codes: Sequence[str] = (), seconds: float | None = None, metres: float | None = None, source: str = "") -> Shot:
    at = None if seconds is None else START + timedelta(seconds=seconds)
    return Shot(source, at, None if metres is None else place(metres), tuple(codes))


@pytest.mark.parametrize(
    "codes, box_no",
    [
        ([A], A),
        (["a1"], A),
        (["a1", "a2"], A),
        ([A, "a1", "a2", "b1"], A),
        ([A, "n1"], A),
        ([A, "unknown"], A),
        (["a1", "a2", "a3", "a4", "a5", "a6", "c1"], A),
        ([A, B], ""),
        ([A, B, "a1", "a2", "a3"], ""),
        ([A, "b1"], ""),
        ([A, "a1", "b1"], ""),
        (["a1", "b1"], ""),
        (["a1", "a2", "a3", "b1"], ""),
        (["n1"], ""),
        (["unknown"], ""),
    ],
)
def test_codes(codes: Sequence[str], box_no: str) -> None:
    found = by_code(shot(codes), GROUND)
    assert found is not None
    assert found.box_no == box_no
    assert found.bound_by == ("code" if box_no else "")
    assert found.why


def test_no_codes_say_nothing() -> None:
    assert by_code(shot(), GROUND) is None


def single(*others: Shot, metres: float | None = None) -> Verdict:
    """What becomes of a photo of one meter of A, taken a minute after nine."""
    return bound([shot(["a1"], 60, metres), *others], GROUND)[0]


def test_one_meter_alone_names_its_box_unless_place_or_time_speak_against_it() -> None:
    assert single().box_no == A
    assert single(metres=40).box_no == A
    assert single(metres=300).box_no == ""
    assert "米" in single(metres=300).why
    assert single(shot([B], 20)).box_no == ""
    assert "B" in single(shot([B], 20)).why
    assert single(shot([B], 20), shot([A], 90)).box_no == A
    assert single(shot([B], 20, source="另一台")).box_no == A
    assert single(shot([B], 200)).box_no == A


PLAIN = shot([], 60, 4)


@pytest.mark.parametrize(
    "photo, others, box_no",
    [
        (PLAIN, [shot([A], 40, 2)], A),
        (PLAIN, [shot([A], 40)], A),
        (PLAIN, [shot([A], 40, 2), shot([B], 150, 60)], A),
        (PLAIN, [], ""),
        (PLAIN, [shot([A], 400, 2)], ""),
        (PLAIN, [shot([A], 40, 2, "另一台")], ""),
        (PLAIN, [shot([A], 40, 2), shot([B], 85, 60)], ""),
        (PLAIN, [shot([B], 40, 60)], ""),
        (PLAIN, [shot([A], 40, 60)], ""),
        (replace(PLAIN, at=None), [shot([A], 40, 2)], ""),
        (replace(PLAIN, place=None), [shot([A], 40, 2)], ""),
        (shot([], 60, 25), [shot([A], 40, 20)], ""),
        (shot([], 60, 19), [shot([A], 40, 15)], ""),
    ],
)
def test_without_code_time_and_place_must_agree(photo: Shot, others: Sequence[Shot], box_no: str) -> None:
    found = bound([photo, *others], GROUND)[0]
    assert (found.box_no, found.bound_by) == (box_no, "neighbour" if box_no else "")
    assert "没有读出条码" in found.why or box_no


def test_without_boxes_in_the_ledger_everything_waits() -> None:
    verdicts = bound([shot([A], 0, 0), shot([], 5, 0)], Ground({}, []))
    assert [verdict.box_no for verdict in verdicts] == ["", ""]
    assert all(verdict.why for verdict in verdicts)
