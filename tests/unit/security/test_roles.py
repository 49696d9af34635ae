"""Roles: the shipped file, and a station's own that is broken."""

from pathlib import Path

import pytest

from lvdesk.kit.errors import KnownError
from lvdesk.security.roles import load_roles


def test_every_action_of_the_shipped_roles_has_a_title_and_somebody_who_may() -> None:
    roles = load_roles(None)
    assert {action for role in roles.roles.values() for action in role.actions} == set(roles.titles)
    assert [role.title for role in roles.holders("review.marketing")] == ["营销班组"]


def test_two_roles_allow_together_and_unknown_ones_nothing() -> None:
    assert load_roles(None).allowed(["marketing", "operations", "gone"]) == {"review.marketing", "review.operations"}


@pytest.mark.parametrize(
    "text",
    [
        "[actions]", "roles = 1\n[actions]", '[actions]\n[roles.clerk]\ntitle = "内勤"', "[actions]\n[roles]\nclerk = 1",
        '[actions]\n[roles.clerk]\ntitle = "内勤"\nactions = 3',
    ],
)  # fmt: skip
def test_a_broken_file_of_its_own_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "roles.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnownError) as raised:
        load_roles(tmp_path)
    assert raised.value.code == "rules.unreadable"
    assert "roles.toml" in raised.value.message
