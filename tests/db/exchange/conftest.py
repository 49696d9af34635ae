"""Workspaces on both engines and the simplest form of export."""

from tests.helpers.exporting import form
from tests.helpers.stations import local_ws, near_reader, ws

__all__ = ["form", "local_ws", "near_reader", "ws"]
