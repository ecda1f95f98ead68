"""The third party's leg: a coordinator's keys, and the way into the room. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import conversations, handovers
from phoneline.documents import handover as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Handover
from phoneline.states import HandoverKind, HandoverResult
from phoneline.steps import Document


def _language(handover: Handover, live: LiveSettings) -> str:
    """The coordinator's own, or the line's."""
    return (handover.person.language if handover.person else None) or live.languages[0]


def answered(session: Session, handover: Handover, live: LiveSettings, now: datetime) -> Document:
    """Somebody or something picked up. A coordinator is asked for a key; an organisation can't press one."""
    if not handovers.is_wanted(handover):
        return over(handover, live)
    if handover.kind is HandoverKind.COORDINATOR and handover.answered_at is None:
        return words.screening(handover.leg, _language(handover, live), live)
    return come_in(session, handover, live, now)


def key(session: Session, handover: Handover, pressed: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """1 comes in, 2 passes; a wrong key gets the prompt once more."""
    language = _language(handover, live)
    if pressed == "2" and handover.result in {None, HandoverResult.DECLINED} and handover.answered_at is None:
        handovers.decline(handover)
        return words.ending("offer_passed", language)
    if not handovers.is_wanted(handover):
        return over(handover, live)
    if pressed == "1":
        return come_in(session, handover, live, now)
    if tries < words.MOST_TRIES:
        return words.screening(handover.leg, language, live, tries + 1)
    return words.ending("offer_no_key", language)


def come_in(session: Session, handover: Handover, live: LiveSettings, now: datetime) -> Document:
    """Into the room, or once more around while the caller is on hold."""
    if not handovers.is_wanted(handover):
        return over(handover, live)
    handover.answered_at = handover.answered_at or now
    language = _language(handover, live)
    if conversations.third_joins(session, handover.call, handover, now):
        return words.join(handover.leg, handover.call, language)
    return words.hold(handover.leg, language)


def over(handover: Handover, live: LiveSettings) -> Document:
    """The caller has gone, or needs nobody any more."""
    prompt = "offer_over" if handover.joined_at is None else "caller_gone"
    return words.ending(prompt, _language(handover, live))


def leg_over(session: Session, handover: Handover, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The third party's leg has ended."""
    was_there = handovers.is_in_room(handover)
    handovers.leg_ended(session, handover, live, at, now)
    if was_there:
        conversations.third_left(session, handover.call, handover, at, now)
