"""The page of one volunteer's shifts and limits: their own, and for a coordinator who acts for them.

What is done is done for `Actor.person_id` and nobody else: the address, or the login, says who that is, never a form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import current, queries_shifts, roster_words, rule_words, shift_acts, shifts_view, typed, work_limit_form
from dashboard.current import known_visitor, the_line
from dashboard.roster_words import Voice
from dashboard.shift_acts import Doing
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from dashboard.work_limit_form import AwayForm, LimitsForm
from phoneline import own_limits, shift_refusals
from phoneline.models import Person, WorkLimit
from phoneline.recurrence import wall
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal
from phoneline.work_limits import Limits

TOO_MANY = N_("So many times stand here already. Please take some off first.")
events = structlog.get_logger()


@dataclass(frozen=True)
class Actor:
    """For whom something is done, and whether it is they who do it."""

    person_id: str
    own: bool

    @property
    def by(self) -> By:
        return By(person_id=self.person_id) if self.own else By(account_id=known_visitor().account_id)

    @property
    def page(self) -> str:
        return url_for("my_shifts.page") if self.own else url_for("roster_person.page", person_id=self.person_id)

    def at(self, act: str) -> str:
        """The address of an act."""
        if self.own:
            return url_for("my_shifts.act", act=act)
        return url_for("roster_person.act", person_id=self.person_id, act=act)


def show(actor: Actor, problem: str = "", limits: LimitsForm | None = None, away: AwayForm | None = None) -> str:
    """The page, with what could not be done, or with a form that came back with something to mend."""
    line = the_line()
    at, zone = current.at(), line.settings.timezone
    with line.database.reading() as reading:
        found = queries_shifts.of_volunteer(reading, actor.person_id, line.live, at.now) or abort(404)
    voice = Voice(found.name, actor.own)
    return render_template(
        "shifts.html",
        view=shifts_view.build(found, voice, at, zone),
        line_clock=zone.key if zone != at.zone else "",
        voice=voice,
        actor=actor,
        problem=problem,
        limits=limits or work_limit_form.of_limits(found.standing.limits),
        limits_opened=limits is not None,
        away=away or AwayForm(),
        days=list(enumerate(rule_words.DAYS.values())),
        today=wall(at.now, zone).date().isoformat(),
    )


def act(actor: Actor, name: str) -> ResponseReturnValue:
    """Do what a button says. What is refused comes back with the reason; again changes nothing."""
    if name in _FORMS:
        return _FORMS[name](actor)
    do = {**shift_acts.ACTS, **({} if actor.own else shift_acts.FOR_OTHERS)}.get(name) or abort(404)
    line, by, sent = the_line(), actor.by, request.form.to_dict()

    def work(writing: Session) -> tuple[object, str, Limits]:
        person = writing.get(Person, actor.person_id) or abort(404)
        result = do(Doing(writing, person, by, sent, line.live, line.now))
        return result, person.name, shift_refusals.of_row(writing.get(WorkLimit, actor.person_id))

    result, name_of, limits = line.database.run(work)
    if isinstance(result, Refusal):
        return show(actor, roster_words.why(result, limits, Voice(name_of, actor.own))), 409
    events.info("shift_act", account_id=known_visitor().account_id, person_id=actor.person_id, act=name)
    return redirect(actor.page, 303)


def _limits(actor: Actor) -> ResponseReturnValue:
    form = work_limit_form.read_limits(request.form)
    if form.problem:
        return show(actor, limits=form), 422
    with the_line().database.transaction() as writing:
        try:
            own_limits.agree(writing, actor.person_id, form.limits)
        except LookupError:
            abort(404)
    events.info("work_limits_agreed", account_id=known_visitor().account_id, person_id=actor.person_id)
    return redirect(f"{actor.page}#limits", 303)


def _away(actor: Actor) -> ResponseReturnValue:
    line = the_line()
    form = work_limit_form.read_away(request.form, wall(line.now, line.settings.timezone))
    if form.problem or form.away is None:
        return show(actor, away=form), 422
    with line.database.transaction() as writing:
        try:
            kept = own_limits.cannot(writing, actor.person_id, form.away)
        except LookupError:
            abort(404)
    if not kept:
        return show(actor, away=work_limit_form.refused(form, _(TOO_MANY))), 422
    events.info("unavailable_noted", account_id=known_visitor().account_id, person_id=actor.person_id)
    return redirect(f"{actor.page}#away", 303)


def _can(actor: Actor) -> ResponseReturnValue:
    with the_line().database.transaction() as writing:
        own_limits.can_after_all(writing, actor.person_id, typed.key(request.form, "away"))
    return redirect(f"{actor.page}#away", 303)


_FORMS: Mapping[str, Callable[[Actor], ResponseReturnValue]] = {"limits": _limits, "away": _away, "can": _can}
