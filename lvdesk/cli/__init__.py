"""The command line: verbs over the same services that the window calls. Scripts rely on its words and exit statuses."""

from lvdesk.cli.running import main

__all__ = ["main"]
