"""Pictures of paper sheets, read: which sheet it is, laid flat, what is ticked. Knows no database; runs in the reading process."""
