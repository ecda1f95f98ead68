"""Holidays: days with a name, and whether shifts that come again take place on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import typed, words
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.shift_view import day_of as said
from dashboard.times import Moment
from dashboard.tongue import N_, ngettext
from dashboard.tongue import gettext as _
from phoneline import holiday_shifts, holidays, shift_rules
from phoneline.models import Holiday
from phoneline.recurrence import wall
from phoneline.roster_changes import By

group = page_group("holidays")
events = structlog.get_logger()
NO_NAME = N_("Please give it a name.")
PAST = N_("That day is over.")
LONGEST_NAME = 60


@dataclass(frozen=True)
class HolidayForm:
    """As filled in; `problems` says by field what to mend."""

    day: str = ""
    name: str = ""
    no_shifts: bool = True
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HolidayLine:
    """A holiday to come."""

    day: str
    when: str
    name: str
    no_shifts: bool


@group.get("/roster/holidays")
def page() -> ResponseReturnValue:
    return _show(HolidayForm())


@group.post("/roster/holidays")
def keep() -> ResponseReturnValue:
    """The same day once more is changed."""
    line = the_line()
    name = typed.line(request.form, "name", LONGEST_NAME)
    form = HolidayForm(request.form.get("day", "")[:20], name, "no_shifts" in request.form)
    day, today = typed.day(form.day), wall(line.now, line.settings.timezone).date()
    unread = {
        "day": "" if day and day >= today else PAST if day else typed.NO_DAY,
        "name": "" if form.name else NO_NAME,
    }
    problems = {where: _(problem) for where, problem in unread.items() if problem}
    if day is None or problems:
        return _show(HolidayForm(form.day, form.name, form.no_shifts, problems)), 422
    by = By(account_id=known_visitor().account_id)
    line.database.run(
        lambda writing: holiday_shifts.keep(
            writing, (day, form.name), by, line.live, line.now, no_shifts=form.no_shifts
        )
    )
    events.info("holiday_kept", account_id=known_visitor().account_id)
    return redirect(url_for("holidays.page"), 303)


@group.post("/roster/holidays/<day>/off")
def take_off(day: str) -> ResponseReturnValue:
    """Below the list it can be put back."""
    line = the_line()
    found = typed.day(day)
    by = By(account_id=known_visitor().account_id)

    def taken_off(writing: Session) -> HolidayForm | None:
        was = holiday_shifts.take_off(writing, found, by, line.live, line.now) if found else None
        return HolidayForm(was.day.isoformat(), was.name, was.no_shifts) if was else None

    was = line.database.run(taken_off)
    if was is None:
        return redirect(url_for("holidays.page"), 303)
    events.info("holiday_taken_off", account_id=known_visitor().account_id)
    return _show(HolidayForm(), taken_off=was)


def _show(form: HolidayForm, taken_off: HolidayForm | None = None) -> str:
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        found = holidays.listed(reading, wall(at.now, at.zone).date())
    lines = [_line(one, at) for one in found]
    return render_template("holidays.html", lines=lines, answer=_answer(lines), form=form, taken_off=taken_off)


def _line(one: Holiday, at: Moment) -> HolidayLine:
    return HolidayLine(one.day.isoformat(), said(shift_rules.midnight(one.day), at), one.name, one.no_shifts)


def _answer(lines: list[HolidayLine]) -> str:
    if not lines:
        return _("No holidays are on the list.")
    without = sum(one.no_shifts for one in lines)
    if len(lines) == 1:
        if without:
            return _("One holiday is to come, %(day)s: the usual shifts don't take place.", day=lines[0].when)
        return _("One holiday is to come, %(day)s.", day=lines[0].when)
    number = words.sentence(words.number(len(lines)))
    if not without:
        return _("%(number)s holidays are to come; shifts are as on any other day.", number=number)
    return ngettext(
        "%(number)s holidays are to come; on one of them the usual shifts don't take place.",
        "%(number)s holidays are to come; on %(without)s of them the usual shifts don't take place.",
        without,
        number=number,
        without=words.number(without),
    )
