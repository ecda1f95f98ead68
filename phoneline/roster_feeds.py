"""Secret addresses from which calendar programs fetch shifts: made, fetched, revoked.

A calendar program can't log in, so the address itself is the key. Only its hash is kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from phoneline import rosters
from phoneline.calendar_text import Entry
from phoneline.crypto import token_hash
from phoneline.legs import new_token
from phoneline.models import Account, Person, RosterFeed, ShiftHours

BEHIND = timedelta(days=28)
FIRST_TIER = 1
_TO_THE_HOUR = timedelta(hours=1)


def make(session: Session, person_id: str | None, account_id: str, now: datetime) -> str:
    """The secret of a new address for this person's shifts, or for the whole roster. It is never to be had again."""
    token = new_token()
    session.add(RosterFeed(token_hash=token_hash(token), person_id=person_id, made_at=now, made_by=account_id))
    session.flush()
    return token


def revoke(session: Session, feed_id: str, now: datetime) -> RosterFeed | None:
    """From now on nobody reads anything there. None if there is no such address."""
    stands = update(RosterFeed).where(RosterFeed.id == feed_id, RosterFeed.revoked_at.is_(None))
    session.execute(stands.values(revoked_at=now))
    return session.get(RosterFeed, feed_id, populate_existing=True)


def standing(session: Session) -> Sequence[RosterFeed]:
    """The addresses that can be read, the oldest first."""
    found = select(RosterFeed).where(RosterFeed.revoked_at.is_(None)).options(joinedload(RosterFeed.person))
    return session.scalars(found.order_by(RosterFeed.made_at, RosterFeed.id)).all()


def of_token(session: Session, token: str) -> RosterFeed | None:
    """The address with this secret; None if there is none, it was revoked, or whose it is may not log in any more.

    Everybody's shifts are whose who made the address.
    """
    of_it = RosterFeed.token_hash == token_hash(token)
    whose = or_(
        Account.person_id == RosterFeed.person_id,
        and_(RosterFeed.person_id.is_(None), Account.id == RosterFeed.made_by),
    )
    gone = select(Account.id).where(whose, Account.ended_at.is_not(None)).exists()
    return session.scalars(select(RosterFeed).where(of_it, RosterFeed.revoked_at.is_(None), ~gone)).one_or_none()


def is_to_be_noted(feed: RosterFeed, now: datetime) -> bool:
    """Whether to remember that it is fetched now: to the hour. Programs fetch often, nobody needs to know more."""
    return feed.fetched_at is None or feed.fetched_at <= now - _TO_THE_HOUR


def was_fetched(session: Session, feed_id: str, now: datetime) -> None:
    session.execute(update(RosterFeed).where(RosterFeed.id == feed_id).values(fetched_at=now))


def entries(session: Session, person_id: str | None, now: datetime) -> Sequence[Entry]:
    """What stands in the calendar: hours of the last weeks and those ahead."""
    hours = rosters.ahead(session, now - BEHIND, now + rosters.AHEAD, person_id)
    names = _first_names(session, {one.person_id for one in hours if one.person_id}) if person_id is None else {}
    return [
        Entry(one.id, one.starts_at, one.ends_at, _title(one, names)) for one in hours if one.starts_at < one.ends_at
    ]


def _first_names(session: Session, ids: set[str]) -> dict[str, str]:
    return {one.id: one.first_name for one in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _title(hours: ShiftHours, names: dict[str, str]) -> str:
    """For the whole roster who is on; for one's own calendar that one is."""
    who = "Open shift" if hours.person_id is None else names.get(hours.person_id, "On shift")
    if hours.shadow:
        return f"{who} (sitting in)"
    return who if hours.tier == FIRST_TIER else f"{who} (backup)"
