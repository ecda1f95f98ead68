"""The turns of a caller's leg, and of a peer's who wants to talk now."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import calls, closed, first_words, progress, used_up
from phoneline.documents import caller as words
from phoneline.line import Line
from phoneline.models import Call
from phoneline.steps import Document, Go
from webhooks import forms
from webhooks.turns import take_turn
from webhooks.twiml import nothing

Turn = Callable[[Session, Call], Document]
Taking = Callable[[str, Turn], Response]


def this_call(session: Session, line: Line, token: str) -> Call | None:
    """The call of the address, held; None when the request's leg is not that call's."""
    call = calls.locked(session, token)
    if call is None:
        return None
    if call.leg is not None and call.carrier_sid is None:
        return call if progress.heard_of(session, call.leg, forms.call_sid(), line.now) else None
    return call if call.carrier_sid == forms.call_sid() else None


def blueprint(line: Line) -> Blueprint:
    """Everything under `/webhooks/calls/<token>/`. Stale addresses hear nothing and end."""
    pages = Blueprint("callers", __name__, url_prefix="/webhooks/calls/<token>")

    def turn(token: str, take: Turn) -> Response:
        return take_turn(line, lambda session: this_call(session, line, token), take)

    _waiting_pages(pages, line, turn)
    _conversation_pages(pages, line, turn)
    _message_pages(pages, line, turn)
    _closed_pages(pages, line, turn)
    return pages


def _waiting_pages(pages: Blueprint, line: Line, turn: Taking) -> None:
    """From the first words to a way out."""

    @pages.post("/menu/<int:tries>")
    def menu_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: first_words.menu_key(session, call, key, tries, live, now))

    @pages.post("/wait/<int:number>")
    def wait(token: str, number: int) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.own_turn(session, call, number, live, now))

    @pages.post("/next")
    def next_step(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.next_step(session, call, 2, live, now))

    @pages.post("/wait-key/<int:number>")
    def wait_key(token: str, number: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: calls.waiting_key(session, call, key, number, live, now))

    @pages.post("/choice/<int:tries>")
    def choice_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: calls.choice_key(session, call, key, tries, live, now))

    @pages.post("/used-up/<int:tries>")
    def used_up_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: used_up.key(session, call, key, tries, live, now))

    @pages.post("/message")
    def message(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.leave_message(session, call, live, now))


def _conversation_pages(pages: Blueprint, line: Line, turn: Taking) -> None:
    """The room, and what follows when the volunteer has gone."""

    @pages.post("/left/<int:tries>")
    def left_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return turn(token, lambda session, call: calls.left_key(session, call, key, tries, live, now))

    @pages.post("/stay")
    def stay(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.stay(session, call, live, now))

    @pages.post("/after")
    def after(token: str) -> Response:
        # The carrier also asks this when we redirect the leg, and throws the answer away: so nothing changes here.
        return turn(token, lambda _session, call: (Go(words.path(call, "alone")),))

    @pages.post("/alone")
    def alone(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.alone(session, call, live, now))


def _message_pages(pages: Blueprint, line: Line, turn: Taking) -> None:
    """The recorder and after it, and what the carrier tells of recordings and rooms."""

    @pages.post("/tone")
    def tone(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.recorder_begins(session, call, live, now))

    @pages.post("/recorded")
    def recorded(token: str) -> Response:
        return turn(token, lambda _session, call: words.recorded(call))

    @pages.post("/recording")
    def recording(token: str) -> Response:
        sid, seconds, now = forms.recording_sid(), forms.whole_number("RecordingDuration"), line.now

        def note(session: Session) -> None:
            call = this_call(session, line, token)
            if call is not None and sid:
                calls.recording_known(session, call, sid, seconds, now)

        line.database.run(note)
        return nothing()

    @pages.post("/room")
    def room(token: str) -> Response:
        now = line.now

        def note(session: Session) -> None:
            call = calls.locked(session, token)
            if call is not None:
                calls.ask_soon(session, call, now)

        if forms.left_room():
            line.database.run(note)
        return nothing()


def _closed_pages(pages: Blueprint, line: Line, turn: Taking) -> None:
    """Outside the line's hours: the fallback number, and what follows."""

    @pages.post("/picked-up")
    def picked_up(token: str) -> Response:
        now, caller_sid = line.now, forms.parent_sid()

        def note(session: Session) -> None:
            call = calls.locked(session, token)
            if call is not None and call.carrier_sid == caller_sid:
                closed.picked_up(call, now)

        line.database.run(note)
        return nothing()

    @pages.post("/passed-on")
    def passed_on(token: str) -> Response:
        live, now, bridged = line.live, line.now, forms.bridged()
        return turn(token, lambda session, call: calls.passed_on(session, call, live, now, bridged=bridged))

    @pages.post("/numbers-heard")
    def numbers_heard(token: str) -> Response:
        live, now = line.live, line.now
        return turn(token, lambda session, call: calls.numbers_heard(session, call, live, now))
