"""My page: a volunteer's own. Whose login it is decides for whom something is done; no form ever does."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import current, live, me_told, me_view, queries_me, queries_shifts, shifts_view, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.me_view import NowCard
from dashboard.roster_words import Voice
from phoneline import (
    debriefs,
    owed_outcome,
    own_calls,
    own_checkins,
    own_limits,
    own_notes,
    own_state,
    practice,
    rosters,
)
from phoneline.models import Person
from phoneline.own_checkins import OwnList
from phoneline.states import ContactOutcome, Role
from phoneline.volunteer_script import OUTCOMES

SHOWN = 3
KEYS: Mapping[str, str] = {
    outcome.value: key for key, outcome in OUTCOMES.items() if outcome is not ContactOutcome.NONE
}
Result = TypeVar("Result")
group = page_group("me")
events = structlog.get_logger()


@group.get("/me")
def page() -> ResponseReturnValue:
    return _show() if _is_volunteer() else render_template("me_nobody.html")


@group.get("/me/live", endpoint="live")
def fragment() -> ResponseReturnValue:
    if not _is_volunteer():
        return "", 204
    return live.fragment("me_live.html", _now(), **_words())


@group.post("/me/shift/<act>")
def shift(act: str) -> ResponseReturnValue:
    """On shift, off shift, a break, back: as by the keys of the volunteers' own menu."""
    do = _SHIFT.get(act) or abort(404)
    return _back(_done(do, act))


@group.post("/me/check-ins/<checkin_id>/call", endpoint="call")
def ring(checkin_id: str) -> ResponseReturnValue:
    """Their own telephone rings first, then the peer's."""
    answer = _done(lambda writing, own: own_checkins.ring(writing, own, checkin_id), "call")
    return _back(f"call_{answer.value}")


@group.post("/me/calls/<offer_id>")
def say(offer_id: str) -> ResponseReturnValue:
    """How a call of theirs was, a note, or both."""
    key, note = KEYS.get(request.form.get("outcome", "")), typed.lines(request.form, "note")
    if len(note) > own_notes.LONGEST:
        return _show(wrong=offer_id, note=note), 422

    def work(writing: Session, own: OwnList) -> bool:
        kept = not note or own_notes.write(writing, own.person.id, offer_id, note, own.now)
        said = key is None or owed_outcome.give(writing, own.person.id, offer_id, key, own.now)
        return kept and said

    return _back("thanks" if _done(work, "say") else "too_late")


@group.post("/me/notes/<contact_id>")
def change(contact_id: str) -> ResponseReturnValue:
    """Another wording of what they wrote; with none it is taken back."""
    note = typed.lines(request.form, "note")
    if len(note) > own_notes.LONGEST:
        return _show(wrong=contact_id, note=note), 422
    kept = _done(lambda writing, own: own_notes.change(writing, own.person.id, contact_id, note, own.now), "note")
    return _back("note" if kept else "too_late")


@group.post("/me/debrief/<act>", endpoint="debrief")
def wish(act: str) -> ResponseReturnValue:
    """To talk with somebody about a call; or not any more."""
    do = _WISHES.get(act) or abort(404)
    _done(do, f"debrief_{act}")
    return _back(f"debrief_{act}")


@group.post("/me/practice", endpoint="practice")
def practise() -> ResponseReturnValue:
    why = _done(lambda writing, own: practice.ask(writing, own.person, own.live, own.now), "practice")
    return _back("practice" if why is None else f"practice_{why.value}")


def _go_on(writing: Session, own: OwnList) -> str:
    return "on" if own_state.go_on(writing, own.person, own.line_zone, own.now) else "apart"


def _go_off(writing: Session, own: OwnList) -> str:
    rosters.go_off_shift(writing, own.person.id, own.now)
    return "off"


def _take_break(writing: Session, own: OwnList) -> str:
    minutes = request.form.get("minutes", "")
    if minutes not in me_view.BREAKS:
        abort(400)
    length = timedelta(minutes=int(minutes)) if minutes else None
    return "break" if own_state.take_break(writing, own.person, length, own.now) else "off"


_SHIFT: Mapping[str, Callable[[Session, OwnList], str]] = {
    "on": _go_on,
    "off": _go_off,
    "break": _take_break,
    "back": _go_on,
}
_WISHES: Mapping[str, Callable[[Session, OwnList], bool]] = {
    "ask": lambda writing, own: debriefs.ask(writing, own.person, own.live, own.now),
    "off": lambda writing, own: debriefs.no_longer(writing, own.person.id, own.now),
}


def _is_volunteer() -> bool:
    person_id = known_visitor().person_id
    if person_id is None:
        return False
    with the_line().database.reading() as reading:
        return own_limits.is_volunteer(reading, person_id)


def _own(session: Session) -> OwnList:
    """Whose page it is; 404 for a login that is no volunteer's."""
    line, person_id = the_line(), known_visitor().person_id
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None or not person.has(Role.VOLUNTEER):
        abort(404)
    return OwnList(person, line.settings.timezone, line.now, line.live)


def _done(work: Callable[[Session, OwnList], Result], what: str) -> Result:
    result = the_line().database.run(lambda writing: work(writing, _own(writing)))
    visitor = known_visitor()
    events.info("own_page_act", account_id=visitor.account_id, person_id=visitor.person_id, what=what)
    return result


def _back(told: str) -> ResponseReturnValue:
    return redirect(url_for("me.page", told=told), 303)


def _now() -> NowCard:
    with the_line().database.reading() as reading:
        return me_view.now(queries_me.now(reading, _own(reading)), current.at())


def _words() -> dict[str, object]:
    return {"breaks": list(me_view.BREAKS.items()), "outcomes": me_told.outcomes(), "longest": own_notes.LONGEST}


def _show(wrong: str = "", note: str = "") -> str:
    """The page; a note that is too long comes back as it was typed."""
    line, at = the_line(), current.at()
    with line.database.reading() as reading:
        own = _own(reading)
        card = me_view.now(queries_me.now(reading, own), at)
        shifts = queries_shifts.of_volunteer(reading, own.person.id, line.live, at.now) or abort(404)
        calls = me_view.calls(own_calls.of_volunteer(reading, own.person.id, at.now), at)
        notes = me_view.notes(own_notes.of_volunteer(reading, own.person.id, at.now), at)
        _count, practised = practice.finished(reading, own.person.id)
        hours = shifts_view.build(shifts, Voice(own.person.name), at, own.line_zone)
    return render_template(
        "me.html",
        view=card,
        seen=live.fingerprint(card),
        mine=hours.mine[:SHOWN],
        to_take=[one for one in hours.to_take if one.acts][:SHOWN],
        calls=calls,
        notes=notes,
        practised=me_view.long_ago(practised, at),
        told=me_told.WORDS.get(request.args.get("told", "")),
        wrong=wrong,
        note=note,
        **_words(),
    )
