"""Tables of what goes out to the field: packages, the things to visit in each, the sheets printed for it.

States of a package and of its items are derived from what happened (``out_at``, ``back_at``, ``closed_at``), never stored.
"""

from sqlalchemy import Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class CollectionPackage(Base):
    """One trip of a team (采录任务包).

    Attributes:
        package_no: printed on every sheet; never given twice.
        scope: JSON: feeder, areas, grid it was made for.
        people: JSON list of names, at least two when it goes out.
        planned_on, due_on: days, ISO.
        forms: JSON list of the keys of its paper forms.
        out_at, closed_at: moments; ``cancelled`` 1 when it was called off instead of finished.
    """

    __tablename__ = "collection_package"
    __table_args__ = {"info": {"title": "采录任务包", "key": "package_no"}}  # noqa: RUF012 - SQLAlchemy's own word

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    package_no: Mapped[str] = mapped_column(Text, unique=True, info={"title": "任务包编号"})
    title: Mapped[str] = mapped_column(Text, info={"title": "名称"})
    scope: Mapped[str] = mapped_column(Text, info={"title": "范围"})
    team: Mapped[str] = mapped_column(Text, info={"title": "班组"})
    people: Mapped[str] = mapped_column(Text, info={"title": "采录人"})
    planned_on: Mapped[str | None] = mapped_column(Text, info={"title": "计划日期"})
    due_on: Mapped[str | None] = mapped_column(Text, info={"title": "应回日期"})
    forms: Mapped[str] = mapped_column(Text, info={"title": "表单"})
    note: Mapped[str] = mapped_column(Text, info={"title": "备注"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    created_at: Mapped[str] = mapped_column(Text, info={"title": "建立时间"})
    out_at: Mapped[str | None] = mapped_column(Text, info={"title": "发出时间"})
    closed_at: Mapped[str | None] = mapped_column(Text, info={"title": "结束时间"})
    cancelled: Mapped[int] = mapped_column(default=0, info={"title": "作废"})


class PackageItem(Base):
    """One thing to visit.

    Attributes:
        package: row id of the package.
        entity, key: meter_box by asset_no, access_point by its number, customer by customer_no where no box is known.
        position: place in walking order, from 1.
        reasons: JSON list of [code, words].
        held: ``entity|key`` while the package is open, else None; unique, so that nothing is in two open packages.
        outcome: what came of it when it is back, "" before.
    """

    __tablename__ = "package_item"
    __table_args__ = (Index("ix_package_item_package", "package"), {"info": {"title": "采录对象", "key": "key"}})

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    package: Mapped[int] = mapped_column(RowId, info={"title": "任务包"})
    entity: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info={"title": "对象"})
    area_no: Mapped[str | None] = mapped_column(Text, info={"title": "台区"})
    position: Mapped[int] = mapped_column(Integer, info={"title": "顺序"})
    reasons: Mapped[str] = mapped_column(Text, info={"title": "采录原因"})
    held: Mapped[str | None] = mapped_column(Text, unique=True)
    back_at: Mapped[str | None] = mapped_column(Text, info={"title": "收回时间"})
    outcome: Mapped[str] = mapped_column(Text, info={"title": "结果"})


class FormSheet(Base):
    """One sheet of paper with its own number.

    Attributes:
        sheet_no: never given twice; a lost sheet is printed again under the same number, a changed one gets a new number.
        form, form_version: the form's key and version when it was laid out.
        page, pages: its place in the package.
        shapes: the blocks' sizes, from which alone their positions on the paper follow.
        items: JSON list of [entity, key] in the order of the blocks.
        state: prepared, printed, out, back, replaced, missing.
        digest: of what is printed, so that a change of the records is noticed.
        copies: how often it was printed.
        replaced_by: the sheet that took its place.
    """

    __tablename__ = "form_sheet"
    __table_args__ = (Index("ix_form_sheet_package", "package"), {"info": {"title": "表单", "key": "sheet_no"}})

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    sheet_no: Mapped[str] = mapped_column(Text, unique=True, info={"title": "表单编号"})
    package: Mapped[int] = mapped_column(RowId, info={"title": "任务包"})
    form: Mapped[str] = mapped_column(Text, info={"title": "表单种类"})
    form_version: Mapped[int] = mapped_column(Integer)
    page: Mapped[int] = mapped_column(Integer, info={"title": "页"})
    pages: Mapped[int] = mapped_column(Integer)
    shapes: Mapped[str] = mapped_column(Text)
    items: Mapped[str] = mapped_column(Text, info={"title": "内容"})
    state: Mapped[str] = mapped_column(Text, info={"title": "状态"})
    digest: Mapped[str] = mapped_column(Text)
    copies: Mapped[int] = mapped_column(Integer, info={"title": "打印次数"})
    printed_at: Mapped[str | None] = mapped_column(Text, info={"title": "打印时间"})
    printed_by: Mapped[str | None] = mapped_column(Text, info={"title": "打印人"})
    back_at: Mapped[str | None] = mapped_column(Text, info={"title": "收回时间"})
    replaced_by: Mapped[str | None] = mapped_column(Text, info={"title": "换为"})
    reason: Mapped[str] = mapped_column(Text, info={"title": "说明"})
