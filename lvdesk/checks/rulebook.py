"""How each rule is set at this station: the rule's own values, the edition's file, the station's file, then what people changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from lvdesk.checks.model import Rule, Severity
from lvdesk.checks.registry import discover
from lvdesk.kit.errors import KnownError
from lvdesk.kit.paths import resources
from lvdesk.kit.sources import read_toml
from lvdesk.network.verdicts import RuleSetting
from lvdesk.workspace import Workspace

FILE = "rules.toml"


@dataclass(frozen=True)
class Tuning:
    """One rule as it is set: on or off, its severity, the value of every parameter."""

    enabled: bool
    severity: Severity
    values: Mapping[str, Any] = field(default_factory=dict)


RuleBook = Mapping[str, Tuning]


def rule_book(ws: Workspace) -> dict[str, Tuning]:
    """The rules by code as this station has set them.

    Raises:
        KnownError: ``rules.unreadable`` when a file names an unknown rule or parameter, or a value of the wrong kind.
    """
    book = shipped(ws)
    query = select(RuleSetting.rule, RuleSetting.enabled, RuleSetting.severity, RuleSetting.parameters)
    with ws.store.read() as connection:
        for code, enabled, severity, parameters in connection.execute(query):
            if code in book:  # a rule of a newer program stays unknown to this one
                book[code] = _changed(discover()[code], book[code], _given(enabled, severity, parameters))
    return book


def shipped(ws: Workspace) -> dict[str, Tuning]:
    """The rule book before people changed anything in the window."""
    book = {code: _own(rule) for code, rule in discover().items()}
    for path in (resources() / FILE, ws.overrides / FILE):
        for code, given in (read_toml(path) if path.is_file() else {}).items():
            if code not in book:
                raise KnownError("rules.unreadable", f"{path.name} 中没有规则“{code}”", "请改正该文件")
            book[code] = _changed(discover()[code], book[code], given)
    return book


def _own(rule: Rule) -> Tuning:
    return Tuning(enabled=True, severity=rule.severity, values={parameter.name: parameter.default for parameter in rule.parameters})


def _given(enabled: int | None, severity: str | None, parameters: str | None) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(parameters) if parameters else {}
    if enabled is not None:
        given["enabled"] = bool(enabled)
    if severity is not None:
        given["severity"] = severity
    return given


def _changed(rule: Rule, tuning: Tuning, given: Mapping[str, Any]) -> Tuning:
    """The tuning with the given values: ``enabled``, ``severity`` and parameters by name."""
    known = {parameter.name: parameter for parameter in rule.parameters}
    for name, value in given.items():
        if name == "enabled":
            tuning = replace(tuning, enabled=bool(value))
        elif name == "severity" and value in set(Severity):
            tuning = replace(tuning, severity=Severity(value))
        elif name in known:
            tuning = replace(tuning, values={**tuning.values, name: value})
        else:
            raise KnownError("rules.unreadable", f"规则 {rule.code} 的“{name}”不认识或取值不对", "请改正规则文件")
    return tuning
