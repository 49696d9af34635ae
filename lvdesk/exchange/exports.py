"""Exports: what is confirmed leaves as a package with its manifest; the archive keeps it, the next one is compared with it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, func, insert, select

from lvdesk.checks import checking
from lvdesk.checks.station import Station
from lvdesk.exchange import archive, gate, picture, snapshot
from lvdesk.exchange.model import SYSTEM_TITLES, ExportedFile, ExportRequest, Format, HeldBack, Manifest, Scope, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.exchange.registry import chosen
from lvdesk.kit.clock import stamp
from lvdesk.kit.errors import ConflictError, RefusedError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.exports import ExportPackage, ExportSnapshot
from lvdesk.review import gathering
from lvdesk.review.model import Action, State
from lvdesk.review.moving import Why, move
from lvdesk.security.people import require
from lvdesk.store.facts import remember, remembered
from lvdesk.store.tables import journal
from lvdesk.workspace import Workspace

TEST: Final = "测试导出 不得导入"
_NEEDED: Final = ("transformer_area", "meter_box", "meter", "metering_point", "customer")
"""What the gate looks at, whatever the format carries."""
_PACKAGE: Final = table_of(ExportPackage)
_NUMBERS: Final = "export_numbers."


def export(ws: Workspace, request: ExportRequest, progress: Progress) -> Manifest:
    """Writes what may leave of the scope; a manifest without files when nothing may.

    Raises:
        RefusedError: ``people.not_allowed``, ``export.format``, ``export.scope``, ``export.nothing`` where there is nothing at all, and
            what the format refuses.
        ConflictError: ``export.changed`` when somebody changed the data meanwhile; nothing was handed out.
        KnownError: the files cannot be written.
        Cancelled: the user stopped it; nothing stays.
    """
    if not request.test:
        require(ws.store, ws.overrides, "export.issue")
    form = chosen(request.system, request.format)
    prepare(ws, progress)
    return _Export(ws, request, form, progress).run()


def prepare(ws: Workspace, progress: Progress) -> None:
    """Brings what the gate asks up to date: the queue of the review, the findings of the checks."""
    gathering.refresh(ws, progress)
    state = checking.state(ws)
    if state.stale or not state.at:
        checking.check(ws, progress)


def gated(ws: Workspace, connection: Connection, entities: tuple[str, ...], scope: Scope, *, test: bool) -> gate.Passed:
    """What of these kinds may leave of a scope and why the rest may not; for a test everything may."""
    wanted = tuple(dict.fromkeys([*entities, *_NEEDED]))
    frames = picture.read(connection, wanted, scope)
    if test:
        return gate.Passed({entity: frames[entity] for entity in entities}, pl.DataFrame(schema=gate.REASON))
    through = gate.passed(Station(ws, connection), frames)
    kept = pl.col("entity").is_in(list(entities))
    return gate.Passed({entity: through.frames[entity] for entity in entities}, through.held.filter(kept))


def stays(held: pl.DataFrame) -> tuple[HeldBack, ...]:
    """What the gate keeps (``gate.REASON``), record by record."""
    return tuple(HeldBack(*row) for row in held.select("entity", "key", "why", "step").iter_rows())


class _Export:
    """One export on its way."""

    def __init__(self, ws: Workspace, request: ExportRequest, form: Format, progress: Progress) -> None:
        self._ws, self._request, self._form, self._progress = ws, request, form, progress
        self._at = stamp(ws.clock())

    def run(self) -> Manifest:
        """Gate, files, archive, the copy people asked for."""
        progress, request = self._progress, self._request
        progress.start("正在检查哪些记录可以导出")
        with self._ws.store.read() as connection:
            mark = _mark(connection)
            through = gated(self._ws, connection, self._form.entities, request.scope, test=request.test)
            before = last(connection, request, self._form)
        leaving = Picture(self._ws, through.frames, self._at, self._ws.person, request.test)
        manifest = self._manifest(leaving, through.held)
        if not leaving.records and not manifest.held_back:
            raise RefusedError("export.nothing", "没有可以导出的记录", "请先导入台账；选择了线路或台区的，请检查范围")
        if not leaving.records:
            return manifest
        if request.test:
            return self._test(leaving, manifest)
        return self._issue(leaving, manifest, before, mark)

    def _manifest(self, leaving: Picture, held: pl.DataFrame) -> Manifest:
        counts = {entity: frame.height for entity, frame in leaving.frames.items() if frame.height}
        request = self._request
        return Manifest(
            str(request.system), (), leaving.records, stays(held), self._ws.person, self._at, request.options.purpose,
            format=self._form.key, test=request.test, counts=counts, scope=request.scope,
        )  # fmt: skip

    def _test(self, leaving: Picture, manifest: Manifest) -> Manifest:
        """A folder that says it is a test; nothing is recorded."""
        label = f"{archive.called('测试', self._request.system)} {self._at[:19].replace(':', '').replace('T', ' ')}"
        folder = self._request.folder
        with archive.making(folder) as part:
            manifest = self._filled(part, leaving, manifest)
            archive.write_manifest(part, manifest)
            target = _free(folder / label)
            archive.name(part, target)
        return _at_home(manifest, target)

    def _filled(self, part: Path, leaving: Picture, manifest: Manifest) -> Manifest:
        written = self._form.write(leaving, part, self._request.options, self._progress)
        self._progress.start("正在核对文件", len(written), "个文件")
        return replace(manifest, files=tuple(self._file(each) for each in written))

    def _file(self, written: Written) -> ExportedFile:
        self._progress.step()
        return ExportedFile(written.path, sha256(written.path), written.rows)

    def _issue(self, leaving: Picture, manifest: Manifest, before: tuple[str, pl.DataFrame], mark: int) -> Manifest:
        """The package in the archive and in history at once; then the copy."""
        ws, progress = self._ws, self._progress
        known, number = self._number()
        archive.tidy(ws, known)
        previous, said_before = before
        with archive.making(archive.archive_of(ws)) as part:
            manifest = self._filled(part, leaving, replace(manifest, number=number))
            progress.start("正在与上一包比较")
            said = said_of(leaving.frames, self._request)
            delta = snapshot.compared(said_before, said)
            (part / archive.DELTA).write_bytes(delta.written())
            (part / archive.UNDO).write_bytes(delta.undone().written())
            manifest = replace(manifest, added=delta.count("add"), changed=delta.count("change"), removed=delta.count("remove"))
            archive.write_manifest(part, manifest)
            progress.start("正在归档", cancellable=False)
            target = archive.archive_of(ws) / archive.called(number, self._request.system)
            try:
                with ws.store.write(f"导出 {number} {SYSTEM_TITLES[self._request.system]} {manifest.records:,} 条") as write:
                    if _changed_since(write.connection, mark, write.entry_id):
                        raise ConflictError("export.changed", "导出期间数据有变化，这一包没有交付", "请重新导出")
                    move(write, State.CONFIRMED, Action.EXPORT, said, Why(number, ws.person, self._at))
                    self._record(write, manifest, previous)
                    write.connection.execute(insert(ExportSnapshot), {"number": number, "payload": snapshot.packed(said)})
                    archive.name(part, target)
            except BaseException:
                archive.discard(target)
                raise
        return _at_home(manifest, archive.deliver(target, self._request.folder))

    def _number(self) -> tuple[set[str], str]:
        """All numbers that were recorded, and a new one: never given twice, also when its package was undone."""
        day = f"{self._ws.clock():%y%m%d}"
        with self._ws.store.write("编号") as write:
            count = int(remembered(write.connection, f"{_NUMBERS}{day}") or 0) + 1
            remember(write.connection, f"{_NUMBERS}{day}", str(count))
            known = set(write.connection.execute(select(ExportSnapshot.number)).scalars())
        return known, f"DC{day}-{count:02d}"

    def _record(self, write: Any, manifest: Manifest, previous: str) -> None:
        held = dict(Counter(each.general for each in manifest.held_back).most_common())
        files = [[file.path.name, file.sha256, file.rows] for file in manifest.files]
        row = {
            "number": manifest.number, "system": manifest.system, "format": manifest.format, "scope": _scoped(manifest.scope),
            "purpose": manifest.purpose, "person": manifest.person, "at": manifest.at, "records": manifest.records,
            "counts": _json(manifest.counts), "held": _json(held), "files": _json(files), "previous": previous,
            "added": manifest.added, "changed": manifest.changed, "removed": manifest.removed,
        }  # fmt: skip
        write.insert(_PACKAGE, list(row), [tuple(row.values())], 1)


def _free(target: Path) -> Path:
    """The name, with a number behind it when it is taken."""
    found, number = target, 1
    while found.exists():
        number += 1
        found = target.with_name(f"{target.name} ({number})")
    return found


def _at_home(manifest: Manifest, folder: Path) -> Manifest:
    """The manifest with its files where they lie now."""
    return replace(manifest, folder=folder, files=tuple(replace(file, path=folder / file.path.name) for file in manifest.files))


def _mark(connection: Connection) -> int:
    return connection.execute(select(func.max(journal.c.id))).scalar() or 0


def _changed_since(connection: Connection, mark: int, own: int) -> bool:
    others = select(journal.c.summary).where(journal.c.id > mark, journal.c.id != own)
    return any(connection.execute(others).scalars())


def last(connection: Connection, request: ExportRequest, form: Format) -> tuple[str, pl.DataFrame]:
    """Number of the package before of the same system, format and scope, and what it said."""
    same = (ExportPackage.system == str(request.system), ExportPackage.format == form.key, ExportPackage.scope == _scoped(request.scope))
    query = (
        select(ExportPackage.number, ExportSnapshot.payload)
        .join(ExportSnapshot, ExportSnapshot.number == ExportPackage.number)
        .where(*same)
        .order_by(ExportPackage.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.number, snapshot.unpacked(row.payload)) if row else ("", snapshot.unpacked(None))


def said_of(frames: Mapping[str, pl.DataFrame], request: ExportRequest) -> pl.DataFrame:
    """The snapshot; the changes lie in the package too, so personal data is in it only where the files may have it."""
    personal = request.system is System.MARKETING or request.options.purpose
    return snapshot.taken(frames if personal else picture.impersonal(frames))


def _scoped(scope: Scope) -> str:
    return _json({name: sorted(keys) for name, keys in asdict(scope).items()})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=False, separators=(",", ":"))
