"""What a coordinator does about one check-in from the day sheet: skip, restore, move, call now, mark as heard from.

Each looks once more at what is there with the row held: of two who press at once one has an effect, and the other is
told. What is done stands in the access log with the login that did it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    audit,
    checkin_layout,
    checkin_tries,
    checkins,
    follow_ups,
    hand_contacts,
    holding,
    occasions,
    plan_settings,
    seen,
    volunteer_checkins,
)
from phoneline.db import Job, after_commit
from phoneline.holding import Hold
from phoneline.live_settings import LiveSettings
from phoneline.models import Checkin, Contact
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    AccessAction,
    CheckinReason,
    CheckinState,
    ContactKind,
    PlanKind,
    SettledBy,
)


class Answer(StrEnum):
    """What came of it. Of all but `DONE` the first ones, nothing was changed."""

    SKIPPED = "skipped"
    RESTORED = "restored"
    MOVED = "moved"
    MOVED_INTO_QUIET = "moved_into_quiet"
    """Moved, but held until their quiet hours are over."""
    RUNG = "rung"
    VOLUNTEER_RUNG = "volunteer_rung"
    HEARD = "heard"
    UNHEARD = "unheard"
    """They weren't: all is as it was."""
    UNHEARD_LATE = "unheard_late"
    """As it was, and by now too late to call: somebody's task."""
    UNHEARD_SINCE = "unheard_since"
    """They have been in touch otherwise since: nobody calls."""
    UNHEARD_STOPPED = "unheard_stopped"
    """Their plan was ended since, or they said no: nobody calls."""
    UNHEARD_LADDER = "unheard_ladder"
    """Whoever was asked about them was told that it is over: an urgent follow-up, and nobody is asked again."""

    BEING_CALLED = "being_called"
    ABOUT_TO = "about_to"
    """It is due already: rung as soon as it is its turn."""
    PROMISED = "promised"
    """They asked to talk with someone: that is somebody's task, not the clock's."""
    OVER = "over"
    ANOTHER_DAY = "another_day"
    NOT_THEN = "not_then"
    """A time that has passed, or one on another day of theirs."""
    NEVER_CALLED_THEN = "never_called_then"
    """Their quiet hours would outlast the time in which it may be called."""
    NO_CONSENT = "no_consent"
    PAUSED = "paused"
    USED_UP = "used_up"
    NOBODY_FREE = "nobody_free"
    """No volunteer can be asked to call in this moment."""
    ASKED = "asked"
    """A volunteer is being asked already."""
    QUIET = "quiet"
    CAP = "cap"
    OWN_CAP = "own_cap"
    ON_THE_PHONE = "on_the_phone"
    TAKEN_UP = "taken_up"
    """Somebody has taken up what was wanted there."""
    NOT_ANY_MORE = "not_any_more"
    """Taken back already, or too long ago."""


DONE = frozenset(
    {
        Answer.SKIPPED,
        Answer.RESTORED,
        Answer.MOVED,
        Answer.MOVED_INTO_QUIET,
        Answer.RUNG,
        Answer.VOLUNTEER_RUNG,
        Answer.HEARD,
        Answer.UNHEARD,
        Answer.UNHEARD_LATE,
        Answer.UNHEARD_SINCE,
        Answer.UNHEARD_STOPPED,
        Answer.UNHEARD_LADDER,
    }
)
_HELD = {
    Hold.QUIET: Answer.QUIET,
    Hold.CAP: Answer.CAP,
    Hold.OWN_CAP: Answer.OWN_CAP,
    Hold.ON_THE_PHONE: Answer.ON_THE_PHONE,
}


def skip(session: Session, checkin_id: str, account_id: str, now: datetime) -> Answer:
    if not occasions.skip(session, checkin_id, CheckinReason.BY_HAND):
        return _why_not(checkins.locked(session, checkin_id))
    audit.acted(session, checkin_id, account_id, AccessAction.CHECKIN_SKIPPED, now)
    return Answer.SKIPPED


def restore(session: Session, checkin_id: str, account_id: str, live: LiveSettings, now: datetime) -> Answer:
    """Take a skip by hand back, as long as the call may still be made."""
    checkin = checkins.locked(session, checkin_id)
    if not _agreed(session, checkin):
        return Answer.NO_CONSENT
    if checkin.plan.ended_at is not None or not occasions.unskip(session, checkin_id, now - _grace(live)):
        return _why_not(checkin)
    audit.acted(session, checkin_id, account_id, AccessAction.CHECKIN_RESTORED, now)
    return Answer.RESTORED


