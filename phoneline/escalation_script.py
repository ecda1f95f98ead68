"""The keys of somebody whom a peer agreed to be asked. Hold the escalation's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import escalation_calls
from phoneline.documents import escalation as words
from phoneline.escalation_states import EscalationState, TellingKind
from phoneline.live_settings import LiveSettings
from phoneline.models import EscalationTelling, Leg
from phoneline.steps import Document

SAID = {"1": "escalation_taken", "2": "escalation_thanks", "9": "escalation_stopped"}
"""What follows each of their keys, the same as often as it is pressed."""


def answered(leg: Leg, telling: EscalationTelling, live: LiveSettings) -> Document:
    """Somebody or something picked up, perhaps too late."""
    escalation, contact = telling.escalation, telling.contact
    if telling.kind is TellingKind.END:
        said = words.end_words(escalation, contact, live)
        return words.told_end(said) if said else words.ending("escalation_over", escalation, contact, live)
    if telling.key is not None:
        return words.ending(SAID[telling.key], escalation, contact, live)
    if escalation.state is EscalationState.OVER or telling.over_at is not None:
        return words.ending("escalation_over", escalation, contact, live)
    return words.asking(leg, escalation, contact, live)


def key(
    session: Session, leg: Leg, telling: EscalationTelling, pressed: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """1 I'll look after it, 2 all is well, 9 don't ask me again; a wrong key hears the prompt once more."""
    escalation, contact = telling.escalation, telling.contact
    if telling.kind is TellingKind.END:
        return answered(leg, telling, live)
    escalation_calls.answer(session, telling, pressed, live, now)
    if telling.key is not None:
        return words.ending(SAID[telling.key], escalation, contact, live)
    if escalation.state is EscalationState.OVER:
        return words.ending("escalation_over", escalation, contact, live)
    if tries < words.MOST_TRIES:
        return words.asking(leg, escalation, contact, live, tries + 1)
    return words.ending("escalation_no_key", escalation, contact, live)
