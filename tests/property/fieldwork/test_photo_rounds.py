"""Whatever photos come in whatever order: bindings do not depend on it, and what is filed has somebody who says so."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lvdesk.fieldwork.photo_binding import CODE, NEIGHBOUR, Shot, bound
from lvdesk.fieldwork.photo_ground import Asset, Ground
from tests.helpers.photo_truth import place

START = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - as cameras write it
HOMES = {f"m{number}": f"B{number // 3}" for number in range(12)}
BOXES = [f"B{number}" for number in range(4)]
GROUND = Ground(
    {box: Asset(box, is_box=True, box_no=box) for box in BOXES}
    | {meter: Asset(meter, is_box=False, box_no=home) for meter, home in HOMES.items()},
    [(box, *place(40.0 * number)) for number, box in enumerate(BOXES)],
)
SHOTS = st.lists(
    st.builds(
        Shot,
        st.sampled_from(["一", "二"]),
        st.none() | st.integers(0, 900).map(lambda seconds: START + timedelta(seconds=seconds)),
        st.none() | st.integers(-50, 250).map(lambda metres: place(float(metres))),
        st.lists(st.sampled_from([*BOXES, *HOMES, "unknown"]), max_size=3, unique=True).map(tuple),
    ),
    max_size=8,
    unique_by=lambda shot: shot.at or object(),  # at the same second nobody can say which is nearer
)


@given(SHOTS)
def test_the_order_of_files_does_not_matter(shots: list[Shot]) -> None:
    verdicts = [verdict.box_no for verdict in bound(shots, GROUND)]
    assert [verdict.box_no for verdict in bound(shots[::-1], GROUND)][::-1] == verdicts


@given(SHOTS)
def test_every_binding_has_its_reason(shots: list[Shot]) -> None:
    for shot, verdict in zip(shots, bound(shots, GROUND), strict=True):
        own = {asset.box_no for asset in GROUND.known(shot.codes)}
        assert verdict.why
        assert bool(verdict.box_no) == bool(verdict.bound_by)
        if verdict.bound_by == CODE:
            assert verdict.box_no in own
        if verdict.bound_by == NEIGHBOUR:
            assert not shot.codes
            assert shot.at
            assert shot.place
