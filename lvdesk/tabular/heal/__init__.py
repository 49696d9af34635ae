"""Cells as people and spreadsheets leave them -> canonical text, with the reason for every change and every refusal."""

from lvdesk.tabular.heal.columns import KINDS, heal, heal_cell
from lvdesk.tabular.heal.coordinates import heal_latitude, heal_longitude
from lvdesk.tabular.heal.dates import heal_date
from lvdesk.tabular.heal.identifiers import heal_barcode, heal_identifier, short_identifiers, significant_length
from lvdesk.tabular.heal.model import Healed, Healing
from lvdesk.tabular.heal.numbers import heal_integer, heal_number
from lvdesk.tabular.heal.words import heal_text

__all__ = [
    "KINDS",
    "Healed",
    "Healing",
    "heal",
    "heal_barcode",
    "heal_cell",
    "heal_date",
    "heal_identifier",
    "heal_integer",
    "heal_latitude",
    "heal_longitude",
    "heal_number",
    "heal_text",
    "short_identifiers",
    "significant_length",
]
