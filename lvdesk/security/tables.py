"""People who may sit at the desk."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class Person(Base):
    """Somebody who works with the program.

    Attributes:
        name: as it stands in history; unique.
        roles: JSON list of keys of ``resources/roles.toml``.
        team: the team's name, "" for none.
        pin: Argon2 hash of his PIN, "" when he has none.
        active: 0 for somebody who left; his name stays in history.
    """

    __tablename__ = "person"
    __table_args__ = {"info": {"title": "人员", "key": "name"}}  # noqa: RUF012 - SQLAlchemy's own word

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(Text, unique=True, info={"title": "姓名"})
    roles: Mapped[str] = mapped_column(Text, info={"title": "角色"})
    team: Mapped[str] = mapped_column(Text, info={"title": "班组"})
    pin: Mapped[str] = mapped_column(Text)
    active: Mapped[int] = mapped_column(default=1, info={"title": "在岗"})
