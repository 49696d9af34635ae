"""Errors by whose fault they are: a known cause, a refused step, someone else's change; anything else is a bug."""


class LVDeskError(Exception):
    """Something the user can be told in one line.

    Attributes:
        code: stable, for scripts and manuals, e.g. ``file.encrypted``.
        message: what happened and why, Chinese, one line.
        hint: the next step for the user, Chinese, may be empty.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Travels whole from the reading process to the caller."""
        return type(self), (self.code, self.message, self.hint)


class KnownError(LVDeskError):
    """The world is not as needed: locked or missing file, damaged workbook, full disk, database offline."""


class RefusedError(LVDeskError):
    """A step that the rules do not allow: bad usage, wrong state, not permitted."""


class ConflictError(LVDeskError):
    """Somebody changed the same record in the meantime; nothing was written."""


class Cancelled(Exception):  # noqa: N818 - reads as the event it is
    """The user cancelled; the transaction rolls back and nothing was saved."""
