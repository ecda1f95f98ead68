"""How everything stood that a contact written down by hand may change, kept beside it. `seen_undo` puts it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkins, follow_ups
from phoneline.db import insert_or_ignore
from phoneline.models import ESCALATION_STANDS, Attempt, Checkin, Contact, Escalation, HandContact, HandSettled, Person
from phoneline.states import OPEN_CHECKIN_STATES, CheckinState, FollowUp


@dataclass(frozen=True)
class Before:
    """The check-ins that were open on its day, with the attempt under way; open follow-ups; standing ladders."""

    checkins: Mapping[str, tuple[CheckinState, str | None]]
    follow_ups: Sequence[Mapping[str, Any]]
    ladders: Sequence[Mapping[str, Any]]


def look(session: Session, person_id: str, at: datetime) -> Before:
    """Before anything is changed. The check-ins are held from here on, as whoever settles them holds them."""
    that_day = Checkin.day_from <= at, Checkin.day_until > at
    mine = Checkin.person_id == person_id, Checkin.state.in_(OPEN_CHECKIN_STATES)
    held = checkins.held(session, *mine, *that_day)
    wanted = select(Contact.id, Contact.follow_up, Contact.due_at, Contact.given_at)
    theirs = session.execute(wanted.where(Contact.person_id == person_id, follow_ups.IS_OPEN)).all()
    standing = select(Escalation.id, Escalation.checkin_id, Escalation.step, Escalation.next_step_at)
    climbing = session.execute(standing.where(Escalation.person_id == person_id, ESCALATION_STANDS)).all()
    return Before(
        {one.id: (one.state, _under_way(session, one.id)) for one in held},
        [
            {"id": one.id, "was": one.follow_up.value, "due_at": _text(one.due_at), "given_at": _text(one.given_at)}
            for one in theirs
        ],
        [
            {"id": one.id, "checkin_id": one.checkin_id, "asked": one.step is not None, "next": _text(one.next_step_at)}
            for one in climbing
        ],
    )


def _under_way(session: Session, checkin_id: str) -> str | None:
    live = select(Attempt.id).where(Attempt.checkin_id == checkin_id, Attempt.over_at.is_(None))
    return session.scalars(live).one_or_none()


def last_heard(session: Session, person_id: str) -> tuple[datetime, int]:
    """When they were last heard of, and how many check-ins they have missed since. Their row is held from here on."""
    theirs = select(Person.last_heard_at, Person.checkins_missed).where(Person.id == person_id)
    found = session.execute(theirs.with_for_update(of=Person, key_share=True)).one()
    return found.last_heard_at, found.checkins_missed


def keep(session: Session, contact: Contact, before: Before, heard: tuple[datetime, int], now: datetime) -> None:
    """After everything was changed: of `before`, what isn't so any more."""
    session.flush()
    ids = [one["id"] for one in before.follow_ups]
    done = set(session.scalars(select(Contact.id).where(Contact.id.in_(ids), Contact.follow_up == FollowUp.DONE)))
    over = set(_not_any_more(session, [one["id"] for one in before.ladders]))
    ended = {
        "follow_ups": [one for one in before.follow_ups if one["id"] in done],
        "ladders": [one for one in before.ladders if one["id"] in over],
    }
    session.add(HandContact(contact_id=contact.id, at=now, heard_before=heard[0], missed_before=heard[1], before=ended))
    session.flush()
    open_still = select(Checkin.id).where(Checkin.id.in_(before.checkins), Checkin.state.in_(OPEN_CHECKIN_STATES))
    for checkin_id in before.checkins.keys() - set(session.scalars(open_still)):
        was, attempt_id = before.checkins[checkin_id]
        about = {"checkin_id": checkin_id, "contact_id": contact.id, "was": was, "attempt_id": attempt_id}
        insert_or_ignore(session, HandSettled, **about)


def _not_any_more(session: Session, ladder_ids: Sequence[str]) -> Sequence[str]:
    return session.scalars(select(Escalation.id).where(Escalation.id.in_(ladder_ids), ~ESCALATION_STANDS)).all()


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
