"""CIM objects as RDF/XML (IEC 61970-552): one element after the other, slice by slice; identifiers that stay the same for ever.

An object's mRID is a UUID of version 5 made from what it is and its natural key: the same object has the same one in every export, in a
workspace made anew and on another desk; another asset or account number is another object.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID

import polars as pl

from lvdesk.kit.progress import Progress

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OURS: Final = UUID("5a1f3c52-6d0e-5b3f-9c39-2f1f6f2d8e41")
"""Name space of our identifiers; changing it would make every object another one."""
_SLICE: Final = 20_000
_UNFIT: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Characters XML cannot carry."""


@dataclass(frozen=True)
class Objects:
    """Objects of one class.

    Attributes:
        kind: the CIM class.
        rows: ``id`` (UUID), then a column for each attribute, named ``Class.attribute``; null where an object has none.
        references: attributes that are UUIDs of other objects.
        enumerations: attributes whose text is a value of an enumeration: ``PhaseCode.A``.
    """

    kind: str
    rows: pl.DataFrame
    references: frozenset[str] = frozenset()
    enumerations: frozenset[str] = frozenset()


def identifiers(what: str, keys: pl.Series) -> pl.Series:
    """UUIDs of the objects of a sort (``meter``, ``meter/location`` …) with these keys; null for null."""
    start = hashlib.sha1(_OURS.bytes + f"{what}:".encode(), usedforsecurity=False)
    return pl.Series(keys.name, [None if key is None else _identifier(start, key) for key in keys], dtype=pl.String)


def _identifier(start: "hashlib._Hash", key: str) -> str:
    """Version 5 of RFC 4122, as ``uuid.uuid5`` makes it, without an object for each."""
    digest = start.copy()
    digest.update(key.encode())
    found = digest.hexdigest()[:32]
    variant = "89ab"[int(found[16], 16) & 3]
    return f"{found[:8]}-{found[8:12]}-5{found[13:16]}-{variant}{found[17:20]}-{found[20:]}"


def write_objects(stream: IO[bytes], groups: Iterable[Objects], namespace: str, progress: Progress) -> int:
    """Writes the elements; returns how many. A cancel takes effect between two slices."""
    count = 0
    for group in groups:
        for piece in group.rows.iter_slices(_SLICE):
            text = piece.select(_element(group, namespace).str.join("")).item()
            stream.write((text or "").encode())
            count += piece.height
            progress.step(piece.height)
    return count


def _element(group: Objects, namespace: str) -> pl.Expr:
    parts = [pl.concat_str(pl.lit(f'<cim:{group.kind} rdf:ID="_'), pl.col("id"), pl.lit('">\n'))]
    for name in group.rows.columns[1:]:
        if name in group.references:
            begin, end = f' <cim:{name} rdf:resource="#_', '"/>\n'
        elif name in group.enumerations:
            begin, end = f' <cim:{name} rdf:resource="{namespace}', '"/>\n'
        else:
            begin, end = f" <cim:{name}>", f"</cim:{name}>\n"
        filled = pl.concat_str(pl.lit(begin), _escaped(pl.col(name)), pl.lit(end))
        parts.append(pl.when(pl.col(name).is_not_null()).then(filled).otherwise(pl.lit("")))
    return pl.concat_str(*parts, pl.lit(f"</cim:{group.kind}>\n"))


def _escaped(value: pl.Expr) -> pl.Expr:
    plain = value.cast(pl.String).str.replace_all(_UNFIT, "")
    return plain.str.replace_many(["&", "<", ">", "\r"], ["&amp;", "&lt;", "&gt;", "&#13;"])
