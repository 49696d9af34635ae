"""Who may import whom: the contracts of pyproject.toml hold, and would be noticed when broken."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.arch.tree import ROOT, parse, sources

SKELETON = (
    *("lvdesk", "lvdesk/kit", "lvdesk/store", "lvdesk/tabular", "lvdesk/ledger"),
    *("ui", "ui/models", "ui/delegates", "ui/widgets", "ui/theme", "ui/panes", "ui/panes/one", "ui/panes/two"),
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", code, "--no-cache", "--config", str(folder / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_contracts_hold() -> None:
    told = lint(ROOT)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    "name, text, broken",
    [
        ("lvdesk/kit/errors.py", "import lvdesk.store", "layers"),
        ("lvdesk/gossip/__init__.py", "", "layers"),
        ("lvdesk/store/engine.py", "import PySide6", "no-qt"),
        ("lvdesk/kit/errors.py", "import ui", "window"),
        ("ui/app.py", "import polars", "no-data"),
        ("ui/app.py", "import lvdesk.store", "no-data"),
        ("ui/panes/one/pane.py", "import ui.panes.two.pane", "panes"),
        ("lvdesk/store/engine.py", "import fastexcel", "reading-apart"),
        ("lvdesk/tabular/workbook.py", "import fastexcel", ""),
        ("lvdesk/tabular/workbook.py", "import sqlalchemy", "reading-light"),
        ("ui/widgets/grid.py", "import ui.panes.one", "parts"),
        ("ui/panes/one/pane.py", "import ui.panes.base", ""),
    ],
)
def test_contracts_would_notice(tmp_path: Path, name: str, text: str, broken: str) -> None:
    for folder in SKELETON:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    for module in ("ui/app.py", "ui/main_window.py", "ui/panes/base.py", "ui/panes/two/pane.py", "lvdesk/ledger/preparing.py"):
        (tmp_path / module).touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text + "\n")
    told = lint(tmp_path)
    contracts = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    report = " ".join(told.stdout.split())
    notices = [contract["id"] for contract in contracts if f"{contract['name']} BROKEN" in report]
    assert notices == ([broken] if broken else []), told.stdout + told.stderr


def test_nothing_imports_the_entry_points() -> None:
    offenders = [name for name in sources("lvdesk", "ui") if re.search(r"^\s*(import|from) (main|dev|tests)\b", read(name), re.MULTILINE)]
    assert offenders == []


def test_only_the_store_commits_and_connects() -> None:
    strangers = {"lvdesk/geo/backdrop.py"}  # reads map files of other programs, and only reads
    outside = [name for name in sources("lvdesk", "ui", "main.py") if not name.startswith("lvdesk/store/") and name not in strangers]
    offenders = [name for name in outside if re.search(r"\.commit\(|\bcreate_engine\(|\bsqlite3\.connect\(", read(name))]
    assert offenders == []


def test_every_package_says_what_it_is_for() -> None:
    packages = [name for name in sources("lvdesk", "ui") if name.endswith("__init__.py") and "/versions/" not in name]
    silent = [name for name in packages if not parse(name).body]
    assert silent == []


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
