"""PINs: never kept as they are, guessing is slowed down."""

import pytest

from lvdesk.kit.errors import RefusedError
from lvdesk.security.pins import Guard, hashed


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def code(guard: Guard, pin: str, kept: str) -> str:
    try:
        guard.check("张三", kept, pin)
    except RefusedError as error:
        return error.code
    return ""


def test_a_pin_is_kept_as_a_hash_that_fits_only_it() -> None:
    kept = hashed("2468")
    assert "2468" not in kept
    assert [code(Guard(), pin, kept) for pin in ("2468", "2469", "")] == ["", "people.pin", "people.pin"]


def test_too_short_a_pin_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        hashed("123")
    assert refused.value.code == "people.pin_short"


def test_five_wrong_tries_make_everybody_wait() -> None:
    watch, kept = Watch(), hashed("2468")
    guard = Guard(watch)
    assert [code(guard, "0000", kept) for _ in range(5)] == ["people.pin"] * 5
    assert code(guard, "2468", kept) == "people.pin_wait"
    watch.seconds += 31
    assert code(guard, "2468", kept) == ""
    assert code(guard, "0000", kept) == "people.pin"
