"""The program as a person has it: ``main.py`` in a window of its own, seen and driven from outside by keys alone."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.helpers.missing import missing

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "tests" / "helpers" / "accessibility.py"
_LOOK = 0.05
_PATIENCE = 40.0
_FOREIGN = ("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "QT_QPA_PLATFORMTHEME", "WAYLAND_DISPLAY", "XMODIFIERS", "QT_IM_MODULE")

T = TypeVar("T")


def until(asked: Callable[[], T | None], what: str, seconds: float = _PATIENCE) -> T:
    """Asks again and again until the answer is true, and returns it; fails with ``what`` at the deadline."""
    answer = _within(asked, seconds)
    if not answer:
        pytest.fail(f"never happened: {what}", pytrace=False)
    return answer


def _within(asked: Callable[[], T], seconds: float) -> T:
    end = time.monotonic() + seconds
    while not (answer := asked()) and time.monotonic() < end:
        time.sleep(_LOOK)
    return answer


@dataclass(frozen=True)
class Control:
    """A control as a screen reader is told of it; ``path`` are roles and names from the program down to it."""

    role: str
    name: str
    path: Sequence[str]
    showing: bool
    enabled: bool


class Window:
    """A running program with a window.

    Attributes:
        process: the program.
    """

    def __init__(self, process: "subprocess.Popen[str]", environment: Mapping[str, str]) -> None:
        self.process, self._environment = process, environment

    def heard(self) -> list[Control]:
        """What a screen reader is told: every control of every window, on screen or not; nothing while it is not on the bus."""
        status, said = _ask_reader(self._environment, str(self.process.pid))
        return [] if status else [Control(**each) for each in json.loads(said)]

    def find(self, name: str, role: str = "push button") -> Control:
        """The control on screen that can be used and has this name (``*`` stands for anything); waits for it."""
        fits = lambda each: each.role == role and fnmatchcase(each.name, name) and each.showing and each.enabled  # noqa: E731
        return until(lambda: next(filter(fits, self.heard()), None), f"{role} “{name}”")

    def windows(self) -> dict[str, str]:
        """Its visible windows: X11 number -> title."""
        if self.process.poll() is not None:
            pytest.fail(f"the program ended: {self.process.communicate()[1][-3000:]}", pytrace=False)
        found = self._xdotool("search", "--onlyvisible", "--pid", str(self.process.pid), "--name", ".*").split()
        titles = {number: self._xdotool("getwindowname", number).strip() for number in found}
        return {number: title for number, title in titles.items() if title}  # the root window has none

    def turn_to(self, title: str) -> None:
        """Gives the keyboard to the window with these words in its title, as a window manager does for the newest one."""
        number = until(lambda: next((n for n, name in self.windows().items() if title in name), ""), f"a window “{title}”")
        self._xdotool("windowfocus", number)
        until(lambda: self._xdotool("getwindowfocus").strip() == number, f"“{title}” has the keyboard")

    def keys(self, *names: str) -> None:
        """Presses keys one after another, e.g. ``ctrl+o``, ``Return``."""
        self._xdotool("key", "--clearmodifiers", *names)

    def write(self, text: str) -> None:
        """Types a text of plain letters."""
        self._xdotool("type", "--clearmodifiers", "--delay", "2", text)

    def answer(self, title: str, text: str) -> None:
        """Types ``text`` into the line of a dialog and presses Enter until it is gone: the first may only take a completion."""
        self.turn_to(title)
        self.write(text)
        for _ in range(5):
            self.keys("Return")
            if _within(lambda: title not in "".join(self.windows().values()), 3.0):
                return
        pytest.fail(f"“{title}” did not take {text}", pytrace=False)

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self._environment, capture_output=True, text=True, timeout=60, check=False)
        return done.stdout


@contextmanager
def window_of(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[Window]:
    """Starts a program and ends it with the block."""
    if shutil.which("xdotool") is None:
        missing("xdotool")
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield Window(process, environment)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def program(workspace: Path) -> list[str]:
    """The command that opens a workspace's window."""
    return [sys.executable, "main.py", "--workspace", str(workspace)]


def command_line(workspace: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Asks ``main.py`` about a workspace: exit status and what ``--json`` wrote."""
    command = [sys.executable, "main.py", "--workspace", str(workspace), *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}


@pytest.fixture(scope="session")
def accessible_desktop(x_display: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A plain X desktop with a message bus of its own, on which programs tell a screen reader what they show."""
    for name in ("dbus-daemon", "xdotool"):
        if shutil.which(name) is None:
            missing(name)
    plain = {name: value for name, value in x_display.items() if name not in _FOREIGN}
    environment = {**plain, "QT_IM_MODULE": "simple", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "NO_AT_BRIDGE": "0"}
    environment["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("bus"))
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        environment["DBUS_SESSION_BUS_ADDRESS"] = (bus.stdout.readline() if bus.stdout else "").strip()
        try:
            status, said = _ask_reader(environment, "--ready")
            if status:
                missing(f"AT-SPI ({said.strip().splitlines()[-1] if said.strip() else status})")
            yield environment
        finally:
            bus.terminate()


def _ask_reader(environment: Mapping[str, str], argument: str) -> tuple[int, str]:
    """Debian's Python, not ours, has the bindings of AT-SPI."""
    python = next((path for path in ("/usr/bin/python3", sys.executable) if os.access(path, os.X_OK)), sys.executable)
    own = {name: value for name, value in environment.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    command = [python, str(READER), argument]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout if done.returncode == 0 else done.stderr
