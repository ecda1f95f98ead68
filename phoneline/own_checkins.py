"""A volunteer makes a check-in from their own page: their telephone is rung first, then the peer's, and both masked.

From there on it is a check-in by a volunteer like any other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import (
    calls,
    checkin_rings,
    checkin_tries,
    checkins,
    offers,
    pauses,
    people,
    team,
    volunteer_checkins,
)
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Checkin, Person
from phoneline.states import CallState


class Answer(StrEnum):
    """What came of pressing the button."""

    RUNG = "rung"
    NOT_READY = "not_ready"
    ON_BREAK = "on_break"
    ON_THE_PHONE = "on_the_phone"
    ASKED = "asked"
    """They, or somebody else, are being rung for it already."""
    NOT_NOW = "not_now"
    """It is over or isn't theirs, or it is the peer's night."""


@dataclass(frozen=True)
class OwnList:
    """One volunteer with their list, at one moment."""

    person: Person
    line_zone: ZoneInfo
    now: datetime
    live: LiveSettings

    @property
    def zone(self) -> ZoneInfo:
        return people.zone_of(self.person, self.line_zone)


def ring(session: Session, own: OwnList, checkin_id: str) -> Answer:
    """Have the volunteer's telephone rung for it. Pressed again it rings once."""
    refused = _why_not(session, own)
    if refused is not None:
        return refused
    listed = (*checkin_rings.on_list(session, own), *checkin_rings.of_shift(session, own))
    if not any(one.id == checkin_id for one in listed):
        return Answer.NOT_NOW
    tried = checkin_tries.live_of(session, checkin_id)
    call = calls.by_id(session, tried.call_id) if tried is not None else None
    checkin = checkins.locked(session, checkin_id)
    if checkin.state not in volunteer_checkins.WAITS or not checkin_rings.may_ring(session, own, checkin):
        return Answer.NOT_NOW
    call = call or _by_themselves(session, own, checkin)
    if call is None or call.state is not CallState.SEEKING or offers.is_one_open(session, call):
        return Answer.ASKED
    # Should another call take them in this instant, the clock goes on with this one.
    rings = offers.offer_to(session, call, own.person.id, own.live, own.now)
    return Answer.RUNG if rings else Answer.ON_THE_PHONE


def _why_not(session: Session, own: OwnList) -> Answer | None:
    if not own.person.ready or not own.person.numbers:
        return Answer.NOT_READY
    if pauses.current(session, own.person.id, own.now) is not None:
        return Answer.ON_BREAK
    checkin_rings.rest_no_longer(session, own.person.id, own.now)
    return Answer.ON_THE_PHONE if team.busy(session, [own.person.id], own.now) else None


def _by_themselves(session: Session, own: OwnList, checkin: Checkin) -> Call | None:
    """A call for which nobody else is asked. None if one is under way in this very instant."""
    call = volunteer_checkins.seek(session, checkin, own.live, own.now)
    tried = checkin_tries.of_call(session, call) if call is not None else None
    if tried is not None:
        tried.by_themselves = True
        session.flush()
    return call
