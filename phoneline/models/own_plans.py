"""A peer who is at their own check-in calls by telephone, and what they have keyed in so far."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from phoneline.models.base import Base, word
from phoneline.models.call import Call
from phoneline.models.checkin import CheckinPlan
from phoneline.models.person import Person
from phoneline.own_plans_states import PlanPage, PlanWish


class PlanVisit(Base):
    """A caller who pressed 3 in the first menu. Nothing of this holds before it was read back and key 1 was pressed."""

    __tablename__ = "plan_visit"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    """Whose number the caller id is; they have said so themselves on every page but the first."""
    step: Mapped[int] = mapped_column(default=1)
    """Which question of this call it is. Each is answered once: an answer to another one changes nothing."""
    page: Mapped[PlanPage] = mapped_column(word(PlanPage), default=PlanPage.WHO)
    tries: Mapped[int] = mapped_column(default=1)
    news: Mapped[str | None]
    """The prompt that is said before the question: what came of the one before."""
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("checkin_plan.id", ondelete="SET NULL"))
    wish: Mapped[PlanWish | None] = mapped_column(word(PlanWish))
    checkin_id: Mapped[str | None] = mapped_column(ForeignKey("checkin.id", ondelete="SET NULL"))
    """The one to be moved."""
    rrule: Mapped[str | None]
    clock: Mapped[str | None]
    """The time of day keyed in, `HH:MM`; of two that may be meant, the earlier."""
    at_local: Mapped[datetime | None] = mapped_column(DateTime)
    """What was read back, by the peer's wall clock: the new time, the first call, or the day on which it goes on."""

    call: Mapped[Call] = relationship()
    person: Mapped[Person] = relationship()
    plan: Mapped[CheckinPlan | None] = relationship()
