"""A volunteer would like to talk with somebody about a call: asked by key or on a page, and never lost.

It stands on the coordinators' first page until one of them says that it was done.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Update, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from phoneline import duty, texts
from phoneline.db import changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import DEBRIEF_IS_OPEN, Debrief, Offer, Person
from phoneline.prompts import say
from phoneline.states import TextPurpose
from phoneline.volunteer_states import DebriefState

LATELY = timedelta(days=3)
"""It is about the last conversation, if that was so lately."""
UNDO = timedelta(minutes=30)
"""So long what was done by a slip can be taken back."""
MOST = 50


def ask(session: Session, person: Person, live: LiveSettings, now: datetime) -> bool:
    """Write the wish down, and tell the coordinator on duty. False if it stands already."""
    last = (
        select(Offer.call_id)
        .where(Offer.volunteer_id == person.id, Offer.joined_at > now - LATELY)
        .order_by(Offer.joined_at.desc())
        .limit(1)
    )
    about = {"person_id": person.id, "call_id": session.scalars(last).first()}
    if not insert_or_ignore(session, Debrief, **about, state=DebriefState.ASKED, asked_at=now):
        return False
    for coordinator_id in duty.to_alarm(session, now, person.id)[:1]:
        reader = session.get_one(Person, coordinator_id)
        words = say("text_debrief", reader.language or live.languages[0], name=person.first_name)
        texts.write_down(session, reader, TextPurpose.NOTICE, words.text, now)
    return True


def of_volunteer(session: Session, person_id: str) -> Debrief | None:
    """Their wish that still stands."""
    return session.scalars(select(Debrief).where(Debrief.person_id == person_id, DEBRIEF_IS_OPEN)).one_or_none()


def standing(session: Session, now: datetime) -> Sequence[Debrief]:
    """All that stand, the longest wait first; at the end those that were just done."""
    shown = or_(DEBRIEF_IS_OPEN, Debrief.done_at > now - UNDO)
    rows = select(Debrief).options(joinedload(Debrief.person)).where(shown)
    return session.scalars(rows.order_by(Debrief.done_at.is_not(None), Debrief.asked_at, Debrief.id).limit(MOST)).all()


def take(session: Session, debrief_id: str, account_id: str, now: datetime) -> bool:
    """A coordinator sees to it. False if somebody was first."""
    asked = update(Debrief).where(Debrief.id == debrief_id, Debrief.state == DebriefState.ASKED)
    return _changed(session, asked.values(state=DebriefState.TAKEN, taken_by=account_id, taken_at=now))


def done(session: Session, debrief_id: str, account_id: str, now: datetime) -> bool:
    """Somebody has talked with them."""
    stands = update(Debrief).where(Debrief.id == debrief_id, DEBRIEF_IS_OPEN)
    taken_at = func.coalesce(Debrief.taken_at, now)
    return _changed(
        session, stands.values(state=DebriefState.DONE, done_at=now, taken_at=taken_at, taken_by=account_id)
    )


def not_done(session: Session, debrief_id: str, now: datetime) -> bool:
    """That was a slip: it stands again, unless they have asked anew since."""
    found = session.get(Debrief, debrief_id)
    if found is None or found.done_at is None or found.done_at <= now - UNDO:
        return False
    if of_volunteer(session, found.person_id) is not None:
        return False
    slip = update(Debrief).where(Debrief.id == debrief_id, Debrief.state == DebriefState.DONE)
    return _changed(session, slip.values(state=DebriefState.TAKEN, done_at=None))


def no_longer(session: Session, person_id: str, now: datetime) -> bool:
    """The volunteer needs it no more; their own word."""
    theirs = update(Debrief).where(Debrief.person_id == person_id, DEBRIEF_IS_OPEN)
    return _changed(session, theirs.values(state=DebriefState.DONE, done_at=now, taken_at=now))


def _changed(session: Session, statement: Update) -> bool:
    return changed(session, statement.execution_options(synchronize_session="fetch")) == 1
