"""The look: colour tokens, palette, style sheet, icons, fonts."""
