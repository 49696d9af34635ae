"""What stands on the sheets of a package, from the accepted records, in the order of the paper."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from lvdesk.fieldwork import filling_boxes
from lvdesk.fieldwork.filling_records import Records
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content
from lvdesk.workspace import Workspace

_PER: Final[Mapping[str, Callable[[Records], list[Content]]]] = {
    "box": filling_boxes.boxes,
    "customer": filling_boxes.customers,
    "blank": filling_boxes.blanks,
}


def contents(ws: Workspace, package_no: str, form: Form) -> list[Content]:
    """All blocks of a form for the package, in the order they are printed.

    Raises:
        KnownError: ``package.missing`` when there is no such package.
    """
    with ws.store.read() as connection:
        return contents_in(ws, connection, package_no, form)


def contents_in(ws: Workspace, connection: Connection, package_no: str, form: Form) -> list[Content]:
    """The same as a transaction under way sees the package."""
    return _PER[form.per](Records(ws, connection, package_no))
