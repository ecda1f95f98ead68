"""A contact that was written down by hand is taken back: it is off the log, and what it has changed is as it was.

Where that can't be, because people have acted on it or the world has moved on, the answer says so. Nobody is rung for
it by this: what may be called again is judged by the clock, as ever.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from phoneline import audit, checkin_layout, checkin_tries, checkins, due_checkins, heard_since, plan_settings
from phoneline.by_hand import Answer
from phoneline.db import changed
from phoneline.escalation_states import EscalationEnd, EscalationState
from phoneline.follow_up_states import MoveReason
from phoneline.follow_ups import OPEN
from phoneline.heard_since import Heard
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    Attempt,
    Checkin,
    Contact,
    Escalation,
    FollowUpEnd,
    FollowUpMove,
    HandContact,
    HandSettled,
    Person,
)
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    AccessAction,
    AttemptResult,
    CheckinReason,
    CheckinState,
    ContactKind,
    FollowUp,
    SettledBy,
)

LATELY = timedelta(days=7)
"""So long it can be taken back; a follow-up that was done, too."""
_WORST_FIRST = (Answer.UNHEARD_LADDER, Answer.UNHEARD_LATE, Answer.UNHEARD_STOPPED, Answer.UNHEARD_SINCE)
_UNREAD = {"synchronize_session": False}


def of_checkin(session: Session, checkin_id: str, account_id: str, live: LiveSettings, now: datetime) -> Answer:
    """Take the contact back that has settled it."""
    settled_by = select(HandSettled.contact_id).where(HandSettled.checkin_id == checkin_id)
    contact_id = session.scalars(settled_by).one_or_none()
    return Answer.NOT_ANY_MORE if contact_id is None else take_back(session, contact_id, account_id, live, now)


def take_back(session: Session, contact_id: str, account_id: str, live: LiveSettings, now: datetime) -> Answer:
    """Of two who press at once one does it, and the other is told."""
    written, contact = _held(session, contact_id, now)
    if written is None or contact is None or contact.person_id is None:
        return Answer.NOT_ANY_MORE
    if _is_taken_up(session, contact):
        return Answer.TAKEN_UP
    heard = heard_since.otherwise(session, contact, written.at)
    settled = session.scalars(select(HandSettled).where(HandSettled.contact_id == contact_id)).all()
    answers = [_put_back(session, one, heard, live, now) for one in settled]
    session.flush()
    if not any(one.is_theirs for one in heard):
        answers += _look_for_them(session, written, now)
    elif written.before["ladders"]:
        answers.append(Answer.UNHEARD_SINCE)
    _reopen(session, contact, written, heard)
    _last_heard(session, contact, written)
    for one in settled:
        audit.acted(session, one.checkin_id, account_id, AccessAction.CHECKIN_UNHEARD, now)
    _off_the_log(session, contact, account_id, now)
    return next((one for one in _WORST_FIRST if one in answers), Answer.UNHEARD)


def _held(session: Session, contact_id: str, now: datetime) -> tuple[HandContact | None, Contact | None]:
    lately = select(HandContact).where(HandContact.contact_id == contact_id, HandContact.at > now - LATELY)
    fresh = {"populate_existing": True}
    written = session.scalars(lately.with_for_update().execution_options(**fresh)).one_or_none()
    of = select(Contact).where(Contact.id == contact_id).with_for_update(of=Contact)
    return written, session.scalars(of.execution_options(**fresh)).one_or_none()


def _is_taken_up(session: Session, contact: Contact) -> bool:
    """Whether somebody has done something about the follow-up that it wanted; the clock's own moves are none."""
    moved = select(FollowUpMove.id).where(FollowUpMove.contact_id == contact.id, FollowUpMove.why != MoveReason.OVERDUE)
    ended = select(FollowUpEnd.id).where(FollowUpEnd.contact_id == contact.id)
    return any(session.scalars(rows.limit(1)).first() is not None for rows in (moved, ended))


# The check-ins


def _put_back(
    session: Session, settled: HandSettled, heard: Sequence[Heard], live: LiveSettings, now: datetime
) -> Answer:
    """As it was, or as it would be by now."""
    checkin = checkins.locked(session, settled.checkin_id)
    if not _is_settled_by_hand(checkin):
        return Answer.UNHEARD
    attempt = session.get(Attempt, settled.attempt_id) if settled.attempt_id is not None else None
    _open_again(checkin, settled.was)
    if attempt is not None and attempt.result is AttemptResult.OK:
        checkins.settle(checkin, CheckinState.OK, SettledBy.KEYPAD, attempt.pressed_at or now)
        return Answer.UNHEARD_SINCE
    if attempt is not None:
        _goes_on(checkin, attempt, live)
    if any(one.settles(checkin) for one in heard):
        _heard_otherwise(checkin, heard)
        return Answer.UNHEARD_SINCE
    if checkin.plan.ended_at is not None or not checkin_layout.is_agreed(session, checkin.plan):
        return _not_called_any_more(checkin)
    if checkin_tries.live_of(session, checkin.id) is None:
        # Quiet hours and caps are looked at anew.
        checkin.dial_after = checkin.attempt_due_at
    session.flush()
    used_up = checkin.attempts_used >= plan_settings.attempts(checkin.plan, live)
    late = used_up or now >= due_checkins.deadline(checkin, live)
    return Answer.UNHEARD_LATE if late and checkin.state is not CheckinState.CALLING else Answer.UNHEARD


def _is_settled_by_hand(checkin: Checkin) -> bool:
    return checkin.state is CheckinState.TALKED and checkin.settled_by is SettledBy.COORDINATOR


def _open_again(checkin: Checkin, was: CheckinState) -> None:
    checkin.settled_at = checkin.settled_by = checkin.settled_call_id = None
    checkin.state = CheckinState.WAITING if was is CheckinState.CALLING else was


