"""``resources/organisation.toml``: the sheets people and grids are kept in, the words to choose from, the numbers of workload and plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "organisation.toml"


@dataclass(frozen=True)
class Field:
    """One column of a sheet.

    Attributes:
        kind: text, day or phone.
        choice, suggest, several: a list's key: one of it only, one of it or any word, any number of it joined by 、.
        refers: staff, team, grid, area or village: the word must be known there; ``many``: several of them joined by 、.
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    default: str = ""
    choice: str = ""
    suggest: str = ""
    several: str = ""
    refers: str = ""
    many: bool = False

    @property
    def words(self) -> str:
        """The key of the list it draws from, "" for none."""
        return self.choice or self.suggest or self.several


@dataclass(frozen=True)
class Alone:
    """On any day only one row may have the same ``columns``, among those with the values of ``when`` and ``filled`` not empty."""

    columns: tuple[str, ...]
    code: str
    says: str
    differs: str
    when: Mapping[str, str]
    filled: str = ""


@dataclass(frozen=True)
class Sheet:
    """One kind of row: its table's name is the key."""

    key: str
    title: str
    identity: tuple[str, ...]
    fields: tuple[Field, ...]
    span: bool = False
    alone: tuple[Alone, ...] = ()

    def field(self, name: str) -> Field:
        """One of its columns."""
        return next(each for each in self.fields if each.name == name)


@dataclass(frozen=True)
class Setup:
    """The whole file; ``data`` is the rest of it: former teams, duties of an area, workload, factors."""

    sheets: Mapping[str, Sheet]
    lists: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]

    def number(self, part: str, name: str) -> float:
        """One of the numbers.

        Raises:
            KnownError: ``rules.unreadable``.
        """
        try:
            return float(self.data[part][name])
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(error) from error


def load_setup(overrides: Path | None) -> Setup:
    """The file, the workspace's own where it has one.

    Raises:
        KnownError: ``rules.unreadable``.
    """
    data = single(FILE, overrides)
    try:
        lists = {str(key): tuple(map(str, words)) for key, words in data["lists"].items()}
        sheets = {key: _sheet(key, said) for key, said in data["sheets"].items()}
        unknown = [each.words for sheet in sheets.values() for each in sheet.fields if each.words and each.words not in lists]
        if unknown:
            raise KeyError(unknown[0])
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(error) from error
    return Setup(sheets, lists, data)


def _sheet(key: str, said: Mapping[str, Any]) -> Sheet:
    fields = tuple(
        Field(**{
            **{name: value for name, value in each.items() if name not in {"field", "aliases", "refers_many"}},
            "name": each["field"], "aliases": tuple(each.get("aliases", ())),
            "refers": each.get("refers") or each.get("refers_many", ""), "many": "refers_many" in each,
        })
        for each in said["columns"]
    )  # fmt: skip
    alone = tuple(
        Alone(tuple(each["columns"]), each["code"], each["says"], each["differs"], each.get("when", {}), each.get("filled", ""))
        for each in said.get("alone", ())
    )
    return Sheet(key, str(said["title"]), tuple(said["key"]), fields, bool(said.get("span", False)), alone)


def _broken(error: Exception) -> KnownError:
    return KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", "请改正该文件，或把它移出工作区的 resources 文件夹")
