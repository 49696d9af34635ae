"""The tables of the desk check; they stand in ``lvdesk.network.verdicts``, where history and the counts of the loop know them too."""

from lvdesk.network.verdicts import DeskCheckMark

__all__ = ["DeskCheckMark"]
