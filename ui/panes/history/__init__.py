"""历史: the journal, undo of one operation, backups, where a value comes from."""
