"""Tables of who is responsible where: people, teams, grids, villages, agreements. Most rows hold from a day to a day, both included.

Rows name each other in words (a person's name, a grid's number), as the workbooks do that they come from; ``lvdesk.organisation``
checks every name before anything is written.
"""

from typing import Any

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class Kept:
    """What every row carries."""

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)


def _words(title: str, **more: Any) -> Any:
    """A column of text people see under ``title``; "" where nothing is said."""
    return mapped_column(Text, info={"title": title}, **more)


class Staff(Kept, Base):
    """Somebody who works at the station, whether he uses the program or not; ``specialties`` joined by 、; ``photo`` an attachment."""

    __tablename__ = "staff"
    __table_args__ = {"info": {"title": "员工", "key": "name"}}  # noqa: RUF012 - SQLAlchemy's own word

    name: Mapped[str] = _words("姓名", unique=True)
    staff_no: Mapped[str] = _words("工号")
    post: Mapped[str] = _words("岗位")
    specialties: Mapped[str] = _words("专业")
    phone: Mapped[str] = _words("电话")
    photo: Mapped[str] = _words("照片")
    joined_on: Mapped[str] = _words("到岗日期")
    left_on: Mapped[str] = _words("离岗日期")
    note: Mapped[str] = _words("备注")


class Team(Kept, Base):
    """A team; ``kind`` inner, outer or other."""

    __tablename__ = "team"
    __table_args__ = {"info": {"title": "班组", "key": "name"}}  # noqa: RUF012 - SQLAlchemy's own word

    name: Mapped[str] = _words("班组", unique=True)
    kind: Mapped[str] = _words("类别")
    phone: Mapped[str] = _words("电话")
    note: Mapped[str] = _words("备注")


class Membership(Kept, Base):
    """Who belongs to which team, and as what, from when to when."""

    __tablename__ = "membership"
    __table_args__ = (Index(None, "staff"), {"info": {"title": "班组成员", "key": "staff"}})

    staff: Mapped[str] = _words("姓名")
    team: Mapped[str] = _words("班组")
    role: Mapped[str] = _words("职责")
    since: Mapped[str] = _words("开始日期")
    until: Mapped[str] = _words("结束日期")


class Absence(Kept, Base):
    """Who is away and who stands in."""

    __tablename__ = "absence"
    __table_args__ = (Index(None, "staff"), {"info": {"title": "请假替班", "key": "staff"}})

    staff: Mapped[str] = _words("姓名")
    since: Mapped[str] = _words("开始日期")
    until: Mapped[str] = _words("结束日期")
    substitute: Mapped[str] = _words("替班人")
    reason: Mapped[str] = _words("原因")


class Shift(Kept, Base):
    """Who works when on a day."""

    __tablename__ = "shift"
    __table_args__ = (Index("ix_shift_day", "day", "staff", unique=True), {"info": {"title": "排班", "key": "staff"}})

    staff: Mapped[str] = _words("姓名")
    day: Mapped[str] = _words("日期")
    shift: Mapped[str] = _words("班次")


class SupportUnit(Kept, Base):
    """A unit or contractor outside the station that grids work with."""

    __tablename__ = "support_unit"
    __table_args__ = {"info": {"title": "支撑单位", "key": "name"}}  # noqa: RUF012 - SQLAlchemy's own word

    name: Mapped[str] = _words("单位", unique=True)
    kind: Mapped[str] = _words("类别")
    scope: Mapped[str] = _words("支撑内容")
    contact: Mapped[str] = _words("联系人")
    phone: Mapped[str] = _words("电话")


class Grid(Kept, Base):
    """A service grid."""

    __tablename__ = "grid"
    __table_args__ = {"info": {"title": "网格", "key": "grid_no"}}  # noqa: RUF012 - SQLAlchemy's own word

    grid_no: Mapped[str] = _words("网格编号", unique=True)
    name: Mapped[str] = _words("网格名称")
    since: Mapped[str] = _words("开始日期")
    until: Mapped[str] = _words("结束日期")
    note: Mapped[str] = _words("备注")


