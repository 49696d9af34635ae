"""A sign of life from long reading, so that a large honest file is not taken for a hanging one."""

from collections.abc import Callable


class _Pulse:
    listener: Callable[[], None] | None = None


def pulse() -> None:
    """Called by readers after each batch of real rows; does nothing outside of the reading process."""
    if _Pulse.listener:
        _Pulse.listener()


def listen(listener: Callable[[], None] | None) -> None:
    """Sets who hears it."""
    _Pulse.listener = listener
