"""Dirt of single characters: full-width forms, spaces of all kinds, invisible characters, apostrophes, placeholders."""

import re

INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_CONTROLS = re.compile(f"[{CONTROLS}]")
_RUNS = re.compile(r"\s{2,}")
_ODD_SPACE = re.compile(r"[^\S \u3000]")
_LEADING_MARKS = re.compile(r"^[\s'‘’`´′＇]+(?=.)", re.DOTALL)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("−"): "-", ord("。"): ".", ord("．"): "."}
_PLACEHOLDERS = frozenset(
    [
        "/",
        "\\",
        "无",
        "空",
        "暂无",
        "未知",
        "null",
        "none",
        "nil",
        "nan",
        "n/a",
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "#null!",
        "#div/0!",
        "(null)",
    ],
)
_DASHES = re.compile(r"^[-—–─―_*.]+$")


def without_invisible(text: str, steps: list[str]) -> str:
    """Drops zero-width and control characters."""
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        steps.append("去除零宽字符")
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text)
        steps.append("去除控制字符")
    return text


def trimmed(text: str, steps: list[str]) -> str:
    """Drops white space of any script at both ends."""
    short = text.strip()
    if short != text:
        steps.append("去除首尾空格")
    return short


def spaced(text: str, steps: list[str]) -> str:
    """Leaves one space where several stood and turns tabs, line breaks and no-break spaces inside into plain spaces."""
    single = _ODD_SPACE.sub(" ", _RUNS.sub(" ", text))
    if single != text:
        steps.append("合并多余空格")
    return single


def half_width(text: str, steps: list[str]) -> str:
    """Full-width digits, letters and punctuation become their ASCII forms."""
    narrow = text.translate(_HALF_WIDTH)
    if narrow != text:
        steps.append("全角转半角")
    return narrow


def without_apostrophe(text: str, steps: list[str]) -> str:
    """Drops the apostrophe with which Excel users force text."""
    bare = _LEADING_MARKS.sub("", text)
    if bare != text:
        steps.append("去除撇号")
    return bare


def is_placeholder(text: str) -> bool:
    """Whether the cell only says that there is nothing: -, /, 无, NULL, #N/A and the like."""
    return text.lower() in _PLACEHOLDERS or _DASHES.match(text) is not None


def ascii_core(text: str) -> tuple[str, list[str]]:
    """The cell of a number, date, coordinate or identifier in half-width characters without wrapping, and what was done."""
    steps: list[str] = []
    text = trimmed(without_invisible(text, steps), steps)
    text = half_width(text, steps)
    text = without_apostrophe(text, steps)
    return text, steps
