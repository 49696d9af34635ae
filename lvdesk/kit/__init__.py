"""What every capability needs and that knows nothing of the trade: errors, progress, clock, paths, files, settings, logs."""
