"""One command for whoever works on LVDesk: makes what the machine lacks, then runs it.

Needs Python 3.11 or 3.12 and nothing else: the environment ``.venv`` is made from ``requirements.lock`` (every file checked by
hash), and Debian's or Ubuntu's missing libraries are installed when run as root, otherwise the exact line is printed.

    python dev.py demo             the main job on the sample station, a printed summary, then the window
    python dev.py run [ARGS]       the program; ARGS as for main.py
    python dev.py test [ARGS]      everything CI runs; with ARGS only those tests: test tests/unit -k heal
    python dev.py check            before a commit: format, lint, types, import contracts, the fast tests
    python dev.py shots [ARGS]     renders every pane to resources/docs/screenshots
    python dev.py bench [ARGS]     speed and memory, written to resources/docs/figures.md
    python dev.py soak [ARGS]      long fault runs
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
SUPPORTED = ((3, 11), (3, 12))
WINDOWS = sys.platform == "win32"

# What Qt loads at run time, as (library, Debian package): asked by loading, so that renamed packages (…t64) count as present.
WINDOW_LIBRARIES = (
    ("libEGL.so.1", "libegl1"),
    ("libGL.so.1", "libgl1"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
)
XCB_LIBRARIES = (
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
    ("libxcb-icccm.so.4", "libxcb-icccm4"),
    ("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    ("libxcb-shape.so.0", "libxcb-shape0"),
    ("libxcb-xkb.so.1", "libxcb-xkb1"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libxcb-image.so.0", "libxcb-image0"),
    ("libxcb-randr.so.0", "libxcb-randr0"),
    ("libxcb-render-util.so.0", "libxcb-render-util0"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
)
TEST_PROGRAMS = (
    ("Xvfb", "xvfb"),
    ("xauth", "xauth"),
    ("xdotool", "xdotool"),
    ("dbus-daemon", "dbus"),
    ("soffice", "libreoffice-calc-nogui"),
    ("ogrinfo", "gdal-bin"),
)
# What tests need besides programs, as (path pattern, Debian package); the bindings of AT-SPI are those of Debian's own Python.
TEST_FILES = (
    ("usr/lib/postgresql/*/bin/initdb", "postgresql"),
    ("usr/libexec/at-spi-bus-launcher", "at-spi2-core"),
    ("usr/lib/*/girepository-1.0/Atspi-2.0.typelib", "gir1.2-atspi-2.0"),
    ("usr/lib/python3/dist-packages/gi/__init__.py", "python3-gi"),
    ("usr/lib/python3/dist-packages/osgeo/__init__.py", "python3-gdal"),
)
FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts"), str(Path.home() / ".local/share/fonts"))
# (file name pattern, Debian package): a small font is enough to work with; screenshots are made with the best looking one.
SMALL_FONT = ("wqy-microhei*", "fonts-wqy-microhei")
FINE_FONT = ("NotoSansCJK*", "fonts-noto-cjk")

FAST_TESTS = ("tests/arch", "tests/unit", "tests/property")


class Refused(Exception):  # noqa: N818 - reads as the event it is
    """The command cannot go on; its text tells the developer what to do."""


def main(arguments: list[str]) -> int:
    """Runs one command and returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", line_buffering=True)
    commands = {
        "demo": command_demo,
        "run": command_run,
        "test": command_test,
        "check": command_check,
        "shots": command_shots,
        "bench": command_bench,
        "soak": command_soak,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    try:
        if sys.version_info[:2] not in SUPPORTED:
            return _again_with(_suitable_python(), arguments)
        install_system_packages(command)
        make_environment()
        return commands[command](rest)
    except Refused as refused:
        print(f"\n{refused}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


# --- the interpreter -------------------------------------------------------------------------------------------------------------


def _suitable_python() -> list[str]:
    candidates = [["python3.11"], ["python3.12"], ["py", "-3.11"], ["py", "-3.12"], ["python3"], ["python"]]
    for candidate in candidates:
        program = shutil.which(candidate[0])
        if program and _version_of([program, *candidate[1:]]) in SUPPORTED:
            return [program, *candidate[1:]]
    found = ".".join(map(str, sys.version_info[:3]))
    raise Refused(
        f"需要 Python 3.11 或 3.12（当前 {found}），请安装后重试。\n"
        f"Python 3.11 or 3.12 is needed (this is {found}); install one and run the same command again."
    )


def _version_of(program: list[str], needs: str = "sys") -> tuple[int, ...]:
    """The version of an interpreter, empty when it does not start (a pyenv shim without its version) or lacks a module."""
    code = f"import sys, {needs}; print(*sys.version_info[:2])"
    answer = subprocess.run([*program, "-c", code], capture_output=True, text=True, check=False)
    return tuple(int(part) for part in answer.stdout.split()) if answer.returncode == 0 else ()


def _again_with(program: list[str], arguments: list[str]) -> int:
    return subprocess.run([*program, str(ROOT / "dev.py"), *arguments], check=False).returncode


# --- what the operating system must bring ----------------------------------------------------------------------------------------


def install_system_packages(command: str) -> None:
    """Installs what this command needs and Debian or Ubuntu lacks, or prints the line that does when not root.

    Elsewhere (Windows, other Linux) nothing is done: Qt's own message tells what is missing.
    """
    if WINDOWS or not shutil.which("apt-get"):
        return
    missing = missing_packages(command)
    if not missing:
        return
    install = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        line = " ".join(["sudo", *install])
        print(f"缺少系统组件，请执行 / missing system packages, please run:\n  sudo apt-get update && {line}\n", file=sys.stderr)
        if "venv" in " ".join(missing):
            raise Refused("没有 venv 组件，无法继续 / cannot go on without the venv package.")
        return
    print(f"安装系统组件 / installing system packages: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "-o", "DPkg::Lock::Timeout=300", "update"], environment, quiet=True)
    _run(install, environment, quiet=True)


def missing_packages(command: str) -> list[str]:
    """Debian packages that ``command`` needs and this machine lacks."""
    missing = [package for library, package in WINDOW_LIBRARIES if not _loads(library)]
    if not _has_module("ensurepip"):
        missing.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    font = FINE_FONT if command == "shots" else SMALL_FONT
    if not _has_font(font[0]) and (command in ("shots", "test", "check") or not _has_font(FINE_FONT[0])):
        missing.append(font[1])
    if command in ("test", "check", "shots") or os.environ.get("DISPLAY"):
        missing += [package for library, package in XCB_LIBRARIES if not _loads(library)]
    if command == "test":
        missing += [package for program, package in TEST_PROGRAMS if not shutil.which(program)]
        missing += [package for pattern, package in TEST_FILES if not any(Path("/").glob(pattern))]
    return missing


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_module(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _has_font(pattern: str) -> bool:
    return any(next(Path(place).rglob(pattern), None) for place in FONT_PLACES if Path(place).is_dir())


# --- the environment -------------------------------------------------------------------------------------------------------------


def venv_python() -> Path:
    """The interpreter of the project's own environment."""
    return VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def make_environment() -> None:
    """Makes ``.venv`` from the lock file, again whenever the lock file or the Python version changed."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wanted = f"{version} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    stamp = VENV / "installed.txt"
    if stamp.is_file() and stamp.read_text().strip() == wanted and venv_python().exists():
        return
    if VENV.exists() and not (venv_python().exists() and _version_of([str(venv_python())], "pip") == sys.version_info[:2]):
        shutil.rmtree(VENV)  # half made, or of another Python
    if not VENV.exists():
        print("创建运行环境 / creating .venv")
        _run([sys.executable, "-m", "venv", str(VENV)])
    print("安装依赖（首次约需几分钟）/ installing the locked dependencies (a few minutes the first time)")
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    _run([str(venv_python()), "-m", "pip", "install", *options, "-r", str(LOCK)], _environment())
    stamp.write_text(wanted + "\n")


def _environment(*, screen: bool = True) -> dict[str, str]:
    """What our programs see: UTF-8 everywhere, nothing of the developer's own packages, Qt without a screen unless wanted."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1"}
    for name in ("PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    if not screen:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def _run(command: list[str], environment: dict[str, str] | None = None, *, quiet: bool = False) -> None:
    """Runs a step that must succeed; a quiet one shows its output only when it fails."""
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
    )
    if ended.returncode:
        raise Refused(f"{(ended.stdout or '')[-4000:]}\n步骤失败 / this step failed ({ended.returncode}): {' '.join(command)}")


def _python(*arguments: str, screen: bool = False) -> int:
    return subprocess.run([str(venv_python()), *arguments], cwd=ROOT, env=_environment(screen=screen), check=False).returncode


# --- the commands ----------------------------------------------------------------------------------------------------------------


def command_run(rest: list[str]) -> int:
    """The program itself."""
    return _python("main.py", *rest, screen=True)


def command_demo(rest: list[str]) -> int:
    """The main job on the sample station, then the window where there is a display; ``--no-window`` leaves it out."""
    window = _has_display() and "--no-window" not in rest
    rest = [argument for argument in rest if argument != "--no-window"]
    status = _python("main.py", "--workspace", "demo-workspace", "demo", *rest)
    if status in (0, 1) and window:
        return _python("main.py", "--workspace", "demo-workspace", screen=True)
    return status


def _has_display() -> bool:
    if os.environ.get("CI") or os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def command_test(rest: list[str]) -> int:
    """Everything CI runs; with arguments only the tests they name, in one process, so that a debugger works."""
    if rest:
        return _python("-m", "pytest", *rest)
    failed = _static_checks()
    workers = str(min(4, os.cpu_count() or 1))
    status = _python("-m", "pytest", "-n", workers, "--dist", "worksteal")
    return _verdict(failed, status)


def command_check(rest: list[str]) -> int:
    """Before a commit: the static checks and the fast tests; ``--fix`` formats and repairs what ruff can."""
    if "--fix" in rest:
        _python("-m", "ruff", "check", "--fix", "--quiet", ".")
        _python("-m", "ruff", "format", "--quiet", ".")
    failed = _static_checks()
    present = [folder for folder in FAST_TESTS if (ROOT / folder).is_dir()]
    return _verdict(failed, _python("-m", "pytest", "-q", "-m", "not slow", *present))


def _static_checks() -> list[str]:
    checks = {
        "ruff format": ("ruff", "format", "--check", "--quiet", "."),
        "ruff check": ("ruff", "check", "--output-format", "concise", "."),
        "mypy": ("mypy",),
    }
    failed = []
    for name, arguments in checks.items():
        print(f"{name} …")
        if _python("-m", *arguments):
            failed.append(name)
    return failed


def _verdict(failed: list[str], status: int) -> int:
    if failed:
        print(f"未通过 / failed: {', '.join(failed)}", file=sys.stderr)
    return status or (1 if failed else 0)


def command_shots(rest: list[str]) -> int:
    """Renders every pane to resources/docs/screenshots."""
    return _python("-m", "tests.shots", *rest)


def command_bench(rest: list[str]) -> int:
    """Speed and memory beside peers, written to resources/docs/figures.md."""
    return _python("-m", "tests.bench", *rest)


def command_soak(rest: list[str]) -> int:
    """Long fault runs, written to resources/docs/figures.md."""
    return _python("-m", "tests.soak", *rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
