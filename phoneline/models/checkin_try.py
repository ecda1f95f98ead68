"""Each time that a volunteer is to make a check-in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, Id, partial_index
from phoneline.models.call import Call
from phoneline.models.checkin import Checkin


class CheckinTry(Base):
    """`call` seeks a volunteer first, then rings the peer. The attempt begins only there."""

    __tablename__ = "checkin_try"
    __table_args__ = (
        # However many clocks, clicks and volunteers with their lists there are, one at a time.
        partial_index("uq_checkin_try_live", "checkin_id", unique=True, rows="over_at is null"),
        Index("ix_checkin_try_checkin_id", "checkin_id"),
    )

    id: Mapped[Id]
    checkin_id: Mapped[str] = mapped_column(ForeignKey("checkin.id", ondelete="CASCADE"))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), unique=True)
    usual_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Whose call it is by the plan. Anybody else is announced to the peer as a stand-in."""
    by_themselves: Mapped[bool] = mapped_column(default=False)
    """Somebody chose to call in this moment, whatever its time: nobody else is asked in their place."""
    began_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    """The peer's leg has ended, and where the two talked, the volunteer has had their word."""

    checkin: Mapped[Checkin] = relationship()
    call: Mapped[Call] = relationship()


CHECKIN_TRY_IS_LIVE = CheckinTry.over_at.is_(None)
