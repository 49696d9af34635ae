"""Turns the databases' own errors into what a person can act on; anything not known here stays a bug."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from lvdesk.kit.errors import KnownError

_BUSY = ("store.busy", "数据库正被其他程序或其他人写入，等待超时，本次没有保存", "请稍候再试；如果持续出现，请关闭其他打开本工作区的程序")
_FULL = ("store.disk_full", "磁盘已满，本次没有保存", "请清理磁盘空间后重试")
_READ_ONLY = ("store.read_only", "数据库文件是只读的，不能保存", "请检查文件和文件夹的写入权限，或把工作区复制到可写的位置")
_DAMAGED = ("store.damaged", "数据库文件已损坏", "请从“备份”中恢复最近一次备份；不要继续写入")
_NOT_OPEN = ("store.cannot_open", "无法打开数据库文件", "请检查路径是否存在、是否有读写权限")
_DISK = ("store.disk_error", "读写磁盘出错，本次没有保存", "请检查硬盘或拔插过的移动盘，然后重新打开程序")
_NOT_DATABASE = ("store.not_database", "这个文件不是本程序的数据库", "请选择正确的工作区文件夹，或从“备份”中恢复")
_OFFLINE = ("store.offline", "无法连接数据库服务器", "请检查网络和服务器是否在运行，然后重试；已确认的修改不会丢失")
_LOGIN = ("store.login", "数据库服务器拒绝登录：用户名、密码或数据库名不对", "请检查 --db 连接地址，或联系管理员")
_CROWDED = ("store.crowded", "数据库服务器的连接数已满", "请稍候再试，或联系管理员增加连接数")
_SLOW = ("store.too_slow", "数据库操作超过时限，已停止，本次没有保存", "请稍候再试；数据量大时请分批处理")
_RIGHTS = ("store.no_rights", "数据库账号没有所需权限", "请联系管理员授予建表和读写权限")

# Text, because not every build of the SQLite driver carries the numeric code.
_SQLITE = (
    ("disk is full", _FULL),
    ("database is locked", _BUSY),
    ("database table is locked", _BUSY),
    ("readonly database", _READ_ONLY),
    ("malformed", _DAMAGED),
    ("not a database", _NOT_DATABASE),
    ("unable to open database file", _NOT_OPEN),
    ("disk i/o error", _DISK),
)

# SQLSTATE: PostgreSQL documentation, appendix A.
_POSTGRES = (
    ("55P03", _BUSY),
    ("40001", _BUSY),
    ("40P01", _BUSY),
    ("53100", _FULL),
    ("53300", _CROWDED),
    ("57014", _SLOW),
    ("25P03", _SLOW),
    ("25006", _READ_ONLY),
    ("28", _LOGIN),
    ("3D000", _LOGIN),
    ("42501", _RIGHTS),
    ("08", _OFFLINE),
    ("57P", _OFFLINE),
    ("XX001", _DAMAGED),
    ("XX002", _DAMAGED),
)


# A connection refused before it has a state: English and Chinese servers.
_REFUSED = ("authentication failed", "role", "认证失败", "角色", "数据库不存在")


def _cause(error: BaseException) -> BaseException:
    original = error.orig if isinstance(error, DBAPIError) else None
    return original or error


def _family(kind: type) -> str:
    return kind.__module__.split(".")[0]


def _of_postgres(cause: BaseException) -> KnownError | None:
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # A connection that never came up or broke off has no state.
        if type(cause).__name__ not in ("OperationalError", "InterfaceError", "ConnectionTimeout"):
            return None
        text = str(cause).lower()
        refused = any(word in text for word in _REFUSED) or ("database" in text and "does not exist" in text)
        return KnownError(*(_LOGIN if refused else _OFFLINE))
    return next((KnownError(*reason) for code, reason in _POSTGRES if state.startswith(code)), None)


def known(error: BaseException) -> KnownError | None:
    """The known cause behind a database error, or None when it is not one."""
    if isinstance(error, PoolTimeoutError):
        return KnownError(*_BUSY)
    cause = _cause(error)
    family = _family(type(cause))
    if family == "psycopg":
        return _of_postgres(cause)
    if family not in ("sqlite3", "sqlcipher3"):
        return None
    text = str(cause).lower()
    return next((KnownError(*reason) for words, reason in _SQLITE if words in text), None)


@contextmanager
def translated() -> Iterator[None]:
    """Raises the ``KnownError`` in place of a database error it explains."""
    try:
        yield
    except Exception as error:
        reason = known(error)
        if reason is None:
            raise
        raise reason from error
