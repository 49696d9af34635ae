"""A printed package of the small station of ``visiting``, sent out, and people at its keyboard."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from lvdesk.checks.station import Station
from lvdesk.fieldwork import keying
from lvdesk.fieldwork.moving import send
from lvdesk.fieldwork.register import sheets
from lvdesk.kit.progress import Progress
from lvdesk.workspace import Workspace
from tests.helpers import visiting
from tests.helpers.sheetwork import printed


def sent(ws: Workspace, folder: Path) -> str:
    """The number of a package whose sheets are printed and out."""
    number = visiting.made(visiting.laid(ws))
    printed(ws, number, folder)
    send(ws, number)
    return number


def sheet_of(ws: Workspace, form: str, place: int = 0) -> str:
    """The number of a sheet by the title of its form."""
    return [view.sheet_no for view in sheets(ws) if form in view.form_title][place]


def block_of(ws: Workspace, key: str) -> tuple[str, str]:
    """The sheet a box stands on and the prefix of its places."""
    for view in sheets(ws):
        if "计量箱" in view.form_title:
            for block in keying.sheet(ws, view.sheet_no).blocks:
                if block.key == key:
                    return view.sheet_no, f"{block.index}."
    raise LookupError(key)


def typed(ws: Workspace, sheet_no: str, values: Mapping[str, str], by: str = "甲", *, second: bool = False) -> keying.KeyingSheet:
    """The sheet after a person typed that."""
    ws.store.person = by
    return keying.enter(ws, sheet_no, values, second=second, collected_on="" if second else "20261122")


def finished(ws: Workspace, sheet_no: str) -> keying.SheetFinished:
    """What finishing the sheet gave."""
    return keying.finish(ws, sheet_no, Progress())


def rows(ws: Workspace) -> pl.DataFrame:
    """The field results that count."""
    with ws.store.read() as connection:
        return Station(ws, connection).field_rows
