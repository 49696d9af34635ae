"""What a person must know to fill a column: used by header comments and the instruction sheet of blank workbooks."""

from collections.abc import Mapping
from typing import Final

from lvdesk.templates.codes import CodeList
from lvdesk.templates.definition import Column
from lvdesk.templates.dictionary import OWNER_TITLES, Dictionary

RULES: Final = {
    "text": "文字",
    "identifier": "编号，按文本填写，保留前导零",
    "reference": "编号，按文本填写，须与被引用的台账一致",
    "barcode": "22 位资产条码，按文本填写，不得变成科学计数",
    "code": "从下拉列表选择，或填写代码",
    "integer": "整数",
    "number": "数字，不带单位",
    "date": "日期，如 2024-03-05",
    "longitude": "经度，十进制度，至少 6 位小数",
    "latitude": "纬度，十进制度，至少 6 位小数",
}
_MOST_VALUES: Final = 12


def code_list(column: Column, dictionary: Dictionary, codes: Mapping[str, CodeList]) -> CodeList | None:
    """The code list of a column, None when it has none."""
    return codes.get(column.attribute(dictionary).codes)


def rule(column: Column, dictionary: Dictionary) -> str:
    """How the cell is filled, one line."""
    said = column.hint or RULES[column.attribute(dictionary).kind]
    return f"{said}；多个值用“{column.split}”隔开" if column.split else said


def values(found: CodeList | None) -> str:
    """The possible values with their codes, one line; "" without a code list."""
    if found is None:
        return ""
    said = [item.name if item.code == item.name else f"{item.code} {item.name}" for item in found.items[:_MOST_VALUES]]
    more = " 等" if len(found.items) > _MOST_VALUES or found.open else ""
    return "、".join(said) + more


def owner(column: Column, dictionary: Dictionary) -> str:
    """The system that maintains the value; "" for remarks of the sheet itself."""
    return OWNER_TITLES.get(column.attribute(dictionary).owner, "")


def demand(column: Column) -> str:
    """必填 or 选填, and whether values must not repeat."""
    said = "必填" if column.required else "选填"
    return f"{said}，不得重复" if column.unique else said


def comment(column: Column, dictionary: Dictionary, codes: Mapping[str, CodeList]) -> str:
    """The header's comment: demand, rule, values, example, owner."""
    lines = [demand(column), rule(column, dictionary)]
    choices, system = values(code_list(column, dictionary, codes)), owner(column, dictionary)
    lines += [f"可选值：{choices}"] if choices else []
    lines += [f"示例：{column.example}"] if column.example else []
    lines += [f"维护方：{system}"] if system else []
    return "\n".join(lines)
