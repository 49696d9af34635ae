"""Roles and what they allow (``resources/roles.toml``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.kit.sources import single

FILE: Final = "roles.toml"


@dataclass(frozen=True)
class Role:
    """One role: its title and the actions it allows."""

    key: str
    title: str
    actions: frozenset[str]


@dataclass(frozen=True)
class Roles:
    """All roles, and the titles of the actions."""

    roles: Mapping[str, Role]
    titles: Mapping[str, str]

    def allowed(self, keys: Iterable[str]) -> frozenset[str]:
        """What these roles allow together."""
        return frozenset().union(*(self.roles[key].actions for key in keys if key in self.roles))

    def holders(self, action: str) -> list[Role]:
        """The roles that allow an action."""
        return [role for role in self.roles.values() if action in role.actions]


def load_roles(overrides: Path | None) -> Roles:
    """The roles; ``overrides`` is the workspace's folder of its own.

    Raises:
        KnownError: ``rules.unreadable`` when the file lacks a part or has one of the wrong kind.
    """
    data = single(FILE, overrides)
    try:
        titles = {str(key): str(title) for key, title in data["actions"].items()}
        roles = {key: Role(key, str(said["title"]), frozenset(map(str, said["actions"]))) for key, said in data["roles"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        hint = "请改正该文件，或把它移出工作区的 resources 文件夹"
        raise KnownError("rules.unreadable", f"规则文件 {FILE} 缺少或写错 {error}", hint) from error
    return Roles(roles, titles)
