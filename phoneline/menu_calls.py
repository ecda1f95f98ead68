"""The check-in list in the volunteers' own menu: read, and the next one on it rung. Hold the call's row.

First comes whom they call by the plan, then whom nobody else calls.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import checkin_rings, conversations, lent_legs, menu_lists
from phoneline.documents import menu as words
from phoneline.live_settings import LiveSettings
from phoneline.menu_visit import Visit
from phoneline.models import Call, Checkin, Offer
from phoneline.prompts import say
from phoneline.steps import Document, Go, HangUp, Say
from phoneline.volunteer_checkin_script import what_came_of_it
from phoneline.volunteer_script import begin_to_ring, is_out, language_of, wait_for_peer


def first_one(session: Session, visit: Visit, said: Sequence[Say]) -> Document | None:
    """The list, and the first one on it who may be called now; None if there is none."""
    found = checkin_rings.callable_now(session, visit)
    return _offer(visit, found, 0, said) if found else None


def next_one(session: Session, visit: Visit) -> Document:
    """After a call: who is next."""
    found = checkin_rings.callable_now(session, visit)
    return _at(session, visit, found, 0, "menu_call_nobody")


def key(session: Session, visit: Visit, checkin_id: str, pressed: str, tries: int) -> Document:
    """1 calls them, 9 goes on to the next, # back to the menu; a wrong key hears it once more."""
    found = checkin_rings.callable_now(session, visit)
    at = next((number for number, one in enumerate(found) if one.id == checkin_id), None)
    match pressed:
        case "1" if visit.person.ready:
            return _ring(session, visit, checkin_id)
        case "0":
            return (words.to_a_person(visit.call),)
        case "#":
            return (words.to_top(visit.call),)
        case "9":
            return _at(session, visit, found, 0 if at is None else at + 1, "menu_call_over")
    if at is not None and (tries < words.MOST_TRIES or pressed == "*"):
        return _at(session, visit, found, at, "menu_call_over", tries if pressed == "*" else tries + 1)
    return (words.to_top(visit.call),)


def _ring(session: Session, visit: Visit, checkin_id: str) -> Document:
    offer = checkin_rings.begin(session, visit, checkin_id)
    if offer is None:
        return (visit.say("menu_call_not_now"), Go(words.path(visit.call, "next")))
    return begin_to_ring(session, offer.call, offer, visit.live, visit.now)


def _offer(visit: Visit, found: Sequence[Checkin], at: int, before: Sequence[Say], tries: int = 1) -> Document:
    keys = [visit.say("menu_call", name=found[at].person.known_as)]
    if at + 1 < len(found):
        keys.append(visit.say("menu_call_other"))
    return words.call_one(visit.call, (*before, *keys), found[at].id, tries)


def _at(session: Session, visit: Visit, found: Sequence[Checkin], at: int, nobody: str, tries: int = 1) -> Document:
    """The one at this place of the list; past its end these words, and the menu."""
    if at >= len(found):
        return (visit.say(nobody), words.to_top(visit.call))
    return _offer(visit, found, at, [menu_lists.checkin_said(session, visit, found[at])], tries)


def back(session: Session, call: Call, offer: Offer, live: LiveSettings, now: datetime) -> Document:
    """The volunteer has had their call: how it went, and on with the list. Hold the peer's call."""
    if not offer.leg.is_lent:
        return (HangUp(),)
    if not is_out(offer):
        return wait_for_peer(session, call, offer, 2, live, now)
    own = lent_legs.own_call(session, offer.leg)
    lent_legs.give_back(session, offer.leg, live, now)
    if own is None:
        return (HangUp(),)
    return (*_what_came_of_it(session, call, offer, live), Go(words.path(own, "next")))


def _what_came_of_it(session: Session, call: Call, offer: Offer, live: LiveSettings) -> Sequence[Say]:
    language = language_of(offer, live)
    if conversations.met(offer):
        return [say("menu_outcome_thanks", language)] if offer.outcome_at is not None else []
    return [what_came_of_it(session, call, language)]
