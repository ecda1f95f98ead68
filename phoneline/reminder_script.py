"""The keys of a volunteer who is called about a shift. Hold the reminder's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import reminders, standing_in
from phoneline.db import insert_or_ignore
from phoneline.documents import reminder as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Leg, ReminderCall, ShiftCallStop
from phoneline.steps import Document


def answered(session: Session, leg: Leg, call: ReminderCall | None, live: LiveSettings, now: datetime) -> Document:
    """Somebody or something picked up, perhaps too late."""
    if call is None or not _is_open(session, call, now):
        language = live.languages[0] if call is None else _language(call, live)
        return words.ending("reminder_over", language)
    return _question(session, leg, call, 1, live, now)


def key(
    session: Session, leg: Leg, call: ReminderCall | None, pressed: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """1 I'll come, 3 I can't, 9 don't call me about shifts; a wrong key hears the question once more."""
    if call is None or not reminders.is_still_theirs(call.reminder, now):
        return answered(session, leg, None, live, now)
    language = _language(call, live)
    match pressed:
        case "1":
            reminders.confirm(session, call.reminder, live, now)
            return words.ending("reminder_thanks", language)
        case "3":
            return _others(session, leg, call, live, now)
        case "9":
            insert_or_ignore(session, ShiftCallStop, person_id=call.reminder.person_id, since=now)
            return words.question(leg, "reminder_stopped", language)
    is_asked_again = pressed == "*" or tries < words.MOST_TRIES
    if not is_asked_again:
        return words.ending("offer_no_key", language)
    return _question(session, leg, call, tries if pressed == "*" else tries + 1, live, now)


def _others(session: Session, leg: Leg, call: ReminderCall, live: LiveSettings, now: datetime) -> Document:
    """They can't come. It stays theirs until somebody else has it, and they may think better of it."""
    if not reminders.decline(session, call.reminder, live, now):
        return words.ending("reminder_not_now", _language(call, live))
    if not reminders.is_still_theirs(call.reminder, now):
        # Somebody was waiting for it.
        return words.ending("reminder_over", _language(call, live))
    return words.question(leg, "reminder_others", _language(call, live))


def _question(
    session: Session, leg: Leg, call: ReminderCall, tries: int, live: LiveSettings, now: datetime
) -> Document:
    language = _language(call, live)
    when = reminders.said(session, call.reminder, language, live, now)
    return words.question(leg, "reminder_call", language, tries, when=when)


def _language(call: ReminderCall, live: LiveSettings) -> str:
    return call.reminder.person.language or live.languages[0]


def _is_open(session: Session, call: ReminderCall, now: datetime) -> bool:
    """Whether there still is something to ask."""
    hours = call.reminder.hours
    theirs = reminders.is_still_theirs(call.reminder, now)
    return theirs and hours.confirmed_at is None and not standing_in.is_asked(session, hours)
