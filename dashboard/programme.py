"""The programme: what is on, week by week, and the same on paper."""

from datetime import date, datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dashboard import numbers, programme_view, queries_programme, typed
from dashboard.current import at, the_line
from dashboard.guard import page_group
from dashboard.menu import may
from dashboard.own_record import is_own
from dashboard.programme_view import ToTell, WeekView
from dashboard.tongue import gettext as _
from dashboard.tongue import language
from phoneline.programme import words_in
from phoneline.recurrence import instant, wall
from phoneline.shift_rules import midnight

WEEK_DAYS = 7
WEEK = timedelta(days=WEEK_DAYS)

group = page_group("programme")


@group.get("/programme")
def page() -> ResponseReturnValue:
    since, today = _since()
    return render_template("programme.html", view=_week(since), since=since, today=today, week=WEEK)


@group.get("/programme/print")
def poster() -> ResponseReturnValue:
    """For the door: a week as large as the paper takes it."""
    since, _today = _since()
    number = numbers.grouped(the_line().settings.line_number)
    return render_template("programme_print.html", view=_week(since, on_paper=True), since=since, number=number)


def _since() -> tuple[date, date]:
    """The first day that is asked for, and today, by the line's clock."""
    line = the_line()
    today = wall(line.now, line.settings.timezone).date()
    return typed.day(request.args.get("from", "")) or today, today


def _week(since: date, *, on_paper: bool = False) -> WeekView:
    line = the_line()
    zone, own, now = line.settings.timezone, line.live.languages[0], line.now
    begins = instant(midnight(since), zone)
    with line.database.reading() as reading:
        found, signed = queries_programme.between(reading, zone, begins, instant(midnight(since + WEEK), zone))
        gone = queries_programme.to_tell(reading, zone, now) if may("activity.one") else []
        to_tell = [
            ToTell(one.id, programme_view.who(one), _what(words_in(activity, language(), own).title, one.occurs_local))
            for one, activity in gone
            if not is_own(one.person_id)
        ]
        lines = [(one, programme_view.line(one, signed.get(one.key, 0), own, zone, now)) for one in found]
    return WeekView(
        answer=programme_view.answer(found, since, own, zone, now),
        days=programme_view.days(lines, zone, now, on_paper=on_paper),
        to_tell=to_tell,
        clock=zone.key if at().zone.key != zone.key else "",
    )


def _what(title: str, on: datetime) -> str:
    line = the_line()
    when = at().on(instant(on, line.settings.timezone))
    return _("%(title)s, %(when)s", title=title, when=when)
