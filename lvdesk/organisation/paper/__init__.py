"""What the organisation prints: area files, hand-over packs, contact cards and notice boards, the map of the grids."""
