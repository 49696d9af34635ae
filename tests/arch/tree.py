"""The project's own files, as Git would hand them to the next owner."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BINARY = {".png", ".ico", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".pdf", ".ttf", ".gz", ".zip", ".bin"}


@cache
def files() -> tuple[str, ...]:
    """Paths of all files in the tree (committed or about to be), with forward slashes."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    names = listed.stdout.decode().split("\0")
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def texts() -> Iterator[tuple[str, str]]:
    """Every text file with its content."""
    for name in files():
        if Path(name).suffix not in _BINARY:
            yield name, (ROOT / name).read_text(encoding="utf-8", errors="replace")


def sources(*tops: str) -> list[str]:
    """Python files under the given top-level names."""
    return [name for name in files() if name.endswith(".py") and name.split("/")[0] in tops]


def parse(name: str) -> ast.Module:
    """The syntax tree of one Python file."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)
