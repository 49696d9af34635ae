"""What stands on the sheets of a package, from the accepted records, in the order of the paper."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from lvdesk.fieldwork import filling_areas, filling_boxes, filling_cover
from lvdesk.fieldwork.filling_records import Records
from lvdesk.fieldwork.forms.definition import Form
from lvdesk.fieldwork.forms.model import Content, Face
from lvdesk.workspace import Workspace

_PER: Final[Mapping[str, Callable[[Records, Form], list[Content]]]] = {
    "box": lambda records, _form: filling_boxes.boxes(records),
    "customer": lambda records, _form: filling_boxes.customers(records),
    "blank": lambda records, _form: filling_boxes.blanks(records),
    "area": lambda records, _form: filling_areas.areas(records),
    "access_point": lambda records, _form: filling_areas.access_points(records),
    "package": filling_cover.cover,
}


def face(ws: Workspace, package_no: str) -> Face:
    """Head and foot of the package's sheets; station code, number, page and who prints it are filled in sheet by sheet.

    Raises:
        KnownError: ``package.missing`` when there is no such package.
    """
    with ws.store.read() as connection:
        return filling_cover.face(Records(ws, connection, package_no))


def contents(ws: Workspace, package_no: str, form: Form) -> list[Content]:
    """All blocks of a form for the package, in the order they are printed.

    Raises:
        KnownError: ``package.missing`` when there is no such package.
    """
    with ws.store.read() as connection:
        return contents_in(ws, connection, package_no, form)


def contents_in(ws: Workspace, connection: Connection, package_no: str, form: Form) -> list[Content]:
    """The same as a transaction under way sees the package."""
    return _PER[form.per](Records(ws, connection, package_no), form)
