"""What people decided at the desk about customers of the ledger."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from lvdesk.store.tables import Base, RowId


class DeskCheckMark(Base):
    """A customer's verdict of the desk check (室内核实); ``evidence`` is what spoke for it at that moment, JSON list of sentences."""

    __tablename__ = "desk_check_mark"

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    customer_no: Mapped[str] = mapped_column(Text, unique=True)
    verdict: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(Text)
