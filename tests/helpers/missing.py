"""What a test needs from the machine and may not find."""

import os
from typing import NoReturn

import pytest


def missing(what: str, *, demanded_by: str = "CI") -> NoReturn:
    """Skips the test and says what is missing; where everything must run (CI, or ``demanded_by`` is set) it fails instead."""
    message = f"{what} is missing: `python dev.py test` installs it on Debian and Ubuntu"
    if os.environ.get("CI") or os.environ.get(demanded_by):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
