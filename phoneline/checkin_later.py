"""A peer who said who they are and "later": told when they are called again, and choosing another time by keys.

Hold the call's row.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import checkins, later_time, next_call, plan_settings, spoken
from phoneline.documents import checkin as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Call, Checkin
from phoneline.people import zone_of
from phoneline.states import AttemptResult, CheckinState
from phoneline.steps import Document


def said(call: Call, attempt: Attempt, live: LiveSettings, now: datetime) -> Document:
    """After key 3, which holds already. A stranger doesn't hear when somebody is called."""
    checkin = attempt.checkin
    if attempt.identified_at is None and checkin.attempts_used >= plan_settings.attempts(checkin.plan, live):
        # That was the last attempt: nothing is promised.
        return words.ending("callback_later", call)
    if attempt.identified_at is None or not _may_choose(attempt):
        return words.ending("checkin_later", call)
    return words.later(call, _when(attempt.checkin, live, now), 1)


def time_keyed(
    session: Session, call: Call, attempt: Attempt, digits: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """Another time, if it is one at which they can be called; else what was said before still holds."""
    checkin = checkins.locked(session, attempt.checkin_id)
    if attempt.identified_at is None or not _may_choose(attempt):
        return words.ending("checkin_over", call)
    zone = zone_of(checkin.person, live.home.zone)
    following = next_call.of_person(session, checkin.person, live, now, but=checkin)
    possible = [at for at in later_time.keyed(digits, zone, now) if following is None or at < following]
    at = later_time.not_quiet(possible, checkin.plan, zone, live)
    refusal = None
    if at is not None:
        checkins.put_off(checkin, at, zone)
    else:
        refusal = "checkin_time_quiet" if possible else "checkin_time_unfit"
    return words.later(call, _when(checkin, live, now), tries + 1, refusal)


def _may_choose(attempt: Attempt) -> bool:
    """Whether this call's "later" is still what the check-in waits for."""
    checkin = attempt.checkin
    waits = checkin.state is CheckinState.WAITING and checkin.attempts[-1].id == attempt.id
    return waits and attempt.result is AttemptResult.LATER


def _when(checkin: Checkin, live: LiveSettings, now: datetime) -> str:
    zone = zone_of(checkin.person, live.home.zone)
    return spoken.when(checkin.attempt_due_at, now, zone, checkin.attempts[-1].call.language)
