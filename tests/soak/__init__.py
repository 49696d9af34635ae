"""Long fault runs: ``python dev.py soak``."""
