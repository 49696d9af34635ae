"""Workspaces on both engines; files are read in this process where only what is done with their messages matters."""

from tests.helpers.stations import local_ws, near_reader, ws

__all__ = ["local_ws", "near_reader", "ws"]
