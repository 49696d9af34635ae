import pytest

from lvdesk.kit.checkdigit import gs1_check_digit, gs1_is_valid


@pytest.mark.parametrize("code", ["4006381333931", "73513537", "0", "00"])
def test_known_codes(code: str) -> None:
    assert gs1_is_valid(code) == (len(code) > 1)


@pytest.mark.parametrize("text", ["", "5", "4006381333932", "400638133393x", "４００６３８１３３３９３１"])
def test_anything_else_is_not_valid(text: str) -> None:
    assert not gs1_is_valid(text)


def test_check_digit_of_a_known_code() -> None:
    assert gs1_check_digit("400638133393") == "1"
