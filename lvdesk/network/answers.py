"""Tables of what other systems answer: their sheets, receipts line by line, pairs of identifiers, whose names mean the same thing."""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class AnswerSheet(Base):
    """A table in which another system answered: what makes its import one step of history, though no record changed.

    Attributes:
        sheet: ``BatchSheet.id``.
        name: file and table as people know them.
        template: key of the answer's template (``resources/answers``).
        system: who answers: marketing, gis, pms.
    """

    __tablename__ = "answer_sheet"
    __table_args__ = ({"info": {"title": "系统回文", "key": "name"}},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sheet: Mapped[int] = mapped_column(RowId, unique=True, info={"title": "表"})
    name: Mapped[str] = mapped_column(Text, info={"title": "文件"})
    template: Mapped[str] = mapped_column(Text, info={"title": "回文类型"})
    system: Mapped[str] = mapped_column(Text, info={"title": "系统"})


class ReceiptLine(Base):
    """What a receiving system said of one record, as far as a person has to do something about it.

    Attributes:
        sheet_id, sheet_row: the row of the receipt.
        package_no: the export package it answers, "" where nobody could tell.
        key: of our record; as the receipt gives it where no record could be found.
        outcome: ``rejected``, ``conflict`` (its identifier contradicts another pair), ``unknown`` (no such record).
        value: the identifier it gives, None for none.
        reason: in the receiver's words; ``plain`` in ours with what to do.
        desk: who has to do it: fieldwork, review, ledger, export.
        settled_at, settled_by, settled_how: None while it waits.
    """

    __tablename__ = "receipt_line"
    __table_args__ = (
        Index("ix_receipt_line_settled_at", "settled_at"),
        Index("ix_receipt_line_record", "entity", "key"),
        {"info": {"title": "回执待办", "key": "key"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sheet_id: Mapped[int] = mapped_column(RowId)
    sheet_row: Mapped[int] = mapped_column(Integer)
    system: Mapped[str] = mapped_column(Text, info={"title": "系统"})
    package_no: Mapped[str] = mapped_column(Text, info={"title": "导出包"})
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    outcome: Mapped[str] = mapped_column(Text, info={"title": "结果"})
    value: Mapped[str | None] = mapped_column(Text, info={"title": "编号"})
    reason: Mapped[str] = mapped_column(Text, info={"title": "退回原因"})
    plain: Mapped[str] = mapped_column(Text, info={"title": "说明"})
    desk: Mapped[str] = mapped_column(Text, info={"title": "处理"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
    settled_at: Mapped[str | None] = mapped_column(Text, info={"title": "办结时间"})
    settled_by: Mapped[str | None] = mapped_column(Text, info={"title": "办结人"})
    settled_how: Mapped[str | None] = mapped_column(Text, info={"title": "办结方式"})


class IdPair(Base):
    """One of our records and what another system calls it, with since when and until when: the past of 营销_ID, GIS_ID and PMS_ID.

    Attributes:
        system: marketing, gis, pms; the current value stands in the record's own field too.
        until: None while it holds.
        sheet_id: the receipt that gave it, None for one typed at the desk.
    """

    __tablename__ = "id_pair"
    __table_args__ = (
        Index("ix_id_pair_record", "entity", "key"),
        Index("ix_id_pair_value", "system", "value"),
        {"info": {"title": "标识对应", "key": "key"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    system: Mapped[str] = mapped_column(Text, info={"title": "系统"})
    value: Mapped[str] = mapped_column(Text, info={"title": "编号"})
    since: Mapped[str] = mapped_column(Text, info={"title": "起"})
    until: Mapped[str | None] = mapped_column(Text, info={"title": "止"})
    sheet_id: Mapped[int | None] = mapped_column(RowId)
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})


class SourceMatch(Base):
    """A person's word on which of our records an object of another system is.

    Attributes:
        source_key: its identifier there; ``source_name`` what it is called there.
        key: our record's key, "" where it is none of ours.
        decision: ``same``, ``new`` (to be built with us), ``other`` (not ours).
        evidence: JSON list of sentences, as shown when it was decided.
    """

    __tablename__ = "source_match"
    __table_args__ = (
        Index("ix_source_match_source", "system", "entity", "source_key", unique=True),
        {"info": {"title": "站线变对应", "key": "source_name"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    system: Mapped[str] = mapped_column(Text, info={"title": "系统"})
    entity: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(Text, info={"title": "对方编号"})
    source_name: Mapped[str] = mapped_column(Text, info={"title": "对方名称"})
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    decision: Mapped[str] = mapped_column(Text, info={"title": "结论"})
    evidence: Mapped[str] = mapped_column(Text, info={"title": "依据"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
