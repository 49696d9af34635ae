"""What the reading process does with scans: one generator for a file, one for a picture whose sheet a person has named."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lvdesk.fieldwork.forms.loading import load_forms
from lvdesk.fieldwork.forms.payload import Payload
from lvdesk.fieldwork.scanning.loading import Pages, from_bytes, numbered
from lvdesk.fieldwork.scanning.reading import Desk, PageRead, Picture, read_named, read_page
from lvdesk.fieldwork.scanning.settings import load_settings
from lvdesk.kit.errors import KnownError
from lvdesk.tabular.pulse import pulse

READ, NAMED = "lvdesk.fieldwork.scanning.work:read", "lvdesk.fieldwork.scanning.work:named"
"""What to ask ``lvdesk.tabular.guard.Reader`` for."""


def read(path: Path, overrides: Path | None, skip: frozenset[int]) -> Iterator[int | tuple[int, PageRead]]:
    """How many pages the file has, then each that is not known yet, with its number.

    Raises:
        KnownError: ``scan.heic``, ``scan.format``, ``scan.unreadable``, ``scan.encrypted`` for the file as a whole.
    """
    desk = _desk(overrides)
    with Pages(path, desk.settings.dpi) as pages:
        yield len(pages)
        for number in numbered(pages, skip):
            try:
                found = read_page(pages.page(number), desk)
            except KnownError as error:
                found = PageRead(None, "scan.unreadable", error.message, (), Picture(b"", 0, flat=False))
            pulse()
            yield number, found


def named(data: bytes, payload: Payload, overrides: Path | None) -> Iterator[PageRead | None]:
    """A kept picture, read as that sheet; see ``reading.read_named``."""
    yield read_named(np.ascontiguousarray(from_bytes(data)), payload, _desk(overrides))


def _desk(overrides: Path | None) -> Desk:
    return Desk(load_forms(overrides), load_settings(overrides), pulse)
