"""Somebody's check-in plans: made, changed, paused and taken off. What is meant is read back before it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import pause_form, person, plan_form, plan_meant, plan_preview, queries_limits, rule_words
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.pause_form import PauseForm
from dashboard.plan_form import PlanForm
from dashboard.plan_view import Peer
from dashboard.times import Moment
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline import audit, identity, person_changes, plan_checks, plans
from phoneline.models import CheckinPlan, Person
from phoneline.people import stays, zone_of
from phoneline.person_states import PersonAct
from phoneline.plan_checks import Draft
from phoneline.recurrence import wall
from phoneline.states import PlanAuthor, PlanVoicemail, Role

group = page_group("plans")
events = structlog.get_logger()
OVER = N_("There is no call to come. Please choose a later day.")


@group.get("/people/<person_id>/plans/new")
def new(person_id: str) -> ResponseReturnValue:
    return _show(_read(person_id, None), PlanForm())


@group.get("/people/<person_id>/plans/<plan_id>")
def one(person_id: str, plan_id: str) -> ResponseReturnValue:
    about = _read(person_id, plan_id)
    return _show(about, plan_form.of_draft(about.before) if about.before else PlanForm())


@group.post("/people/<person_id>/plans")
def make(person_id: str) -> ResponseReturnValue:
    return _take(person_id, None)


@group.post("/people/<person_id>/plans/<plan_id>")
def change(person_id: str, plan_id: str) -> ResponseReturnValue:
    return _take(person_id, plan_id)


@group.post("/people/<person_id>/plans/<plan_id>/pause")
def pause(person_id: str, plan_id: str) -> ResponseReturnValue:
    line = the_line()

    def paused(writing: Session) -> PauseForm:
        plan = _plan(writing, person_id, plan_id)
        form = pause_form.read(request.form, plan_id, zone_of(plan.person, line.settings.timezone), line.now)
        if not form.problem:
            for each in plans.of_person(writing, person_id) if form.all_plans else [plan]:
                plans.pause(writing, each, form.since or line.now, form.until, line.live, line.now)
            _noted(writing, person_id, PersonAct.PLAN_PAUSED)
        return form

    form = line.database.run(paused)
    if form.problem:
        return person.show(person_id, pause_form=form), 422
    events.info("plan_paused", account_id=known_visitor().account_id, plan_id=plan_id)
    return _back(person_id)


@group.post("/people/<person_id>/plans/<plan_id>/resume")
def resume(person_id: str, plan_id: str) -> ResponseReturnValue:
    line = the_line()

    def work(writing: Session) -> None:
        plans.resume(writing, _plan(writing, person_id, plan_id), line.live, line.now)
        _noted(writing, person_id, PersonAct.PLAN_RESUMED)

    line.database.run(work)
    events.info("plan_resumed", account_id=known_visitor().account_id, plan_id=plan_id)
    return _back(person_id)


@group.post("/people/<person_id>/plans/<plan_id>/end")
def end(person_id: str, plan_id: str) -> ResponseReturnValue:
    """Taken off; for a month it can be taken up again from the same page."""
    line = the_line()

    def work(writing: Session) -> None:
        plans.end(writing, _plan(writing, person_id, plan_id), PlanAuthor.COORDINATOR, line.now)
        _noted(writing, person_id, PersonAct.PLAN_ENDED)

    line.database.run(work)
    events.info("plan_ended", account_id=known_visitor().account_id, plan_id=plan_id)
    return _back(person_id)


@group.post("/people/<person_id>/plans/<plan_id>/back")
def back(person_id: str, plan_id: str) -> ResponseReturnValue:
    """Taken up again; the form says why, if something speaks against it by now."""
    line = the_line()

    def work(writing: Session) -> Draft | None:
        plan = _plan(writing, person_id, plan_id, ended=True)
        draft = plans.draft_of(plan)
        if plan_checks.problems(writing, plan.person, draft, line.live):
            return draft
        plans.make(writing, plan.person, draft, line.live, line.now)
        _noted(writing, person_id, PersonAct.PLAN_MADE)
        return None

    draft = line.database.run(work)
    if draft is None:
        events.info("plan_taken_up", account_id=known_visitor().account_id, plan_id=plan_id)
        return _back(person_id)
    about, form = _read(person_id, None), plan_form.of_draft(draft)
    return _show(about, replace(form, problems=_problems(about, form)[1])), 422


def _plan(session: Session, person_id: str, plan_id: str, *, ended: bool = False) -> CheckinPlan:
    """The plan, held and read afresh; 404 if they have no such plan, 403 for whoever they are themselves."""
    refuse_own(person_id)
    held = {"of": CheckinPlan, "key_share": True}
    plan = session.get(CheckinPlan, plan_id, with_for_update=held, populate_existing=True)
    if plan is None or plan.person_id != person_id or (plan.ended_at is not None) != ended:
        abort(404)
    return plan


def _noted(session: Session, person_id: str, act: PersonAct) -> None:
    """On the person's timeline."""
    person_changes.note(session, person_id, act, known_visitor().account_id, the_line().now)


