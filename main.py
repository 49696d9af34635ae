"""营配网格工作台: opens the window; with a verb, runs the command line."""

import argparse
import multiprocessing
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lvdesk.kit.page import Page
    from lvdesk.kit.progress import Progress


def main() -> int:
    """Starts the program; returns its exit status."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    if _has_verb(arguments):
        from lvdesk.cli import main as command_line

        return command_line(arguments, printer=_print)
    return _window(arguments)


def _window(arguments: list[str]) -> int:
    from ui.app import WorkspaceArguments, run

    parser = argparse.ArgumentParser(prog="main.py")
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--db")
    options = parser.parse_args(arguments)
    return run(WorkspaceArguments(options.workspace, options.db), _make_sample)


def _make_sample(folder: Path, progress: "Progress") -> None:
    from lvdesk.sample.demo import make_sample

    make_sample(folder, progress)


def _print(pages: "Iterable[Page]", path: Path, progress: "Progress", *, title: str) -> int:
    """Paints pages into a PDF; Qt is loaded only by a verb that prints."""
    from ui.printing.pdf import write_pdf

    return write_pdf(pages, path, progress, title=title)


def _has_verb(arguments: list[str]) -> bool:
    """Whether a word remains that is neither an option nor an option's value: the window takes only options."""
    valued, rest = {"--workspace", "--db", "--person"}, iter(arguments)
    for argument in rest:
        if argument in valued:
            next(rest, None)
        elif not argument.startswith("-") or argument in {"--help", "-h", "--version"}:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
