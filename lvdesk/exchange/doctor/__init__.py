"""The upstream doctor: every customer's way up to a 10 kV feeder, and the links that are probably wrong, with their evidence."""