def _back(person_id: str) -> ResponseReturnValue:
    return redirect(url_for("person.page", person_id=person_id, _anchor="plans"), 303)


# The form


@dataclass(frozen=True)
class _About:
    """Whose plan it is, and which one, if it is there already."""

    person_id: str
    plan_id: str | None
    peer: Peer
    before: Draft | None
    team: Sequence[tuple[str, str]]


def _read(person_id: str, plan_id: str | None) -> _About:
    refuse_own(person_id)
    line = the_line()
    with line.database.transaction() as reading:
        if not stays(reading, person_id):
            abort(404)
        found = reading.get_one(Person, person_id)
        audit.looked(reading, person_id, known_visitor().account_id, line.now)
        before = plans.draft_of(_plan(reading, person_id, plan_id)) if plan_id else None
        team = queries_limits.people(reading, Role.VOLUNTEER)
        peer = Peer(found.name, zone_of(found, line.settings.timezone), len(found.numbers), found.voicemail_ok)
    return _About(person_id, plan_id, peer, before, [one for one in team if one[0] != person_id])


def _problems(about: _About, form: PlanForm) -> tuple[Sequence[Draft], Mapping[str, str]]:
    """The plans that are meant, and what speaks against them, at the fields."""
    line, zone = the_line(), about.peer.zone
    form = replace(form, escalate_to=identity.written_number(form.escalate_to, line.settings.line_number))
    drafts, unread = plan_meant.drafts(form, wall(line.now, zone), about.before)
    found: dict[str, str] = {}
    with line.database.reading() as reading:
        person_there = reading.get(Person, about.person_id) or abort(404)
        for draft in drafts:
            against = plan_checks.problems(reading, person_there, draft, line.live)
            found = {**plan_meant.at_fields(against, form, about.peer.name), **found}
    if not found and not unread and all(plan_checks.is_over(draft, zone, line.now) for draft in drafts):
        found["start"] = _(OVER)
    return drafts, {**found, **unread}


def _take(person_id: str, plan_id: str | None) -> ResponseReturnValue:
    """Look at what is meant, or, when it has been looked at, keep it."""
    about, form = _read(person_id, plan_id), plan_form.read(request.form)
    drafts, problems = _problems(about, form)
    if problems:
        return _show(about, replace(form, problems=problems)), 422
    if request.form.get("step") != "keep":
        return _show(about, form, drafts)
    line = the_line()

    def work(writing: Session) -> None:
        if plan_id:
            plan = _plan(writing, person_id, plan_id)
            plans.change(writing, plan, drafts[0], PlanAuthor.COORDINATOR, line.live, line.now)
        else:
            if not stays(writing, person_id):
                abort(404)
            found = writing.get_one(Person, person_id)
            for draft in drafts:
                plans.make(writing, found, draft, line.live, line.now)
        _noted(writing, person_id, PersonAct.PLAN_CHANGED if plan_id else PersonAct.PLAN_MADE)

    # A double press writes the same rows twice, and a call of theirs holds its rows in another order.
    line.database.run(work)
    events.info("plan_kept", account_id=known_visitor().account_id, person_id=person_id)
    return _back(person_id)


def _show(about: _About, form: PlanForm, meant: Sequence[Draft] = ()) -> str:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    volunteer = dict(about.team).get(form.volunteer)
    return render_template(
        "plan.html",
        person_id=about.person_id,
        plan_id=about.plan_id,
        peer=about.peer,
        form=form,
        team=about.team,
        preview=plan_preview.build(meant, volunteer, about.peer, line.live, at) if meant else None,
        repeats=[one for one in plan_form.REPEATS.items() if not about.plan_id or one[0] != plan_form.STEP_DOWN],
        days=rule_words.DAYS.items(),
        voicemails=[
            (PlanVoicemail.NONE.value, _("leave nothing")),
            (PlanVoicemail.NEUTRAL.value, _("leave a neutral word")),
        ],
        told=about.before.escalate_to[-2:] if about.before and about.before.escalate_to else "",
        live=line.live,
        today=f"{wall(at.now, about.peer.zone):%Y-%m-%d}",
    )
