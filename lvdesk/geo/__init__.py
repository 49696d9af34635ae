"""Coordinate systems and their offsets."""
