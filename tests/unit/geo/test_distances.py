"""Metres between places: against published lengths of degrees, and what lies next to what."""

import numpy as np
import pytest

from lvdesk.geo.distances import displacement, distance, layered, metres_per_degree, nearest, on_plane


@pytest.mark.parametrize(
    "latitude, east, north",
    [(0.0, 111320, 110574), (15.0, 107550, 110649), (30.0, 96486, 110852), (45.0, 78847, 111132), (60.0, 55800, 111412)],
)
def test_the_length_of_a_degree_is_that_of_the_ellipsoid(latitude: float, east: float, north: float) -> None:
    found = metres_per_degree(np.array([latitude]))
    assert found[0][0] == pytest.approx(east, abs=0.6)
    assert found[1][0] == pytest.approx(north, abs=0.6)


def test_displacement_and_distance_agree() -> None:
    start = (np.array([115.68, 115.68]), np.array([34.44, 34.44]))
    end = (np.array([115.69, 115.68]), np.array([34.44, 34.45]))
    east, north = displacement(start, end)
    assert east == pytest.approx([919.0, 0.0], abs=1)
    assert north == pytest.approx([0.0, 1109.3], abs=1)
    assert distance(start, end) == pytest.approx([919.0, 1109.3], abs=1)


def test_a_plane_keeps_distances() -> None:
    places = (np.array([115.68, 115.683]), np.array([34.44, 34.443]))
    plane = on_plane(places, (115.6, 34.4))
    true = distance((places[0][:1], places[1][:1]), (places[0][1:], places[1][1:]))[0]
    assert np.hypot(*(plane[1] - plane[0])) == pytest.approx(true, rel=1e-3)


def test_the_nearest_of_ones_own_group_is_found() -> None:
    plane = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [500.0, 0.0]])
    groups = np.array([1, 2, 1, 3])
    rows = layered(plane, groups)
    distances, numbers = nearest(rows, rows, 2)
    assert distances[:, 0].tolist() == [0, 0, 0, 0]
    assert distances[:, 1].tolist() == [10, np.inf, 10, np.inf]
    assert numbers[:, 1].tolist() == [2, 4, 0, 4]


def test_nothing_is_near_nothing() -> None:
    distances, numbers = nearest(np.zeros((2, 2)), np.zeros((0, 2)), 1)
    assert distances.tolist() == [[np.inf], [np.inf]]
    assert numbers.tolist() == [[0], [0]]
