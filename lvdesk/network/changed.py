"""What a service changed, so that whoever shows it can refresh."""

from enum import Flag, auto


class Changed(Flag):
    """Kinds of records touched by a service."""

    NOTHING = 0
    NETWORK = auto()
    BATCHES = auto()
    HISTORY = auto()
    SETTINGS = auto()
    CHECKS = auto()
    MARKS = auto()
    PACKAGES = auto()
    RETURNS = auto()
    REVIEW = auto()
    PEOPLE = auto()
    EXPORTS = auto()
    ANSWERS = auto()
    RECONCILING = auto()
    ORGANISATION = auto()
    ORDERS = auto()
    ALL = (
        NETWORK | BATCHES | HISTORY | SETTINGS | CHECKS | MARKS | PACKAGES | RETURNS | REVIEW | PEOPLE | EXPORTS | ANSWERS | RECONCILING
        | ORGANISATION | ORDERS
    )  # fmt: skip
