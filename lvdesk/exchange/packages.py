"""Packages that left: listed, looked at, handed out once more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from lvdesk.exchange import archive
from lvdesk.exchange.model import SYSTEM_TITLES, Scope, System
from lvdesk.exchange.registry import discover
from lvdesk.kit.errors import KnownError, RefusedError
from lvdesk.kit.files import sha256
from lvdesk.kit.progress import Progress
from lvdesk.network.batches import table_of
from lvdesk.network.exports import ExportPackage
from lvdesk.workspace import Workspace

_TABLE = table_of(ExportPackage)


@dataclass(frozen=True)
class PackageView:
    """One package.

    Attributes:
        system_title, format_title, scope_title: for people.
        counts: entity -> records; ``held``: general reason -> records that stayed behind.
        files: name, SHA-256, rows.
        previous: the package it was compared with, "" for none.
        folder: in the archive of this workspace, None where another desk made it or somebody removed it.
    """

    id: int
    number: str
    system: System
    system_title: str
    format: str
    format_title: str
    scope: Scope
    scope_title: str
    purpose: str
    person: str
    at: str
    records: int
    counts: Mapping[str, int]
    held: Mapping[str, int]
    files: Sequence[tuple[str, str, int]]
    previous: str
    added: int
    changed: int
    removed: int
    folder: Path | None


def packages(ws: Workspace) -> list[PackageView]:
    """All packages, the newest first; test exports are none."""
    with ws.store.read() as connection:
        rows = connection.execute(select(_TABLE).order_by(_TABLE.c.id.desc())).all()
    return [_view(ws, row) for row in rows]


def package(ws: Workspace, number: str) -> PackageView:
    """One package.

    Raises:
        RefusedError: ``export.unknown``.
    """
    found = next((view for view in packages(ws) if view.number == number), None)
    if found is None:
        raise RefusedError("export.unknown", f"没有编号为 {number} 的导出包", "请在“导出归档”中查看编号")
    return found


def hand_out(ws: Workspace, number: str, folder: Path, progress: Progress) -> Path:
    """A copy of an archived package, after its files were compared with the manifest.

    Raises:
        RefusedError: ``export.unknown``.
        KnownError: ``export.missing`` when the archive of this workspace lacks it, ``export.damaged`` when a file is not what it was,
            ``file.not_writable``.
        Cancelled: the user stopped it; nothing stays.
    """
    view = package(ws, number)
    if view.folder is None:
        raise KnownError("export.missing", f"本机的归档中没有 {number}", f"它由 {view.person} 在另一台电脑上导出，请在那里另存，或重新导出")
    progress.start("正在核对归档的文件", len(view.files), "个文件")
    for name, digest, _rows in view.files:
        progress.step()
        path = view.folder / name
        if not path.is_file() or sha256(path) != digest:
            raise KnownError("export.damaged", f"归档中的 {name} 与导出时不一致", "请不要交付它；重新导出一包")
    progress.start("正在另存")
    return archive.deliver(view.folder, folder)


def _view(ws: Workspace, row: object) -> PackageView:
    said = row._mapping  # type: ignore[attr-defined]  # noqa: SLF001 - SQLAlchemy's public name begins with an underscore
    system = System(said["system"])
    form = discover()[system].get(said["format"])
    scope = Scope(**{name: tuple(keys) for name, keys in json.loads(said["scope"]).items()})
    folder = archive.archive_of(ws) / archive.called(said["number"], system)
    return PackageView(
        said["id"], said["number"], system, SYSTEM_TITLES[system], said["format"], form.title if form else said["format"], scope,
        scope_title(scope), said["purpose"], said["person"], said["at"], said["records"], json.loads(said["counts"]),
        json.loads(said["held"]), [tuple(file) for file in json.loads(said["files"])], said["previous"], said["added"], said["changed"],
        said["removed"], folder if folder.is_dir() else None,
    )  # fmt: skip


def scope_title(scope: Scope) -> str:
    """The scope in a few words."""
    parts = [
        f"{len(keys)} {unit}" if len(keys) > 1 else keys[0] for keys, unit in ((scope.feeders, "条线路"), (scope.areas, "个台区")) if keys
    ]
    return "、".join(parts) or "全所"
