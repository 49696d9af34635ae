"""Table of frozen months: the numbers of a month as they were when it was closed."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class FrozenMonth(Base):
    """One month; ``data`` JSON of every indicator, ``digest`` its SHA-256."""

    __tablename__ = "frozen_month"
    __table_args__ = {"info": {"title": "月度封存", "key": "month"}}  # noqa: RUF012 - SQLAlchemy's own word

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    month: Mapped[str] = mapped_column(Text, unique=True, info={"title": "月份"})
    at: Mapped[str] = mapped_column(Text, info={"title": "时间"})
    person: Mapped[str] = mapped_column(Text, info={"title": "经办人"})
    digest: Mapped[str] = mapped_column(Text)
    data: Mapped[str] = mapped_column(Text)
