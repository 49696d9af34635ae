"""Stored moments (ISO 8601) as people say them."""

from datetime import date, datetime

_WEEKDAYS = "一二三四五六日"


def said(iso: str, today: date) -> str:
    """今天 10:26, 昨天 18:02, 11-20 09:00, 2025-03-01; the text itself when it is no moment."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    day, clock = moment.date(), moment.strftime("%H:%M")
    gap = (today - day).days
    if gap == 0:
        return f"今天 {clock}"
    if gap == 1:
        return f"昨天 {clock}"
    return f"{day:%m-%d} {clock}" if day.year == today.year else f"{day:%Y-%m-%d}"


def day_name(day: date) -> str:
    """11 月 22 日 星期日."""
    return f"{day.month} 月 {day.day} 日 星期{_WEEKDAYS[day.weekday()]}"


def size(count: int) -> str:
    """A file size: 12.3 MB."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.1f} {unit}" if unit == "MB" else f"{value:.0f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
