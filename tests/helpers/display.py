"""A real X server without a screen, for programs that tests start as a person would."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.helpers.missing import missing


@pytest.fixture(scope="session")
def x_display() -> Iterator[dict[str, str]]:
    """The environment of a program that shall open a real window: an Xvfb of its own, 1366×768, 96 dpi.

    The test process itself stays offscreen; give this to ``subprocess.Popen(env=…)``.
    """
    server = shutil.which("Xvfb")
    if server is None:
        missing("Xvfb")
    reading, writing = os.pipe()
    options = ["-displayfd", str(writing), "-screen", "0", "1366x768x24", "-dpi", "96", "-nolisten", "tcp", "-noreset"]
    process = subprocess.Popen([server, *options], pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    if not number:
        process.wait(10)
        pytest.fail(f"Xvfb did not start ({process.returncode})", pytrace=False)
    yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    process.terminate()
    process.wait(10)
