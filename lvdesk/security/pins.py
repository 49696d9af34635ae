"""PINs and passwords: kept as Argon2 hashes, guessing is slowed down."""

import time
from collections.abc import Callable
from typing import Final

from lvdesk.kit.errors import RefusedError

LEAST: Final = 4
"""Signs a PIN must have."""
_TRIES: Final = 5
_PAUSE: Final = 30.0
"""Seconds to wait after so many wrong tries in a row."""


def hashed(pin: str) -> str:
    """What is kept of a PIN.

    Raises:
        RefusedError: ``people.pin_short``.
    """
    if len(pin) < LEAST:
        raise RefusedError("people.pin_short", f"口令至少 {LEAST} 位", "请换一个更长的数字或密码")
    from argon2 import PasswordHasher  # loaded when a PIN is asked for: every start of the program would wait for it

    return PasswordHasher().hash(pin)


class Guard:
    """Counts wrong tries per person in this process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._wrong: dict[str, tuple[int, float]] = {}

    def check(self, name: str, kept: str, pin: str) -> None:
        """Compares a PIN with what is kept.

        Raises:
            RefusedError: ``people.pin`` when it is wrong, ``people.pin_wait`` after too many wrong ones.
        """
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerifyMismatchError

        tries, last = self._wrong.get(name, (0, 0.0))
        left = _PAUSE - (self._now() - last)
        if tries >= _TRIES and left > 0:
            raise RefusedError("people.pin_wait", f"{name} 的口令连续输错 {tries} 次", f"请 {int(left) + 1} 秒后再试，或请管理员重设")
        try:
            PasswordHasher().verify(kept, pin)
        except (VerifyMismatchError, InvalidHashError) as error:
            self._wrong[name] = (tries + 1, self._now())
            raise RefusedError("people.pin", f"{name} 的口令不对", "请重新输入；忘记了请管理员重设") from error
        self._wrong.pop(name, None)


GUARD: Final = Guard()
