"""XML of strangers: no entities, no DTD, no network."""

from collections.abc import Iterator

from lxml import etree

from lvdesk.tabular.problems import problem


def parsed(content: bytes) -> etree._Element:
    """The root element of a small part.

    Raises:
        KnownError: ``file.dtd`` or ``file.damaged``.
    """
    refuse_dtd(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise problem("file.damaged") from error


def refuse_dtd(content: bytes) -> None:
    """Raises ``file.dtd`` when the beginning of ``content`` declares a document type: spreadsheets never need one."""
    head = content[:4096]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!DOCTYPE".encode("utf-16-le") in head or "<!DOCTYPE".encode("utf-16-be") in head:
        raise problem("file.dtd")


def local(element: etree._Element) -> str:
    """An element's name without its namespace, "" for comments."""
    tag: object = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name without namespace, "" when missing."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rsplit("}", 1)[-1] == name), "")


def elements(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """All elements below ``root`` with this name in any namespace."""
    return (element for element in root.iter() if local(element) == name)
