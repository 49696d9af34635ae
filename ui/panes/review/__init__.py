"""Two-stage review: what the field says, decided by those who may."""
