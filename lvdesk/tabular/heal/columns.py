"""A whole column at once: one regular expression passes the clean cells, only distinct dirty ones go through Python."""

from collections.abc import Callable

import polars as pl

from lvdesk.tabular.heal.characters import CONTROLS, INVISIBLE
from lvdesk.tabular.heal.coordinates import heal_latitude, heal_longitude
from lvdesk.tabular.heal.dates import heal_date
from lvdesk.tabular.heal.identifiers import heal_barcode, heal_identifier
from lvdesk.tabular.heal.model import NOTE_SCHEMA, Healed, Healing
from lvdesk.tabular.heal.numbers import heal_integer, heal_number
from lvdesk.tabular.heal.words import heal_text

_CLEAN_TEXT = rf"^[^\s'{INVISIBLE}{CONTROLS}](?:[^\s{INVISIBLE}{CONTROLS}]|[ \u3000][^\s{INVISIBLE}{CONTROLS}])*$"
_CLEAN_IDENTIFIER = r"^[0-9]{1,19}$|^[0-9]{15,40}[1-9][0-9]{0,3}$|^[0-9A-Fa-f]{32}$"
_CLEAN_BARCODE = r"^[0-9]{17}(?:[1-9][0-9]{4}|[0-9][1-9][0-9]{3}|[0-9]{2}[1-9][0-9]{2}|[0-9]{3}[1-9][0-9]|[0-9]{4}[1-9])$"
_CLEAN_INTEGER = r"^-?[1-9][0-9]{0,17}$|^0$"
_CLEAN_NUMBER = r"^-?(?:0|[1-9][0-9]{0,14})$|^-?(?:0|[1-9][0-9]{0,14})\.[0-9]{0,11}[1-9]$"
_CLEAN_DATE = (
    r"^(?:19[5-9][0-9]|20[0-9]{2})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])(?: (?:0[1-9]|1[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?$"
)
_CLEAN_DEGREES = r"^(?:0|[1-9][0-9]?|1[0-7][0-9])$|^(?:0|[1-9][0-9]?|1[0-7][0-9])\.[0-9]{0,14}[1-9]$"

_KINDS: dict[str, tuple[str, Callable[[str], Healing]]] = {
    "text": (_CLEAN_TEXT, heal_text),
    "identifier": (_CLEAN_IDENTIFIER, heal_identifier),
    "reference": (_CLEAN_IDENTIFIER, heal_identifier),
    "barcode": (_CLEAN_BARCODE, heal_barcode),
    "integer": (_CLEAN_INTEGER, heal_integer),
    "number": (_CLEAN_NUMBER, heal_number),
    "date": (_CLEAN_DATE, heal_date),
    "longitude": (_CLEAN_DEGREES, heal_longitude),
    "latitude": (_CLEAN_DEGREES, heal_latitude),
}
KINDS = frozenset(_KINDS)


def heal_cell(kind: str, text: str, unit: str = "") -> Healing:
    """One cell of a kind of the attribute dictionary (``code`` is not healed here); ``unit`` as in ``heal_number``."""
    if kind == "number" and unit:
        return heal_number(text, unit)
    return _KINDS[kind][1](text)


def heal(kind: str, values: pl.Series, unit: str = "") -> Healed:
    """A column of a kind of the attribute dictionary (``code`` is not healed here).

    Args:
        kind: text, identifier, barcode, reference, integer, number, date, longitude, latitude.
        values: the cells as read; null is blank.
        unit: the unit in the heading of a number column, as in ``heal_number``.
    """
    values = values.cast(pl.String)
    dirty = (~values.str.contains(_KINDS[kind][0])).fill_null(value=False)
    if not dirty.any():
        return Healed(values, pl.DataFrame(schema=NOTE_SCHEMA))
    cells = pl.DataFrame({"before": values}).with_row_index("index").filter(dirty)
    healed = cells.join(_outcomes(kind, cells["before"].unique(), unit), on="before", how="inner", maintain_order="left")
    notes = healed.filter(pl.col("why") != "").select(pl.col(name).cast(kind_) for name, kind_ in NOTE_SCHEMA.items())
    canonical = healed["after"].replace("", None)
    return Healed(values.clone().scatter(healed["index"], canonical), notes)


def _outcomes(kind: str, distinct: pl.Series, unit: str) -> pl.DataFrame:
    """What becomes of each distinct dirty cell."""
    texts = distinct.to_list()
    outcomes = [heal_cell(kind, text, unit) for text in texts]
    return pl.DataFrame(
        {
            "before": texts,
            "after": [outcome.value for outcome in outcomes],
            "why": [outcome.why for outcome in outcomes],
            "damage": [outcome.damage for outcome in outcomes],
            "known": [outcome.known for outcome in outcomes],
        },
        schema={name: pl.String() for name in ("before", "after", "why", "damage", "known")},
    )
