"""Workspaces on both engines."""

from tests.helpers.stations import local_ws, near_reader, ws

__all__ = ["local_ws", "near_reader", "ws"]
