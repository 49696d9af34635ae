"""Tables of work orders: the order as it stands, its tasks, what happened to it, what proves that it was done.

What happened (``order_event``) is only added to; state, people and clocks at any past moment follow from it.
"""

from typing import Any

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class Kept:
    """What every row carries."""

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)


def _words(title: str, **more: Any) -> Any:
    """A column of text people see under ``title``; "" where nothing is said."""
    return mapped_column(Text, info={"title": title}, **more)


class WorkOrder(Kept, Base):
    """One order.

    Attributes:
        kind: key of ``resources/orders.toml``; ``zone`` urban, rural or remote.
        entity, key: what it is about: customer, meter_box, transformer_area, feeder; ``area_no``, ``feeder_no`` where that lies.
        state: as in ``lvdesk.workorders.model``; ``level`` the step of the ladder, 0 the customer manager.
        responsible: never ""; ``helpers`` names joined by 、.
        merged_into: the order that took it over.
        visits: how often somebody arrived; ``reopened`` how often it came back after it was archived.
        origin: what it was made from: ``finding|identity``, ``receipt|number``, ``case|number``; "" for others.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        Index(None, "state"), Index(None, "area_no"), Index(None, "responsible"), Index(None, "created_at"), Index(None, "origin"),
        {"info": {"title": "工单", "key": "order_no"}},
    )  # fmt: skip

    order_no: Mapped[str] = _words("工单编号", unique=True)
    kind: Mapped[str] = _words("类型")
    title: Mapped[str] = _words("事项")
    source: Mapped[str] = _words("来源")
    source_no: Mapped[str] = _words("来源编号")
    zone: Mapped[str] = _words("区域")
    entity: Mapped[str] = _words("对象类别")
    key: Mapped[str] = _words("对象编号")
    area_no: Mapped[str] = _words("台区编号")
    feeder_no: Mapped[str] = _words("线路编号")
    address: Mapped[str] = _words("地址")
    contact: Mapped[str] = _words("联系人")
    phone: Mapped[str] = _words("电话")
    note: Mapped[str] = _words("说明")
    state: Mapped[str] = _words("状态")
    responsible: Mapped[str] = _words("负责人")
    helpers: Mapped[str] = _words("协同人")
    level: Mapped[int] = mapped_column(default=0, info={"title": "层级"})
    urgent: Mapped[int] = mapped_column(default=0, info={"title": "督办"})
    visits: Mapped[int] = mapped_column(default=0, info={"title": "到场次数"})
    reopened: Mapped[int] = mapped_column(default=0, info={"title": "重开次数"})
    satisfaction: Mapped[str] = _words("满意度")
    merged_into: Mapped[str] = _words("并入")
    origin: Mapped[str] = _words("由来")
    created_at: Mapped[str] = _words("受理时间")
    created_by: Mapped[str] = _words("受理人")


class OrderTask(Kept, Base):
    """One thing to do within an order."""

    __tablename__ = "order_task"
    __table_args__ = (Index(None, "order_no"), {"info": {"title": "工单任务", "key": "order_no"}})

    order_no: Mapped[str] = _words("工单编号")
    position: Mapped[int] = mapped_column(info={"title": "序号"})
    kind: Mapped[str] = _words("任务")
    what: Mapped[str] = _words("内容")
    done_at: Mapped[str] = _words("完成时间")
    done_by: Mapped[str] = _words("完成人")
    result: Mapped[str] = _words("结果")


class OrderEvent(Kept, Base):
    """One thing that happened: ``action`` and the state after it; ``target`` whom it concerns; ``effective`` when it was true."""

    __tablename__ = "order_event"
    __table_args__ = (Index(None, "order_no"), {"info": {"title": "工单经过", "key": "order_no"}})

    order_no: Mapped[str] = _words("工单编号")
    at: Mapped[str] = _words("时间")
    action: Mapped[str] = _words("动作")
    state: Mapped[str] = _words("状态")
    person: Mapped[str] = _words("经办人")
    target: Mapped[str] = _words("对象")
    level: Mapped[int] = mapped_column(default=0, info={"title": "层级"})
    reason: Mapped[str] = _words("原因")


class OrderEvidence(Kept, Base):
    """What proves that something was done: ``value`` a reading or text, ``attachment`` a file."""

    __tablename__ = "order_evidence"
    __table_args__ = (Index(None, "order_no"), {"info": {"title": "工单凭证", "key": "order_no"}})

    order_no: Mapped[str] = _words("工单编号")
    kind: Mapped[str] = _words("凭证")
    value: Mapped[str] = _words("内容")
    attachment: Mapped[str] = _words("附件")
    at: Mapped[str] = _words("时间")
    person: Mapped[str] = _words("经办人")
