"""Custom document properties of a workbook: what our own marked copies say about themselves."""

from pathlib import Path
from typing import Final

from lvdesk.kit.errors import KnownError
from lvdesk.tabular.container import Container
from lvdesk.tabular.xml import attribute, elements, parsed

_PART: Final = "docprops/custom.xml"
_LIMIT: Final = 64 << 10


def custom_properties(path: Path, kind: str) -> dict[str, str]:
    """Name -> text of the properties; empty when there are none or they cannot be read: no file is refused for them."""
    if kind not in {"xlsx", "xlsm"}:
        return {}
    try:
        container = Container(path)
        try:
            if not container.has(_PART):
                return {}
            root = parsed(container.read(_PART, _LIMIT))
        finally:
            container.close()
    except KnownError:
        return {}
    return {attribute(element, "name"): "".join(map(str, element.itertext())).strip() for element in elements(root, "property")}
