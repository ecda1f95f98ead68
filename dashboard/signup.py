"""Who comes to an activity: the list of one date, kept by hand where somebody said so otherwise."""

from datetime import datetime

import structlog
from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import activity, numbers, programme_view, queries_programme, typed
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import is_own, refuse_own
from dashboard.tongue import gettext as _
from phoneline import audit, csv_text, programme, seen, signups
from phoneline.activity_states import ActivityKind
from phoneline.models import ActivitySignup
from phoneline.recurrence import wall
from phoneline.signups import Guest
from phoneline.states import AccessAction, ContactKind

group = page_group("signup")
events = structlog.get_logger()
LONGEST_NAME = 100
COUNTS_AS = {ActivityKind.IN_PERSON: ContactKind.IN_PERSON, ActivityKind.PHONE: ContactKind.CALL}
"""What being there is worth as a contact. Whoever came online may have neither been seen nor heard."""


@group.post("/programme/<activity_id>/signups")
def add(activity_id: str) -> ResponseReturnValue:
    """By name or alias: of one of the people if just one is called so, else as it was typed."""
    line, account_id = the_line(), known_visitor().account_id
    on = typed.wall_time(request.form.get("on", "")) or abort(400)
    name = typed.line(request.form, "name", LONGEST_NAME)
    if not name:
        return activity.show(activity_id, on, guest_problem=_("Please write a name or an alias.")), 422

    def work(writing: Session) -> None:
        happening = programme.happening(writing, activity_id, on, line.settings.timezone) or abort(404)
        person_id = queries_programme.only_one_called(writing, name)
        refuse_own(person_id)
        guest = Guest(person_id) if person_id else Guest(name=name)
        signups.sign_up(writing, happening, guest, line.now, account_id)

    line.database.run(work)
    events.info("signup_added", account_id=account_id, activity_id=activity_id)
    return _to(activity_id, on)


def _to(activity_id: str, on: datetime) -> ResponseReturnValue:
    return redirect(url_for("activity.one", activity_id=activity_id, on=programme_view.on(on), _anchor="list"), 303)


@group.post("/programme/signups/<signup_id>/<what>")
def act(signup_id: str, what: str) -> ResponseReturnValue:
    """Off the list, back on it, told that it doesn't take place; came, or didn't after all."""
    acts = {"off": _take_off, "told": _take_off, "back": _put_back, "came": _came, "not-there": _not_there}
    do = acts.get(what) or abort(404)

    def work(writing: Session) -> tuple[str, datetime]:
        one = writing.get(ActivitySignup, signup_id, with_for_update=True) or abort(404)
        refuse_own(one.person_id)
        do(writing, one)
        return one.activity_id, one.occurs_local

    where = the_line().database.run(work)
    events.info("signup_changed", account_id=known_visitor().account_id, activity_id=where[0], what=what)
    return redirect(url_for("programme.page"), 303) if what == "told" else _to(*where)


def _take_off(_writing: Session, one: ActivitySignup) -> None:
    one.withdrawn_at = one.withdrawn_at or the_line().now


def _put_back(_writing: Session, one: ActivitySignup) -> None:
    one.withdrawn_at = None


def _came(writing: Session, one: ActivitySignup) -> None:
    """It counts as a contact with one of the people, once."""
    line = the_line()
    happening = programme.happening(writing, one.activity_id, one.occurs_local, line.settings.timezone)
    if one.came_at is not None or happening is None or happening.starts_at > line.now:
        return
    one.came_at = line.now
    kind = COUNTS_AS.get(happening.activity.kind)
    if one.person_id is not None and kind is not None:
        contact = seen.log_contact(writing, one.person_id, kind, line.now, at=happening.starts_at)
        audit.note(writing, contact.id, known_visitor().account_id, AccessAction.CONTACT_LOGGED, line.now)


def _not_there(_writing: Session, one: ActivitySignup) -> None:
    """What stands on the log stays there."""
    one.came_at = None


@group.post("/programme/signups/<signup_id>/number", endpoint="number")
def show_number(signup_id: str) -> ResponseReturnValue:
    """The list with this telephone on it; that somebody looked is written down first."""
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        one = writing.get(ActivitySignup, signup_id) or abort(404)
        refuse_own(one.person_id)
        number = audit.show_signups_number(writing, one, account_id, line.now)
        where = one.activity_id, one.occurs_local
    if number is not None:
        events.info("number_shown", account_id=account_id, activity_id=where[0])
    return activity.show(*where, shown=(signup_id, numbers.grouped(number) if number else ""))


@group.get("/programme/<activity_id>/signups.csv", endpoint="file")
def as_spreadsheet(activity_id: str) -> ResponseReturnValue:
    """The list of one date for a spreadsheet, without numbers, by the line's clock."""
    line = the_line()
    zone, own = line.settings.timezone, line.live.languages[0]
    lines = [csv_text.line(["activity", "starts_at", "who", "signed_up_at", "by", "came"])]
    with line.database.reading() as reading:
        on = typed.wall_time(request.args.get("on", ""))
        found = queries_programme.date_of(reading, activity_id, on, zone, line.now) or abort(404)
        title = programme_view.title(found, own)
        starts = f"{wall(found.starts_at, zone):%Y-%m-%dT%H:%M}"
        for one in queries_programme.of_date(reading, found):
            if one.withdrawn_at is None and not is_own(one.person_id):
                signed = f"{wall(one.at, zone):%Y-%m-%dT%H:%M}"
                by, came = "hand" if one.by_account_id else "telephone", "yes" if one.came_at else ""
                lines.append(csv_text.line([title, starts, programme_view.who(one), signed, by, came]))
    headers = {"Content-Disposition": 'attachment; filename="signups.csv"'}
    return Response("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)
