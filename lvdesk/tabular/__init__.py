"""Files in (sniffed, guarded, read in a child process, healed) and plain files out."""
