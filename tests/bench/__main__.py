"""``python -m tests.bench [ROWS …] [--only GROUP …]``: measures, prints, and keeps resources/docs/figures.md."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.peers import bring
from tests.bench.plan import GROUPS, Bench
from tests.helpers.figures import Figure, keep

_ROWS = (20_000, 200_000, 1_000_000)
_NOTE = (
    "Each measurement runs in a process of its own: medians of 3 up to 300,000 rows, one run above; peer and import in turn; "
    "ledgers have 25 columns."
)


def main(arguments: list[str]) -> int:
    """Measures what is asked for; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="speed and memory beside peers")
    parser.add_argument("rows", nargs="*", type=int, help=f"sizes of the ledgers, default {' '.join(map(str, _ROWS))}")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="groups to measure")
    parser.add_argument("--runs", type=int, default=3, help="repetitions of small measurements")
    parser.add_argument("--without-openpyxl", action="store_true", help="saves its minute")
    parser.add_argument("--print-only", action="store_true", help="leaves figures.md alone")
    options = parser.parse_args(arguments)
    bring()
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="lvdesk-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(sorted(options.rows or _ROWS), Path(folder), openpyxl=not options.without_openpyxl, runs=options.runs)
        broken = [name for name in options.only if not _group(name, bench, figures)]
    if not options.print_only:
        keep("bench", "Speed and memory", figures, note=_NOTE)
    return 1 if broken or any(figure.met is False for figure in figures) else 0


def _group(name: str, bench: Bench, figures: list[Figure]) -> bool:
    """Adds the group's figures; a group that breaks off is told and does not take the others' figures along."""
    started = time.perf_counter()
    try:
        for figure in GROUPS[name](bench):
            figures.append(figure)
            print(shown(figure), flush=True)
    except RuntimeError as error:
        print(f"  [{name} broke off: {error}]", flush=True)
        return False
    print(f"  [{name}: {time.perf_counter() - started:.0f} s]", flush=True)
    return True


def shown(figure: Figure) -> str:
    """A figure as one line for the terminal."""
    goal = f"   goal {figure.goal}: {'met' if figure.met else 'MISSED'}" if figure.goal else ""
    return f"{figure.what}: {figure.value}{goal}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
