"""The volunteers on shift as one call sees them, read from the rows for `routing` to choose from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from phoneline import matching, rosters, team
from phoneline.live_settings import LiveSettings
from phoneline.missed_offers import MISSES
from phoneline.models import Call, Leg, Offer, Person, ShiftHours
from phoneline.preferences import Traits, fit
from phoneline.routing import Candidate
from phoneline.states import LegState, OfferResult

AFTER_FAILURE_SECONDS = 8
"""Where a dial failed, the carrier may be away or the number dead: it is tried again, but not at once."""
HUNG_SECONDS = 6
"""A dial that the carrier hasn't answered for so long holds up the caller no longer."""
LATE_SECONDS = 15
"""How much later than its ring and its prompt an offer may end before nobody waits for it any more."""


@dataclass
class SoFar:
    """What the present wait of a call has seen, by volunteer."""

    ringing: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    failed_lately: set[str] = field(default_factory=set)
    missed: Counter[str] = field(default_factory=Counter)
    rung: Counter[str] = field(default_factory=Counter)


def _offers(call: Call) -> Select[str, OfferResult | None, datetime, LegState]:
    """The offers of the call's present wait."""
    return (
        select(Offer.volunteer_id, Offer.result, Offer.offered_at, Leg.state)
        .join(Leg, Leg.id == Offer.leg_id)
        .where(Offer.call_id == call.id, Offer.wait_round == call.wait_round)
    )


def _rings(offered_at: datetime, leg_state: LegState, live: LiveSettings, now: datetime) -> bool:
    """Whether the caller still waits for an offer: not for a leg of which nobody knows whether it rings."""
    hung = leg_state is LegState.DIALLING and offered_at <= now - timedelta(seconds=HUNG_SECONDS)
    gone = now - timedelta(seconds=live.offer_ring_seconds + live.offer_accept_seconds + LATE_SECONDS)
    return not hung and leg_state is not LegState.UNKNOWN and offered_at > gone


def is_one_ringing(session: Session, call: Call, live: LiveSettings, now: datetime) -> bool:
    """Whether somebody on shift rings for the call."""
    still_open = session.execute(_offers(call).where(Offer.result.is_(None)))
    ringing = [one for one, _, offered_at, leg_state in still_open if _rings(offered_at, leg_state, live, now)]
    return bool(ringing) and team.is_anybody_on(session, call, now, ringing)


def so_far(session: Session, call: Call, live: LiveSettings, now: datetime) -> SoFar:
    """What has come of the offers of this wait."""
    found = SoFar()
    for volunteer_id, result, offered_at, leg_state in session.execute(_offers(call)):
        if result is None:
            if _rings(offered_at, leg_state, live, now):
                found.ringing.add(volunteer_id)
        elif result is OfferResult.DECLINED:
            found.declined.add(volunteer_id)
        elif result in MISSES:
            found.missed[volunteer_id] += 1
            found.rung[volunteer_id] += result is not OfferResult.FAILED
            if result is OfferResult.FAILED and offered_at > now - timedelta(seconds=AFTER_FAILURE_SECONDS):
                found.failed_lately.add(volunteer_id)
    return found


def _rows() -> Select[Any]:
    last = select(func.max(Offer.joined_at)).where(Offer.volunteer_id == Person.id).correlate(Person)
    return rosters.in_order(
        team.OF_CALL.add_columns(
            ShiftHours.tier,
            team.IS_FREE,
            # Of no interest where somebody can't be rung now.
            case((team.IS_FREE, last.scalar_subquery()), else_=None),
            Person.language,
            Person.speaks,
            Person.skills,
        )
    )


_ROWS = _rows()


def candidates(session: Session, call: Call, live: LiveSettings, now: datetime) -> Sequence[Candidate]:
    """Everybody on shift, in roster order."""
    wishes = matching.wishes(session, call)
    seen = so_far(session, call, live, now)
    found: dict[str, Candidate] = {}
    for person_id, tier, is_free, joined_at, language, speaks, skills in session.execute(
        _ROWS, team.asked_for(call, now)
    ):
        if person_id in found:
            continue
        found[person_id] = Candidate(
            person_id=person_id,
            tier=tier,
            free=bool(is_free) and person_id not in seen.failed_lately,
            last_connected_at=joined_at,
            order=len(found),
            ringing_for_this=person_id in seen.ringing,
            missed=seen.missed[person_id],
            rung=seen.rung[person_id],
            declined=person_id in seen.declined,
            fit=fit(wishes, Traits(person_id, {language or live.languages[0], *speaks}, skills)),
        )
    return list(found.values())
