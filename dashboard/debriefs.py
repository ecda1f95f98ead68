"""Volunteers who would like to talk with somebody about a call: who sees to it, and that it was done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline import debriefs
from phoneline.models import Account, Debrief
from phoneline.volunteer_states import DebriefState

group = page_group("debriefs")
events = structlog.get_logger()


@dataclass(frozen=True)
class DebriefLine:
    """A wish, how long it stands, and who sees to it."""

    id: str
    person_id: str
    who: str
    when: str
    state: str
    taken: bool
    done: bool


def standing(session: Session, at: Moment) -> Sequence[DebriefLine]:
    """What stands, the longest wait first, and what was just done."""
    found = debriefs.standing(session, at.now)
    takers = {one.taken_by for one in found if one.taken_by}
    logins = select(Account.id, Account.email).where(Account.id.in_(takers))
    emails = dict(session.execute(logins).all()) if takers else {}
    return [
        DebriefLine(
            one.id,
            one.person_id,
            one.person.name,
            _("since %(when)s", when=at.moment(one.asked_at)),
            _state(one, emails.get(one.taken_by or "")),
            taken=one.state is DebriefState.TAKEN,
            done=one.state is DebriefState.DONE,
        )
        for one in found
    ]


def _state(one: Debrief, email: str | None) -> str:
    if one.state is DebriefState.ASKED:
        return _("would like to talk with somebody about a call")
    if one.state is DebriefState.DONE:
        return _("has talked with somebody, or needs it no more")
    return _("%(who)s talks with them", who=email) if email else _("somebody talks with them")


@group.post("/debriefs/<debrief_id>/<act>")
def change(debrief_id: str, act: str) -> ResponseReturnValue:
    """Take it on, say that it was done, or take that back. Nobody sees to their own."""
    do = _ACTS.get(act) or abort(404)
    line, visitor = the_line(), known_visitor()
    with line.database.transaction() as writing:
        found = writing.get(Debrief, debrief_id) or abort(404)
        if found.person_id == visitor.person_id:
            abort(403)
        if do(writing, debrief_id, visitor.account_id):
            events.info("debrief", account_id=visitor.account_id, debrief_id=debrief_id, what=act)
    return redirect(url_for("now.page", _anchor="talk"), 303)


def _take(writing: Session, debrief_id: str, account_id: str) -> bool:
    return debriefs.take(writing, debrief_id, account_id, the_line().now)


def _done(writing: Session, debrief_id: str, account_id: str) -> bool:
    return debriefs.done(writing, debrief_id, account_id, the_line().now)


def _undo(writing: Session, debrief_id: str, _account_id: str) -> bool:
    return debriefs.not_done(writing, debrief_id, the_line().now)


_ACTS: Mapping[str, Callable[[Session, str, str], bool]] = {"take": _take, "done": _done, "undo": _undo}
