"""Photos and scans beside rows, kept in the database under their SHA-256: they go along with backups."""

from pathlib import Path
from typing import Final

from sqlalchemy import select

from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import sha256
from lvdesk.network.batches import table_of
from lvdesk.network.organisation import Attachment
from lvdesk.store.write import Write
from lvdesk.workspace import Workspace

ATTACHMENT: Final = table_of(Attachment)
_MOST: Final = 20 * 1024 * 1024


def keep_file(write: Write, path: Path) -> str:
    """Stores a file within a write and gives its SHA-256; one that is there already is not stored again.

    Raises:
        KnownError: ``file.unreadable``, ``file.too_large`` above 20 MB.
    """
    try:
        size = path.stat().st_size
        if size > _MOST:
            raise KnownError("file.too_large", f"{path.name} 有 {size / 1024 / 1024:.0f} MB，附件最大 20 MB", "请压缩后再添加")
        digest, data = sha256(path), path.read_bytes()
    except OSError as error:
        raise KnownError("file.unreadable", f"{path.name} 打不开：{error.strerror or error}", "请检查文件是否还在") from error
    if write.connection.execute(select(ATTACHMENT.c.id).where(ATTACHMENT.c.sha256 == digest)).scalar() is None:
        write.insert(ATTACHMENT, ("sha256", "name", "size", "data"), [(digest, path.name, len(data), data)], 1)
    return digest


def file_of(ws: Workspace, digest: str) -> bytes:
    """The bytes of a file; empty for none."""
    if not digest:
        return b""
    with ws.store.read() as connection:
        return bytes(connection.execute(select(ATTACHMENT.c.data).where(ATTACHMENT.c.sha256 == digest)).scalar() or b"")
