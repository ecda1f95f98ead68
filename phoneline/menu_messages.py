"""Callers' messages in the volunteers' own menu: how many wait, then each played, oldest first. Hold the call's row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from phoneline import listening, spoken
from phoneline.documents import menu as words
from phoneline.listening import WaitingMessage
from phoneline.menu_visit import Visit
from phoneline.steps import Document, Say


def choice(session: Session, visit: Visit) -> Sequence[Say]:
    """The choice is spoken while there is something to hear."""
    return [visit.say("menu_messages")] if _waiting(session, visit) else []


def begin(session: Session, visit: Visit) -> Document:
    """How many wait, and the oldest."""
    found = _waiting(session, visit)
    if not found:
        return (visit.say("menu_no_messages"), words.to_top(visit.call))
    how_many = "menu_one_message" if len(found) == 1 else "menu_some_messages"
    return _first(session, visit, found, [visit.say(how_many, count=str(len(found)))])


def key(session: Session, visit: Visit, contact_id: str, pressed: str, tries: int) -> Document:
    """1 goes on to the next, * plays it again, # back to the menu; a wrong key hears the choices once more."""
    match pressed:
        case "1":
            return _next(session, visit, contact_id, [])
        case "*":
            return _again(session, visit, contact_id)
        case "0":
            return (words.to_a_person(visit.call),)
    if (
        pressed == "#"
        or tries >= words.MOST_TRIES
        or all(one.contact_id != contact_id for one in _waiting(session, visit))
    ):
        return (words.to_top(visit.call),)
    return words.message_keys(visit.call, contact_id, tries + 1)


def _waiting(session: Session, visit: Visit) -> Sequence[WaitingMessage]:
    """Whoever isn't ready for calls yet hears no callers' messages either."""
    return listening.waiting(session, visit.person.id) if visit.person.ready else []


def _again(session: Session, visit: Visit, contact_id: str) -> Document:
    this = [one for one in _waiting(session, visit) if one.contact_id == contact_id]
    if not this:
        return _next(session, visit, contact_id, [visit.say("menu_message_gone")])
    return _first(session, visit, this, [])


def _next(session: Session, visit: Visit, contact_id: str, before: Sequence[Say]) -> Document:
    """The one left after this, which may have been seen to meanwhile."""
    place = listening.place(session, contact_id)
    later = [one for one in _waiting(session, visit) if place is not None and one.place > place]
    return _first(session, visit, later, before)


def _first(session: Session, visit: Visit, found: Sequence[WaitingMessage], before: Sequence[Say]) -> Document:
    """Play the first of these."""
    for one in found:
        path = listening.play(session, one.contact_id, visit.person.id, visit.now)
        if path is not None:
            left = spoken.when(one.left_at, visit.now, visit.zone, visit.call.language)
            head = visit.say("menu_message_urgent" if one.urgent else "menu_message", when=left)
            return words.message(visit.call, (*before, head), path, one.contact_id)
    return (*before, visit.say("menu_messages_over"), words.to_top(visit.call))
