"""A contact that was written down by hand is taken back: it is off the log, and what it has changed is as it was.

Where that can't be, because people have acted on it or the world has moved on, the answer says so. Nobody is rung for
it by this: what may be called again is judged by the clock, as ever.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from phoneline import audit, heard_since, heard_undone
from phoneline.by_hand import Answer
from phoneline.db import changed
from phoneline.escalation_states import EscalationEnd, EscalationState
from phoneline.follow_up_states import MoveReason
from phoneline.heard_since import Heard
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    Contact,
    Escalation,
    FollowUpEnd,
    FollowUpMove,
    HandContact,
    HandSettled,
    Person,
)
from phoneline.states import (
    AccessAction,
    ContactKind,
    FollowUp,
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
    settled = session.scalars(select(HandSettled).where(HandSettled.contact_id == contact_id)).all()
    heard = [*heard_since.otherwise(session, contact, written.at), *heard_undone.said_ok(session, settled)]
    answers = [heard_undone.put_back(session, one, heard, live, now) for one in settled]
    session.flush()
    if not any(one.is_theirs for one in heard):
        answers += _look_for_them(session, written, now)
    elif written.before["ladders"]:
        answers.append(Answer.UNHEARD_SINCE)
    nobody_heard = _last_heard(session, contact, written)
    _reopen(session, contact, written, heard, outreach=nobody_heard)
    for one in settled:
        audit.acted(session, one.checkin_id, account_id, AccessAction.CHECKIN_UNHEARD, now)
    _off_the_log(session, contact, account_id, now)
    return next((one for one in _WORST_FIRST if one in answers), Answer.UNHEARD)


def _held(session: Session, contact_id: str, now: datetime) -> tuple[HandContact | None, Contact | None]:
    """The contact, held and read afresh, and what stood before it."""
    fresh = {"populate_existing": True}
    of = select(Contact).where(Contact.id == contact_id).with_for_update(of=Contact)
    contact = session.scalars(of.execution_options(**fresh)).one_or_none()
    lately = select(HandContact).where(HandContact.contact_id == contact_id, HandContact.at > now - LATELY)
    return session.scalars(lately.execution_options(**fresh)).one_or_none(), contact


def _is_taken_up(session: Session, contact: Contact) -> bool:
    """Whether somebody has done something about the follow-up that it wanted; the clock's own moves are none."""
    moved = select(FollowUpMove.id).where(FollowUpMove.contact_id == contact.id, FollowUpMove.why != MoveReason.OVERDUE)
    ended = select(FollowUpEnd.id).where(FollowUpEnd.contact_id == contact.id)
    return any(session.scalars(rows.limit(1)).first() is not None for rows in (moved, ended))


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


def _reopen(
    session: Session, contact: Contact, written: HandContact, heard: Sequence[Heard], *, outreach: bool
) -> None:
    """The follow-ups that it ended are open as they were; of whom was heard otherwise, they stay done."""
    asked = {one["checkin_id"] for one in written.before["ladders"] if one["asked"]}
    looked_for = not any(one.is_theirs for one in heard)
    for one in written.before["follow_ups"]:
        done_then = Contact.id == one["id"], Contact.done_at.in_((written.at, contact.at))
        it = session.scalars(select(Contact).where(Contact.follow_up == FollowUp.DONE, *done_then)).one_or_none()
        if it is None or not (outreach if it.kind is ContactKind.OUTREACH else looked_for):
            continue
        was, due_at, given_at = FollowUp(one["was"]), _instant(one["due_at"]), _instant(one["given_at"])
        if it.checkin_id in asked:
            # Its time begins anew, as when somebody else was taken for them.
            was, due_at, given_at = FollowUp.URGENT, it.at, None
        values = {"follow_up": was, "done_at": None, "due_at": due_at, "given_at": given_at}
        again = update(Contact).where(Contact.follow_up == FollowUp.DONE, *done_then).values(**values)
        with suppress(IntegrityError), session.begin_nested():
            # Somebody may have asked for another call to them since: one is enough.
            session.execute(again.execution_options(**_UNREAD))
    session.expire_all()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# The person, and the log


def _last_heard(session: Session, contact: Contact, written: HandContact) -> bool:
    """When they were last heard of before. False if they were since; the next one written down by hand knows it too."""
    then = max(written.heard_before, contact.at)
    back = {"last_heard_at": written.heard_before, "checkins_missed": Person.checkins_missed + written.missed_before}
    theirs = update(Person).where(Person.id == contact.person_id, Person.last_heard_at == then).values(**back)
    if changed(session, theirs.execution_options(**_UNREAD)):
        return True
    by_hand = select(Contact.id).where(Contact.person_id == contact.person_id, Contact.by_hand)
    later = update(HandContact).where(
        HandContact.contact_id.in_(by_hand), HandContact.contact_id != contact.id, HandContact.heard_before == then
    )
    missed = HandContact.missed_before + written.missed_before
    values = {"heard_before": written.heard_before, "missed_before": missed}
    session.execute(later.values(**values).execution_options(**_UNREAD))
    return False


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
