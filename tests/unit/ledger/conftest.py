"""No database here: files are read in this process."""
