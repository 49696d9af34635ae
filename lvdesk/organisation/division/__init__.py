"""Division of a station into grids."""
