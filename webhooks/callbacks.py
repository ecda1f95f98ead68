"""The turns of a call-back: the number keyed in, the peer's keys, and the volunteer who waits for the peer."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from phoneline import callback_script as script
from phoneline import callbacks
from phoneline.line import Line
from phoneline.models import Call
from phoneline.steps import Document, HangUp
from phoneline.volunteer_script import wait_for_peer
from webhooks import forms
from webhooks.callers import this_call
from webhooks.turns import take_turn
from webhooks.volunteers import this_offer

Turn = Callable[[Session, Call], Document]


def blueprint(line: Line) -> Blueprint:
    """`/webhooks/callbacks/<token>/` and one page each of the caller's and the volunteer's leg."""
    pages = Blueprint("callbacks", __name__, url_prefix="/webhooks")

    def turn(token: str, take: Turn) -> Response:
        return take_turn(line, lambda session: this_call(session, line, token), take)

    def peers_turn(token: str, take: Turn) -> Response:
        return turn(token, lambda session, call: take(session, call) if callbacks.is_try(call) else (HangUp(),))

    @pages.post("/calls/<token>/number/<int:tries>")
    def number(token: str, tries: int) -> Response:
        live, now, digits = line.live, line.now, forms.digits()
        return turn(token, lambda session, call: script.number_keyed(session, call, digits, tries, live, now))

    @pages.post("/callbacks/<token>/who/<int:tries>")
    def who(token: str, tries: int) -> Response:
        live, now = line.live, line.now
        return peers_turn(token, lambda session, call: script.ask_who(session, call, tries, live, now))

    @pages.post("/callbacks/<token>/who-key/<int:tries>")
    def who_key(token: str, tries: int) -> Response:
        live, now, key = line.live, line.now, forms.key()
        return peers_turn(token, lambda session, call: script.who_key(session, call, key, tries, live, now))

    @pages.post("/callbacks/<token>/silent")
    def silent(token: str) -> Response:
        return peers_turn(token, lambda _session, call: script.silent(call))

    @pages.post("/offers/<token>/ringing/<int:number>")
    def ringing(token: str, number: int) -> Response:
        live, now = line.live, line.now
        return take_turn(
            line,
            lambda session: this_offer(session, line, token),
            lambda session, found: wait_for_peer(session, *found, number, live, now),
        )

    return pages
