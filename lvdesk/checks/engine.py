"""Runs the rules over the whole station and gathers what they found, with places and origins."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy.exc import SQLAlchemyError

from lvdesk.checks.model import HIT, Rule, Severity
from lvdesk.checks.registry import discover
from lvdesk.checks.rulebook import RuleBook
from lvdesk.checks.station import Station
from lvdesk.kit.errors import Cancelled, KnownError, LVDeskError
from lvdesk.kit.progress import Progress

_MILDER: Final = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.INFO, Severity.INFO: Severity.INFO}
_FIELD: Final = "field"
_log = logging.getLogger(__name__)
_NEVER: Final = "never:"

FOUND: Final[dict[str, type[pl.DataType]]] = {
    "identity": pl.String, "rule": pl.String, "severity": pl.String, "entity": pl.String, "record": pl.Int64, "key": pl.String,
    "field": pl.String, "value": pl.String, "message": pl.String, "suggestion": pl.String, "sheet_id": pl.Int64, "sheet_row": pl.Int64,
    "area_no": pl.String,
}  # fmt: skip
"""Columns of everything found; as in the table ``finding``."""


@dataclass(frozen=True)
class Skipped:
    """A rule that was not run, and why."""

    rule: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """One run: the codes of the rules that ran, those that did not, and all faults in a frame (``FOUND``), each identity once."""

    run: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    found: pl.DataFrame


def run_rules(station: Station, book: RuleBook, progress: Progress) -> Outcome:
    """Every rule that is on and has its data.

    Raises:
        Cancelled: the user stopped it, between two rules.
        KnownError: ``check.rule_failed``; a run without one of its rules would call that rule's findings resolved.
    """
    rules = discover()
    progress.start("正在检查", len(rules), "条规则")
    run, skipped, frames = [], [], []
    for code, rule in rules.items():
        why = "规则已停用" if not book[code].enabled else missing(station, rule)
        if why:
            skipped.append(Skipped(code, why))
        else:
            run.append(code)
            frames += found_by(station, rule, book)
        progress.step()
    empty = pl.DataFrame(schema=FOUND)
    return Outcome(tuple(run), tuple(skipped), placed(station, pl.concat([empty, *frames])))


def missing(station: Station, rule: Rule) -> str:
    """Which data the rule lacks, Chinese; "" when it can run."""
    for need in rule.needs:
        entity, _, field = need.partition(".")
        if need.startswith(_NEVER):
            return need.removeprefix(_NEVER)
        if need == _FIELD:
            if station.field_rows.is_empty():
                return "还没有现场采录结果"
            continue
        frame = station.table(entity)
        title = station.dictionary.title(entity)
        if frame.is_empty():
            return f"还没有{title}记录"
        if field and frame[field].null_count() == frame.height:
            return f"没有一条{title}记录有“{station.dictionary.field(entity, field).title}”"
    return ""


def found_by(station: Station, rule: Rule, book: RuleBook) -> list[pl.DataFrame]:
    """What one rule finds, as ``FOUND`` with place and origin still open.

    Raises:
        KnownError: ``check.rule_failed``.
    """
    tuning = book[rule.code]
    once = _MILDER[tuning.severity]
    steps = {0: str(tuning.severity), 1: str(once), 2: str(_MILDER[once])}
    severity = pl.col("milder").fill_null(0).replace_strict(steps, return_dtype=pl.String)
    identity = pl.concat_str(pl.lit(rule.code), "entity", "key", "field", "detail", separator="|")
    given = {
        "identity": identity,
        "rule": pl.lit(rule.code),
        "severity": severity,
        "record": pl.col("id"),
        "area_no": pl.lit(None, pl.String),
    }
    try:
        return [_shaped(frame).with_columns(**given).select(*FOUND) for frame in rule.find(station, tuning.values) if frame.height]
    except (LVDeskError, Cancelled, SQLAlchemyError):
        raise
    except Exception as error:
        _log.exception("rule %s failed", rule.code)
        raise _failed(rule) from error


def _failed(rule: Rule) -> KnownError:
    text = f"规则 {rule.code}“{rule.title}”运行出错，校验没有完成，原有的问题未改动"
    return KnownError("check.rule_failed", text, "请在规则库中停用该规则后重新校验，并把日志交给维护人员")


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select([pl.col(name).cast(kind) for name, kind in HIT.items()])


def placed(station: Station, found: pl.DataFrame) -> pl.DataFrame:
    """The findings in order, each once, with the area they lie in and, for values of records, the sheet and row they come from."""
    found = found.unique("identity", keep="first", maintain_order=True)
    parts = [_placed_entity(station, str(entity), part) for (entity,), part in found.group_by("entity", maintain_order=True)]
    together = pl.concat(parts) if parts else found
    return together.select(*FOUND).sort("rule", "area_no", "key", "field", "identity", nulls_last=True)


def _placed_entity(station: Station, entity: str, part: pl.DataFrame) -> pl.DataFrame:
    records = part.filter(pl.col("record").is_not_null())
    part = part.join(
        station.areas(entity).rename({"id": "record", "area_no": "area"}), on="record", how="left", maintain_order="left"
    ).with_columns(pl.coalesce("area_no", "area").alias("area_no"))
    wanted = records.filter(pl.col("sheet_id").is_null()).select(pl.col("record").alias("id"), "field").unique(maintain_order=True)
    if wanted.is_empty():
        return part.drop("area")
    origins = station.origins(entity, wanted).rename({"id": "record", "sheet_id": "from_sheet", "sheet_row": "from_row"})
    part = part.join(origins, on=["record", "field"], how="left", maintain_order="left")
    return part.with_columns(
        pl.coalesce("sheet_id", "from_sheet").alias("sheet_id"), pl.coalesce("sheet_row", "from_row").alias("sheet_row")
    ).drop("area", "from_sheet", "from_row")


def counts(found: pl.DataFrame) -> Mapping[str, int]:
    """How many findings there are of each severity."""
    found_counts = dict(found.group_by("severity").len().iter_rows())
    return {str(severity): found_counts.get(str(severity), 0) for severity in Severity}
