"""dev.py on machines that lack something: it says or does the right thing before anything is installed."""

import sys
from pathlib import Path

import pytest

import dev
from tests.arch.tree import ROOT


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """A machine with an empty project folder; the steps dev.py would run are written down instead."""
    done: list[list[str]] = []
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    (tmp_path / "requirements.lock").write_text("polars==1\n")

    def run(command: list[str], *_: object, **__: object) -> None:
        done.append(command)
        if "venv" in command:
            dev.venv_python().parent.mkdir(parents=True)
            dev.venv_python().touch()

    monkeypatch.setattr(dev, "_run", run)
    monkeypatch.setattr(dev, "_version_of", lambda program, needs: sys.version_info[:2])
    return done


def test_the_environment_is_made_once_and_again_for_a_new_lock_file(steps: list[list[str]]) -> None:
    dev.make_environment()
    dev.make_environment()
    assert [step[2] for step in steps] == ["venv", "pip"]
    assert "--require-hashes" in steps[1]
    dev.LOCK.write_text("polars==2\n")
    dev.make_environment()
    assert [step[2] for step in steps] == ["venv", "pip", "pip"]


def test_a_half_made_environment_is_made_anew(steps: list[list[str]]) -> None:
    dev.VENV.mkdir()
    dev.make_environment()
    assert [step[2] for step in steps] == ["venv", "pip"]


@pytest.mark.skipif(sys.platform == "win32", reason="system packages are a matter of Debian")
@pytest.mark.parametrize("user, ran, told", [(0, 2, ""), (1000, 0, "sudo apt-get -o DPkg::Lock::Timeout=300 install -y")])
def test_missing_libraries_are_installed_by_root_and_named_to_others(
    steps: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], user: int, ran: int, told: str
) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev, "missing_packages", lambda command: ["libegl1"])
    monkeypatch.setattr(dev.os, "geteuid", lambda: user)
    dev.install_system_packages("demo")
    assert len(steps) == ran
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    "command, wanted, unwanted",
    [
        ("demo", {"libegl1", "fonts-wqy-microhei"}, {"xvfb", "postgresql", "libreoffice-calc-nogui"}),
        ("shots", {"libegl1", "fonts-noto-cjk"}, {"postgresql"}),
        ("test", {"libegl1", "fonts-wqy-microhei", "xvfb", "postgresql", "libreoffice-calc-nogui", "libxcb-cursor0"}, set()),
    ],
)
def test_a_bare_machine_gets_what_the_command_needs(
    monkeypatch: pytest.MonkeyPatch, command: str, wanted: set[str], unwanted: set[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(dev, "_loads", lambda library: False)
    monkeypatch.setattr(dev, "_has_font", lambda pattern: False)
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    monkeypatch.setattr(dev.Path, "glob", lambda self, pattern: iter(()))
    missing = set(dev.missing_packages(command))
    assert wanted <= missing
    assert not unwanted & missing


def test_no_suitable_python_is_said_plainly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 0))
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    assert dev.main(["demo"]) == 2
    assert "需要 Python 3.11 或 3.12（当前 3.9.0）" in capsys.readouterr().err


def test_an_unknown_command_shows_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["dance"]) == 2
    assert "python dev.py demo" in capsys.readouterr().out


def test_readme_and_ci_name_the_same_test_command() -> None:
    assert "python dev.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "dev.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
