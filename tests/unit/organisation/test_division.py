"""Division of points into groups: best where it can be counted out, within the limit always, never without an answer."""

import csv
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lvdesk.cli.running import main
from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.organisation.division.bounding import bound
from lvdesk.organisation.division.dividing import divide
from lvdesk.organisation.division.model import Division, Points
from lvdesk.organisation.division.points import read_points

Place = tuple[int, int, int]


def points_of(places: Sequence[Place]) -> Points:
    table = np.array(places, dtype=float)
    apart = np.hypot(*(table[:, None, at] - table[None, :, at] for at in (0, 1)))
    return Points(tuple(f"P{place}" for place in range(len(places))), apart, table[:, 2])


def scattered(count: int, seed: int) -> Points:
    dice = np.random.default_rng(seed)
    return points_of([(x, y, load) for x, y, load in dice.integers(1, 1000, (count, 3)) % (1000, 1000, 20)])


def loads(points: Points, found: Division) -> list[float]:
    return [float(points.load[found.centre == centre].sum()) for centre in found.centres]


def counted_out(points: Points, groups: int, limit: float) -> float | None:
    """The least way of all divisions, one by one; None when none fits."""
    ways = []
    for centres in itertools.combinations(range(len(points)), groups):
        for to in itertools.product(centres, repeat=len(points)):
            full = all(points.load[[place for place, centre in enumerate(to) if centre == each]].sum() <= limit for each in centres)
            if full and all(to[each] == each for each in centres):
                ways.append(points.apart[np.arange(len(points)), list(to)].sum())
    return min(ways) if ways else None


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9)), min_size=3, max_size=6),
    st.integers(1, 3),
    st.integers(6, 30),
)
def test_a_small_division_is_the_best_there_is(places: list[Place], groups: int, limit: int) -> None:
    points = points_of(places)
    expected = counted_out(points, groups, limit)
    found = divide(points, groups, limit)
    if expected is None:
        assert found.binding
        assert found.limit > limit
        assert counted_out(points, groups, found.limit) == pytest.approx(found.objective)
    else:
        assert found.binding == ""
        assert (found.objective, found.gap) == (pytest.approx(expected), 0)


def test_a_division_of_25_is_proven_best() -> None:
    points = scattered(25, 3)
    found = divide(points, 5, float(points.load.sum()) / 5 * 1.1)
    assert (found.gap, len(found.centres), found.binding) == (0, 5, "")


def test_many_points_keep_the_limit_and_come_near_the_bound() -> None:
    points, groups = scattered(60, 4), 6
    limit = float(points.load.sum()) / groups * 1.15
    found = divide(points, groups, limit, seconds=20)
    assert max(loads(points, found)) <= limit
    assert len(found.centres) == groups
    assert (found.centre[found.centres] == found.centres).all()
    assert found.gap < 0.1


def test_the_bound_is_never_above_the_best() -> None:
    points = scattered(20, 5)
    limit = float(points.load.sum()) / 4 * 1.1
    best = divide(points, 4, limit)
    assert bound(points, 4, limit, best.objective, Progress()).value <= best.objective + 1e-6


@pytest.mark.parametrize(
    "places, groups, limit, word",
    [
        ([(0, 0, 50), (1, 0, 1), (9, 9, 1)], 2, 20, "P0 一处的负荷 50 已超过上限 20"),
        ([(0, 0, 10), (1, 0, 10), (9, 9, 10)], 1, 20, "总负荷 30 超过 1 个网格乘上限 20"),
        ([(0, 0, 6), (1, 0, 6), (9, 9, 6)], 2, 10, "拼不进"),
    ],
)
def test_a_condition_that_cannot_be_kept_is_named_and_eased(places: list[Place], groups: int, limit: float, word: str) -> None:
    points = points_of(places)
    found = divide(points, groups, limit)
    assert word in found.binding
    assert max(loads(points, found)) <= found.limit


@pytest.mark.parametrize(
    "rows, groups, limit, code",
    [([], 1, 5.0, "division.empty"), ([(0, 0, 1)], 2, 5.0, "division.groups"), ([(0, 0, 1)], 1, 0.0, "division.load")],
)
def test_a_wrong_question_is_refused(rows: list[Place], groups: int, limit: float, code: str) -> None:
    points = points_of(rows) if rows else Points((), np.zeros((0, 0)), np.zeros(0))
    with pytest.raises(KnownError) as refused:
        divide(points, groups, limit)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text, code",
    [
        ("key,x_m,y_m\nA,1,2\n", "points.columns"),
        ("key,x_m,y_m,load\nA,1,2,x\n", "points.number"),
        ("key,x_m,y_m,load\nA,1,2,-1\n", "points.number"),
        ("key,x_m,y_m,load\n,1,2,1\n", "points.number"),
        ("key,x_m,y_m,load\nA,1,2,1\nA,2,2,1\n", "points.double"),
        ("", "points.unreadable"),
    ],
)
def test_a_file_that_is_no_list_of_points_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text)
    with pytest.raises(KnownError) as refused:
        read_points(path)
    assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_points_are_read_in_the_usual_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "points.csv"
    path.write_text("KEY, x_m ,y_m,load\n一台区,0,0,1\n二台区,3,4,2.5\n", encoding=encoding)
    points = read_points(path)
    assert (points.keys, points.apart[0, 1], points.load.tolist()) == (("一台区", "二台区"), 5.0, [1.0, 2.5])


def test_the_command_line_divides_points(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "points.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("key", "x_m", "y_m", "load"), ("A", 0, 0, 1), ("B", 10, 0, 1), ("C", 500, 0, 1), ("D", 520, 0, 1)])
    words = [
        "--workspace",
        str(tmp_path / "station"),
        "grids",
        "propose",
        "--points",
        str(path),
        "--grids",
        "2",
        "--max-load",
        "2",
        "--json",
    ]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["objective"], said["gap"], len(said["centres"])) == (30, 0, 2)
    assert said["assignment"]["A"] == said["assignment"]["B"] != said["assignment"]["C"] == said["assignment"]["D"]
    words[words.index("--max-load") + 1] = "1"
    assert main(words) == 1
    assert "总负荷 4 超过" in json.loads(capsys.readouterr().out)["binding"]
