"""Whether somebody was heard from otherwise, since a contact that is taken back was written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from phoneline.models import Call, Callback, CallbackTry, Checkin, Contact, Escalation, HandContact
from phoneline.states import CheckinState, ContactKind, ContactOutcome, Direction, Purpose, SettledBy

WRAP_UP = timedelta(minutes=10)
"""What a volunteer says of a conversation, and with it what that settles, may come so long after its end."""
LONGEST = timedelta(days=1)
"""No call lasts longer."""


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
    found = [*_talked(session, contact, written_at), *_written(session, contact, written_at)]
    return sorted(found, key=lambda one: one.at)


def _talked(session: Session, contact: Contact, written_at: datetime) -> Sequence[Heard]:
    """On the line with one of us, whoever called, and not marked as a wrong number."""
    promise = select(Callback.call_id).join(CallbackTry, CallbackTry.callback_id == Callback.id)
    ladder = select(Escalation.checkin_id).join(Callback, Callback.escalation_id == Escalation.id)
    ladder = ladder.join(CallbackTry, CallbackTry.callback_id == Callback.id)
    its_line = or_(
        Contact.call_id == Call.id,
        Contact.call_id.in_(promise.where(CallbackTry.call_id == Call.id)),
        and_(Contact.checkin_id.in_(ladder.where(CallbackTry.call_id == Call.id)), Contact.kind == ContactKind.CHECKIN),
    )
    wrong = exists().where(its_line, Contact.outcome == ContactOutcome.WRONG_NUMBER)
    talks = select(Call.answered_at, Call.direction, Call.id).where(
        Call.person_id == contact.person_id,
        Call.started_at >= written_at - LONGEST,
        Call.answered_at.is_not(None),
        Call.volunteer_id.is_not(None),
        Call.ended_at >= written_at - WRAP_UP,
        ~wrong,
    )
    return [
        Heard(at, SettledBy.INBOUND_CALL if direction is Direction.INBOUND else SettledBy.VOLUNTEER, call_id)
        for at, direction, call_id in session.execute(talks)
        if at is not None
    ]


def _written(session: Session, contact: Contact, written_at: datetime) -> Sequence[Heard]:
    """By text, in another contact written down by hand, by a key in another check-in."""
    said, hand = aliased(Checkin), aliased(HandContact)
    ways = (
        # One about days before says nothing of since then.
        and_(Contact.by_hand, hand.at >= written_at, Contact.at >= contact.at),
        and_(Contact.kind == ContactKind.SMS, Contact.at >= written_at),
        and_(said.state == CheckinState.OK, said.settled_by == SettledBy.KEYPAD, said.settled_at >= written_at),
    )
    found = session.execute(
        select(Contact.at, Contact.kind, Contact.by_hand)
        .join(said, and_(said.id == Contact.checkin_id, Contact.kind == ContactKind.CHECKIN), isouter=True)
        .join(hand, hand.contact_id == Contact.id, isouter=True)
        .where(Contact.person_id == contact.person_id, Contact.id != contact.id, or_(*ways))
        .where(Contact.at >= min(contact.at, written_at))
    )
    return [Heard(at, _by(kind, by_hand=by_hand)) for at, kind, by_hand in found]


def _by(kind: ContactKind, *, by_hand: bool) -> SettledBy:
    if by_hand:
        return SettledBy.COORDINATOR
    return SettledBy.SMS if kind is ContactKind.SMS else SettledBy.KEYPAD
