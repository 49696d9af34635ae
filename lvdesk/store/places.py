"""Where a database file may lie, and whether the open file is still the one at its path."""

import sys
from pathlib import Path, PurePosixPath

from lvdesk.kit.errors import KnownError

# SQLite's WAL needs shared memory between all who open the file, which no network file system gives (sqlite.org/wal.html).
_NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smbfs", "smb3", "smb2", "9p", "drvfs", "afs", "ceph", "glusterfs", "lustre", "davfs", "ncpfs", "beegfs"}
    | {"vboxsf", "vmhgfs", "prl_fs"}
    | {f"fuse.{name}" for name in ("sshfs", "rclone", "glusterfs", "cephfs", "davfs2", "s3fs", "gvfsd-fuse", "vmhgfs-fuse")}
)
_DRIVE_REMOTE = 4  # GetDriveTypeW, Windows API

Identity = tuple[int, int]


def network_mount(path: PurePosixPath, mounts: str) -> str | None:
    """The network file system ``path`` lies on, or None.

    Args:
        path: absolute, links resolved.
        mounts: the text of ``/proc/mounts``. The root itself never counts as a share.
    """
    best, kind = PurePosixPath("/"), ""
    for line in mounts.splitlines():
        words = line.split()
        if len(words) < 3:
            continue
        # The kernel writes blanks in names as octal escapes.
        point = PurePosixPath(words[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
        if path.is_relative_to(point) and len(point.parts) >= len(best.parts) and point != PurePosixPath("/"):
            best, kind = point, words[2].lower()
    return kind if kind in _NETWORK_TYPES else None


def is_share_name(path: str) -> bool:
    r"""Whether a Windows path names a share: ``\\server\share\…`` or ``\\?\UNC\…``, but not ``\\?\C:\…``."""
    text = path.replace("/", "\\")
    if text.startswith(("\\\\?\\", "\\\\.\\")):
        return text[4:8].upper() == "UNC\\"
    return text.startswith("\\\\")


def _is_network(path: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        text = str(path)
        return is_share_name(text) or bool(ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == _DRIVE_REMOTE)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return network_mount(PurePosixPath(path), mounts) is not None


def refuse_network(path: Path) -> None:
    """Lets only local disks pass.

    Raises:
        KnownError: ``store.network_share`` when the file would lie on a share or a mapped drive.
    """
    if _is_network(path.resolve()):
        raise KnownError(
            "store.network_share",
            f"数据库不能放在网络共享或映射盘上：{path}",
            "网络盘会损坏数据库。请把工作区放在本机硬盘；多人共用请改用 PostgreSQL（--db postgresql+psycopg://…）",
        )


def identity(path: Path) -> Identity | None:
    """Device and file number of what is at ``path`` now, or None when nothing is."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def refuse_moved(path: Path, opened: Identity | None) -> None:
    """Checks that the file opened once is still at its path: on Linux a deleted file goes on taking writes that vanish.

    Raises:
        KnownError: ``store.file_moved``.
    """
    if identity(path) != opened:
        raise KnownError(
            "store.file_moved",
            f"数据库文件已被移动、删除或替换：{path}，本次修改没有保存",
            "请把文件放回原处，或关闭程序后从“备份”中恢复",
        )