class GridArea(Kept, Base):
    """Which grid a public transformer area belongs to."""

    __tablename__ = "grid_area"
    __table_args__ = (Index(None, "area_no"), {"info": {"title": "网格台区", "key": "area_no"}})

    area_no: Mapped[str] = _words("台区编号")
    grid_no: Mapped[str] = _words("网格编号")
    since: Mapped[str] = _words("开始日期")
    until: Mapped[str] = _words("结束日期")


class GridDuty(Kept, Base):
    """Who is responsible: leader of a grid, manager of an area (or of all areas of the grid), for one specialty or for all."""

    __tablename__ = "grid_duty"
    __table_args__ = (Index(None, "grid_no"), {"info": {"title": "网格责任", "key": "staff"}})

    grid_no: Mapped[str] = _words("网格编号")
    duty: Mapped[str] = _words("职责")
    staff: Mapped[str] = _words("姓名")
    area_no: Mapped[str] = _words("台区编号")
    specialty: Mapped[str] = _words("专业")
    since: Mapped[str] = _words("开始日期")
    until: Mapped[str] = _words("结束日期")


class Village(Kept, Base):
    """A village or community with which a grid works."""

    __tablename__ = "village"
    __table_args__ = {"info": {"title": "村社区", "key": "name"}}  # noqa: RUF012 - SQLAlchemy's own word

    name: Mapped[str] = _words("村（社区）", unique=True)
    township: Mapped[str] = _words("乡镇（街道）")
    kind: Mapped[str] = _words("类别")
    grid_no: Mapped[str] = _words("网格编号")
    manager: Mapped[str] = _words("客户经理")
    contact: Mapped[str] = _words("联系人")
    post: Mapped[str] = _words("职务")
    phone: Mapped[str] = _words("电话")
    areas: Mapped[str] = _words("台区")


class Agreement(Kept, Base):
    """An agreement with a township, village or community; ``scan`` an attachment."""

    __tablename__ = "agreement"
    __table_args__ = {"info": {"title": "共建协议", "key": "agreement_no"}}  # noqa: RUF012 - SQLAlchemy's own word

    agreement_no: Mapped[str] = _words("协议编号", unique=True)
    kind: Mapped[str] = _words("协议类别")
    village: Mapped[str] = _words("村（社区）")
    party_a: Mapped[str] = _words("甲方")
    party_b: Mapped[str] = _words("乙方")
    grid_no: Mapped[str] = _words("网格编号")
    manager: Mapped[str] = _words("客户经理")
    services: Mapped[str] = _words("服务内容")
    contact: Mapped[str] = _words("联系人")
    phone: Mapped[str] = _words("电话")
    since: Mapped[str] = _words("生效日期")
    until: Mapped[str] = _words("到期日期")
    scan: Mapped[str] = _words("扫描件")


class VillageVisit(Kept, Base):
    """A visit to a village: with whom, about what, what follows."""

    __tablename__ = "village_visit"
    __table_args__ = (Index(None, "village"), {"info": {"title": "走访记录", "key": "village"}})

    day: Mapped[str] = _words("日期")
    village: Mapped[str] = _words("村（社区）")
    staff: Mapped[str] = _words("走访人")
    met: Mapped[str] = _words("受访人")
    subject: Mapped[str] = _words("事项")
    outcome: Mapped[str] = _words("结果")
    next_on: Mapped[str] = _words("下次走访")


class Attachment(Kept, Base):
    """A file as it was given: photo, scan, signed slip; found by its SHA-256."""

    __tablename__ = "attachment"
    __table_args__ = {"info": {"title": "附件", "key": "name"}}  # noqa: RUF012 - SQLAlchemy's own word

    sha256: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = _words("文件名")
    size: Mapped[int] = mapped_column(info={"title": "大小"})
    data: Mapped[bytes] = mapped_column(LargeBinary)
