"""Whom to ask by text about hours that are given away: a few first, the others later, nobody twice or at night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import cover_notices
from phoneline.cover_suitable import suitable
from phoneline.live_settings import LiveSettings
from phoneline.models import CoverAsked, CoverRequest, Person
from phoneline.quiet_hours import quiet_until

FIRST = 5
AT_ONCE = 50
"""So many texts are written down in one go; the rest a second later."""
OTHERS_AFTER = timedelta(minutes=15)
NEAR = timedelta(hours=2)
"""Who might take what begins so soon is asked at once, all of them."""
SOON = timedelta(hours=12)
"""Nobody is woken for what begins later than that."""
A_DAY = 3
"""So many such texts a day are enough for one person, unless it begins soon."""
LOOK_AGAIN = timedelta(hours=6)
"""Somebody who couldn't be asked so far may be by then."""


@dataclass(frozen=True)
class ToAsk:
    """Who may be asked now, fairest first, and when there may be others."""

    ids: Sequence[str]
    next_at: datetime


def ask(session: Session, request: CoverRequest, found: ToAsk, live: LiveSettings, now: datetime) -> None:
    """Text those whose turn it is, each once, and say when to look again. Hold the request's row."""
    few = request.rounds == 0 and request.hours.starts_at > now + NEAR
    # Others have been asked about other requests since.
    not_now = _not_to_ask(session, request, now)
    may = [person_id for person_id in found.ids if person_id not in not_now]
    asked_now = may[: FIRST if few else AT_ONCE]
    for person_id in asked_now:
        session.add(CoverAsked(request_id=request.id, person_id=person_id, at=now))
        cover_notices.ask(session, request, session.get_one(Person, person_id), live, now)
    request.rounds += bool(asked_now)
    request.ask_at = found.next_at
    if len(asked_now) < len(may):
        request.ask_at = now + OTHERS_AFTER if few else now
    session.flush()


def to_ask(session: Session, request: CoverRequest, live: LiveSettings, now: datetime) -> ToAsk:
    """Find out, without holding anything: in a big team that takes longer than anybody should wait for."""
    begins = request.hours.starts_at
    soon = begins <= now + SOON
    not_now = _not_to_ask(session, request, now)
    may, again = [], [now + LOOK_AGAIN, *([] if soon else [begins - SOON])]
    for person in suitable(session, request.hours, live, now):
        if person.id in not_now:
            continue
        wakes = now if soon else _awake_at(person, live, now)
        if wakes <= now:
            may.append(person.id)
        else:
            again.append(wakes)
    return ToAsk(may, min(again))


def _awake_at(person: Person, live: LiveSettings, now: datetime) -> datetime:
    zone = cover_notices.zone_of(person, live)
    return quiet_until(now, zone, live.quiet_weekday, live.quiet_weekend) or now + LOOK_AGAIN


def _not_to_ask(session: Session, request: CoverRequest, now: datetime) -> set[str]:
    """Who was asked, and, unless it begins soon, who was asked about so many shifts within a day."""
    asked = set(session.scalars(select(CoverAsked.person_id).where(CoverAsked.request_id == request.id)))
    if request.hours.starts_at <= now + SOON:
        return asked
    lately = select(CoverAsked.person_id).where(CoverAsked.at > now - timedelta(days=1))
    return asked | set(session.scalars(lately.group_by(CoverAsked.person_id).having(func.count() >= A_DAY)))
