"""Exports to the receiving systems."""
