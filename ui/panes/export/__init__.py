"""Exports: what leaves for whom, what would stay, the packages that left."""
