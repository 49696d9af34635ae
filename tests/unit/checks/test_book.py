"""Any settings written to the workbook and read back into a station without settings come out as they were."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lvdesk.checks import book, tuning
from lvdesk.checks.model import Severity
from lvdesk.checks.rulebook import Tuning
from tests.helpers.here import HereReader
from tests.helpers.rulebook import tried, tried_rules

__all__ = ["tried_rules"]

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="、，；"), min_size=1, max_size=9)
WORDS = WORDS.map(str.strip).filter(bool)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.booleans(),
        "severity": st.sampled_from(["error", "warning", "info"]),
        "distance": st.one_of(st.integers(10, 5000), st.floats(10, 5000)),
        "share": st.floats(0, 1e300),
        "word": WORDS,
        "states": st.lists(WORDS, unique=True, min_size=1, max_size=4),
        "lengths": st.lists(st.integers(1, 40), unique=True, min_size=1, max_size=4),
    },
)


def original() -> dict[str, Tuning]:
    return {
        rule.code: Tuning(enabled=True, severity=rule.severity, values={item.name: item.default for item in rule.parameters})
        for rule in tried()
    }


@pytest.mark.usefixtures("tried_rules")
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_to=GIVEN)
def test_settings_survive_the_workbook(monkeypatch: pytest.MonkeyPatch, given_to: dict[str, Any]) -> None:
    changed = original()
    plain: dict[str, Any] = {name: value for name, value in given_to.items() if name not in {"enabled", "severity"}}
    changed["Q50"] = Tuning(
        enabled=given_to.get("enabled", True),
        severity=Severity(given_to.get("severity", "warning")),
        values={**changed["Q50"].values, **plain},
    )
    monkeypatch.setattr(book, "Reader", HereReader)
    monkeypatch.setattr(tuning, "shipped", lambda _ws: original())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "手册.xlsx"
        monkeypatch.setattr(tuning, "rule_book", lambda _ws: changed)
        book.write_book(None, path)  # type: ignore[arg-type]
        monkeypatch.setattr(tuning, "rule_book", lambda _ws: original())
        read = book.read_book(None, path)  # type: ignore[arg-type]
    assert read.problems == ()
    wanted = {name: value for name, value in given_to.items() if value != tuning._value_of(original()["Q50"], name)}
    assert read.changes == ({"Q50": wanted} if wanted else {})
