"""Changes of the rule book that are not in force yet."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from lvdesk.checks.tuning import ParameterView, RuleView


class Pending(QObject):
    """Keeps only what differs from the rule book in force. Signals: changed."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rules: dict[str, RuleView] = {}
        self._given: dict[str, dict[str, Any]] = {}
        self._bad: dict[tuple[str, str], str] = {}

    def learn(self, rules: "Sequence[RuleView]") -> None:
        """The rule book in force; what is equal to it is no change any more."""
        self.rules = {rule.code: rule for rule in rules}
        for code, given in list(self._given.items()):
            for name, value in list(given.items()):
                self._set(code, name, value)
        self.changed.emit()

    def given(self) -> Mapping[str, Mapping[str, Any]]:
        """All changes, as services take them."""
        return {code: dict(given) for code, given in self._given.items()}

    def problems(self) -> Sequence[str]:
        """What is typed but cannot be a value, in words."""
        return tuple(self._bad.values())

    def value(self, code: str, name: str) -> Any:
        """The value as it would be: changed or in force."""
        given = self._given.get(code, {})
        return given[name] if name in given else in_force(self.rules[code], name)

    def has(self, code: str) -> bool:
        """Whether a rule has changes."""
        return code in self._given or any(rule == code for rule, _name in self._bad)

    def set(self, code: str, name: str, value: Any) -> None:
        """Wants a value: ``enabled``, ``severity`` or a parameter."""
        self._bad.pop((code, name), None)
        self._set(code, name, value)
        self.changed.emit()

    def refuse(self, code: str, name: str, why: str) -> None:
        """What is typed is no value."""
        self._bad[code, name] = why
        self.changed.emit()

    def refused(self, code: str, name: str) -> bool:
        """Whether what is typed is no value."""
        return (code, name) in self._bad

    def to_shipped(self, codes: Sequence[str]) -> None:
        """Wants the rules as they were shipped."""
        for code in codes:
            rule = self.rules[code]
            self._bad = {place: why for place, why in self._bad.items() if place[0] != code}
            self._set(code, "enabled", rule.default_enabled)
            self._set(code, "severity", str(rule.default_severity))
            for parameter in rule.parameters:
                self._set(code, parameter.name, parameter.default)
        self.changed.emit()

    def take(self, given: Mapping[str, Mapping[str, Any]]) -> None:
        """Adds changes, e.g. of an imported rule book."""
        for code, values in given.items():
            for name, value in values.items():
                if code in self.rules:
                    self._set(code, name, value)
        self.changed.emit()

    def drop(self) -> None:
        """Forgets everything."""
        self._given.clear()
        self._bad.clear()
        self.changed.emit()

    def _set(self, code: str, name: str, value: Any) -> None:
        given = self._given.setdefault(code, {})
        if same(value, in_force(self.rules[code], name)):
            given.pop(name, None)
        else:
            given[name] = value
        if not given:
            del self._given[code]


def in_force(rule: "RuleView", name: str) -> Any:
    """What the rule book says now."""
    if name == "enabled":
        return rule.enabled
    if name == "severity":
        return str(rule.severity)
    return next((each.value for each in rule.parameters if each.name == name), None)


def same(left: Any, right: Any) -> bool:
    """Equal values, whatever kind of list they come in."""
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return list(left) == list(right)
    return bool(left == right)


def text_of(value: Any) -> str:
    """A parameter's value as people write it."""
    from lvdesk.checks.rulebook_values import shown

    return shown(value)


def parsed(rule: "RuleView", parameter: "ParameterView", text: str) -> Any:
    """The value of a typed text.

    Raises:
        ValueError: it is none; Chinese, says what is wanted.
    """
    from lvdesk.checks import rulebook_values as words

    try:
        value = words.parsed(parameter.kind, text, parameter.unit)
        return words.checked(cast("Any", rule), parameter.name, value, parameter.default)
    except words.ValueFault as fault:
        raise ValueError("，".join(part for part in (f"{fault.title}{fault.reason}", fault.hint) if part)) from None


def bounds(parameter: "ParameterView") -> str:
    """What a number may be, in words."""
    from lvdesk.checks import rulebook_values

    return rulebook_values.bounds(parameter.minimum, parameter.maximum, parameter.unit)
