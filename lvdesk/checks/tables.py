"""The tables of the checks; they stand in ``lvdesk.network.verdicts``, where history and the counts of the loop know them too."""

from lvdesk.network.verdicts import CheckRun, Finding, FindingException, RuleSetting

__all__ = ["CheckRun", "Finding", "FindingException", "RuleSetting"]
