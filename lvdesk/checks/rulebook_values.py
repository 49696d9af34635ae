"""Values of the rule book: what a parameter may be, how it stands on paper, how it is read back."""

import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from lvdesk.checks.model import SEVERITIES, Parameter, Rule, Severity

YES, NO = "是", "否"
_YES: Final = frozenset({"是", "√", "✓", "✔", "启用", "开", "开启", "true", "1", "yes", "y", "on", "对"})
_NO: Final = frozenset({"否", "×", "✗", "✘", "停用", "禁用", "关", "关闭", "false", "0", "no", "n", "off", "不", "x"})
_MORE: Final = re.compile(r"[、，；\n]")
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_LONGEST: Final = 1_000


class ValueFault(Exception):  # noqa: N818 - caught where the rule is named
    """A value that cannot be; ``reason`` goes on after the title, ``hint`` says what would be right."""

    def __init__(self, title: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{title}{reason}")
        self.title, self.reason, self.hint = title, reason, hint


def checked(rule: Rule, name: str, value: Any, default: Any = None) -> Any:
    """The value in the form it is kept.

    Args:
        rule: whose setting it is.
        name: ``enabled``, ``severity`` or a parameter.
        value: as given by a window, a script or ``parsed``.
        default: the shipped value; the items of a list are numbers where its are.

    Raises:
        ValueFault: unknown name, wrong kind, out of bounds.
    """
    if name == "enabled":
        if isinstance(value, bool):
            return value
        raise ValueFault("“启用”", "只能是“是”或“否”")
    if name == "severity":
        if value in set(Severity):
            return Severity(value)
        raise ValueFault("“严重程度”", f"只能是{'、'.join(SEVERITIES.values())}，不能是“{value}”")
    parameter = next((item for item in rule.parameters if item.name == name), None)
    if parameter is None:
        raise ValueFault(f"参数“{name}”", "不存在", f"可设置的参数：{'、'.join(item.title for item in rule.parameters) or '无'}")
    return _KINDS[parameter.kind](parameter, value, default)


def shown(value: Any) -> str:
    """The value as it stands on paper."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Severity):
        return SEVERITIES[value]
    if isinstance(value, (list, tuple)):
        return "、".join(shown(item) for item in value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def bounds(minimum: float | None, maximum: float | None, unit: str) -> str:
    """In which bounds a number lies, Chinese; "" without bounds."""
    low, high = shown(minimum), shown(maximum)
    if low and high:
        return f"{low}～{high} {unit}".strip()
    if low:
        return f"不小于 {low} {unit}".strip()
    return f"不大于 {high} {unit}".strip() if high else ""


def parsed(kind: str, text: str, unit: str = "") -> Any:
    """What somebody typed on paper, as a value for ``checked``: kinds of parameters, ``enabled`` and ``severity``.

    Spaces, full-width digits and signs, a unit behind a number and other words for yes and no are understood.
    """
    text = unicodedata.normalize("NFKC", text).strip() if kind not in {"text", "list"} else text.strip()
    if kind == "enabled":
        word = text.casefold()
        return True if word in _YES else False if word in _NO else text
    if kind == "severity":
        return next((level for level, name in SEVERITIES.items() if text.casefold() in {name, level}), text)
    if kind == "list":
        return [item.strip() for item in _MORE.split(text) if item.strip()]
    return text if kind == "text" else _number(text, unit)


def _number(text: str, unit: str) -> Any:
    plain = re.sub(r"\s", "", text.removesuffix(unicodedata.normalize("NFKC", unit)) if unit else text)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        return int(plain) if re.fullmatch(r"[+-]?\d+", plain) else float(plain)
    except ValueError:
        return text


def _as_number(parameter: Parameter, value: Any, _default: Any) -> Any:
    title, low, high = f"“{parameter.title}”", parameter.minimum, parameter.maximum
    range_text = bounds(low, high, parameter.unit)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueFault(title, f"应填数字，不能是“{value}”", range_text)
    if parameter.kind == "integer":
        if value != int(value):
            raise ValueFault(title, f"应填整数，不能是 {shown(value)}", range_text)
        value = int(value)
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueFault(title, f"应为 {range_text}，不能是 {shown(value)}")
    return value


def _as_text(parameter: Parameter, value: Any, _default: Any) -> str:
    title = f"“{parameter.title}”"
    if not isinstance(value, str) or not value.strip():
        raise ValueFault(title, "应填文字，不能为空")
    if len(value) > _LONGEST:
        raise ValueFault(title, f"不能超过 {_LONGEST} 字")
    return value.strip()


def _as_list(parameter: Parameter, value: Any, default: Any) -> list[Any]:
    title = f"“{parameter.title}”"
    if not isinstance(value, (list, tuple)):
        raise ValueFault(title, "应填若干个值", "多个值用“、”隔开")
    made: list[Any] = []
    numbers = bool(default) and all(isinstance(item, (int, float)) for item in default)
    for item in value:
        taken = _item(title, item, numbers=numbers)
        if taken not in made:
            made.append(taken)
    if sum(len(shown(item)) for item in made) > _LONGEST:
        raise ValueFault(title, f"合计不能超过 {_LONGEST} 字")
    return made


def _item(title: str, item: Any, *, numbers: bool) -> Any:
    if numbers:
        number = parsed("number", item) if isinstance(item, str) else item
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise ValueFault(title, f"中的“{item}”不是数字", "多个值用“、”隔开")
        return number
    if not isinstance(item, str) or not item.strip():
        raise ValueFault(title, f"中的“{item}”不是文字", "多个值用“、”隔开")
    if _MORE.search(item.strip()):
        raise ValueFault(title, f"中的“{item.strip()}”含有顿号、逗号、分号或换行", "多个值请分开填写")
    return item.strip()


_KINDS: Final[dict[str, Callable[[Parameter, Any, Any], Any]]] = {
    "number": _as_number,
    "integer": _as_number,
    "text": _as_text,
    "list": _as_list,
}
