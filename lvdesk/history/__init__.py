"""What happened and how to take it back: journal, undo and redo, backups, verification."""

from lvdesk.history.journal import Entry, EntryChange, detail, entries, redo, redo_label, undo, undo_label
from lvdesk.history.keeping import Backup, Verification, backup, backups, restore, restore_damaged, verify

__all__ = [
    "Backup",
    "Entry",
    "EntryChange",
    "Verification",
    "backup",
    "backups",
    "detail",
    "entries",
    "redo",
    "redo_label",
    "restore",
    "restore_damaged",
    "undo",
    "undo_label",
    "verify",
]
