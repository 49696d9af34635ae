"""Widgets that several panes use; they know tables and states, not the trade."""
