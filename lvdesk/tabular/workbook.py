"""Opens any table file by its content. Runs in the guarded child process only: see ``guard``."""

import logging
import zipfile
from pathlib import Path

from lvdesk.kit.errors import KnownError
from lvdesk.tabular.container import Container
from lvdesk.tabular.encodings import detect, texts
from lvdesk.tabular.formats.calamine import CalamineSource
from lvdesk.tabular.formats.delimited import DelimitedSource
from lvdesk.tabular.model import SheetInfo, SheetSource, Slice, Workbook
from lvdesk.tabular.problems import problem
from lvdesk.tabular.sniff import head_of, sniff_bytes, sniff_text, sniff_zip

__all__ = ["SheetInfo", "Slice", "Workbook", "open_workbook"]

_log = logging.getLogger(__name__)
_MAX_TEXT = 200 << 20


def open_workbook(path: Path) -> Workbook:
    """Looks the file over, refuses what is hostile or no table, and tells what sheets it has.

    Raises:
        KnownError: ``file.missing``, ``locked``, ``empty``, ``not_table``, ``encrypted``, ``damaged``, ``bomb``, ``dtd``, ``absurd``,
            ``no_sheets``, ``encoding``, ``too_large``; each with one Chinese line and the next step.
    """
    try:
        source = _source(path)
    except (KnownError, MemoryError):
        raise
    except (zipfile.BadZipFile, ValueError, KeyError, IndexError, OverflowError, ArithmeticError, EOFError, OSError) as error:
        _log.warning("unreadable file: %s", type(error).__name__)
        raise problem("file.damaged") from error
    return Workbook(source.kind, source.encoding, source.sheets, source.notes, source)


def _source(path: Path) -> SheetSource:
    sort = sniff_bytes(head_of(path))
    if sort == "zip":
        return _from_zip(path)
    if sort == "ole":
        from lvdesk.tabular.formats.xls import read_xls

        return read_xls(path)
    if sort == "biff":
        return CalamineSource(path, "xls")
    return _from_text(path)


def _from_zip(path: Path) -> SheetSource:
    container = Container(path)
    kind = sniff_zip(container)
    if kind == "ods":
        from lvdesk.tabular.formats.ods import read_ods

        return read_ods(container)
    if kind == "xlsb":
        return CalamineSource(path, kind)
    from lvdesk.tabular.xlsx.package import XlsxSource

    return XlsxSource(path, container, kind)


def _from_text(path: Path) -> SheetSource:
    encoding = detect(path)
    kind = sniff_text(next(texts(path, encoding, 65_536), ""))
    if kind == "csv":
        return DelimitedSource(path, encoding)
    if path.stat().st_size > _MAX_TEXT:
        raise problem("file.too_large")
    if kind == "html":
        from lvdesk.tabular.formats.html import read_html

        return read_html("".join(texts(path, encoding)), encoding.name)
    from lvdesk.tabular.formats.spreadsheetml import read_spreadsheetml

    return read_spreadsheetml(path.read_bytes())
