"""Builds the installed program: ``python installer/build.py [--out dist]``; a Windows PC makes a Windows program, Linux a Linux one.

The frozen program must find all that the source finds; then the folder is zipped, and made an installer where NSIS is there.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
_COMPARED: Final = ("version", "templates", "codes", "rules", "entities", "icons", "formats", "indicators", "order_types", "ok")
_LARGEST: Final = 12


def main() -> int:
    """Builds, compares, packs; returns 0 when all of it went well."""
    parser = argparse.ArgumentParser(description="Builds the installed program.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    out = parser.parse_args().out.resolve()
    program = built(out)
    wrong = differences(said([sys.executable, str(ROOT / "main.py")], out), said([str(program / _exe("lvdesk-cli"))], out))
    for line in [*wrong, *sizes(program)]:
        print(line)
    if wrong:
        return 1
    version = said([sys.executable, str(ROOT / "main.py")], out)["version"]
    shutil.make_archive(str(out / f"LVDesk-{version}-portable"), "zip", program.parent, program.name)
    return installer(program, out, str(version))


def built(out: Path) -> Path:
    """The folder PyInstaller makes."""
    command = [sys.executable, "-m", "PyInstaller", str(ROOT / "installer" / "lvdesk.spec"), "--noconfirm", "--distpath", str(out)]
    subprocess.run([*command, "--workpath", str(out / "build")], check=True)
    return out / "LVDesk"


def said(program: list[str], out: Path) -> dict[str, Any]:
    """What a selftest finds."""
    command = [*program, "--workspace", str(out / "selftest"), "selftest", "--json"]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout))


def differences(source: dict[str, Any], frozen: dict[str, Any]) -> list[str]:
    """What the frozen program does not find, or finds differently."""
    return [f"{key}: source {source.get(key)!r}, frozen {frozen.get(key)!r}" for key in _COMPARED if source.get(key) != frozen.get(key)]


def sizes(program: Path) -> list[str]:
    """What takes the room, the largest first."""
    parts = [*program.iterdir(), *(program / "_internal").iterdir()] if (program / "_internal").is_dir() else list(program.iterdir())
    weighed = sorted(((_weight(part), part.name) for part in parts if part.name != "_internal"), reverse=True)
    total = sum(weight for weight, _name in weighed)
    return [f"{total / 2**20:,.0f} MB", *(f"  {weight / 2**20:7.1f} MB  {name}" for weight, name in weighed[:_LARGEST])]


def installer(program: Path, out: Path, version: str) -> int:
    """The NSIS installer, where makensis is there."""
    nsis = shutil.which("makensis")
    if nsis is None:
        return 0
    values = (f"-DVERSION={version}", f"-DDIST={program}", f"-DOUT={out / f'LVDesk-{version}-setup.exe'}")
    return subprocess.run([nsis, "-V2", "-INPUTCHARSET", "UTF8", *values, str(ROOT / "installer" / "lvdesk.nsi")], check=False).returncode


def _weight(part: Path) -> int:
    return sum(file.stat().st_size for file in part.rglob("*") if file.is_file()) if part.is_dir() else part.stat().st_size


def _exe(name: str) -> str:
    return f"{name}.exe" if sys.platform == "win32" else name


if __name__ == "__main__":
    sys.exit(main())
