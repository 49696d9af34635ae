"""What must not stand in the tree, and what the papers of the project must hold."""

import re
import tomllib

import pytest

from tests.arch.tree import ROOT, files, sources, texts

# Written in pieces, so that this file does not find itself.
_MACHINE = re.compile("|".join(("/wo" + "rk/", "/ro" + r"ot(/|\b)", "/far" + "m/", "/tm" + "p/(sc|bash_jobs)")))
_REGISTRY = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "debian" + r"\.org", "npm" + "js", "ubuntu" + r"\.com")), re.IGNORECASE
)
_LATER = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + r"CK)\b")
_TOP = {"main.py", "lvdesk", "ui", "resources", "tests", "installer", "README.md", "dev.py", "pyproject.toml", "requirements.lock"}
_HEADINGS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def found(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in texts()
        if not suffixes or name.endswith(suffixes)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_path_of_a_machine() -> None:
    assert found(_MACHINE) == []


def test_no_address_of_a_registry() -> None:
    assert found(_REGISTRY) == []


def test_nothing_is_left_for_later() -> None:
    assert found(_LATER, ".py", ".toml", ".qss", ".md") == []


@pytest.mark.parametrize(
    "pattern, text",
    [
        (_MACHINE, "/wo" + "rk/main"),
        (_MACHINE, "/tm" + "p/bash_jobs.0"),
        (_REGISTRY, "files.python" + "hosted.org"),
        (_LATER, "# TO" + "DO: more"),
    ],
)
def test_the_patterns_find(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_the_top_level_is_the_agreed_one() -> None:
    tops = {name.split("/")[0] for name in files()}
    assert {top for top in tops if not top.startswith(".")} <= _TOP | {"CHANGELOG.md"}


def test_the_lock_file_pins_every_dependency_by_hash() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8").strip())
    locked = {normal(entry) for entry in entries}
    assert [want for want in wanted if normal(want) not in locked] == []
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def test_the_readme_lists_every_package_of_lvdesk() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    packages = {name.split("/")[1] for name in sources("lvdesk") if name.count("/") > 1}
    assert [package for package in sorted(packages) if f"`{package}`" not in readme] == []


def test_the_readme_points_at_files_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", readme) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_changelog_keeps_its_form() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## (.+)$", changelog, re.MULTILINE)
    assert releases[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", release) for release in releases[1:])
    assert set(re.findall(r"^### (.+)$", changelog, re.MULTILINE)) <= _HEADINGS
    bullets = re.findall(r"^- (.+)$", changelog, re.MULTILINE)
    assert bullets
    assert [bullet for bullet in bullets if not bullet.endswith(".")] == []


def test_decisions_are_numbered_dated_and_complete() -> None:
    folder = ROOT / "resources" / "docs" / "adr"
    papers = sorted(path for path in folder.glob("*.md") if path.name[0].isdigit())
    assert [int(path.name[:4]) for path in papers] == list(range(1, len(papers) + 1))
    for path in papers:
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {path.name[:4]}: \S", text), path.name
        assert re.search(r"^Date: \d{4}-\d{2}(-\d{2})?$", text, re.MULTILINE), path.name
        missing = [part for part in ("Why", "Decision", "What follows") if f"## {part}\n" not in text]
        assert missing == [], path.name
