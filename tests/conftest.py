"""Every test runs alone: its own home folder, no screen, a quiet log, nothing left alive; searches repeat in CI."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.helpers.display import x_display
from tests.helpers.leaks import no_threads_left, nothing_left_on_screen
from tests.helpers.logfail import quiet_log
from tests.helpers.postgres import engine_url, postgres_server, postgres_url, sqlite_url, store_url

__all__ = [
    "engine_url",
    "no_threads_left",
    "nothing_left_on_screen",
    "postgres_server",
    "postgres_url",
    "quiet_log",
    "sqlite_url",
    "store_url",
    "x_display",
]

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, logs and default workspaces of this test alone."""
    home = tmp_path / "home"
    monkeypatch.setenv("LVDESK_HOME", str(home))
    return home
