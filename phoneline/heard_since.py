"""Whether somebody was heard from otherwise, since a contact that is taken back was written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from phoneline.last_heard import COUNTS
from phoneline.models import Call, Checkin, Contact, HandContact
from phoneline.states import CheckinState, ContactKind, Direction, Purpose, SettledBy

WRAP_UP = timedelta(minutes=10)
"""What a volunteer says of a conversation, and with it what that settles, may come so long after its end."""


@dataclass(frozen=True)
class Heard:
    """Once that they were heard from."""

    at: datetime
    by: SettledBy
    call_id: str | None = None

    def settles(self, checkin: Checkin) -> bool:
        """Whether it would have settled this check-in, were it of its day; a key said so of another check-in alone."""
        if self.by is SettledBy.KEYPAD:
            return False
        return self.by is not SettledBy.SMS or checkin.purpose is Purpose.SOCIAL

    @property
    def is_theirs(self) -> bool:
        """Nobody need look for them any more; a text doesn't prove who holds the telephone."""
        return self.by is not SettledBy.SMS


def otherwise(session: Session, contact: Contact, written_at: datetime) -> Sequence[Heard]:
    """Oldest first."""
    talk, said, hand = aliased(Call), aliased(Checkin), aliased(HandContact)
    ways = (
        and_(talk.answered_at.is_not(None), talk.ended_at >= written_at - WRAP_UP),
        # One about days before says nothing of since then.
        and_(Contact.by_hand, hand.at >= written_at, Contact.at >= contact.at),
        and_(Contact.kind == ContactKind.SMS, Contact.at >= written_at),
        and_(said.state == CheckinState.OK, said.settled_by == SettledBy.KEYPAD, said.settled_at >= written_at),
    )
    found = session.execute(
        select(Contact.at, Contact.kind, Contact.by_hand, talk.id, talk.direction, said.state)
        .join(talk, talk.id == Contact.call_id, isouter=True)
        .join(said, and_(said.id == Contact.checkin_id, Contact.kind == ContactKind.CHECKIN), isouter=True)
        .join(hand, hand.contact_id == Contact.id, isouter=True)
        .where(Contact.person_id == contact.person_id, Contact.id != contact.id, COUNTS, or_(*ways))
        .order_by(Contact.at, Contact.id)
    )
    return [_heard(row) for row in found]


def _heard(row: Any) -> Heard:  # noqa: ANN401 - a row of the query above
    if row.by_hand:
        return Heard(row.at, SettledBy.COORDINATOR)
    if row.kind is ContactKind.SMS:
        return Heard(row.at, SettledBy.SMS)
    if row.state is CheckinState.OK:
        return Heard(row.at, SettledBy.KEYPAD)
    by = SettledBy.INBOUND_CALL if row.direction is Direction.INBOUND else SettledBy.VOLUNTEER
    return Heard(row.at, by, row.id)
