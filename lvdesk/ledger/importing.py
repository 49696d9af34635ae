"""The two services of an import: ``preview`` does everything and takes it back, ``load`` does it in one transaction.

A preview is exact because it is the load itself, rolled back; what was read is spooled, so that the load need not read again.
"""

import logging
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from errno import ENOSPC
from pathlib import Path
from uuid import uuid4
from zlib import crc32

from lvdesk.kit.errors import KnownError, LVDeskError, RefusedError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.ledger.batches import choice_digest
from lvdesk.ledger.headers import remember, remembered
from lvdesk.ledger.intake import Intake
from lvdesk.ledger.model import FileReport, ImportRequest, ImportResult, Preview
from lvdesk.ledger.prepared import Message, Order, TableFound
from lvdesk.network.changed import Changed
from lvdesk.store.write import Write
from lvdesk.tabular.guard import ChildBugError, Reader
from lvdesk.workspace import Workspace

_log = logging.getLogger(__name__)
_PREPARE = "lvdesk.ledger.preparing:prepare"


class _TakeBack(Exception):  # noqa: N818 - ends a preview, not an error
    """Rolls a preview back."""


def preview(ws: Workspace, request: ImportRequest, progress: Progress) -> Preview:
    """What importing the files would do. Nothing stays in the database; what was read waits in the spool for ``load``.

    Raises:
        Cancelled: the user stopped it.
    """
    key = uuid4().hex
    _empty_spool(ws)
    with Reader() as reader:
        source = _Spooling(ws, reader, request, ws.spool / key)
        failed: dict[Path, FileReport] = {}
        while True:
            try:
                with ws.store.write("预览") as write:
                    files = _run(ws, write, _Job(request, source, failed, "正在读取"), progress)
                    raise _TakeBack
            except _FailedHalfway as halfway:
                failed[halfway.report.path] = halfway.report
            except _TakeBack:
                return Preview(key, request, files)


def load(ws: Workspace, prepared: Preview, progress: Progress) -> ImportResult:
    """Stores a preview's files in one transaction; whatever changed in the store since then is taken into account.

    A file that was changed on disk since the preview is refused: its bytes would not be those that were read.
    """
    digests = {file.path: file.sha256 for file in prepared.files}
    result = _load(ws, prepared.request, _Spooled(ws.spool / prepared.key, digests), progress)
    _empty_spool(ws)
    return result


def take(ws: Workspace, request: ImportRequest, progress: Progress) -> ImportResult:
    """Reads and stores in one go, for scripts; the same as a preview that is loaded."""
    with Reader() as reader:
        return _load(ws, request, _Direct(ws, reader, request), progress)


def _load(ws: Workspace, request: ImportRequest, source: "_Source", progress: Progress) -> ImportResult:
    failed: dict[Path, FileReport] = {}
    while True:
        try:
            return _load_once(ws, _Job(request, source, failed), progress)
        except _FailedHalfway as halfway:
            failed[halfway.report.path] = halfway.report


def _load_once(ws: Workspace, job: "_Job", progress: Progress) -> ImportResult:
    label = import_label(job.request.paths)
    with ws.store.write(label, operation=uuid4().hex) as write:
        files = _run(ws, write, job, progress)
        imported = any(file.status == "ready" for file in files)
        if imported:
            label = write.label = import_label(tuple(file.path for file in files if file.status == "ready"))
            remember(write, job.request, files)
            progress.start("正在写入磁盘", cancellable=False)
        entry = write.entry_id if imported else 0
    files = tuple(replace(file, status="imported") if file.status == "ready" else file for file in files)
    return ImportResult(files, label, entry, Changed.ALL if imported else Changed.NOTHING)


def tables_in(ws: Workspace, path: Path, progress: Progress) -> list[TableFound]:
    """The tables of a file as an import would recognise them; nothing is stored.

    Raises:
        KnownError: the file cannot be read.
        Cancelled: the user stopped it.
    """
    with Reader() as reader:
        source = _Direct(ws, reader, ImportRequest((path,)))
        return [message for message in source.messages(path, progress) if isinstance(message, TableFound)]


def import_label(paths: tuple[Path, ...]) -> str:
    """How history and undo call the import."""
    return f"导入 {paths[0].name}" if len(paths) == 1 else f"导入 {len(paths)} 个文件"


class _FailedHalfway(Exception):  # noqa: N818 - the transaction starts again without the file
    """A file broke off after some of its rows were taken."""

    def __init__(self, report: FileReport) -> None:
        super().__init__(report.reason)
        self.report = report


class _Source:
    """Where the messages about a file come from."""

    def messages(self, path: Path, progress: Progress) -> Iterator[Message]:
        """The file's messages in reading order; raises the file's error."""
        raise NotImplementedError

    def refuse_changed(self, path: Path, digest: str) -> None:
        """Raises when the file is no longer the one the messages are about."""