def move(session: Session, checkin_id: str, at: datetime, account_id: str, live: LiveSettings, now: datetime) -> Answer:
    """To another time of the same day of theirs."""
    checkin = checkins.locked(session, checkin_id)
    if not now < at or not checkin.day_from <= at < checkin.day_until:
        return Answer.NOT_THEN
    quiet_end = holding.quiet_end(checkin, live, live.home.zone, at)
    if quiet_end > at + _grace(live):
        return Answer.NEVER_CALLED_THEN
    if not occasions.move(session, checkin_id, at):
        return _why_not(checkin)
    audit.acted(session, checkin_id, account_id, AccessAction.CHECKIN_MOVED, now)
    return Answer.MOVED_INTO_QUIET if quiet_end > at else Answer.MOVED


def call_now(session: Session, checkin_id: str, account_id: str, live: LiveSettings, now: datetime) -> Answer:
    """Its next attempt is due at once, or a volunteer is rung for it who makes such calls.

    Never in their quiet hours nor beyond a cap: a click is no reason for either.
    """
    checkin = checkins.locked(session, checkin_id)
    refused = _not_to_be_called(session, checkin, live, now)
    if refused is not None:
        return refused
    held = holding.what_holds(session, checkin, live, live.home.zone, now)
    if held is not None:
        return _HELD[held.by]
    if checkin.kind is PlanKind.VOLUNTEER:
        return _have_a_volunteer_call(session, checkin, account_id, live, now)
    if checkin.attempt_due_at <= now and checkin.dial_after <= now:
        return Answer.ABOUT_TO
    occasions.move(session, checkin_id, now)
    after_commit(session, Job("place_calls"))
    audit.acted(session, checkin_id, account_id, AccessAction.CHECKIN_CALLED, now)
    return Answer.RUNG


def _have_a_volunteer_call(
    session: Session, checkin: Checkin, account_id: str, live: LiveSettings, now: datetime
) -> Answer:
    if checkin_tries.live_of(session, checkin.id) is not None:
        return Answer.ASKED
    if not volunteer_checkins.begin(session, checkin, live, now):
        return Answer.NOBODY_FREE
    audit.acted(session, checkin.id, account_id, AccessAction.CHECKIN_CALLED, now)
    return Answer.VOLUNTEER_RUNG


def _not_to_be_called(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> Answer | None:
    if checkin.state not in OPEN_CHECKIN_STATES or checkin.state is CheckinState.CALLING or checkin.hands_off_at:
        return _why_not(checkin)
    reasons = {
        Answer.ANOTHER_DAY: not checkin.day_from <= now < checkin.day_until,
        Answer.NO_CONSENT: not _agreed(session, checkin),
        Answer.PAUSED: checkin_layout.is_paused(checkin.plan, now),
        Answer.USED_UP: checkin.attempts_used >= plan_settings.attempts(checkin.plan, live),
    }
    return next((answer for answer, holds in reasons.items() if holds), None)


def heard(session: Session, checkin_id: str, kind: ContactKind, account_id: str, now: datetime) -> Answer:
    """Somebody met them or spoke with them: settled, and what rings is ended."""
    checkin = checkins.locked(session, checkin_id)
    if checkin.state not in OPEN_CHECKIN_STATES:
        return Answer.OVER
    if not checkin.day_from <= now < checkin.day_until:
        return Answer.ANOTHER_DAY
    before = hand_contacts.look(session, checkin.person_id, now)
    if not checkins.heard_from(session, checkin.person_id, SettledBy.COORDINATOR, now):
        return Answer.BEING_CALLED
    _finish_follow_up(session, checkin, now)
    seen.log_heard(session, checkin.person_id, kind, before, now)
    audit.acted(session, checkin_id, account_id, AccessAction.CHECKIN_HEARD, now)
    return Answer.HEARD


def _finish_follow_up(session: Session, checkin: Checkin, now: datetime) -> None:
    """Whoever was to call them needn't any more."""
    promised = select(Contact.id).filter_by(checkin_id=checkin.id, kind=ContactKind.CHECKIN)
    for contact_id in session.scalars(promised).all():
        follow_ups.finish(session, contact_id, now)


def _why_not(checkin: Checkin) -> Answer:
    if checkin.state is CheckinState.CALLING:
        return Answer.BEING_CALLED
    return Answer.PROMISED if checkin.state in OPEN_CHECKIN_STATES else Answer.OVER


def _agreed(session: Session, checkin: Checkin) -> bool:
    return checkin_layout.is_agreed(session, checkin.plan)


def _grace(live: LiveSettings) -> timedelta:
    return timedelta(seconds=live.checkin_grace_seconds)
