"""Which backups make room: the last ten stay, and of the last thirty days the newest of each."""

from datetime import date, timedelta
from pathlib import Path

from lvdesk.store.backup import BackupInfo, superfluous

TODAY = date(2026, 3, 31)


def _made(*days_ago: int) -> list[BackupInfo]:
    """Backups, newest first."""
    moments = [(TODAY - timedelta(days=days)).isoformat() for days in days_ago]
    return [BackupInfo(Path(f"{number}.db"), "", f"{moment}T08:00:00+08:00", 1, "", 0.0) for number, moment in enumerate(moments)]


def _gone(*days_ago: int) -> list[int]:
    return [int(info.path.stem) for info in superfluous(_made(*days_ago), TODAY)]


def test_ten_always_stay() -> None:
    assert _gone(*[400] * 10) == []
    assert _gone(*[0] * 12) == [10, 11]


def test_one_a_day_stays_for_thirty_days() -> None:
    assert _gone(*[0] * 10, 1, 1, 2, 30, 31, 400) == [11, 14, 15]
