"""The words of a volunteer who makes a check-in: whose it is, what the peer shares, and how it ended.

Hold the call's row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import checkin_tries, checkins, volunteer_checkins
from phoneline.documents import callback as waiting
from phoneline.documents import volunteer as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, CheckinTry, Offer, Person
from phoneline.prompts import say
from phoneline.states import AttemptResult, CallState
from phoneline.steps import Document, Go, Say


def stands_in_for(session: Session, tried: CheckinTry, volunteer_id: str) -> Person | None:
    """The usual volunteer, where this one isn't it."""
    if tried.usual_id is None or tried.usual_id == volunteer_id:
        return None
    return session.get(Person, tried.usual_id)


def offered(session: Session, tried: CheckinTry, offer: Offer, language: str) -> Say:
    """Whom to call, by first name; in whose place. What the peer shares is for whoever has pressed 1."""
    name = tried.checkin.person.known_as
    usual = stands_in_for(session, tried, offer.volunteer_id)
    if usual is None:
        return say("offer_checkin", language, name=name)
    return say("offer_checkin_stand_in", language, name=name, volunteer=usual.first_name)


def begin(session: Session, call: Call, offer: Offer, language: str, live: LiveSettings, now: datetime) -> Document:
    """The volunteer has taken it. The peer is rung once all is said that they share: they wait for nobody then."""
    tried = checkin_tries.of_call(session, call)
    if tried is None or not tried.checkin.plan.topics:
        return go_on(session, call, offer, 1, language, live, now)
    person, topics = tried.checkin.person, tried.checkin.plan.topics
    said = say("checkin_topics", language, name=person.known_as, topics=topics)
    return (said, Go(words.path(offer.leg, "ringing", 1)))


def go_on(
    session: Session, call: Call, offer: Offer, turn: int, language: str, live: LiveSettings, now: datetime
) -> Document:
    """The volunteer waits for the peer, who is rung now if they weren't yet."""
    first = call.leg_id is None
    if volunteer_checkins.ring_peer(session, call, live, now):
        return waiting.ringing(offer.leg, language, 1 if first else turn)
    return ()


_SAID_OF: Mapping[AttemptResult | None, str] = {
    AttemptResult.LATER: "menu_call_later",
    AttemptResult.STOP: "menu_call_stopped",
}


def what_came_of_it(session: Session, call: Call, language: str) -> Say:
    """Said to the volunteer who wasn't joined."""
    attempt = checkins.of_call(session, call.id)
    if attempt is None:
        return say("menu_call_not_now", language)
    return say(_SAID_OF.get(attempt.result, "menu_call_unreached"), language)


# The peer


def here_for_you(session: Session, call: Call) -> Sequence[Say]:
    """To the peer who has said that it's them, before they are joined: who is there, and in whose place."""
    tried = checkin_tries.of_call(session, call)
    if tried is None or call.state is not CallState.CONNECTED or call.volunteer is None:
        return ()
    name = call.volunteer.first_name
    usual = stands_in_for(session, tried, call.volunteer.id)
    if usual is None:
        return (say("checkin_here", call.language, volunteer=name),)
    return (say("checkin_stand_in", call.language, usual=usual.first_name, volunteer=name),)
