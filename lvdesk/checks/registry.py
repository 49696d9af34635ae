"""Finds the rules: every file in ``rules`` with its ``RULES``."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache

from lvdesk.checks import rules
from lvdesk.checks.model import FAMILIES, Rule


class RuleError(Exception):
    """The set of rules is not sound; the program must not check with it."""


@cache
def discover() -> Mapping[str, Rule]:
    """All rules by code, in the order of their codes.

    Raises:
        RuleError: no rule at all, a file without rules, two rules with one code, an unknown family.
    """
    return check([rule for info in pkgutil.iter_modules(rules.__path__) for rule in _load(info.name)])


def check(found: Iterable[Rule]) -> Mapping[str, Rule]:
    """Sorts and refuses what ``discover`` must refuse."""
    by_code: dict[str, Rule] = {}
    for rule in found:
        if rule.code in by_code:
            raise RuleError(f"two rules are called {rule.code}")
        if rule.family not in FAMILIES:
            raise RuleError(f"rule {rule.code} names the unknown family {rule.family!r}")
        by_code[rule.code] = rule
    if not by_code:
        raise RuleError("no rule found")
    return {code: by_code[code] for code in sorted(by_code)}


def _load(name: str) -> tuple[Rule, ...]:
    module = importlib.import_module(f"{rules.__name__}.{name}")
    made: tuple[Rule, ...] = getattr(module, "RULES", ())
    if not made:
        raise RuleError(f"{module.__name__} has no RULES")
    return made
