"""The day sheet: a day's check-ins, why each was or wasn't called, and what one press does about them."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import current, live, queries_asked, queries_ladder, queries_sheet, sheet_filters, sheet_view
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.own_record import refuse_own
from dashboard.queries_sheet import PAGE
from dashboard.sheet_filters import SheetFilters
from dashboard.sheet_told import Told
from dashboard.sheet_view import Found, SheetPage
from dashboard.times import Moment
from phoneline import by_hand, seen_undo
from phoneline.by_hand import Answer
from phoneline.recurrence import instant
from phoneline.states import ContactKind

HEARD = {ContactKind.IN_PERSON.value: ContactKind.IN_PERSON, ContactKind.CALL.value: ContactKind.CALL}

group = page_group("sheet")
events = structlog.get_logger()


@group.get("/check-ins")
def page() -> ResponseReturnValue:
    filters, told = _asked(request.args)
    view = _view(filters, told)
    return render_template(
        "sheet.html", view=view, seen=live.fingerprint(view), filters=filters, told=told, clock=_whose_clock()
    )


def _whose_clock() -> str:
    """The line's zone, where whoever looks has another."""
    zone = the_line().settings.timezone.key
    return zone if current.at().zone.key != zone else ""


@group.get("/check-ins/live", endpoint="live")
def fragment() -> ResponseReturnValue:
    filters, told = _asked(request.args)
    return live.fragment("sheet_live.html", _view(filters, told), filters=filters, told=told)


@group.post("/check-ins/<checkin_id>/skip")
def skip(checkin_id: str) -> ResponseReturnValue:
    now, account_id = the_line().now, known_visitor().account_id
    return _done(checkin_id, lambda writing: by_hand.skip(writing, checkin_id, account_id, now))


@group.post("/check-ins/<checkin_id>/restore")
def restore(checkin_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    return _done(checkin_id, lambda writing: by_hand.restore(writing, checkin_id, account_id, line.live, line.now))


@group.post("/check-ins/<checkin_id>/move")
def move(checkin_id: str) -> ResponseReturnValue:
    """To a time by the line's clock, on the day that the sheet shows."""
    line, account_id = the_line(), known_visitor().account_id
    at = _time(_asked(request.form)[0])
    if at is None:
        return _after(checkin_id, Answer.NOT_THEN)
    return _done(checkin_id, lambda writing: by_hand.move(writing, checkin_id, at, account_id, line.live, line.now))


@group.post("/check-ins/<checkin_id>/call", endpoint="call")
def call_now(checkin_id: str) -> ResponseReturnValue:
    line, account_id = the_line(), known_visitor().account_id
    return _done(checkin_id, lambda writing: by_hand.call_now(writing, checkin_id, account_id, line.live, line.now))


@group.post("/check-ins/<checkin_id>/heard")
def heard(checkin_id: str) -> ResponseReturnValue:
    """Somebody met them or spoke with them otherwise."""
    now, account_id = the_line().now, known_visitor().account_id
    kind = HEARD.get(request.form.get("how", "")) or abort(400)
    return _done(checkin_id, lambda writing: by_hand.heard(writing, checkin_id, kind, account_id, now))


@group.post("/check-ins/<checkin_id>/unheard")
def unheard(checkin_id: str) -> ResponseReturnValue:
    """That was a slip: the contact is taken back that has settled it."""
    line, account_id = the_line(), known_visitor().account_id
    return _done(checkin_id, lambda writing: seen_undo.of_checkin(writing, checkin_id, account_id, line.live, line.now))


def _asked(query: Mapping[str, str]) -> tuple[SheetFilters, Told | None]:
    line = the_line()
    return sheet_filters.read(query, line.now, line.settings.timezone), Told.read(query.get("told", ""))


def _time(filters: SheetFilters) -> datetime | None:
    try:
        typed = time.fromisoformat(request.form.get("at", ""))
    except ValueError:
        return None
    return instant(datetime.combine(filters.day, typed.replace(tzinfo=None)), the_line().settings.timezone)


def _done(checkin_id: str, act: Callable[[Session], Answer]) -> ResponseReturnValue:
    def work(writing: Session) -> Answer | None:
        person_id = queries_sheet.whose(writing, checkin_id)
        refuse_own(person_id)
        return act(writing) if person_id else None

    answer = the_line().database.run(work) or abort(404)
    if answer in by_hand.DONE:
        events.info("checkin_by_hand", account_id=known_visitor().account_id, checkin_id=checkin_id, what=answer.value)
    return _after(checkin_id, answer)


def _after(checkin_id: str, answer: Answer) -> ResponseReturnValue:
    """Back to where the button stood, to htmx as a fragment."""
    filters, told = _asked(request.form)[0], Told(checkin_id, answer)
    if not request.headers.get("HX-Request"):
        query: dict[str, Any] = filters.query() | {"told": str(told)}
        return redirect(url_for("sheet.page", _anchor=f"c-{checkin_id}", **query), 303)
    view = _view(filters, told)
    return render_template("sheet_live.html", view=view, seen=live.fingerprint(view), filters=filters, told=told)


def _view(filters: SheetFilters, told: Told | None) -> SheetPage:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    since, until = filters.bounds(at.zone)
    with line.database.reading() as reading:
        rows = [] if filters.problem else queries_sheet.page(reading, since, until, filters.show, filters.after)
        shown = [row.id for row in rows[:PAGE]]
        found = Found(
            rows=rows,
            counts=queries_sheet.counts(reading, since, until),
            grace=timedelta(seconds=line.live.checkin_grace_seconds),
            tried=queries_sheet.attempts(reading, shown),
            acts=queries_sheet.acts(reading, shown),
            asked=queries_asked.of_checkins(reading, [row.id for row in rows[:PAGE] if row.lacks_volunteer]),
            held=queries_sheet.held(reading, rows[:PAGE], line.live, at.now),
            ladders=queries_ladder.of_contacts(reading, [row.contact_id for row in rows[:PAGE] if row.contact_id]),
        )
    return sheet_view.build(found, filters, told, at)
