"""The GS1/EAN check digit: modulo 10 with weights 3 and 1 from the right."""


def gs1_check_digit(digits: str) -> str:
    """The digit to put behind ``digits`` (ASCII digits only); the rightmost of them has weight 3."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def gs1_is_valid(code: str) -> bool:
    """Whether the last digit of ``code`` is its check digit; False for anything but ASCII digits."""
    return len(code) > 1 and code.isascii() and code.isdigit() and gs1_check_digit(code[:-1]) == code[-1]
