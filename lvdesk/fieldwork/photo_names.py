"""When a photo was taken, as its file name tells: cameras and messengers write the moment into it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))
_WRITTEN: Final = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_. T]?(\d\d)[-_.:]?(\d\d)[-_.:]?(\d\d)(?!\d{4})")
_COUNTED: Final = re.compile(r"(?<!\d)(1[0-9]\d{8})\d{3}(?!\d)")
_SAVED: Final = re.compile(r"mmexport|微信|wechat(?! ?camera)|screenshot|截图|截屏|qq|whatsapp|received|保存", re.IGNORECASE)
_FIRST_YEAR: Final = 2005


@dataclass(frozen=True)
class NamedTime:
    """The moment in local time; ``exact`` when it is that of the shot, not of saving or sending the picture."""

    at: datetime
    exact: bool


def named_time(name: str) -> NamedTime | None:
    """The moment in a file name, e.g. ``IMG_20261123_101112.jpg`` or ``mmexport1700000000000.jpg``; None when it tells none."""
    exact = not _SAVED.search(name)
    for found in _WRITTEN.finditer(name):
        at = _moment(*map(int, found.groups()))
        if at:
            return NamedTime(at, exact)
    counted = _COUNTED.search(name)
    if counted:
        at = datetime.fromtimestamp(int(counted.group(1)), UTC).astimezone(BEIJING).replace(tzinfo=None)
        return NamedTime(at, exact and "camera" in name.lower())
    return None


def camera_time(text: str) -> datetime | None:
    """A moment as EXIF writes it, ``2026:11:23 10:11:12``; None for what is none, and for a clock that was never set."""
    found = re.match(r"\s*(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)", text)
    return _moment(*map(int, found.groups())) if found else None


def _moment(*parts: int) -> datetime | None:
    try:
        at = datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - local time of the place, as the camera has it
    except ValueError:
        return None
    return at if at.year >= _FIRST_YEAR else None
