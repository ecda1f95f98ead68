"""Somebody put on the roster from the calendar itself: who, on which days, from and until when."""

from dataclasses import replace
from typing import Any

import structlog
from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import roster, roster_days, roster_form, shift_problems
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from phoneline import roster_changes, shift_plans
from phoneline.recurrence import wall
from phoneline.roster_changes import By
from phoneline.shift_checks import Draft
from phoneline.shift_faults import ShiftRefusedError

group = page_group("roster_quick")
events = structlog.get_logger()


@group.post("/roster/quick")
def add() -> ResponseReturnValue:
    """The shift where it begins, and the same form once more for the next; or what to mend, at its field."""
    line, account_id = the_line(), known_visitor().account_id
    form = roster_form.read(request.form)
    draft, problems = roster_form.draft(form, wall(line.now, line.settings.timezone))
    if draft is None:
        return roster.show(replace(form, problems=problems)), 422
    try:
        shift_id, made = line.database.run(lambda writing: _made(writing, draft))
    except ShiftRefusedError as error:
        at_fields = {roster_form.FIELDS.get(one.field, "days"): shift_problems.sentence(one) for one in error.problems}
        return roster.show(replace(form, problems=at_fields)), 422
    events.info("shift_made", account_id=account_id, shift_id=shift_id)
    shown = roster_days.read(request.args, line.now, line.settings.timezone).with_day(draft.starts_local.date())
    kept: dict[str, Any] = {**shown.query(), **form.query(), "made": made}
    return redirect(url_for("roster.page", **kept), 303)


def _made(writing: Session, draft: Draft) -> tuple[str, str | None]:
    line, by = the_line(), By(account_id=known_visitor().account_id)
    shift = shift_plans.make(writing, draft, by, line.live, line.now)
    return shift.id, roster_changes.noted(writing)
