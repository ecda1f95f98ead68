"""The roster: a week or a day of it as a calendar, as a list, and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from flask import abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import (
    access,
    queries_roster,
    roster_cover,
    roster_days,
    roster_duty,
    roster_form,
    roster_view,
    rule_words,
    typed,
)
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.roster_days import RosterDays, Show
from dashboard.roster_form import QuickForm
from dashboard.roster_view import Block
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from phoneline import covering
from phoneline.recurrence import wall

MOST_DAYS = timedelta(days=42)
SHOWS = Phrases({Show.WEEK: N_("Week"), Show.DAY: N_("Day"), Show.LIST: N_("List")})

group = page_group("roster")


@group.get("/roster")
def page() -> ResponseReturnValue:
    return show()


def show(form: QuickForm | None = None) -> str:
    """`form`: what was filled in to add a shift, with what to mend in it."""
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    shown = roster_days.read(request.args, at.now, at.zone)
    since, until = shown.bounds(at.zone)
    may_change = access.may(known_visitor().role, "roster_moves.move")
    with line.database.reading() as reading:
        found = queries_roster.hours(reading, since, until)
        stretches = covering.stretches(reading, line.live, max(since, at.now), until) if until > at.now else []
        team = queries_roster.team(reading) if may_change else []
        made = queries_roster.made(reading, request.args.get("made", "")) if may_change else None
        duty = roster_duty.lines(reading, since, until, at) if may_change else []
    blocks = [_addressed(one) for one in roster_view.blocks(found, at, may_change=may_change)]
    return render_template(
        "roster.html",
        view=roster_view.week(shown, blocks, stretches, at),
        shown=shown,
        this=RosterDays(shown.show, shown.today, shown.today),
        shows=SHOWS.items(),
        may_change=may_change,
        offset=_offset(at),
        form=form or roster_form.read(request.args, str(max(shown.first, shown.today))),
        team=team,
        duty=duty,
        made=made,
        told=roster_view.told(made, at) if made else "",
        days=rule_words.DAYS.items(),
        tiers=roster_form.TIERS.items(),
        open=bool(form or made or (may_change and not found)),
    )


def _addressed(block: Block) -> Block:
    """With the page that it opens."""
    if not block.may_change:
        return block
    return replace(block, address=url_for("shift.one", shift_id=block.shift_id, on=block.on))


def _offset(at: Moment) -> str:
    """Of the line's wall clock now, such as "-05:00": where the calendar draws its line for now."""
    seconds = (wall(at.now, at.zone) - at.now.replace(tzinfo=None)).total_seconds()
    hours, minutes = divmod(round(abs(seconds) / 60), 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


@group.get("/roster/hours.json")
def hours() -> ResponseReturnValue:
    """The blocks and the gaps of some days, by the line's wall clock."""
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    first, after = _days(request.args)
    since, until = roster_days.bounds(first, after, at.zone)
    with line.database.reading() as reading:
        found = queries_roster.hours(reading, since, until)
        stretches = covering.stretches(reading, line.live, max(since, at.now), until) if until > at.now else []
    may_change = access.may(known_visitor().role, "roster_moves.move")
    return jsonify(
        hours=[_sent(_addressed(one)) for one in roster_view.blocks(found, at, may_change=may_change)],
        gaps=[asdict(one) for one in roster_cover.behind(stretches, at.zone)],
    )


def _days(query: Mapping[str, str]) -> tuple[date, date]:
    """400 unless it is a stretch of at most six weeks."""
    first, after = (typed.any_day(query.get(name, "")[:20]) for name in ("from", "until"))
    if first is None or after is None or not timedelta() < after - first <= MOST_DAYS:
        abort(400)
    return first, after


SENT: Sequence[str] = (
    *("id", "starts", "ends", "span", "who", "kind", "marks", "told", "repeats", "rule", "may_change", "address"),
)


def _sent(block: Block) -> dict[str, Any]:
    change = url_for("roster_moves.move", hours_id=block.id) if block.may_change else ""
    return {**{name: getattr(block, name) for name in SENT}, "change": change}
