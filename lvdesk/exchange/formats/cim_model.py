"""CIM/XML: the picture as one RDF/XML file of the CIM100 (CIM17) name space, for integration platforms and independent tools."""

from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from lvdesk.exchange.exports import TEST
from lvdesk.exchange.formats._cim_objects import ENTITIES, fixed, objects
from lvdesk.exchange.formats._cim_writing import RDF, write_objects
from lvdesk.exchange.model import Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.errors import KnownError
from lvdesk.kit.files import replacing
from lvdesk.kit.progress import Progress
from lvdesk.kit.sources import single

FILE: Final = "营配模型.xml"
_SETTINGS: Final = "cim.toml"
_HEADER: Final = "http://iec.ch/TC57/61970-552/ModelDescription/1#"
_PER_RECORD: Final = 3
"""Objects a record makes, about; the bar's whole is only known at the end."""


def write(picture: Picture, folder: Path, options: Options, progress: Progress) -> list[Written]:
    """Makes the file. Names and addresses of customers are in it only where there is a purpose.

    Raises:
        KnownError: ``rules.unreadable`` when the station's own settings are damaged; the file cannot be written.
        Cancelled: the user stopped it.
    """
    book = single(_SETTINGS, picture.ws.overrides)
    if missing := {"namespace", "authority", "voltage", "phases", "customer_kind", "names"} - set(book):
        raise KnownError("rules.unreadable", f"{_SETTINGS} 缺少 {'、'.join(sorted(missing))}", "请改正工作区 resources 中的这个文件")
    progress.start(f"正在写出 {FILE}", picture.records * _PER_RECORD, "个对象")
    with replacing(folder / FILE) as part, part.open("wb") as stream:
        stream.write(_head(picture, book, options).encode())
        count = write_objects(stream, objects(picture, book, personal=bool(options.purpose)), book["namespace"], progress)
        stream.write(b"</rdf:RDF>\n")
    return [Written(folder / FILE, count)]


def _head(picture: Picture, book: dict[str, Any], options: Options) -> str:
    """Declaration and header; a test says so first of all."""
    said = TEST if picture.test else f"{picture.ws.title} 营配模型"
    if options.purpose:
        said += f"；用途：{options.purpose}"
    comment = f"<!-- {TEST} -->\n" if picture.test else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}'
        f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:cim="{book["namespace"]}" xmlns:md="{_HEADER}">\n'
        f'<md:FullModel rdf:about="urn:uuid:{fixed("model")}">\n'
        f" <md:Model.created>{picture.at}</md:Model.created>\n"
        f" <md:Model.description>{escape(said)}</md:Model.description>\n"
        f" <md:Model.modelingAuthoritySet>{escape(book['authority'])}</md:Model.modelingAuthoritySet>\n"
        f" <md:Model.profile>{book['namespace']}</md:Model.profile>\n"
        "</md:FullModel>\n"
    )


FORMAT = Format(
    key="xml",
    system=System.CIM,
    title="CIM/XML",
    hint="公共信息模型 CIM17（CIM100 命名空间）的 RDF/XML：站、线、台区、变压器、接入点、计量箱、电能表、计量点、用户及其标识",
    order=10,
    entities=ENTITIES,
    write=write,
)
