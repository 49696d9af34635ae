"""Where rule-book files come from: the program's resources, overridden file by file by the workspace's own."""

import copy
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from lvdesk.kit.errors import KnownError
from lvdesk.kit.paths import resources


def read_toml(path: Path) -> dict[str, Any]:
    """The parsed file; one that has not changed since is not parsed again.

    Raises:
        KnownError: ``rules.unreadable`` when a person's own file cannot be read or parsed.
    """
    try:
        state = path.stat()
        return copy.deepcopy(_parsed(path, state.st_mtime_ns, state.st_size))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {path.name} 无法读取：{error}", hint) from error


@lru_cache(maxsize=256)
def _parsed(path: Path, _changed: int, _size: int) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def single(name: str, overrides: Path | None) -> dict[str, Any]:
    """One file of the rule book: the workspace's own when it has one, else the program's."""
    own = overrides / name if overrides else None
    return read_toml(own if own and own.is_file() else resources() / name)


def family(folder: str, overrides: Path | None) -> dict[str, dict[str, Any]]:
    """All files of one folder by their ``key`` (the file's name where it gives none); the workspace's own replace ours.

    Raises:
        KnownError: ``rules.duplicate`` when two files of one folder claim the same key, ``rules.missing`` when there are none.
    """
    found: dict[str, dict[str, Any]] = {}
    places = [resources() / folder] + ([overrides / folder] if overrides else [])
    for place in places:
        here: dict[str, dict[str, Any]] = {}
        for path in sorted(place.glob("*.toml")):
            data = read_toml(path)
            key = str(data.get("key", path.stem))
            if key in here:
                raise KnownError("rules.duplicate", f"{folder} 中有两个文件的 key 都是“{key}”", "请改掉其中一个")
            here[key] = data
        found.update(here)
    if not found:
        raise KnownError("rules.missing", f"找不到规则文件夹 {folder}", "安装不完整，请重新安装")
    return found
