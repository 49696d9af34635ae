"""Journal payloads bring every value back as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lvdesk.store.payload import pack, unpack

MOMENT = datetime(2026, 3, 8, 9, 30, 1, 250, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, 0, -1, 2**62, 0.1, -0.0, 5e-324, 1e300, True, False, "", "汉字\n\"'", b"", b"\x00\xff"])
def test_values_come_back_with_their_type(value: object) -> None:
    (back,) = unpack(pack([value]))
    assert (back, type(back), repr(back)) == (value, type(value), repr(value))


@pytest.mark.parametrize("value", [MOMENT, date(2026, 3, 8), Decimal("1.10"), {"a": [1, {"b": None}]}, {"$bytes": 5}, []])
def test_other_column_values_come_back(value: object) -> None:
    assert unpack(pack(value)) == value


def test_what_no_column_holds_is_refused() -> None:
    with pytest.raises(TypeError):
        pack(object())
