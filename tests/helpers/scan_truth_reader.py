"""A reader of scans in this process, for tests of what is done with its messages."""

import importlib
from collections.abc import Iterator
from typing import Any, Self

from lvdesk.kit.progress import Progress


class NearScans:
    """Stands for ``lvdesk.tabular.guard.Reader``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def stream(self, function: str, arguments: tuple[Any, ...], progress: Progress | None = None) -> Iterator[Any]:
        """Yields what the function yields."""
        module, _, name = function.partition(":")
        for item in getattr(importlib.import_module(module), name)(*arguments):
            if progress is not None:
                progress.check()
            yield item
