"""Keeps resources/docs/figures.md: each producer writes its own section and leaves the others' alone."""

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path

import psutil

from lvdesk.kit.files import replacing
from lvdesk.store.engines import sqlite_driver

FIGURES = Path(__file__).resolve().parents[2] / "resources" / "docs" / "figures.md"

_TITLE = """# Figures

Measured by the commands named beside them; no line is written by hand. A command replaces the lines it measured and leaves the rest.
"""
_HEAD = "| what | value | goal | met | command | date | load |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Figure:
    """One line.

    Attributes:
        what: names the figure; a later run replaces the line of the same name.
        value: with unit.
        command: what to type to get it again.
        goal: as the specification has it, "" when none is set.
        met: whether the goal is met, None without a goal.
        load: how busy the machine was in the last minute, all its work together.
    """

    what: str
    value: str
    command: str
    goal: str = ""
    met: bool | None = None
    load: float = field(default_factory=lambda: psutil.getloadavg()[0])

    def line(self, day: str) -> str:
        """The table line."""
        met = {None: "", True: "yes", False: "**no**"}[self.met]
        return f"| {self.what} | {self.value} | {self.goal} | {met} | `{self.command}` | {day} | {self.load:.1f} |"


def machine() -> str:
    """What it was measured on, without names of hosts or places."""
    memory = round(psutil.virtual_memory().total / 2**30)
    cores = psutil.cpu_count(logical=True)
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, {memory} GB · Python {platform.python_version()} · "
        f"polars {version('polars')} · SQLite {sqlite_driver().sqlite_version} · Qt {version('PySide6-Essentials')}"
    )


def keep(section: str, title: str, figures: Iterable[Figure], *, path: Path = FIGURES, note: str = "") -> None:
    """Puts the figures into the section.

    Lines of the section that were not measured this time stay, unless the machine is another one: figures of two machines do not
    stand in one table.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else _TITLE
    begin, end = f"<!-- {section} -->", f"<!-- end {section} -->"
    found = re.search(f"{re.escape(begin)}\n(.*?){re.escape(end)}\n", text, re.DOTALL)
    on = f"Measured on {machine()}."
    lines = _lines(found.group(1)) if found and on in found.group(1) else {}
    for figure in figures:
        lines[figure.what] = figure.line(date.today().isoformat())  # noqa: DTZ011 - the day where the machine stands
    body = [begin, f"## {title}", "", on, *([note] if note else []), "", _HEAD, *lines.values(), end, ""]
    block = "\n".join(body)
    text = text[: found.start()] + block + text[found.end() :] if found else f"{text.rstrip()}\n\n{block}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _lines(section: str) -> dict[str, str]:
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| what |")]
    return {line.split(" | ")[0].removeprefix("| "): line for line in lines}
