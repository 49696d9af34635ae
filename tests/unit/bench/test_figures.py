"""The page of figures: producers keep to their own section, lines of one name are replaced."""

from pathlib import Path

import pytest

from tests.helpers import figures
from tests.helpers.figures import Figure, keep


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "figures.md"
    keep("bench", "Speed", [Figure("reading", "3 s", "bench"), Figure("ratio", "2", "bench", "≤ 2.5", met=True)], path=path)
    keep("soak", "Faults", [Figure("kills", "0 lost", "soak", "0", met=False)], path=path)
    return path


def lines(page: Path) -> list[str]:
    """Names and values of all lines."""
    cells = [line.split(" | ") for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [f"{row[0].removeprefix('| ')}={row[1]}" for row in cells if row[1] != "value"]


def test_each_producer_writes_its_own_section(page: Path) -> None:
    assert lines(page) == ["reading=3 s", "ratio=2", "kills=0 lost"]
    text = page.read_text(encoding="utf-8")
    assert text.index("## Speed") < text.index("## Faults")
    assert "**no**" in text.split("## Faults")[1]
    assert "**no**" not in text.split("## Faults")[0]


def test_a_partial_run_replaces_what_it_measured_and_keeps_the_rest(page: Path) -> None:
    keep("bench", "Speed", [Figure("ratio", "1.9", "bench"), Figure("search", "5 ms", "bench")], path=page)
    assert lines(page) == ["reading=3 s", "ratio=1.9", "search=5 ms", "kills=0 lost"]


def test_figures_of_another_machine_are_not_mixed_in(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "machine", lambda: "another machine")
    keep("bench", "Speed", [Figure("ratio", "9", "bench")], path=page)
    assert lines(page) == ["ratio=9", "kills=0 lost"]


def test_the_machine_is_told_without_its_name(page: Path) -> None:
    import platform

    assert platform.node() not in page.read_text(encoding="utf-8")
    assert "cores" in figures.machine()
