"""People, teams, grids and their division: who is responsible where."""
