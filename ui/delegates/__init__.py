"""How cells and list rows are drawn."""
