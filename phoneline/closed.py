"""Outside the line's hours: volunteers have their rest, and the caller hears when there is somebody again.

Hold the call's row.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline.documents import closed as words
from phoneline.hours import Calendar
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Person
from phoneline.people import zone_of
from phoneline.states import CallOutcome, CallState
from phoneline.steps import Document, Say


def calendar(live: LiveSettings) -> Calendar:
    return Calendar(live.line_hours, live.closed_days, live.home.zone)


def is_closed_for(call: Call, live: LiveSettings, now: datetime) -> bool:
    """Whether nobody is rung for this call. One that began within the hours goes on; one in which they begin, too."""
    hours = calendar(live)
    return not hours.is_open(call.started_at) and not hours.is_open(now)


def greeting(session: Session, call: Call, live: LiveSettings) -> Say | None:
    """The first words of a call that came outside the hours; None within them."""
    hours = calendar(live)
    if hours.is_open(call.started_at):
        return None
    person = session.get(Person, call.person_id) if call.person_id else None
    zone = live.home.zone if person is None else zone_of(person, live.home.zone)
    return words.greeting(call, hours.next_opening(call.started_at), zone)


def choices(call: Call, live: LiveSettings, tries: int = 1) -> Document:
    return words.choices(call, live, tries)


def pass_on(call: Call, live: LiveSettings) -> Document | None:
    """Key 0: to the fallback number. None if there is none."""
    if live.home.fallback_number is None:
        return None
    if call.state is CallState.CHOOSING:
        call.crisis_reached = False
    call.state = CallState.PASSED_ON
    return words.passing_on(call, live.home.fallback_number)


def picked_up(call: Call, now: datetime) -> None:
    """Somebody is there at the fallback number; known at times only when the call is over."""
    call.crisis_reached = True
    call.way_out_at = call.way_out_at or now
    if call.outcome in {CallOutcome.INFORMATION, CallOutcome.ABANDONED}:
        call.outcome = CallOutcome.CRISIS


def passed_on(call: Call, live: LiveSettings, now: datetime, *, bridged: bool) -> Document | None:
    """The caller has come back from the fallback number. None if they weren't passed on, or never came back."""
    if bridged and call.state in {CallState.PASSED_ON, CallState.ENDED}:
        picked_up(call, now)
    if call.state is not CallState.PASSED_ON:
        return None
    if call.crisis_reached:
        return words.passed_on(call, live)
    call.state = CallState.CHOOSING
    return words.nobody_there(call, live)
