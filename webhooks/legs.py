"""A leg that we placed: answered, on its way, over, or answered by a machine."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import (
    alarm_script,
    alarms,
    callback_script,
    checkin_script,
    escalation_calls,
    escalation_script,
    handover_script,
    handovers,
    legs,
    offers,
    practice,
    practice_script,
    progress,
    reminder_script,
    reminders,
    volunteer_script,
)
from phoneline.documents import safe
from phoneline.line import Line
from phoneline.live_settings import LiveSettings
from phoneline.models import Leg
from phoneline.states import LegPurpose
from phoneline.steps import Document, HangUp
from webhooks import forms
from webhooks.twiml import answer, nothing

Result = TypeVar("Result")


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/legs/`. An address or id that isn't the leg's has no effect."""
    pages = Blueprint("legs", __name__, url_prefix="/webhooks/legs")

    @pages.post("/<token>/answered")
    def answered(token: str) -> Response:
        live, now, machine = line.live, line.now, forms.machine_answered()

        def greet(session: Session, leg: Leg) -> Document:
            leg.answered_at = leg.answered_at or now
            leg.machine = leg.machine or machine
            return _first_words(session, leg, live, now)

        return answer(_with_leg(line, token, greet) or (HangUp(),), line.settings)

    @pages.post("/<token>/status")
    def status(token: str) -> Response:
        word, now, machine = forms.call_status(), line.now, forms.machine_answered()
        at, live = forms.happened_at(now), line.live

        def follow(session: Session, leg: Leg) -> None:
            leg.machine = leg.machine or machine
            if word is not None:
                progress.told(session, leg, word, live, at, now)

        _with_leg(line, token, follow)
        return nothing()

    @pages.post("/<token>/machine")
    def machine(token: str) -> Response:
        live, now, greeting_over = line.live, line.now, forms.greeting_over()
        if forms.machine_answered():
            _with_leg(
                line,
                token,
                lambda session, leg: progress.machine_answered(session, leg, live, now, greeting_over=greeting_over),
            )
        return nothing()

    @pages.post("/fallback")
    def fallback() -> Response:
        return answer(safe.for_other_legs(line.safe_language), line.settings)

    return pages


def _first_words(  # noqa: PLR0911 - one for each purpose
    session: Session, leg: Leg, live: LiveSettings, now: datetime
) -> Document:
    """What is said to whoever or whatever has picked up."""
    match leg.purpose:
        case LegPurpose.OFFER:
            offer = offers.of_leg(session, leg)
            return volunteer_script.answered(session, offer.call, offer, live)
        case LegPurpose.HANDOVER:
            return handover_script.answered(session, handovers.of_leg(session, leg), live, now)
        case LegPurpose.ALARM:
            return alarm_script.answered(leg, alarms.hold(session, leg), live)
        case LegPurpose.ESCALATION:
            return escalation_script.answered(leg, escalation_calls.hold(session, leg), live)
        case LegPurpose.REMINDER:
            return reminder_script.answered(session, leg, reminders.hold(session, leg), live, now)
        case LegPurpose.PRACTICE:
            practised = practice.hold(session, leg)
            if practised is None:
                return (HangUp(),)
            return practice_script.begin(practice_script.on_leg(leg, practised.person, live))
        case LegPurpose.CHECKIN:
            return checkin_script.ask_who(session, progress.call_of(session, leg), 1, live)
        case LegPurpose.CALLBACK:
            return callback_script.ask_who(session, progress.call_of(session, leg), 1, live, now)
        case _:
            return (HangUp(),)


def _with_leg(line: Line, token: str, work: Callable[[Session, Leg], Result]) -> Result | None:
    """`work` on the leg of the address, what it serves held; None when the request's leg is another."""
    sid, now = forms.call_sid(), line.now

    def find(session: Session) -> Result | None:
        leg = legs.by_token(session, token)
        if leg is None or not progress.heard_of(session, leg, sid, now):
            return None
        return work(session, leg)

    return line.database.run(find)