def _goes_on(checkin: Checkin, attempt: Attempt, live: LiveSettings) -> None:
    """It was called off: an attempt that reached nobody, once its leg is over. Nobody is rung twice for it."""
    checkin.state = CheckinState.CALLING
    if attempt.over_at is not None:
        checkins.came_to_nothing(checkin, attempt.call, live, attempt.over_at)


def _heard_otherwise(checkin: Checkin, heard: Iterable[Heard]) -> None:
    """Settled by what would have settled it; heard from on a later day, it wasn't in time, and nobody need act."""
    for one in heard:
        if one.settles(checkin) and checkin.day_from <= one.at < checkin.day_until:
            state = CheckinState.OK if one.by is SettledBy.SMS else CheckinState.TALKED
            checkins.settle(checkin, state, one.by, one.at, call_id=one.call_id)
            return
    checkin.state = CheckinState.UNREACHED if checkin.attempts_used else CheckinState.EXPIRED


def _not_called_any_more(checkin: Checkin) -> Answer:
    reason = CheckinReason.PLAN_ENDED if checkin.plan.ended_at is not None else CheckinReason.STOPPED
    if checkin.state is CheckinState.CALLING:
        # Skipped once its leg is over.
        checkin.reason = reason
    elif checkin.state in OPEN_CHECKIN_STATES:
        checkins.skip(checkin, reason)
    return Answer.UNHEARD_STOPPED


# Ladders and follow-ups


def _look_for_them(session: Session, written: HandContact, now: datetime) -> list[Answer]:
    """A ladder on which nobody was asked yet goes on; another is a person's task, urgently."""
    answers = []
    for one in written.before["ladders"]:
        held = select(Escalation).where(Escalation.id == one["id"], Escalation.over_at == written.at)
        held = held.with_for_update(of=Escalation, key_share=True).execution_options(populate_existing=True)
        ladder = session.scalars(held).one_or_none()
        if ladder is None or ladder.over_how is not EscalationEnd.HEARD:
            continue
        if one["asked"]:
            answers.append(Answer.UNHEARD_LADDER)
            continue
        ladder.state, ladder.over_at, ladder.over_how = EscalationState.CLIMBING, None, None
        ladder.next_step_at = max(now, _instant(one["next"]) or now)
    session.flush()
    return answers


def _reopen(session: Session, contact: Contact, written: HandContact, heard: Sequence[Heard]) -> None:
    """The follow-ups that it ended: open as they were, unless they were heard from otherwise."""
    asked = {one["checkin_id"] for one in written.before["ladders"] if one["asked"]}
    for one in written.before["follow_ups"]:
        session.flush()
        it = session.get_one(Contact, one["id"]) if _is_there(session, one["id"]) else None
        if it is None or any(each.is_theirs or it.kind is ContactKind.OUTREACH for each in heard):
            continue
        due_at, given_at = _instant(one["due_at"]), _instant(one["given_at"])
        if it.checkin_id in asked:
            # Its time begins anew, as when somebody else was taken for them.
            due_at, given_at = it.at, None
        values = {"follow_up": FollowUp(one["was"]), "done_at": None, "due_at": due_at, "given_at": given_at}
        done_then = Contact.follow_up == FollowUp.DONE, Contact.done_at.in_((written.at, contact.at))
        other = aliased(Contact)
        again = exists().where(
            other.person_id == contact.person_id, other.kind == ContactKind.OUTREACH, other.follow_up.in_(OPEN)
        )
        reopened = update(Contact).where(Contact.id == one["id"], *done_then)
        if it.kind is ContactKind.OUTREACH:
            reopened = reopened.where(~again)
        try:
            with session.begin_nested():
                session.execute(reopened.values(**values).execution_options(**_UNREAD))
        except IntegrityError:
            # Somebody has asked for a call anew in this very moment.
            continue
    session.expire_all()


def _is_there(session: Session, contact_id: str) -> bool:
    return session.scalars(select(Contact.id).where(Contact.id == contact_id)).one_or_none() is not None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# The person, and the log


def _last_heard(session: Session, contact: Contact, written: HandContact) -> None:
    """When they were last heard of before, unless they were since. The next one written down by hand knows it too."""
    then = max(written.heard_before, contact.at)
    back = {"last_heard_at": written.heard_before, "checkins_missed": Person.checkins_missed + written.missed_before}
    theirs = update(Person).where(Person.id == contact.person_id, Person.last_heard_at == then).values(**back)
    if changed(session, theirs.execution_options(**_UNREAD)):
        return
    by_hand = select(Contact.id).where(Contact.person_id == contact.person_id, Contact.by_hand)
    later = update(HandContact).where(
        HandContact.contact_id.in_(by_hand), HandContact.contact_id != contact.id, HandContact.heard_before == then
    )
    missed = HandContact.missed_before + written.missed_before
    values = {"heard_before": written.heard_before, "missed_before": missed}
    session.execute(later.values(**values).execution_options(**_UNREAD))


def _off_the_log(session: Session, contact: Contact, account_id: str, now: datetime) -> None:
    """The row is gone, so that nothing counts it; who wrote it down and who took it back stands with the person."""
    contact_id, person_id = contact.id, contact.person_id
    theirs = update(AccessLog).where(AccessLog.contact_id == contact_id, AccessLog.about_id.is_(None))
    session.execute(theirs.values(about_id=person_id).execution_options(**_UNREAD))
    taken_back = AccessAction.CONTACT_TAKEN_BACK
    session.add(AccessLog(at=now, account_id=account_id, action=taken_back, about_id=person_id))
    session.flush()
    session.expunge(contact)
    session.execute(delete(Contact).where(Contact.id == contact_id).execution_options(**_UNREAD))
