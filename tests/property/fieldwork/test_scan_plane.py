"""Four points fix how a sheet lies in a picture, and the way back is the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lvdesk.fieldwork.forms.frame import CORNERS
from lvdesk.fieldwork.scanning.plane import Plane

SHAKE = st.floats(-120, 120)


@given(shifts=st.lists(st.tuples(SHAKE, SHAKE), min_size=4, max_size=4), turn=st.floats(-3.14, 3.14), size=st.floats(3, 12))
def test_corners_and_back(shifts: list[tuple[float, float]], turn: float, size: float) -> None:
    paper = np.array(CORNERS)
    turned = paper @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * size + shifts
    plane = Plane.through(paper, turned)
    assert plane(paper) == pytest.approx(turned, abs=1e-3)
    assert plane.back(turned) == pytest.approx(paper, abs=1e-3)


def test_points_on_a_line_fix_nothing() -> None:
    line = np.array([(0, 0), (1, 1), (2, 2), (3, 3)], dtype=float)
    with pytest.raises(ValueError, match="plane"):
        Plane.through(np.array(CORNERS), line).back  # noqa: B018 - either step may notice
