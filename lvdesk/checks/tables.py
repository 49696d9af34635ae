"""What the checks keep: findings by number, exceptions and the rule book's changes by people, what the last runs were."""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


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
    """A fault somebody accepts, with reason; holds as long as the value stays as it was and the day has not come."""

    __tablename__ = "finding_exception"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    rule: Mapped[str] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(Text)
    expires_on: Mapped[str | None] = mapped_column(Text)


class RuleSetting(Base):
    """What this station changed of a rule; what is None stays as the rule book has it. ``parameters`` is JSON, name -> value."""

    __tablename__ = "rule_setting"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    rule: Mapped[str] = mapped_column(Text, unique=True)
    enabled: Mapped[int | None]
    severity: Mapped[str | None] = mapped_column(Text)
    parameters: Mapped[str | None] = mapped_column(Text)


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
