"""Tables of the three-way reconciliation: where systems disagree, what people decided about it, rates in time, cases of network change."""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class Disagreement(Base):
    """One attribute of one thing in which marketing, field and GIS do not agree. Derived: the journal does not keep it.

    Attributes:
        id: its number, never given to another one.
        identity: class, entity, key and field: found again it keeps its number.
        klass: one of ``exchange.reconcile.model.Klass``.
        marketing, field_value, gis, base: what each side says as text, None for nothing.
        owner: the system that owns the attribute.
        suggestion: the value that should hold, None where nobody can tell; ``target``: who has to correct: field, marketing, gis, desk.
        evidence: JSON list of sentences.
        resolved_at: when all sides agreed; None while they do not.
    """

    __tablename__ = "disagreement"
    __table_args__ = (
        Index("ix_disagreement_klass", "klass", "resolved_at"),
        Index("ix_disagreement_record", "entity", "key"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    klass: Mapped[str] = mapped_column(Text)
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    marketing: Mapped[str | None] = mapped_column(Text)
    field_value: Mapped[str | None] = mapped_column(Text)
    gis: Mapped[str | None] = mapped_column(Text)
    base: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str | None] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    area_no: Mapped[str | None] = mapped_column(Text)
    found_at: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[str | None] = mapped_column(Text)


class DisagreementDecision(Base):
    """What a person decided about a disagreement.

    Attributes:
        identity: of the disagreement.
        decision: ``except`` (it may stay so, with reason and expiry) or ``correct`` (a correction was handed out).
        value: the sides at that moment, JSON; with other sides the decision no longer holds.
        target: who was told to correct, "" for an exception; ``number``: the package, sheet or correction file that says it.
        expires_on: last day of an exception, None for ever.
    """

    __tablename__ = "disagreement_decision"
    __table_args__ = ({"info": {"title": "对账处理", "key": "key"}},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    decision: Mapped[str] = mapped_column(Text, info={"title": "处理"})
    value: Mapped[str] = mapped_column(Text, info={"title": "各方取值"})
    target: Mapped[str] = mapped_column(Text, info={"title": "改正方"})
    number: Mapped[str] = mapped_column(Text, info={"title": "编号"})
    reason: Mapped[str] = mapped_column(Text, info={"title": "理由"})
    expires_on: Mapped[str | None] = mapped_column(Text, info={"title": "有效期至"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})


class ConsistencyRate(Base):
    """贯通率 of one day: how many of the compared customers agree in all systems. Derived; the last run of a day counts.

    Attributes:
        scope: ``station``, ``feeder`` or ``area``; ``key`` its number, "" for the station.
        field: the attribute, "" for all together.
    """

    __tablename__ = "consistency_rate"
    __table_args__ = (Index("ix_consistency_rate_day", "day", "scope", "key", "field", unique=True),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    compared: Mapped[int] = mapped_column(Integer)
    agreed: Mapped[int] = mapped_column(Integer)


class ChangeCase(Base):
    """A network change (异动) on its way from the side where it began to the others.

    Attributes:
        case_no: ``YDyymmdd-nnn``, never given twice.
        kind: key of ``resources/changes.toml``.
        side: where it began: marketing, gis, field, desk.
        state: ``open``, ``carried`` (the other side was told), ``closed`` (identifiers and relations agree), ``cancelled``.
        before, after: JSON, place -> text: what changes.
        evidence: JSON list of sentences.
        number: the package or correction that carried it, "" before.
    """

    __tablename__ = "change_case"
    __table_args__ = (
        Index("ix_change_case_state", "state", "due_on"),
        Index("ix_change_case_record", "entity", "key"),
        {"info": {"title": "异动", "key": "case_no"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    case_no: Mapped[str] = mapped_column(Text, unique=True, info={"title": "编号"})
    kind: Mapped[str] = mapped_column(Text, info={"title": "异动类型"})
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    title: Mapped[str] = mapped_column(Text, info={"title": "名称"})
    side: Mapped[str] = mapped_column(Text, info={"title": "发起"})
    state: Mapped[str] = mapped_column(Text, info={"title": "状态"})
    area_no: Mapped[str | None] = mapped_column(Text, info={"title": "台区"})
    before: Mapped[str] = mapped_column(Text, info={"title": "变更前"})
    after: Mapped[str] = mapped_column(Text, info={"title": "变更后"})
    evidence: Mapped[str] = mapped_column(Text, info={"title": "依据"})
    number: Mapped[str] = mapped_column(Text, info={"title": "经由"})
    opened_at: Mapped[str] = mapped_column(Text, info={"title": "发起时间"})
    opened_by: Mapped[str] = mapped_column(Text, info={"title": "发起人"})
    due_on: Mapped[str] = mapped_column(Text, info={"title": "期限"})
    carried_at: Mapped[str | None] = mapped_column(Text, info={"title": "传递时间"})
    closed_at: Mapped[str | None] = mapped_column(Text, info={"title": "办结时间"})
    closed_how: Mapped[str] = mapped_column(Text, info={"title": "办结方式"})
