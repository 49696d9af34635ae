"""A tiny bench: every import row measured in a process of its own, goals only where the size has one."""

from pathlib import Path

import pytest

from tests.bench import plan
from tests.bench.__main__ import shown
from tests.bench.plan import Bench, importing
from tests.helpers.figures import Figure


@pytest.mark.slow
def test_a_tiny_import_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "CACHE", tmp_path / "cache")
    figures = list(importing(Bench([300], tmp_path, runs=1)))
    names = [figure.what for figure in figures]
    assert [name for name in names if "read, heal, store" in name] == [
        "import 300 rows xlsx: read, heal, store, search",
        "import 300 rows GBK csv: read, heal, store, search",
    ]
    assert all(figure.met is None for figure in figures)
    assert all(figure.value.startswith("+") for figure in figures if "memory" in figure.what)


@pytest.mark.parametrize(
    "figure, expected",
    [
        (Figure("ratio", "2.0", "bench", "≤ 2.5", met=True), "ratio: 2.0   goal ≤ 2.5: met"),
        (Figure("ratio", "2.6", "bench", "≤ 2.5", met=False), "ratio: 2.6   goal ≤ 2.5: MISSED"),
        (Figure("reading", "3 s", "bench"), "reading: 3 s"),
    ],
)
def test_a_figure_is_printed_with_its_goal(figure: Figure, expected: str) -> None:
    assert shown(figure) == expected
