"""The reading process: takes "module:function" with arguments, sends back what the generator yields, one message each.

Imports nothing heavy at the top: the settings of the libraries must be in place before they are loaded.
"""

import importlib
import os
import time
import traceback
from multiprocessing.connection import Connection
from typing import Any

READY, ITEM, PULSE, END, KNOWN, MEMORY, BUG = "ready", "item", "pulse", "end", "known", "memory", "bug"
_PULSE_SECONDS = 1.0


def serve(connection: "Connection[Any, Any]", memory: int) -> None:
    """Works until the parent goes away. ``memory`` is the leash in bytes."""
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    from lvdesk.tabular.confine import limit_memory, silence

    silence()
    for name in ("numpy", "polars", "lxml.etree", "python_calamine", "lvdesk.tabular.workbook", "lvdesk.tabular.xlsx.package"):
        importlib.import_module(name)
    from lvdesk.tabular.transport import register

    register()
    limit_memory(memory)
    try:
        connection.send((READY, None))
        while True:
            function, arguments = connection.recv()
            _work(connection, function, arguments)
    except (EOFError, OSError):  # the parent closed the pipe or is gone
        return


def _work(connection: "Connection[Any, Any]", function: str, arguments: tuple[Any, ...]) -> None:
    from lvdesk.kit.errors import LVDeskError
    from lvdesk.tabular.pulse import listen

    last = time.monotonic()

    def heard() -> None:
        nonlocal last
        if time.monotonic() - last > _PULSE_SECONDS:
            last = time.monotonic()
            connection.send((PULSE, None))

    listen(heard)
    try:
        module, name = function.split(":")
        for item in getattr(importlib.import_module(module), name)(*arguments):
            connection.send((ITEM, item))
    except LVDeskError as error:
        connection.send((KNOWN, error))
    except MemoryError:
        connection.send((MEMORY, None))
    except (EOFError, BrokenPipeError, ConnectionError):
        raise
    except BaseException:  # noqa: BLE001 - also panics of native libraries, which are no Exceptions
        connection.send((BUG, traceback.format_exc()))
    else:
        connection.send((END, None))
    finally:
        listen(None)
