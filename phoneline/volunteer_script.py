"""The volunteer's keys: offered a call, stepped out of a conversation, and after it. Hold the call's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import callbacks, calls, checkin_tries, conversations, offers
from phoneline import volunteer_checkin_script as checkin_words
from phoneline.documents import callback as callback_words
from phoneline.documents import volunteer as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Offer
from phoneline.prompts import say
from phoneline.states import (
    WINNABLE_CALL_STATES,
    CallState,
    ContactOutcome,
    LegEnd,
    OfferResult,
)
from phoneline.steps import Document, Say

OUTCOMES = {
    "1": ContactOutcome.FINE,
    "2": ContactOutcome.FOLLOW_UP,
    "3": ContactOutcome.URGENT,
    "4": ContactOutcome.WRONG_NUMBER,
    "#": ContactOutcome.NONE,
}


def language_of(offer: Offer, live: LiveSettings) -> str:
    """The volunteer's own, or the line's."""
    return offer.volunteer.language or live.languages[0]


def is_out(offer: Offer) -> bool:
    """Whether the volunteer is in no conversation: it is over, or never was theirs."""
    return offer.conversation_ended_at is not None or offer.result is not OfferResult.ACCEPTED


def answered(session: Session, call: Call, offer: Offer, live: LiveSettings) -> Document:
    """Somebody or something picked up the volunteer's phone, perhaps too late."""
    if offer.result is None and call.state in WINNABLE_CALL_STATES:
        return words.screening(offer.leg, _offered(session, call, offer, live), live)
    return too_late(session, call, offer, live)


def _offered(session: Session, call: Call, offer: Offer, live: LiveSettings) -> Say:
    language = language_of(offer, live)
    if call.state is not CallState.SEEKING:
        return say("offer", language)
    tried = checkin_tries.of_call(session, call)
    if tried is not None:
        return checkin_words.offered(session, tried, offer, language)
    return say("offer_by_hand" if callbacks.is_by_hand(session, call) else "offer_callback", language)


def too_late(session: Session, call: Call, offer: Offer, live: LiveSettings) -> Document:
    """A kind word for who picked up and isn't needed any more."""
    if call.state in {CallState.CONNECTED, CallState.ASIDE, CallState.RINGING}:
        prompt = "offer_taken"
    else:
        prompt = "offer_over" if checkin_tries.of_call(session, call) is None else "offer_checkin_over"
    return words.ending(prompt, language_of(offer, live))


def offer_key(
    session: Session, call: Call, offer: Offer, key: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """1 takes the call, 2 passes, 9 passes and goes off shift; a wrong key gets the prompt once more."""
    language = language_of(offer, live)
    match key:
        case "1" if offers.accept(session, offer, call, now):
            if call.state is CallState.RINGING:
                return begin_to_ring(session, call, offer, live, now)
            return words.join(offer.leg, call)
        case "2" | "9" if offer.result in {None, OfferResult.DECLINED}:
            offers.decline(session, offer, and_go_off=key == "9", now=now)
            offers.offer_next(session, call, live, now)
            return words.ending("offer_passed" if key == "2" else "offer_passed_off", language)
    if offer.result is not None:
        return too_late(session, call, offer, live)
    if tries < words.MOST_TRIES:
        return words.screening(offer.leg, _offered(session, call, offer, live), live, tries + 1)
    return words.ending("offer_no_key", language)


def begin_to_ring(session: Session, call: Call, offer: Offer, live: LiveSettings, now: datetime) -> Document:
    """The volunteer waits while the peer is rung, whom they call or who asked to be called back."""
    if checkin_tries.of_call(session, call) is not None:
        return checkin_words.begin(session, call, offer, language_of(offer, live), live, now) or _not_needed(
            session, call, offer, live, now
        )
    if callbacks.ring_peer(session, call, live, now):
        return callback_words.ringing(offer.leg, language_of(offer, live), 1, _missed(session, call))
    return _not_needed(session, call, offer, live, now)


def _missed(session: Session, call: Call) -> str | None:
    """The name of a peer whom nobody reached at the agreed time: whoever calls by hand has to know."""
    found = callbacks.of_call(session, call)
    by_hand = found is not None and found[1].escalation_id is not None
    return call.person.known_as if by_hand and call.person is not None else None


def _not_needed(session: Session, call: Call, offer: Offer, live: LiveSettings, now: datetime) -> Document:
    """Nobody is to be rung any more."""
    calls.end(session, call, now, live, now, LegEnd.CANCELLED)
    return ask_outcome(session, offer, 1, live)


def wait_for_peer(session: Session, call: Call, offer: Offer, turn: int, live: LiveSettings, now: datetime) -> Document:
    """Whoever has taken a call-back or a check-in asks whether the peer has come."""
    if is_out(offer):
        return ask_outcome(session, offer, 1, live)
    language = language_of(offer, live)
    if call.state is not CallState.RINGING:
        return words.join(offer.leg, call)
    if checkin_tries.of_call(session, call) is None:
        return callback_words.ringing(offer.leg, language, turn)
    return checkin_words.go_on(session, call, offer, turn, language, live, now) or _not_needed(
        session, call, offer, live, now
    )


def ask_outcome(session: Session, offer: Offer, tries: int, live: LiveSettings) -> Document:
    """How was the call? Nothing is asked where the two never met."""
    offer.nudge_at = None
    if offer.result is not OfferResult.ACCEPTED or not conversations.met(offer):
        if checkin_tries.of_call(session, offer.call) is not None:
            language = language_of(offer, live)
            came_of_it = checkin_words.what_came_of_it(session, offer.call, language)
            return words.over(offer.leg, came_of_it, say("outcome_thanks", language))
        unreached = callbacks.is_try(offer.call) and offer.call.answered_at is None
        return words.over(
            offer.leg, say("callback_unreached" if unreached else "caller_gone", language_of(offer, live))
        )
    return words.outcome(offer.leg, language_of(offer, live), tries)


def outcome_key(
    session: Session, call: Call, offer: Offer, key: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """1 fine, 2 follow-up, 3 urgent, 4 wrong number, # skip; a wrong key gets the prompt once more."""
    if offer.conversation_ended_at is None:
        return words.ending("outcome_thanks", language_of(offer, live))
    if key in OUTCOMES:
        conversations.record_outcome(session, call, offer, OUTCOMES[key], now)
        return words.over(offer.leg, say("outcome_thanks", language_of(offer, live)))
    if tries < words.MOST_TRIES:
        return ask_outcome(session, offer, tries + 1, live)
    return words.over(offer.leg, say("outcome_thanks", language_of(offer, live)))
