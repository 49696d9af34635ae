"""What happened: journal, undo and redo, backups, verification."""
