"""Rows for tests: each function makes one thing, with what the test doesn't say filled in. Here is where each lies."""

from tests.factories.calls import call, callback, handover, leg, offer, open_offers
from tests.factories.checkins import attempt, checkin, checkin_try, escalation, plan, telling
from tests.factories.constants import TORONTO
from tests.factories.contacts import WAV, contact, voicemail
from tests.factories.everything import dump, some_of_everything
from tests.factories.limits import apart_decision, block, daily_limit
from tests.factories.people import agreed_contact, consent, number, opted_out, person, quick_hash
from tests.factories.programme import activity
from tests.factories.shifts import cover_need, reminder, shift
from tests.factories.texts import text_out

__all__ = [
    "TORONTO",
    "WAV",
    "activity",
    "agreed_contact",
    "apart_decision",
    "attempt",
    "block",
    "call",
    "callback",
    "checkin",
    "checkin_try",
    "consent",
    "contact",
    "cover_need",
    "daily_limit",
    "dump",
    "escalation",
    "handover",
    "leg",
    "number",
    "offer",
    "open_offers",
    "opted_out",
    "person",
    "plan",
    "quick_hash",
    "reminder",
    "shift",
    "some_of_everything",
    "telling",
    "text_out",
    "voicemail",
]
