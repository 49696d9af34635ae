"""Published vectors of the two obfuscated systems, and the way back."""

import numpy as np
import pytest

from lvdesk.geo.offsets import to_bd09, to_cgcs2000, to_gcj02

METRE = 1 / 111_000


@pytest.mark.parametrize(
    "given, expected",
    [((116.404, 39.915), (116.41024449916938, 39.91640428150164)), ((120.0, 40.0), (120.00567568355486, 40.0013047896019))],
)
def test_gcj02_vectors(given: tuple[float, float], expected: tuple[float, float]) -> None:
    east, north = to_gcj02(np.array([given[0]]), np.array([given[1]]))
    assert (east[0], north[0]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("system, forward", [("gcj02", to_gcj02), ("bd09", to_bd09)])
def test_the_way_back_is_exact_to_two_decimetres_all_over_china(system: str, forward: object) -> None:
    longitude, latitude = (axis.ravel() for axis in np.meshgrid(np.linspace(74, 134, 40), np.linspace(17, 53, 40)))
    shifted = forward(longitude, latitude)  # type: ignore[operator]
    back = to_cgcs2000(system, *shifted)
    assert np.abs(back[0] - longitude).max() < 0.2 * METRE
    assert np.abs(back[1] - latitude).max() < 0.2 * METRE


@pytest.mark.parametrize("system", ["cgcs2000", "wgs84"])
def test_equal_systems_stay_as_they_are(system: str) -> None:
    longitude, latitude = np.array([115.6820234]), np.array([34.4465])
    assert to_cgcs2000(system, longitude, latitude) == (longitude, latitude)
