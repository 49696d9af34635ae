"""Journal payloads: JSON, deflated, in which every stored value comes back as it was."""

import base64
import json
import zlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_LEVEL = 1  # rows of text shrink to a seventh already; more only costs time


def _tagged(value: Any) -> dict[str, str]:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    raise TypeError(f"no journal form for {type(value).__name__}")


_READERS: dict[str, Callable[[str], Any]] = {
    "$bytes": base64.b64decode,
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$decimal": Decimal,
}


def _untagged(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        (tag, text), *_ = value.items()
        reader = _READERS.get(tag)
        if reader is not None and isinstance(text, str):
            return reader(text)
    return value


def pack(value: Any) -> bytes:
    """One JSON value, deflated.

    Raises:
        TypeError: for a value no column of ours can hold.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_tagged)
    return zlib.compress(text.encode("utf-8"), _LEVEL)


def unpack(payload: bytes) -> Any:
    """The value that was packed."""
    return json.loads(zlib.decompress(payload), object_hook=_untagged)
