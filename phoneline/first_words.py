"""A caller's first words, and what their keys do there. Hold the call's row."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import closed, menu_entry, own_plans, programme, programme_visit
from phoneline.documents import caller as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.states import CallState, Role
from phoneline.steps import Document, Go


def greeting(
    session: Session,
    call: Call,
    live: LiveSettings,
    now: datetime,
    *,
    knows_language: bool,
    is_peer: bool = False,
    tries: int = 1,
) -> Document:
    """What is said first; later, in another language, or once more."""
    shut = closed.greeting(session, call, live)
    own = words.OwnKeys(is_peer=is_peer, something_on=programme.is_anything_on(session, live.home.zone, now))
    return words.greeting(call, live, knows_language=knows_language, own=own, closed=shut, tries=tries)


_OWN_MENUS: Mapping[str, Callable[[Session, Call, LiveSettings, datetime], Document]] = {
    own_plans.KEY: own_plans.knock,
    programme_visit.KEY: programme_visit.knock,
}


def menu_key(session: Session, call: Call, key: str, tries: int, live: LiveSettings, now: datetime) -> Document:
    """A key in the first menu: a language, a person, a menu of one's own; after a wrong one it is said again."""
    if call.state in {CallState.GREETING, CallState.MENU}:
        if key == "*":
            return menu_entry.knock(session, call)
        if key in _OWN_MENUS:
            return _OWN_MENUS[key](session, call, live, now)
    chosen = words.language_keys(live).get(key)
    if call.state is CallState.GREETING and chosen is not None:
        call.language = chosen
        if closed.greeting(session, call, live) is None:
            return words.language_chosen(call, tries)
        return greeting(session, call, live, now, knows_language=True)
    if call.state is CallState.GREETING and key != "0" and tries < words.MOST_TRIES:
        known = call.person is not None and call.person.language is not None
        is_peer = call.person is not None and call.person.has(Role.PEER)
        return greeting(session, call, live, now, knows_language=known, is_peer=is_peer, tries=tries + 1)
    return (Go(words.path(call, "wait", 1)),)
