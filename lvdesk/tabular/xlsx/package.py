"""An opened workbook of the xlsx family: which part holds which sheet, and what cells refer to."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from lvdesk.tabular.container import BLOCK, Container
from lvdesk.tabular.formats.calamine import calamine_slices
from lvdesk.tabular.model import SheetInfo, Slice
from lvdesk.tabular.problems import problem
from lvdesk.tabular.xlsx.cells import Dictionary
from lvdesk.tabular.xlsx.rows import row_slices
from lvdesk.tabular.xlsx.scan import scanned
from lvdesk.tabular.xlsx.strings import shared_strings
from lvdesk.tabular.xlsx.styles import looks
from lvdesk.tabular.xlsx.tags import OddXml
from lvdesk.tabular.xml import attribute, elements, parsed, refuse_dtd

_KEEP = 320 << 20
"""Inflated bytes kept from the first run over the sheets, so that ordinary files are inflated once only."""


@dataclass(frozen=True)
class _Part:
    name: str
    visible: bool
    path: str


class XlsxSource:
    """Reads xlsx and xlsm; gives over to calamine and openpyxl where the file is written in an unusual way."""

    encoding: str | None = None

    def __init__(self, path: Path, container: Container, kind: str) -> None:
        """Looks through the whole container.

        Raises:
            KnownError: damaged, a bomb, a DTD, no sheets.
        """
        self.kind = kind
        self.notes: tuple[str, ...] = ()
        self._path, self._container = path, container
        self._kept: dict[str, list[bytes]] = {}
        self._room = _KEEP
        main = self._main_part()
        root = parsed(container.read(main))
        properties = next(elements(root, "workbookPr"), None)
        self._epoch_1904 = properties is not None and attribute(properties, "date1904") in {"1", "true"}
        self._links = self._relations(main)
        self._parts = {part.name: part for part in self._sheet_parts(root)}
        if not self._parts:
            raise problem("file.no_sheets")
        self._check_strings()
        self.sheets = tuple(self._info(part) for part in self._parts.values())

    def slices(self, sheet: SheetInfo, size: int) -> Iterator[Slice]:
        """See ``SheetSource``."""
        next_row = 0
        try:
            for piece in row_slices(self._blocks(self._parts[sheet.name].path), self._dictionary, size):
                next_row = piece.first_row + piece.frame.height
                yield piece
        except OddXml:
            yield from calamine_slices(self._path, sheet.name, size, from_row=next_row, openpyxl=True)

    @cached_property
    def _dictionary(self) -> Dictionary:
        strings, styles = self._linked("sharedStrings"), self._linked("styles")
        texts = shared_strings(self._blocks(strings)) if strings else pl.Series([], dtype=pl.String)
        shown = looks(self._container.read(styles)) if styles else np.zeros(0, np.uint8)
        return Dictionary(texts, shown, self._epoch_1904)

    def _main_part(self) -> str:
        if self._container.has("_rels/.rels"):
            for link in elements(parsed(self._container.read("_rels/.rels")), "Relationship"):
                if attribute(link, "Type").endswith("/officeDocument") and self._container.has(attribute(link, "Target")):
                    return attribute(link, "Target")
        if self._container.has("xl/workbook.xml"):
            return "xl/workbook.xml"
        raise problem("file.damaged", "缺少工作簿部件")

    def _relations(self, main: str) -> dict[str, tuple[str, str]]:
        """Links of the workbook: id → (last word of its type, part)."""
        folder, name = posixpath.split(main)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        result: dict[str, tuple[str, str]] = {}
        if self._container.has(path):
            for link in elements(parsed(self._container.read(path)), "Relationship"):
                target = posixpath.join(folder, attribute(link, "Target").replace("\\", "/"))
                result[attribute(link, "Id")] = attribute(link, "Type").rsplit("/", 1)[-1], target
        return result

    def _sheet_parts(self, root: object) -> Iterator[_Part]:
        for sheet in elements(root, "sheet"):  # type: ignore[arg-type]
            kind, path = self._links.get(attribute(sheet, "id"), ("", ""))
            if kind == "worksheet" and self._container.has(path):
                yield _Part(attribute(sheet, "name"), attribute(sheet, "state") in {"", "visible"}, path)

    def _linked(self, kind: str) -> str:
        paths = [path for word, path in self._links.values() if word == kind and self._container.has(path)]
        return paths[0] if paths else ""

    def _check_strings(self) -> None:
        path = self._linked("sharedStrings")
        if path:
            refuse_dtd(next(self._container.blocks(path, 4096), b""))

    def _info(self, part: _Part) -> SheetInfo:
        scan = scanned(self._inflated(part.path))
        return SheetInfo(part.name, part.visible, tuple(scan.hidden_rows), scan.hidden_columns, scan.merges, inspected=True, rows=scan.rows)

    def _inflated(self, path: str) -> Iterator[bytes]:
        """The part's blocks, kept for the second run while there is room."""
        keep: list[bytes] | None = [] if self._container.size(path) <= self._room else None
        for block in self._container.blocks(path):
            yield block
            if keep is not None:
                keep.append(block)
        if keep is not None:
            self._kept[path] = keep
            self._room -= sum(map(len, keep))

    def _blocks(self, path: str) -> Iterator[bytes]:
        if path in self._kept:
            yield from self._kept[path]
        else:
            yield from self._container.blocks(path, BLOCK)
