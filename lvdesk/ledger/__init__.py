"""Ledgers in: recognised, healed, compared with what is stored, taken; every value keeps its origin."""
