"""When somebody was last heard of: kept on the person, so that a page says at once whom nobody has heard from.

Call these last in a transaction: the person's row is held from then on.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from phoneline.follow_ups import IS_OPEN
from phoneline.models import Call, Callback, Checkin, Contact, Person, Voicemail
from phoneline.states import (
    CallbackState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    FollowUp,
    SettledBy,
    VoicemailState,
)

UNREAD = {"synchronize_session": False}


def _counts() -> ColumnElement[bool]:
    """Whether a contact says that the person was heard from: in either direction, and by their own act."""
    ok = and_(Checkin.state.in_((CheckinState.OK, CheckinState.TALKED)), Checkin.settled_by != SettledBy.INBOUND_CALL)
    kept = Voicemail.state.in_((VoicemailState.KEPT, VoicemailState.REMOVED))
    by_kind = {
        ContactKind.CALL: exists().where(Call.id == Contact.call_id, Call.answered_at.is_not(None)),
        ContactKind.CALLBACK: exists().where(
            Callback.call_id == Contact.call_id, Callback.state == CallbackState.JOINED
        ),
        ContactKind.VOICEMAIL: exists().where(Voicemail.contact_id == Contact.id, kept),
        ContactKind.CHECKIN: exists().where(Checkin.id == Contact.checkin_id, ok),
    }
    of_itself = or_(Contact.kind.in_((ContactKind.SMS, ContactKind.IN_PERSON)), Contact.by_hand)
    each = [and_(Contact.kind == kind, holds) for kind, holds in by_kind.items()]
    return and_(Contact.outcome != ContactOutcome.WRONG_NUMBER, or_(of_itself, *each))


COUNTS = _counts()


def heard(session: Session, person_id: str, at: datetime) -> None:
    """They were heard from at `at`: no check-ins are missed in a row any more, and nobody need call them for that."""
    session.flush()
    latest = case((Person.last_heard_at < at, at), else_=Person.last_heard_at)
    theirs = update(Person).where(Person.id == person_id).values(last_heard_at=latest, checkins_missed=0)
    session.execute(theirs.execution_options(**UNREAD))
    asked = update(Contact).where(Contact.person_id == person_id, Contact.kind == ContactKind.OUTREACH, IS_OPEN)
    session.execute(asked.values(follow_up=FollowUp.DONE, done_at=at).execution_options(**UNREAD))


def missed(session: Session, person_id: str) -> None:
    """One more check-in in a row in which they weren't reached, though we tried."""
    more = update(Person).where(Person.id == person_id).values(checkins_missed=Person.checkins_missed + 1)
    session.execute(more.execution_options(**UNREAD))


def recount(session: Session, person_id: str) -> None:
    """What seemed to be them was somebody else: from what is left."""
    session.flush()
    left = select(func.max(Contact.at)).where(Contact.person_id == person_id, COUNTS).scalar_subquery()
    theirs = update(Person).where(Person.id == person_id).values(last_heard_at=func.coalesce(left, Person.created_at))
    session.execute(theirs.execution_options(**UNREAD))
