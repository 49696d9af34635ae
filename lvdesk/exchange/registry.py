"""Finds the formats: every file in ``formats`` with its ``FORMAT``."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache

from lvdesk.exchange import formats
from lvdesk.exchange.model import Format, System
from lvdesk.kit.errors import RefusedError


class FormatError(Exception):
    """The set of formats is not sound; the program must not export with it."""


@cache
def discover() -> Mapping[System, Mapping[str, Format]]:
    """System -> its formats by key, in the order people meet them.

    Raises:
        FormatError: a system without formats, a file without one, two of one system with the same key.
    """
    modules = (importlib.import_module(f"{formats.__name__}.{info.name}") for info in pkgutil.iter_modules(formats.__path__))
    return check([_format_of(module) for module in modules if not module.__name__.rpartition(".")[2].startswith("_")])


def check(found: Iterable[Format]) -> Mapping[System, Mapping[str, Format]]:
    """Sorts and refuses what ``discover`` must refuse."""
    by_system: dict[System, dict[str, Format]] = {system: {} for system in System}
    for each in sorted(found, key=lambda format_: (format_.order, format_.key)):
        if each.key in by_system[each.system]:
            raise FormatError(f"two formats of {each.system} are called {each.key}")
        by_system[each.system][each.key] = each
    if empty := [system for system, keys in by_system.items() if not keys]:
        raise FormatError(f"no format for {', '.join(empty)}")
    return by_system


def chosen(system: System, key: str) -> Format:
    """The format of this key, the system's first for "".

    Raises:
        RefusedError: ``export.format`` when the system has none of this key.
    """
    known = discover()[system]
    if not key:
        return next(iter(known.values()))
    if key not in known:
        raise RefusedError("export.format", f"没有“{key}”这种导出格式", f"可用的有：{'、'.join(known)}")
    return known[key]


def _format_of(module: object) -> Format:
    made = getattr(module, "FORMAT", None)
    if not isinstance(made, Format):
        raise FormatError(f"{getattr(module, '__name__', module)} has no FORMAT")
    return made
