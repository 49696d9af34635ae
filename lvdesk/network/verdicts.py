"""What runs of the rules found about the records, and what people decided on it: exceptions, rule settings, desk check marks.

``info`` gives history its words: a table's title and the column that names a row, a column's title.
"""

from datetime import date

from sqlalchemy import ColumnElement, Index, Integer, Text, and_, case, or_
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId

OPEN, EXCEPTED, RESOLVED = "open", "excepted", "resolved"
"""States of a finding; derived, never stored."""


class Finding(Base):
    """One fault, found by the last run or gone since. It is derived: runs bring it up to date, the journal does not keep it.

    Attributes:
        id: its number, never given to another fault.
        identity: rule, entity, key, field and detail: the same fault found again keeps its number.
        record: id in the entity's table; None for a row that is only evidence.
        value: the faulty value as text.
        suggestion: JSON, field -> new text, when the fix is known.
        sheet_id: imported sheet of the value, None for a value typed at the desk.
        sheet_row: its original row, 1-based; 0 for the whole sheet.
        area_no: the transformer area it lies in, for grouping.
        resolved_at: when a run no longer found it; None while it stands.
    """

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_rule", "rule"), Index("ix_finding_record", "entity", "record"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    rule: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text)
    record: Mapped[int | None] = mapped_column(RowId)
    key: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    fix: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str | None] = mapped_column(Text)
    sheet_id: Mapped[int | None] = mapped_column(RowId)
    sheet_row: Mapped[int | None] = mapped_column(Integer)
    area_no: Mapped[str | None] = mapped_column(Text)
    found_at: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[str | None] = mapped_column(Text)


class FindingException(Base):
    """A fault somebody accepts, with reason; holds as long as the value stays as it was and the day has not passed."""

    __tablename__ = "finding_exception"
    __table_args__ = {"info": {"title": "例外", "key": "identity"}}  # noqa: RUF012 - SQLAlchemy's own word

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    identity: Mapped[str] = mapped_column(Text, unique=True, info={"title": "问题"})
    rule: Mapped[str] = mapped_column(Text, info={"title": "规则"})
    value: Mapped[str | None] = mapped_column(Text, info={"title": "当时的值"})
    reason: Mapped[str] = mapped_column(Text, info={"title": "理由"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
    expires_on: Mapped[str | None] = mapped_column(Text, info={"title": "到期日"})


class RuleSetting(Base):
    """What this station changed of a rule; what is None stays as the rule book has it. ``parameters`` is JSON, name -> value."""

    __tablename__ = "rule_setting"
    __table_args__ = {"info": {"title": "规则设置", "key": "rule"}}  # noqa: RUF012 - SQLAlchemy's own word

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    rule: Mapped[str] = mapped_column(Text, unique=True, info={"title": "规则"})
    enabled: Mapped[int | None] = mapped_column(info={"title": "启用"})
    severity: Mapped[str | None] = mapped_column(Text, info={"title": "严重程度"})
    parameters: Mapped[str | None] = mapped_column(Text, info={"title": "参数"})


class CheckRun(Base):
    """One run of the rules over the station.

    Attributes:
        entry: the newest journal entry it saw: a newer one means the data changed since.
        report: JSON: rules run with counts, rules not run with reasons, seconds.
    """

    __tablename__ = "check_run"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    entry: Mapped[int] = mapped_column(RowId)
    report: Mapped[str] = mapped_column(Text)


class DeskCheckMark(Base):
    """A customer's verdict of the desk check (室内核实); ``evidence`` is what spoke for it at that moment, JSON list of sentences."""

    __tablename__ = "desk_check_mark"
    __table_args__ = {"info": {"title": "室内核实标注", "key": "customer_no"}}  # noqa: RUF012 - SQLAlchemy's own word

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    customer_no: Mapped[str] = mapped_column(Text, unique=True, info={"title": "用户编号"})
    verdict: Mapped[str] = mapped_column(Text, info={"title": "结论"})
    reason: Mapped[str] = mapped_column(Text, info={"title": "理由"})
    evidence: Mapped[str] = mapped_column(Text, info={"title": "依据"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})


def same_fault() -> ColumnElement[bool]:
    """Joins findings and exceptions: the exception speaks of this fault, whether it still holds or not."""
    clause: ColumnElement[bool] = FindingException.identity == Finding.identity
    return clause


def state_of(today: date) -> ColumnElement[str]:
    """The state of a finding, over findings outer-joined with exceptions by ``same_fault``."""
    holds = and_(
        FindingException.id.is_not(None),
        FindingException.value.is_not_distinct_from(Finding.value),
        or_(FindingException.expires_on.is_(None), FindingException.expires_on >= today.isoformat()),
    )
    return case((Finding.resolved_at.is_not(None), RESOLVED), (holds, EXCEPTED), else_=OPEN)
