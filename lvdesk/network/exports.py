"""Tables of what left the house: packages with their manifest, and what they said, to compare the next one with."""

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class ExportPackage(Base):
    """One package that was handed out; test exports leave no trace here.

    Attributes:
        number: ``DCyymmdd-nn``, never given twice.
        system: who receives it, ``exchange.model.System``; ``format`` the form's key.
        scope: JSON: feeders and areas, both empty for the whole station.
        purpose: what personal data was needed for.
        counts: JSON: entity -> records.
        held: JSON: reason -> records that stayed behind.
        files: JSON: [name, SHA-256, rows] of each file.
        added, changed, removed: records against the package before of the same system, format and scope, whose number is ``previous``.
    """

    __tablename__ = "export_package"
    __table_args__ = (
        Index("ix_export_package_scope", "system", "scope"),
        {"info": {"title": "导出包", "key": "number"}},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(Text, unique=True, info={"title": "编号"})
    system: Mapped[str] = mapped_column(Text, info={"title": "接收系统"})
    format: Mapped[str] = mapped_column(Text, info={"title": "格式"})
    scope: Mapped[str] = mapped_column(Text, info={"title": "范围"})
    purpose: Mapped[str] = mapped_column(Text, info={"title": "用途"})
    person: Mapped[str] = mapped_column(Text, info={"title": "导出人"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
    records: Mapped[int] = mapped_column(info={"title": "记录数"})
    counts: Mapped[str] = mapped_column(Text)
    held: Mapped[str] = mapped_column(Text)
    files: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(Text, info={"title": "上一包"})
    added: Mapped[int] = mapped_column(info={"title": "新增"})
    changed: Mapped[int] = mapped_column(info={"title": "变更"})
    removed: Mapped[int] = mapped_column(info={"title": "移除"})


class ExportSnapshot(Base):
    """What a package said of each record, packed: the next one of the same system, format and scope is compared with it.

    Derived from the records of that moment, so history does not keep it; ``number`` is that of the package.
    """

    __tablename__ = "export_snapshot"

    number: Mapped[str] = mapped_column(Text, primary_key=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
