"""Shifts in the volunteers' own menu that they may take: nobody's, or given away by others. Hold the call's row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from phoneline import assignments, cover_requests, cover_rows, menu_lists, open_shifts
from phoneline.documents import menu as words
from phoneline.menu_visit import Visit
from phoneline.models import Person, ShiftHours
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal
from phoneline.steps import Document, Say

MOST_LOOKED_AT = 3
_GONE = frozenset({Refusal.FULL, Refusal.PAST})


def first(session: Session, visit: Visit, before: Sequence[Say], silent: int = 0) -> Document:
    """The first one after these words. Who isn't ready only hears of them, but for what learners may have."""
    to_take = open_shifts.next_for(session, visit.person, None, visit.live, visit.now)
    if to_take is not None or visit.person.ready:
        return _offer_after(session, visit, None, before, silent)
    found = open_shifts.available(session, visit.person.id, visit.now)[:MOST_LOOKED_AT]
    said = [*before, *(visit.say("menu_open", when=menu_lists.when(visit, one)) for one in found)]
    return words.heard(visit.call, said)


def key(session: Session, visit: Visit, hours_id: str, pressed: str, tries: int) -> Document:
    """1 takes it, 9 goes on to the next, # back to the menu; a wrong key hears it once more."""
    match pressed:
        case "1":
            return _take(session, visit, hours_id)
        case "0":
            return (words.to_a_person(visit.call),)
        case "#":
            return (words.to_top(visit.call),)
        case "9":
            return _offer_after(session, visit, hours_id, [])
    hours = session.get(ShiftHours, hours_id)
    if hours is not None and _is_there(session, visit, hours) and (tries < words.MOST_TRIES or pressed == "*"):
        return _offer(session, visit, hours, [], tries if pressed == "*" else tries + 1)
    return (words.to_top(visit.call),)


def past(session: Session, visit: Visit, hours_id: str, silent: int) -> Document:
    """Nobody pressed a key: the next one, but not for ever."""
    if silent < words.MOST_SILENT:
        return _offer_after(session, visit, hours_id, [], silent)
    return (words.to_top(visit.call),)


def _is_there(session: Session, visit: Visit, hours: ShiftHours) -> bool:
    """Whether it is still to be taken."""
    if hours.person_id is None:
        return not hours.off and hours.ends_at > visit.now
    return hours.person_id != visit.person.id and cover_rows.open_on(session, hours.id) is not None


def _offer_after(
    session: Session, visit: Visit, hours_id: str | None, before: Sequence[Say], silent: int = 0
) -> Document:
    """The next one that they may take; past the last, the menu."""
    heard = session.get(ShiftHours, hours_id) if hours_id is not None else None
    following = open_shifts.next_for(session, visit.person, heard, visit.live, visit.now)
    if following is not None and (heard is not None or hours_id is None):
        return _offer(session, visit, following, before, silent=silent)
    return (*before, visit.say("menu_open_over"), words.to_top(visit.call))


def _offer(
    session: Session, visit: Visit, hours: ShiftHours, before: Sequence[Say], tries: int = 1, silent: int = 0
) -> Document:
    giver = session.get(Person, hours.person_id) if hours.person_id is not None else None
    when = menu_lists.when(visit, hours)
    said = visit.say("menu_open_instead", name=giver.first_name, when=when) if giver else None
    prompts = (*before, said or visit.say("menu_open", when=when), visit.say("menu_open_keys"))
    return words.open_shift(visit.call, prompts, hours.id, tries, silent)


def _take(session: Session, visit: Visit, hours_id: str) -> Document:
    """The first who presses has it. Who can't hears which limit it would break."""
    person, by, live, now = visit.person, By(person_id=visit.person.id), visit.live, visit.now
    standing = cover_rows.open_on(session, hours_id)
    if standing is not None and standing.from_id != person.id:
        taken = cover_requests.take(session, standing.id, person, by, live, now, tells_taker=False)
    else:
        taken = assignments.take(session, person, hours_id, by, live, now)
    if isinstance(taken, Refusal):
        said = "menu_open_gone" if taken in _GONE else f"refused_{taken.value}"
        return _offer_after(session, visit, hours_id, [visit.say(said)])
    return _taken(visit, taken)


def _taken(visit: Visit, hours: ShiftHours, tries: int = 1) -> Document:
    prompts = (visit.say("menu_open_taken", when=menu_lists.when(visit, hours)), visit.say("menu_open_slip"))
    return words.taken_shift(visit.call, prompts, hours.id, tries)


def taken_key(session: Session, visit: Visit, hours_id: str, pressed: str, tries: int) -> Document:
    """3 takes it back, 9 goes on to the next; a wrong key hears it once more."""
    hours = session.get(ShiftHours, hours_id)
    match pressed:
        case "0":
            return (words.to_a_person(visit.call),)
        case "#":
            return (words.to_top(visit.call),)
        case "3":
            return (visit.say(_given_back(session, visit, hours)), words.to_top(visit.call))
    is_theirs = hours is not None and hours.person_id == visit.person.id
    if hours is not None and is_theirs and pressed != "9" and (tries < words.MOST_TRIES or pressed == "*"):
        return _taken(visit, hours, tries if pressed == "*" else tries + 1)
    return _offer_after(session, visit, hours_id, [])


def _given_back(session: Session, visit: Visit, hours: ShiftHours | None) -> str:
    """A slip: whose it was has it again. What to say, the same when it is said twice."""
    if hours is None or hours.person_id != visit.person.id:
        return "menu_open_undone"
    by = By(person_id=visit.person.id)
    back = cover_requests.undo(session, hours.id, visit.person, by, visit.live, visit.now)
    return "menu_open_not_undone" if isinstance(back, Refusal) else "menu_open_undone"
