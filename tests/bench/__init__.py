"""Speed and memory beside peers, all in one run: ``python dev.py bench``."""
