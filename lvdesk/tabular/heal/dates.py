"""Date cells: every form staff type becomes YYYY-MM-DD, with HH:MM:SS behind it where a time of day was given."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from lvdesk.tabular.heal.characters import ascii_core, is_placeholder
from lvdesk.tabular.heal.model import Healing, refused

FIRST_YEAR, LAST_YEAR = 1950, 2100
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a ledger's dates have no zone; Excel's day 0, with its false 29 February 1900 behind it
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73415  # 1950-01-01 and 2100-12-31
_CENTURY_PIVOT = 70

_EMPTY_DATES = re.compile(r"^(?:0000-00-00|1900-01-00|9999-12-31)(?: 00:00:00)?$")
_CANONICAL = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2})?$")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|礼拜|周)[一二三四五六日天]\)?")
_TIME = re.compile(
    r"[T\s]*(?P<half>上午|下午|晚上|早上|中午)?\s*(?P<hour>[0-9]{1,2})[:时点](?P<minute>[0-9]{1,2})"
    r"(?:[:分](?:(?P<second>[0-9]{1,2})(?:\.[0-9]+)?秒?)?)?\s*(?P<meridiem>[AaPp][Mm])?(?:Z|\+0?8:?(?:00)?)?$",
)
_SERIAL = re.compile(r"^(?P<day>[0-9]{5})(?:\.(?P<part>[0-9]*))?$")
_COMPACT = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0*)?$")
_COMPACT_TIME = re.compile(r"^([0-9]{8})\s*([0-9]{2})([0-9]{2})([0-9]{2})$")
_SIX = re.compile(r"^([0-9]{2})([0-9]{2})([0-9]{2})(?:\.0*)?$")
_YEAR_FIRST = re.compile(r"^([0-9]{4})\s*(?:[-/.,、_ ]|年)\s*([0-9]{1,2})\s*(?:[-/.,、_ ]|月)\s*([0-9]{1,2})\s*[日号]?[-/.,]?$")
_YEAR_MONTH = re.compile(r"^([0-9]{4})\s*(?:[-/.]|年)\s*([0-9]{1,2})\s*月?(?:份)?$")
_SHORT_YEAR = re.compile(r"^'?([0-9]{2})\s*(?:[-/.]|年)\s*([0-9]{1,2})\s*(?:[-/.]|月)\s*([0-9]{1,2})\s*[日号]?$")
_YEAR_LAST = re.compile(r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$")
_ORACLE = re.compile(r"^([0-9]{1,2})-(?:([0-9]{1,2})月|([A-Za-z]{3}))\s*-([0-9]{2}|[0-9]{4})$")
_MONTHS = {
    name: place for place, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_HAN = re.compile(r"^([〇零○◯O0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十廿卅]{1,3})[日号])?$")
_HAN_DIGITS = str.maketrans("〇零○◯O0一二三四五六七八九", "000000123456789")


@dataclass(frozen=True)
class _Day:
    """Year, month, day as read, and what had to be supposed."""

    year: int
    month: int
    day: int
    why: str = "日期格式统一"


def heal_date(text: str) -> Healing:
    """A date, or date and time, as ISO text with a space; impossible and ambiguous ones are refused with the reason."""
    value, steps = ascii_core(text)
    if not value:
        return Healing("", "仅含空白，按空值处理" if text else "")
    if is_placeholder(value) or _EMPTY_DATES.match(value):
        return Healing("", f"占位符“{value}”按空值处理")
    if serial := _SERIAL.match(value):
        return _from_serial(value, serial).after(steps)
    day, clock, problem = _read(value)
    if day is None:
        return refused(value, problem)
    canonical = f"{day.year:04d}-{day.month:02d}-{day.day:02d}{clock}"
    if canonical == value:
        return Healing(value).after(steps)
    is_midnight = _CANONICAL.match(value) and value.startswith(canonical)
    return Healing(canonical, "去除零点时间" if is_midnight else day.why).after(steps)


def _read(value: str) -> tuple[_Day | None, str, str]:
    """The day and the time of day, or no day and the reason."""
    day_part, clock, problem = _split(value)
    if problem:
        return None, "", problem
    day = _read_day(day_part)
    if not isinstance(day, _Day):
        return None, "", day or "不是能识别的日期"
    problem = _impossible(day)
    return (None, "", problem) if problem else (day, clock, "")


def _split(value: str) -> tuple[str, str, str]:
    """The day, the time as " HH:MM:SS" ("" at midnight), and a problem with the time."""
    value = _WEEKDAY.sub(" ", value).strip()
    if compact := _COMPACT_TIME.match(value):
        value = f"{compact[1]} {compact[2]}:{compact[3]}:{compact[4]}"
    match = _TIME.search(value)
    if not match or not match.start():
        return value, "", ""
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    afternoon = match["half"] in {"下午", "晚上"} or (match["meridiem"] or "").lower() == "pm"
    if afternoon and hour < 12:
        hour += 12
    elif (match["meridiem"] or "").lower() == "am" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return value, "", f"中的时间 {hour}:{minute:02d}:{second:02d} 不存在"
    clock = f" {hour:02d}:{minute:02d}:{second:02d}"
    return value[: match.start()].strip(), "" if clock == " 00:00:00" else clock, ""


def _read_day(value: str) -> _Day | str | None:
    """The day, or why it is ambiguous, or None when no form fits."""
    for form, read in _FORMS:
        if match := form.match(value):
            return read(match)
    return None


def _whole(match: re.Match[str]) -> _Day:
    return _Day(int(match[1]), int(match[2]), int(match[3]))


def _year_month(match: re.Match[str]) -> _Day | str:
    if "." in match[0] and match[2] == "1":
        return "分不清是 1 月还是 10 月"
    return _Day(int(match[1]), int(match[2]), 1, "只有年月，日记为 1 日")


def _short_year(match: re.Match[str]) -> _Day | str:
    first, month, day = int(match[1]), int(match[2]), int(match[3])
    if first <= 12 and "年" not in match[0]:
        return "年份只有两位，分不清年月日"
    return _Day(_full_year(first), month, day, "两位年份补全")


def _six_digits(match: re.Match[str]) -> _Day | str:
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    is_year_month = FIRST_YEAR <= first * 100 + second <= LAST_YEAR and 1 <= third <= 12
    day = _Day(_full_year(first), second, third, "两位年份补全")
    if is_year_month:
        return "分不清是年月还是年月日" if not _impossible(day) else _Day(first * 100 + second, third, 1, "只有年月，日记为 1 日")
    return day


def _year_last(match: re.Match[str]) -> _Day | str:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first > 12:
        first, second = second, first
    elif second <= 12 and first != second:
        return "分不清日和月"
    return _Day(year, first, second)


def _oracle(match: re.Match[str]) -> _Day | str:
    month = int(match[2]) if match[2] else _MONTHS.get(match[3].lower(), 0)
    if len(match[4]) == 2:
        return _Day(_full_year(int(match[4])), month, int(match[1]), "两位年份补全")
    return _Day(int(match[4]), month, int(match[1]))


def _han(match: re.Match[str]) -> _Day:
    year, month = int(match[1].translate(_HAN_DIGITS)), _han_cardinal(match[2])
    if match[3]:
        return _Day(year, month, _han_cardinal(match[3]), "中文日期转换")
    return _Day(year, month, 1, "只有年月，日记为 1 日")


def _han_cardinal(text: str) -> int:
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return int(tens.translate(_HAN_DIGITS)) if len(tens) == 1 else 0
    return _han_digit(tens, 1) * 10 + _han_digit(ones, 0)


def _han_digit(text: str, otherwise: int) -> int:
    digits = text.translate(_HAN_DIGITS)
    return int(digits) if digits.isdigit() else 99 if digits else otherwise


_FORMS = (
    (_YEAR_FIRST, _whole),
    (_COMPACT, _whole),
    (_YEAR_MONTH, _year_month),
    (_SHORT_YEAR, _short_year),
    (_YEAR_LAST, _year_last),
    (_SIX, _six_digits),
    (_ORACLE, _oracle),
    (_HAN, _han),
)


def _full_year(short: int) -> int:
    return short + (1900 if short >= _CENTURY_PIVOT else 2000)


def _impossible(day: _Day) -> str:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"的年份 {day.year} 不在 {FIRST_YEAR}–{LAST_YEAR} 之间"
    if not 1 <= day.month <= 12:
        return f"的月份 {day.month} 不存在"
    if not 1 <= day.day <= monthrange(day.year, day.month)[1]:
        return f"不存在：{day.year}年{day.month}月没有 {day.day} 日"
    return ""


def _from_serial(value: str, match: re.Match[str]) -> Healing:
    if not _FIRST_SERIAL <= int(match["day"]) <= _LAST_SERIAL:
        return refused(value, f"不是能识别的日期（作为 Excel 序列号也不在 {FIRST_YEAR}–{LAST_YEAR} 年内）")
    seconds = round(float(f"0.{match['part'] or 0}") * 86400)
    moment = _EPOCH + timedelta(days=int(match["day"]), seconds=seconds)
    shown = moment.strftime("%Y-%m-%d %H:%M:%S").removesuffix(" 00:00:00")
    return Healing(shown, "Excel 日期序列号")
