"""CGCS2000 on the plane: which systems may be chosen, metres checked against the meridian, zones far away refused."""

import numpy as np
import pytest
from pyproj import Geod

from lvdesk.geo.zones import checked, projected, refuse_far
from lvdesk.kit.errors import RefusedError

WEST, EAST = 115.0, 115.75
"""EPSG:4547 has its central meridian at 114° E, without the zone's number."""


@pytest.mark.parametrize("crs", ["EPSG:4490", "epsg:4547", "4491", "EPSG:4554"])
def test_systems_of_cgcs2000(crs: str) -> None:
    assert checked(crs).to_epsg() == int(crs[-4:])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:4555", "EPSG:4490x", "", "北京54"])
def test_others_are_refused(crs: str) -> None:
    with pytest.raises(RefusedError) as caught:
        checked(crs)
    assert (caught.value.code, "EPSG:4490" in caught.value.hint) == ("export.crs", True)


def test_degrees_keep_a_centimetre() -> None:
    x, y = projected(checked("EPSG:4490"), np.array([115.12345678, np.nan]), np.array([34.0, 34.0]))
    assert (x[0], np.isnan(x[1]), y[0]) == (115.1234568, True, 34.0)


def test_metres_are_metres() -> None:
    places = np.array([114.0, 114.01]), np.array([34.44, 34.44])
    east, north = projected(checked("EPSG:4547"), *places)
    along = Geod(a=6378137, rf=298.257222101).inv(places[0][0], places[1][0], places[0][1], places[1][1])[2]
    assert east[0] == pytest.approx(500_000, abs=0.001)
    assert np.hypot(east[1] - east[0], north[1] - north[0]) == pytest.approx(along, abs=0.01)


def test_a_place_without_coordinates_stays_without() -> None:
    east, north = projected(checked("EPSG:4547"), np.array([np.nan, 114.0]), np.array([34.0, np.nan]))
    assert np.isnan(east).all()
    assert np.isnan(north).all()


@pytest.mark.parametrize("crs, refused", [("EPSG:4547", False), ("EPSG:4490", False), ("EPSG:4549", True), ("EPSG:4502", True)])
def test_a_zone_far_away_is_refused(crs: str, refused: bool) -> None:
    places = np.linspace(WEST, EAST, 50)
    if not refused:
        refuse_far(checked(crs), places)
        return
    with pytest.raises(RefusedError) as caught:
        refuse_far(checked(crs), places)
    assert caught.value.code == "export.crs_far"
    assert "115.3" in caught.value.hint
