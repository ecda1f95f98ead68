"""What the keys of the volunteers' own menu do. Hold the call's row; `menu_entry` has let the person in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from phoneline import (
    checkin_rings,
    menu_calls,
    menu_letter,
    menu_lists,
    menu_messages,
    menu_more,
    menu_recording,
    menu_shifts,
    owed_outcome,
    own_shifts,
    own_state,
    pauses,
    rosters,
)
from phoneline.documents import menu as words
from phoneline.menu_visit import Visit
from phoneline.steps import Document, Say

BREAK = timedelta(hours=1)
MOST_CHOICES = 4


def begin(session: Session, visit: Visit) -> Document:
    """The first words inside: what is still to be said of the last call comes before anything else."""
    hello = (visit.say("menu_hello", name=visit.person.first_name),)
    owed = owed_outcome.of_volunteer(session, visit.person.id, visit.now)
    return (*hello, *(words.outcome_owed(visit.call, owed.id, 1) if owed else top(session, visit, 1)))


def top(session: Session, visit: Visit, tries: int) -> Document:
    """Where the volunteer stands, and the choices."""
    return words.top(visit.call, (_status(session, visit), *_choices(session, visit)), tries)


def _status(session: Session, visit: Visit) -> Say:
    if not visit.person.ready:
        return visit.say("menu_not_ready")
    hours = own_shifts.ahead(session, visit.person.id, visit.now)
    if hours and hours[0].has_begun(visit.now):
        paused = pauses.current(session, visit.person.id, visit.now)
        if paused is None:
            return visit.say("menu_on", time=visit.until(hours[0].ends_at))
        return visit.say("menu_break", time=visit.until(paused.until)) if paused.until else visit.say("menu_paused")
    if hours:
        return visit.say("menu_off_next", when=menu_lists.said(hours[0], visit.now, visit.zone, visit.call.language))
    return visit.say("menu_off")


def _choices(session: Session, visit: Visit) -> Sequence[Say]:
    """At most four, what matters now first."""
    keys: Sequence[str] = ()
    if visit.person.ready:
        on = own_shifts.on_until(session, visit.person.id, visit.now) is not None
        paused = pauses.current(session, visit.person.id, visit.now) is not None
        keys = _SHIFT_CHOICES[on, paused]
    first = [*map(visit.say, keys), *menu_messages.choice(session, visit), *menu_letter.choice(session, visit)]
    # Whoever is on shift, with messages to hear, is not told of shifts: the key does what it always does.
    rest = [visit.say("menu_shifts"), *menu_recording.choice(visit), visit.say("menu_checkins")]
    # What is rare is spoken where there is room.
    return [*first, *rest[max(0, len(first) + len(rest) - MOST_CHOICES) :], visit.say("menu_more")][:MOST_CHOICES]


_SHIFT_CHOICES: Mapping[tuple[bool, bool], Sequence[str]] = {
    (True, False): ("menu_go_off", "menu_take_break"),
    (True, True): ("menu_come_back", "menu_go_off"),
    (False, False): ("menu_go_on",),
    (False, True): ("menu_go_on",),
}
"""By whether the volunteer is on shift, and paused."""


def key(session: Session, visit: Visit, pressed: str, tries: int) -> Document:
    """A key in the menu; a wrong one gets it said once more, then a kind end."""
    if pressed == menu_recording.KEY and menu_recording.may(visit):
        return menu_recording.which(visit.call)
    if pressed in _ACTIONS:
        return _ACTIONS[pressed](session, visit)
    return top(session, visit, tries + 1) if tries < words.MOST_TRIES else words.goodbye(visit.call)


def _go_on(session: Session, visit: Visit) -> Document:
    if not own_state.go_on(session, visit.person, visit.line_zone, visit.now):
        return (visit.say("refused_apart"), *top(session, visit, 1))
    return top(session, visit, 1)


def _go_off(session: Session, visit: Visit) -> Document:
    rosters.go_off_shift(session, visit.person.id, visit.now)
    return top(session, visit, 1)


def _take_break(session: Session, visit: Visit) -> Document:
    """Pressed again it goes on as it is."""
    paused = pauses.current(session, visit.person.id, visit.now)
    if paused is None or paused.until is None:
        own_state.take_break(session, visit.person, BREAK, visit.now)
    return top(session, visit, 1)


def _shifts(session: Session, visit: Visit) -> Document:
    return menu_shifts.begin(session, visit)


def _checkins(session: Session, visit: Visit) -> Document:
    lists = checkin_rings.on_list(session, visit), checkin_rings.of_shift(session, visit)
    said = menu_lists.checkins_said(session, visit, *lists)
    return menu_calls.first_one(session, visit, said) or words.heard(visit.call, said)


def _messages(session: Session, visit: Visit) -> Document:
    return menu_messages.begin(session, visit) if visit.person.ready else top(session, visit, 1)


def _letter(session: Session, visit: Visit) -> Document:
    return menu_letter.begin(session, visit)


def _more(_session: Session, visit: Visit) -> Document:
    return menu_more.begin(visit)


def _again(session: Session, visit: Visit) -> Document:
    return top(session, visit, 1)


def _done(_session: Session, visit: Visit) -> Document:
    return words.goodbye(visit.call)


def _person(_session: Session, visit: Visit) -> Document:
    return (words.to_a_person(visit.call),)


_ACTIONS: dict[str, Callable[[Session, Visit], Document]] = {
    "1": _go_on,
    "9": _go_off,
    "6": _take_break,
    "2": _shifts,
    "3": _checkins,
    "4": _messages,
    menu_letter.KEY: _letter,
    menu_more.KEY: _more,
    "*": _again,
    "#": _done,
    "0": _person,
}


def outcome_key(session: Session, visit: Visit, offer_id: str, pressed: str, tries: int) -> Document:
    """How the last call was, in the keys of the menu after a conversation; a wrong key gets the question once more."""
    if owed_outcome.give(session, visit.person.id, offer_id, pressed, visit.now):
        return (visit.say("menu_outcome_thanks"), *top(session, visit, 1))
    if tries < words.MOST_TRIES:
        return words.outcome_owed(visit.call, offer_id, tries + 1)
    return top(session, visit, 1)
