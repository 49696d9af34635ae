"""Tables of the two-stage review: what waits for a decision, who decided what, who has it open, what was audited."""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class ReviewItem(Base):
    """One thing that the field says and people decide.

    What is to be decided follows from the field results and the ledger: gathering keeps it up to date, history gets no entry of it. How far
    it went is changed by people only, by the table of transitions, and is history.

    Attributes:
        identity: kind, entity and key; found again it is the same item.
        kind: one of ``review.model.Kind``.
        record: id of the ledger's record, None for what it does not have.
        area_no: the transformer area, None where unknown.
        title: what people call it: the customer's name, the box's place.
        ledger_shown, field_shown: both sides in short, for lists.
        sides: JSON list of [place, ledger, field]; place is ``entity.field``; texts, None for nothing.
        evidence: JSON list of sentences.
        sheet_id, sheet_row: the row of field results that says it.
        entered_by: JSON list of the names of those who recorded, keyed or imported it.
        blocked: why it cannot enter, "" when it can.
        digest: of the field's values.
        heard: the newest sheet of field results that speaks of the thing; only a newer one with other values is a new answer.
        round: how often the field answered anew after somebody had decided.
        moves: how often it was decided or answered; a decision is taken back or repeated only where nothing came between.
        found_at, resolved_at: since when it is there; when field and ledger no longer said it before anybody had decided to the end.
        state: ``review.model.State``.
        previous: the state it came from when it is held or returned, "" otherwise.
        marketing, operations: ``confirm``, ``correct``, ``rule`` or "" when not decided, with who, when and why.
        accepted: JSON, place -> text: what was corrected on the way.
        returns: how often it was sent back.
        reason, addressee, until: of a return or a hold: why, to whom, until which day.
        applied: the journal entry that made it part of the accepted state, None before.
        effect: JSON: what that changed, so that one item of many can be taken back (``review.applying.Effect``).
        at: when it last moved.
    """

    __tablename__ = "review_item"
    __table_args__ = (
        Index("ix_review_item_state", "state", "kind"),
        Index("ix_review_item_record", "entity", "key"),
        # A stage's list is answered from this alone: the rows are long, a hundred thousand of them take three times as long.
        Index("ix_review_item_list", "state", "id", "resolved_at", "blocked", "kind", "marketing_by", "entered_by", "addressee"),
        {"info": {"title": "复核项", "key": "key"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    identity: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text, info={"title": "类别"})
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    record: Mapped[int | None] = mapped_column(RowId)
    area_no: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text, info={"title": "名称"})
    ledger_shown: Mapped[str] = mapped_column(Text, info={"title": "台账"})
    field_shown: Mapped[str] = mapped_column(Text, info={"title": "现场"})
    sides: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    sheet_id: Mapped[int | None] = mapped_column(RowId)
    sheet_row: Mapped[int | None] = mapped_column(Integer)
    package_no: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[str] = mapped_column(Text)
    blocked: Mapped[str] = mapped_column(Text, info={"title": "不能进入的原因"})
    digest: Mapped[str] = mapped_column(Text)
    heard: Mapped[int] = mapped_column(RowId)
    round: Mapped[int] = mapped_column(Integer)
    moves: Mapped[int] = mapped_column(Integer)
    found_at: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, info={"title": "状态"})
    previous: Mapped[str] = mapped_column(Text, info={"title": "退回、挂起前"})
    marketing: Mapped[str] = mapped_column(Text, info={"title": "营销确认"})
    marketing_by: Mapped[str] = mapped_column(Text, info={"title": "营销确认人"})
    marketing_at: Mapped[str] = mapped_column(Text, info={"title": "营销确认时间"})
    marketing_why: Mapped[str] = mapped_column(Text, info={"title": "营销确认说明"})
    operations: Mapped[str] = mapped_column(Text, info={"title": "运检确认"})
    operations_by: Mapped[str] = mapped_column(Text, info={"title": "运检确认人"})
    operations_at: Mapped[str] = mapped_column(Text, info={"title": "运检确认时间"})
    operations_why: Mapped[str] = mapped_column(Text, info={"title": "运检确认说明"})
    accepted: Mapped[str] = mapped_column(Text, info={"title": "改为"})
    returns: Mapped[int] = mapped_column(Integer, info={"title": "退回次数"})
    reason: Mapped[str] = mapped_column(Text, info={"title": "原因"})
    addressee: Mapped[str] = mapped_column(Text, info={"title": "退给"})
    until: Mapped[str] = mapped_column(Text, info={"title": "挂起至"})
    applied: Mapped[int | None] = mapped_column(RowId, info={"title": "入账记录"})
    effect: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})


class ReviewDecision(Base):
    """One step an item was moved by somebody, for ever (a step taken back with undo leaves history's entries).

    Attributes:
        item: ``ReviewItem.id``; ``round`` its round then.
        stage: the state it was decided in.
        decision: ``review.model.Action``.
        how: ``desk`` one by one, ``bulk`` with others, ``book`` in a workbook, ``rule``.
        given: JSON, place -> text: what was corrected.
    """

    __tablename__ = "review_decision"
    __table_args__ = (Index("ix_review_decision_item", "item"), {"info": {"title": "复核决定", "key": "item"}})

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    item: Mapped[int] = mapped_column(RowId)
    round: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(Text, info={"title": "决定"})
    person: Mapped[str] = mapped_column(Text, info={"title": "决定人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
    how: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, info={"title": "原因"})
    given: Mapped[str] = mapped_column(Text, info={"title": "改为"})


class ReviewLock(Base):
    """Who has an item open, so that two people do not decide the same one; it ends by itself.

    Attributes:
        session: one open window; the same person twice is two.
        until: moment; later it counts no more.
    """

    __tablename__ = "review_lock"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    item: Mapped[int] = mapped_column(RowId, unique=True)
    person: Mapped[str] = mapped_column(Text)
    session: Mapped[str] = mapped_column(Text)
    until: Mapped[str] = mapped_column(Text)


class ReviewAudit(Base):
    """An item drawn at random among those that passed, to be looked at once more.

    Attributes:
        verdict: ``sound``, ``wrong`` or "" while nobody looked.
    """

    __tablename__ = "review_audit"
    __table_args__ = (Index("ix_review_audit_item", "item"), {"info": {"title": "抽查", "key": "item"}})

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    item: Mapped[int] = mapped_column(RowId)
    round: Mapped[int] = mapped_column(Integer)
    drawn_by: Mapped[str] = mapped_column(Text, info={"title": "抽取人"})
    drawn_at: Mapped[str] = mapped_column(Text, info={"title": "抽取时间"})
    verdict: Mapped[str] = mapped_column(Text, info={"title": "抽查结论"})
    person: Mapped[str] = mapped_column(Text, info={"title": "抽查人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
    note: Mapped[str] = mapped_column(Text, info={"title": "说明"})