class _Direct(_Source):
    def __init__(self, ws: Workspace, reader: Reader, request: ImportRequest) -> None:
        self._ws, self._reader, self._request = ws, reader, request
        self._remembered = remembered(ws)

    def messages(self, path: Path, progress: Progress) -> Iterator[Message]:
        choices = {sheet: choice for (name, sheet), choice in self._request.choices.items() if name == str(path)}
        order = Order(str(path), str(self._ws.overrides), choices, self._remembered, self._request.crs, self._request.answers)
        yield from self._reader.stream(_PREPARE, (order,), progress)


class _Spooling(_Direct):
    """Reads and writes down what was read."""

    def __init__(self, ws: Workspace, reader: Reader, request: ImportRequest, folder: Path) -> None:
        super().__init__(ws, reader, request)
        self._folder = folder
        folder.mkdir(parents=True)

    def messages(self, path: Path, progress: Progress) -> Iterator[Message]:
        with _spool_file(self._folder, path).open("wb") as stream:
            try:
                for message in super().messages(path, progress):
                    pickle.dump(message, stream, protocol=pickle.HIGHEST_PROTOCOL)
                    yield message
            except LVDeskError as error:
                pickle.dump(error, stream)
                raise


class _Spooled(_Source):
    """Gives back what a preview wrote down."""

    def __init__(self, folder: Path, digests: dict[Path, str]) -> None:
        self._folder, self._digests = folder, digests

    def refuse_changed(self, path: Path, digest: str) -> None:
        if self._digests.get(path) not in {None, "", digest}:
            raise KnownError("import.file_changed", f"{path.name} 在预览之后被改动过", "请重新预览后再导入")

    def messages(self, path: Path, progress: Progress) -> Iterator[Message]:
        progress.check()
        name = _spool_file(self._folder, path)
        if not name.exists():
            raise RefusedError("import.preview_gone", "预览已失效", "请重新选择文件并预览")
        with name.open("rb") as stream:
            while True:
                try:
                    message = pickle.load(stream)  # noqa: S301 - written by this workspace a moment ago
                except EOFError:
                    return
                if isinstance(message, LVDeskError):
                    raise message
                yield message


@dataclass(frozen=True)
class _Job:
    """What to import, from where, the files that turned out to be broken half way, and what the work is called."""

    request: ImportRequest
    source: _Source
    failed: dict[Path, FileReport]
    verb: str = "正在导入"


def _run(ws: Workspace, write: Write, job: _Job, progress: Progress) -> tuple[FileReport, ...]:
    paths = job.request.paths
    if not paths:
        raise RefusedError("import.no_files", "没有选择要导入的文件", "请拖入或选择台账文件")
    intake = Intake(ws, write, job.request)
    reports: list[FileReport] = []
    for number, path in enumerate(paths, 1):
        progress.start(f"{job.verb} {path.name}（{number}/{len(paths)}）")
        reports.append(job.failed.get(path) or _one(intake, path, job, progress))
    progress.start("正在核对关系与差异")
    finished = intake.finish(progress)
    return tuple(finished.get(report.path, report) if report.status == "ready" else report for report in reports)


def _one(intake: Intake, path: Path, job: _Job, progress: Progress) -> FileReport:
    """One file into the transaction; a file that cannot be read is refused and does not stop the others."""
    try:
        if not path.is_file():
            raise KnownError("file.missing", f"找不到文件 {path.name}", "请检查文件是否已被移动或改名")
        digest, choice = sha256(path), choice_digest(job.request, path)
        job.source.refuse_changed(path, digest)
        return intake.taken_before(path, digest, choice) or intake.file(path, digest, choice, job.source.messages(path, progress), progress)
    except ChildBugError:
        _log.exception("reading failed")
        report = _refused(path, "file.unexpected", f"读取 {path.name} 时程序出错", "请把该文件和日志交给维护人员；其他文件不受影响")
    except OSError as error:
        if error.errno == ENOSPC:
            raise KnownError("store.disk_full", "磁盘空间不足，没有导入任何数据", "请清理磁盘后重试") from error
        report = _refused(path, "file.unreadable", f"无法读取 {path.name}：{error.strerror}", "请关闭占用它的程序后重试")
    except KnownError as error:
        if error.code.startswith("store."):
            raise
        report = _refused(path, error.code, error.message, error.hint)
    if intake.touched(path):
        raise _FailedHalfway(report)
    return report


def _refused(path: Path, code: str, reason: str, hint: str) -> FileReport:
    return FileReport(path, status="refused", code=code, reason=reason, hint=hint)


def _spool_file(folder: Path, path: Path) -> Path:
    return folder / f"{crc32(str(path).encode()):08x}.spool"


def _empty_spool(ws: Workspace) -> None:
    """A new preview replaces the last one."""
    for folder in ws.spool.iterdir():
        for name in folder.iterdir():
            name.unlink()
        folder.rmdir()
