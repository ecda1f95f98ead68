"""Before somebody is erased: nobody rings them any more, and nothing of theirs is still under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, Update, exists, select, update
from sqlalchemy.orm import Session

from phoneline import checkins, escalations, follow_ups, kept_refusals, legs, plans
from phoneline.escalation_states import EscalationEnd
from phoneline.models import (
    CHECKIN_WAITS,
    ESCALATION_STANDS,
    LEG_IS_LIVE,
    Account,
    AgreedContact,
    Base,
    Call,
    Callback,
    Checkin,
    Contact,
    DutyHours,
    Escalation,
    EscalationTelling,
    Leg,
    Offer,
    ReminderCall,
    Shift,
    ShiftHours,
    ShiftReminder,
    TextOut,
)
from phoneline.rights_registry import REFERENCES
from phoneline.rights_states import HeldUp
from phoneline.states import (
    AccountRole,
    CallbackState,
    CallState,
    CheckinReason,
    CheckinState,
    FollowUp,
    LegState,
    PlanAuthor,
    TextState,
)

ERASED = "erased"
"""Why a text that waited was never sent."""
_UNREAD = {"synchronize_session": False}


def hindrance(session: Session, person_id: str, now: datetime) -> HeldUp | None:
    """What somebody has to see to before this person can be erased."""
    ahead = (
        exists().where(ShiftHours.person_id == person_id, ShiftHours.ends_at > now),
        exists().where(DutyHours.person_id == person_id, DutyHours.ends_at > now),
        exists().where(Shift.person_id == person_id, Shift.ended_at.is_(None), Shift.rrule != ""),
    )
    if any(session.scalar(select(one)) for one in ahead):
        return HeldUp.SHIFTS
    theirs = exists().where(Account.person_id == person_id, Account.role == AccountRole.ADMIN)
    others = exists().where(
        Account.person_id.is_distinct_from(person_id),
        Account.role == AccountRole.ADMIN,
        Account.ended_at.is_(None),
        Account.invited_at.is_(None),
    )
    if session.scalar(select(theirs & ~others)):
        return HeldUp.LAST_ADMIN
    return HeldUp.ON_THE_PHONE if is_talking(session, person_id) else None


def is_talking(session: Session, person_id: str) -> bool:
    """Whether they are on the telephone with the line, as a caller, as who was called, or as a volunteer."""
    called = select(Leg.id).where(Leg.id == Call.leg_id, Leg.answered_at.is_(None))
    on = exists().where(Call.person_id == person_id, _NOT_OVER, Call.state != CallState.SEEKING, ~called.exists())
    busy = exists().where(Offer.volunteer_id == person_id, Offer.released_at.is_(None))
    return bool(session.scalar(select(on | busy)))


_NOT_OVER = Call.state != CallState.ENDED


def stop(session: Session, person_id: str, now: datetime) -> None:
    """Plans end, what waits is off, what rings is hung up, what is open about them is done. Again and again is fine."""
    for plan in plans.of_person(session, person_id):
        plans.end(session, plan, PlanAuthor.COORDINATOR, now)
    checkins.stop_all(session, person_id, now)
    _run(
        session,
        update(Checkin)
        .where(Checkin.person_id == person_id, CHECKIN_WAITS)
        .values(state=CheckinState.SKIPPED, reason=CheckinReason.STOPPED),
    )
    _stop_promises(session, person_id)
    standing = select(Escalation).where(Escalation.person_id == person_id, ESCALATION_STANDS)
    for ladder in session.scalars(standing.with_for_update(of=Escalation, key_share=True)).all():
        escalations.end(session, ladder, EscalationEnd.SETTLED, now)
    session.flush()
    open_ones = update(Contact).where(Contact.person_id == person_id, follow_ups.IS_OPEN)
    _run(session, open_ones.values(follow_up=FollowUp.DONE, done_at=now))
    waiting = update(TextOut).where(TextOut.person_id == person_id, TextOut.state == TextState.PENDING)
    _run(session, waiting.values(state=TextState.FAILED, failure=ERASED, settled_at=now))
    for leg in session.scalars(select(Leg).where(Leg.id.in_(their_legs(person_id)), LEG_IS_LIVE)).all():
        if leg.state is LegState.PENDING or leg.answered_at is None:
            legs.want_end(session, leg, now)
    session.flush()


def is_quiet(session: Session, person_id: str) -> bool:
    """Whether nothing of theirs is under way any more: no call, no leg, no text."""
    session.flush()
    under_way = (
        exists().where(Call.person_id == person_id, _NOT_OVER),
        exists().where(Leg.id.in_(their_legs(person_id)), LEG_IS_LIVE),
        exists().where(Checkin.person_id == person_id, Checkin.state == CheckinState.CALLING),
        exists().where(TextOut.person_id == person_id, TextOut.state == TextState.SENDING),
    )
    return not any(session.scalar(select(one)) for one in under_way)


def their_legs(person_id: str) -> CompoundSelect[Any]:
    """Ids of the calls that we placed to them, or, for a peer, to their people."""
    tables = Base.metadata.tables
    named: list[Select[Any]] = []
    for column, fate in REFERENCES.items():
        table, _, name = column.partition(".")
        if fate.leg is not None:
            of = tables[table]
            named.append(select(of.c[fate.leg]).where(of.c[name] == person_id, of.c[fate.leg].is_not(None)))
    reminded = select(ReminderCall.leg_id).join(ShiftReminder, ShiftReminder.id == ReminderCall.reminder_id)
    told = EscalationTelling
    asked = select(told.leg_id).join(AgreedContact, AgreedContact.id == told.agreed_contact_id)
    named.append(reminded.where(ShiftReminder.person_id == person_id))
    named.append(asked.where(AgreedContact.person_id == person_id, told.leg_id.is_not(None)))
    return named[0].union(*named[1:])


def _stop_promises(session: Session, person_id: str) -> None:
    hashes = kept_refusals.sole_hashes(session, person_id)
    theirs = (Callback.person_id == person_id) | Callback.number_hash.in_(hashes)
    still_open = Callback.state.in_((CallbackState.PROMISED, CallbackState.CALLING))
    _run(session, update(Callback).where(theirs, still_open).values(state=CallbackState.STOPPED))


def _run(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(**_UNREAD))
