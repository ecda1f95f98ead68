"""Open shifts in the volunteers' own menu: read one by one, to be taken or passed over. Hold the call's row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from phoneline import assignments, menu_lists, open_shifts
from phoneline.documents import menu as words
from phoneline.menu_visit import Visit
from phoneline.models import ShiftHours
from phoneline.own_shifts import Stretch
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal
from phoneline.steps import Document, Go, Say

MOST_LOOKED_AT = 3
GONE = frozenset({Refusal.PAST, Refusal.FULL})


def offered(session: Session, visit: Visit, before: Sequence[Say]) -> Document | None:
    """The first open shift after these words; None if there is none to be taken."""
    found = open_shifts.takeable(session, visit.person.id, visit.live, visit.now)
    return _offer(visit, found[0], before) if found else None


def looked_at(session: Session, visit: Visit) -> Sequence[Say]:
    """What somebody hears who isn't ready to take any."""
    if visit.person.ready:
        return []
    found = open_shifts.available(session, visit.person.id, visit.now)[:MOST_LOOKED_AT]
    return [visit.say("menu_open", when=_when(visit, one)) for one in found]


def key(session: Session, visit: Visit, hours_id: str, pressed: str, tries: int) -> Document:
    """1 takes it, 9 goes on to the next, # back to the menu; a wrong key hears it once more."""
    match pressed:
        case "1":
            return _take(session, visit, hours_id)
        case "0":
            return (words.to_a_person(visit.call),)
        case "#":
            return (_back(visit),)
        case "9":
            return _next(session, visit, hours_id, [])
    hours = session.get(ShiftHours, hours_id)
    if hours is not None and hours.person_id is None and (tries < words.MOST_TRIES or pressed == "*"):
        return _offer(visit, hours, [], tries if pressed == "*" else tries + 1)
    return (_back(visit),)


def _take(session: Session, visit: Visit, hours_id: str) -> Document:
    taken = assignments.take(session, visit.person, hours_id, By(visit.person.id), visit.live, visit.now)
    if isinstance(taken, Refusal):
        why = "menu_open_gone" if taken in GONE else f"refused_{taken}"
        return _next(session, visit, hours_id, [visit.say(why)])
    return _next(session, visit, hours_id, [visit.say("menu_open_taken", when=_when(visit, taken))])


def _next(session: Session, visit: Visit, hours_id: str, before: Sequence[Say]) -> Document:
    following = open_shifts.after(session, visit.person.id, hours_id, visit.live, visit.now)
    if following is not None:
        return _offer(visit, following, before)
    return (*before, visit.say("menu_open_over"), _back(visit))


def _offer(visit: Visit, hours: ShiftHours, before: Sequence[Say], tries: int = 1) -> Document:
    prompts = (*before, visit.say("menu_open", when=_when(visit, hours)), visit.say("menu_open_keys"))
    return words.open_shift(visit.call, prompts, hours.id, tries)


def _back(visit: Visit) -> Go:
    return Go(words.path(visit.call, "top", 1))


def _when(visit: Visit, hours: ShiftHours) -> str:
    return menu_lists.said(Stretch(hours.starts_at, hours.ends_at), visit.now, visit.zone, visit.call.language)
