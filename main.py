"""营配网格工作台: opens the window; with a verb, runs the command line."""

import multiprocessing
import sys


def main() -> int:
    """Starts the program; returns its exit status."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    if _has_verb(arguments):
        from lvdesk.cli import main as command_line

        return command_line(arguments)
    from ui.app import run

    return run(arguments)


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
