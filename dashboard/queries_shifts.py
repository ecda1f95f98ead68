"""One volunteer's shifts, and those that they could have, in a fixed number of queries. Nothing of callers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from phoneline import cover_requests, own_limits, shift_refusals
from phoneline.cover_states import CoverKind, SwapState
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, RosterChange, ShiftHours, Unavailable
from phoneline.roster_states import RosterAct
from phoneline.rosters import AHEAD
from phoneline.shift_states import Standing
from phoneline.states import Role

OTHERS_AHEAD = timedelta(days=14)
"""Shifts that others have are shown so far ahead."""
MOST_HOURS = 300


@dataclass(frozen=True)
class InReturn:
    """What somebody offers for hours that are given away."""

    id: str
    name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Asked:
    """Whoever has the hours asks whether somebody else takes them."""

    id: str
    kind: CoverKind
    offers: Sequence[InReturn]


@dataclass(frozen=True)
class Row:
    """Hours, and whose they are."""

    id: str
    starts_at: datetime
    ends_at: datetime
    tier: int
    person_id: str | None
    name: str | None
    shadow: bool
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Found:
    """What the page of a volunteer's shifts is made of."""

    person_id: str
    name: str
    readiness: own_limits.Readiness
    standing: Standing
    rows: Sequence[Row]
    away: Sequence[Unavailable]
    asked: Mapping[str, Asked] = field(default_factory=dict)
    """By the hours that it is about."""
    waits_for: frozenset[str] = frozenset()
    """Hours of others that they would have, should they become free."""
    may_undo: frozenset[str] = frozenset()
    """Hours that came to them so lately that they can go back."""


def of_volunteer(session: Session, person_id: str, live: LiveSettings, now: datetime) -> Found | None:
    """None if nobody, or no volunteer, has this id."""
    person = session.get(Person, person_id)
    if person is None or not person.has(Role.VOLUNTEER):
        return None
    rows = _rows(session, person_id, now)
    return Found(
        asked=_asked(session, rows),
        waits_for=frozenset(one.id for one in cover_requests.waited_for(session, person, now)),
        may_undo=_may_undo(session, person_id, now),
        person_id=person_id,
        name=person.name,
        readiness=own_limits.readiness(person),
        standing=shift_refusals.standing(session, person_id, (now, now + AHEAD), live),
        rows=rows,
        away=own_limits.times(session, person_id, live, now),
    )


def _asked(session: Session, rows: Sequence[Row]) -> Mapping[str, Asked]:
    standing = cover_requests.open_by_hours(session, [row.id for row in rows if row.person_id is not None])
    return {
        hours_id: Asked(
            request.id,
            request.kind,
            [
                InReturn(offer.id, offer.person.name, offer.hours.starts_at, offer.hours.ends_at)
                for offer in request.offers
                if offer.state is SwapState.OPEN
            ],
        )
        for hours_id, request in standing.items()
    }


def _may_undo(session: Session, person_id: str, now: datetime) -> frozenset[str]:
    came = select(RosterChange).where(
        RosterChange.to_id == person_id,
        RosterChange.act.in_([RosterAct.TAKEN, RosterAct.GIVEN]),
        RosterChange.at > now - cover_requests.GIVE_BACK,
        RosterChange.undone_at.is_(None),
    )
    return frozenset(
        change.hours_id
        for change in session.scalars(came)
        if change.hours_id is not None
        and (change.at > now - cover_requests.UNDO or not (change.by_person_id or change.by_account_id))
    )


def _rows(session: Session, person_id: str, now: datetime) -> Sequence[Row]:
    """Theirs and nobody's as far as they are laid out, others' for two weeks; none that are off or over."""
    near = ShiftHours.starts_at < now + OTHERS_AHEAD
    found = session.execute(
        select(
            ShiftHours.id,
            ShiftHours.starts_at,
            ShiftHours.ends_at,
            ShiftHours.tier,
            ShiftHours.person_id,
            Person.name,
            ShiftHours.shadow,
            ShiftHours.confirmed_at,
        )
        .join(Person, Person.id == ShiftHours.person_id, isouter=True)
        .where(ShiftHours.ends_at > now, ~ShiftHours.off, ShiftHours.starts_at < now + AHEAD)
        .where(or_(ShiftHours.person_id == person_id, ShiftHours.person_id.is_(None), near))
        .order_by(ShiftHours.starts_at, ShiftHours.tier, ShiftHours.id)
        .limit(MOST_HOURS)
    )
    return [Row(*row) for row in found]
