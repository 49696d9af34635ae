"""Tests: unit, property, db, ui, e2e, arch; helpers for all of them; shots, bench and soak are run by dev.py."""
