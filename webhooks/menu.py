"""The volunteers' own menu on a caller's leg: its door, and its keys."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import (
    calls,
    menu_calls,
    menu_entry,
    menu_letter,
    menu_messages,
    menu_more,
    menu_open_shifts,
    menu_recording,
    menu_shifts,
    pins,
    takes,
    volunteer_menu,
)
from phoneline.line import Line
from phoneline.menu_entry import Claim
from phoneline.menu_visit import Visit
from phoneline.models import Call
from phoneline.states import CallState
from phoneline.steps import Document, HangUp
from webhooks import forms
from webhooks.callers import this_call
from webhooks.twiml import answer, nothing

Work = Callable[[Session, Call], Claim | Document]
Inside = Callable[[Session, Visit], Document]


def blueprint(line: Line) -> Blueprint:  # noqa: C901 - a list of views, each of them simple
    """Everything under `/webhooks/menu/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint("menu", __name__, url_prefix="/webhooks/menu/<token>")
    door = _Door(line)

    @pages.post("/number/<int:tries>")
    def number(token: str, tries: int) -> Response:
        digits, line_number = forms.digits(), line.settings.line_number

        def work(session: Session, call: Call) -> Document:
            return menu_entry.number_keyed(session, call, digits, tries, line_number)

        return door.say(token, work)

    @pages.post("/pin/<int:tries>")
    def pin(token: str, tries: int) -> Response:
        live, now, digits = line.live, line.now, forms.digits()
        claim = door.turn(token, lambda session, call: menu_entry.claim(session, call, tries, live, now))
        if not isinstance(claim, Claim):
            return answer(claim, line.settings)
        # Takes long on purpose, so nothing is held meanwhile.
        right = pins.proves(claim.pin_hash, digits)

        def work(session: Session, call: Call) -> Document:
            person = menu_entry.enter(session, call, tries, claim, now) if right else None
            if person is None:
                return menu_entry.refused(session, call, tries)
            return volunteer_menu.begin(session, Visit(call, person, line.settings.timezone, now, live))

        return door.say(token, work)

    @pages.post("/top/<int:tries>")
    def top(token: str, tries: int) -> Response:
        return door.inside(token, lambda session, visit: volunteer_menu.top(session, visit, tries))

    @pages.post("/key/<int:tries>")
    def key(token: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: volunteer_menu.key(session, visit, pressed, tries))

    @pages.post("/outcome/<offer_id>/<int:tries>")
    def outcome(token: str, offer_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(
            token, lambda session, visit: volunteer_menu.outcome_key(session, visit, offer_id, pressed, tries)
        )

    @pages.post("/message/<contact_id>/<int:tries>")
    def message(token: str, contact_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_messages.key(session, visit, contact_id, pressed, tries))

    _shift_pages(pages, door)
    _list_pages(pages, door)
    _recording_pages(pages, line, door)
    _more_pages(pages, door)
    return pages


def _more_pages(pages: Blueprint, door: "_Door") -> None:
    """A wish to talk, and a call to practise within the menu."""

    @pages.post("/more/<int:tries>")
    def more(token: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_more.key(session, visit, pressed, tries))

    @pages.post("/practice/<practice_id>/<page>/<int:number>")
    def practise(token: str, practice_id: str, page: str, number: int) -> Response:
        pressed = forms.key()
        return door.inside(
            token, lambda session, visit: menu_more.practise(session, visit, practice_id, page, number, pressed)
        )


def _shift_pages(pages: Blueprint, door: "_Door") -> None:
    """Their own shifts and those to take, one by one: a key at one of them, or none."""

    @pages.post("/shift/<hours_id>/<int:tries>")
    def own_shift(token: str, hours_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_shifts.key(session, visit, hours_id, pressed, tries))

    @pages.post("/past-shift/<hours_id>/<int:number>")
    def past_shift(token: str, hours_id: str, number: int) -> Response:
        return door.inside(token, lambda session, visit: menu_shifts.past(session, visit, hours_id, number))

    @pages.post("/open/<hours_id>/<int:tries>")
    def open_shift(token: str, hours_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_open_shifts.key(session, visit, hours_id, pressed, tries))

    @pages.post("/past-open/<hours_id>/<int:number>")
    def past_open(token: str, hours_id: str, number: int) -> Response:
        return door.inside(token, lambda session, visit: menu_open_shifts.past(session, visit, hours_id, number))

    @pages.post("/proposal/<proposal_id>/<int:tries>")
    def proposal(token: str, proposal_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_letter.key(session, visit, proposal_id, pressed, tries))

    @pages.post("/taken/<hours_id>/<int:tries>")
    def taken_shift(token: str, hours_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(
            token, lambda session, visit: menu_open_shifts.taken_key(session, visit, hours_id, pressed, tries)
        )


def _list_pages(pages: Blueprint, door: "_Door") -> None:
    """The check-in list: who is next, and a key at one of them."""

    @pages.post("/next")
    def next_one(token: str) -> Response:
        return door.inside(token, menu_calls.next_one)

    @pages.post("/call/<checkin_id>/<int:tries>")
    def call_one(token: str, checkin_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_calls.key(session, visit, checkin_id, pressed, tries))


def _recording_pages(pages: Blueprint, line: Line, door: "_Door") -> None:
    """A prompt is chosen, spoken in, heard back, and kept or not."""

    @pages.post("/record/<int:tries>")
    def record_which(token: str, tries: int) -> Response:
        live, digits = line.live, forms.digits()
        return door.inside(
            token, lambda session, visit: menu_recording.number_keyed(session, visit, digits, tries, live)
        )

    @pages.post("/record/<prompt>/<int:tries>")
    def record_language(token: str, prompt: str, tries: int) -> Response:
        live, pressed = line.live, forms.key()
        return door.inside(
            token, lambda session, visit: menu_recording.language_key(session, visit, prompt, pressed, tries, live)
        )

    @pages.post("/record/<prompt>/<language>/<int:number>")
    def record_now(token: str, prompt: str, language: str, number: int) -> Response:
        pressed = forms.key()
        return door.inside(
            token, lambda session, visit: menu_recording.begin(session, visit, prompt, language, number, pressed)
        )

    @pages.post("/take/<take_id>/recorded")
    def take_recorded(token: str, take_id: str) -> Response:
        sid = forms.recording_sid()
        return door.inside(token, lambda session, visit: menu_recording.recorded(session, visit, take_id, sid))

    @pages.post("/take/<take_id>/turn/<int:number>")
    def take_turn(token: str, take_id: str, number: int) -> Response:
        return door.inside(token, lambda session, visit: menu_recording.turn(session, visit, take_id, number))

    @pages.post("/take/<take_id>/key/<int:tries>")
    def take_key(token: str, take_id: str, tries: int) -> Response:
        pressed = forms.key()
        return door.inside(token, lambda session, visit: menu_recording.key(session, visit, take_id, pressed, tries))

    @pages.post("/take/<take_id>/recording")
    def take_recording(token: str, take_id: str) -> Response:
        """Also after the call's end: there may be something to delete at the carrier's."""
        sid, now = forms.recording_sid(), line.now

        def note(session: Session) -> None:
            call = this_call(session, line, token)
            take = takes.held(session, call, take_id) if call is not None else None
            if take is not None:
                takes.told(take, sid, now)

        line.database.run(note)
        return nothing()


class _Door:
    """Lets turns happen on the call of an address that is in the menu; any other goes on where it stands."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def turn(self, token: str, take: Work) -> Claim | Document:
        live, now = self._line.live, self._line.now

        def work(session: Session) -> Claim | Document:
            call = this_call(session, self._line, token)
            if call is None:
                return (HangUp(),)
            if call.state is not CallState.MENU:
                return calls.next_step(session, call, 1, live, now)
            return take(session, call)

        return self._line.database.run(work)

    def say(self, token: str, take: Callable[[Session, Call], Document]) -> Response:
        document = self.turn(token, take)
        return answer((HangUp(),) if isinstance(document, Claim) else document, self._line.settings)

    def inside(self, token: str, take: Inside) -> Response:
        """A turn of somebody who has been let in; whoever has not is asked who they are."""
        now, zone, live = self._line.now, self._line.settings.timezone, self._line.live

        def work(session: Session, call: Call) -> Document:
            person = menu_entry.visitor(session, call)
            if person is None:
                return menu_entry.knock(session, call)
            return take(session, Visit(call, person, zone, now, live))

        return self.say(token, work)
