"""The keys of a volunteer who practises: those of a real call. Nothing but the practice itself is changed."""

from collections.abc import Callable, Mapping
from datetime import datetime

from phoneline.documents import menu
from phoneline.documents import practice as words
from phoneline.documents.practice import Place
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Leg, Person, Practice
from phoneline.steps import Document, Go, HangUp
from phoneline.volunteer_script import OUTCOMES


def on_leg(leg: Leg, person: Person, live: LiveSettings) -> Place:
    """Their telephone was rung."""
    base = f"/webhooks/practice/{leg.token}"
    return Place(base, HangUp(), person.language or live.languages[0], ready=person.ready)


def in_menu(call: Call, practice: Practice, *, ready: bool) -> Place:
    """They called, and go back to the menu afterwards."""
    base = menu.path(call, "practice", practice.id)
    return Place(base, Go(menu.path(call, "top", 1)), call.language, ready=ready)


def begin(place: Place) -> Document:
    return words.offered(place, 1, "practice_hello")


def turn(practice: Practice, place: Place, page: str, number: int, key: str, now: datetime) -> Document:
    """A key, or none, at a page of the practice. A page that there isn't ends it kindly."""
    take = _PAGES.get(page)
    return words.ending(place, "menu_goodbye") if take is None else take(practice, place, number, key, now)


def _offered(practice: Practice, place: Place, number: int, key: str, now: datetime) -> Document:
    match key:
        case "1":
            practice.took_at = practice.took_at or now
            return words.caller(place, 1, "practice_begin")
        case "2":
            return words.offered(place, 2, "practice_passed")
        case "9":
            return words.offered(place, 2, "practice_passed_off")
    return words.offered(place, number + 1) if number < words.MOST_TRIES else words.ending(place, "offer_no_key")


def _caller(practice: Practice, place: Place, number: int, key: str, now: datetime) -> Document:
    """In the conversation only the star does something."""
    if key == "*":
        practice.stepped_out_at = practice.stepped_out_at or now
        return words.stepped_out(place, number)
    if key == "#":
        return words.stepped_out(place, number, "practice_star_first")
    return words.caller(place, number + 1)


def _out(_practice: Practice, place: Place, number: int, key: str, _now: datetime) -> Document:
    match key:
        case "#":
            return words.outcome(place, 1)
        case "2":
            return words.caller(place, number, "practice_bring")
    return words.caller(place, number)


def _outcome(practice: Practice, place: Place, number: int, key: str, now: datetime) -> Document:
    if key in OUTCOMES:
        practice.outcome = practice.outcome or OUTCOMES[key]
    elif number < words.MOST_TRIES:
        return words.outcome(place, number + 1)
    practice.finished_at = practice.finished_at or now
    return words.summary(place, stepped_out=practice.stepped_out_at is not None, said=practice.outcome is not None)


_PAGES: Mapping[str, Callable[[Practice, Place, int, str, datetime], Document]] = {
    "offered": _offered,
    "caller": _caller,
    "out": _out,
    "outcome": _outcome,
}
