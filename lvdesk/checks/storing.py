"""Brings the stored findings up to date with what a run found."""

from typing import Final

import polars as pl

from lvdesk.checks.derived import Stored, bring_up_to_date
from lvdesk.checks.registry import discover
from lvdesk.kit.progress import Progress
from lvdesk.network.verdicts import Finding
from lvdesk.store.write import Write

_KEPT: Final = (
    "identity", "rule", "severity", "entity", "record", "key", "field", "value", "message", "fix", "suggestion", "sheet_id", "sheet_row",
    "area_no",
)  # fmt: skip
"""What a run says of a finding; its number and dates are the table's."""


def store_found(write: Write, found: pl.DataFrame, moment: str, progress: Progress) -> Stored:
    """Stores everything a run found (``engine.FOUND``), each identity once; see ``bring_up_to_date``."""
    fixes = {code: rule.fix for code, rule in discover().items()}
    fix = pl.col("rule").replace_strict(fixes, default="", return_dtype=pl.String).alias("fix")
    return bring_up_to_date(write, Finding, found.with_columns(fix).select(_KEPT), moment, progress)
