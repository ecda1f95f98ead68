"""The first page: who is there for callers, who is on the phone, who needs somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import (
    access,
    alarms,
    cover_view,
    current,
    debriefs,
    follow_ups_view,
    health_view,
    ladder_view,
    live,
    missed_view,
    not_heard_view,
    now_view,
    queries_follow_ups,
    queries_health,
    queries_ladder,
    queries_not_heard,
    queries_now,
    shared,
    spending_view,
    tongue,
)
from dashboard.alarms import AlarmLine
from dashboard.cover_view import Missing
from dashboard.current import known_visitor, the_line
from dashboard.debriefs import DebriefLine
from dashboard.guard import page_group
from dashboard.health_view import Health
from dashboard.missed_view import MissedLine
from dashboard.now_view import Progress, TeamLine
from dashboard.queries_follow_ups import Show
from dashboard.section import Section
from dashboard.shifts import Span
from dashboard.times import Moment
from phoneline import covering, missed_shifts, rosters, spending
from phoneline.closed import calendar
from phoneline.recurrence import day_around

CHECKINS_AHEAD = timedelta(hours=24)
MOST_FOLLOW_UPS = 6

group = page_group("now")


@dataclass(frozen=True)
class NowPage:
    """What the page shows. Without callers, the sections about them are None."""

    answer: str
    team: Sequence[TeamLine]
    coming: Sequence[str]
    missing: Missing | None
    """Where people are missing in the weeks ahead; None while there is no roster."""
    calls: Section | None = None
    follow_ups: Section | None = None
    owed: str = ""
    """How many follow-ups are open, urgent and overdue."""
    checkins: Section | None = None
    progress: Progress | None = None
    """How far today's check-ins have come."""
    roster_is_empty: bool = field(default=False)
    alarms: Sequence[AlarmLine] = ()
    not_heard: str = ""
    """How many nobody has heard from for a while, if anybody."""
    missed: Sequence[MissedLine] = ()
    """Shifts of late in which somebody let it ring."""
    debriefs: Sequence[DebriefLine] = ()
    """Volunteers who would like to talk with somebody about a call."""
    spending: str = ""
    """A word when a cap on spending is nearly reached."""
    health: Health | None = None
    """How the line itself is."""


@group.get("/")
def page() -> ResponseReturnValue:
    view = _view()
    return render_template("now.html", view=view, seen=live.fingerprint(view), own_id=known_visitor().person_id)


@group.get("/now", endpoint="live")
def fragment() -> ResponseReturnValue:
    someone, at = known_visitor(), current.at()
    # Two to whom these are the same see the same page.
    sees = (someone.role in access.SEES_CALLERS, tongue.language(), str(at.zone), someone.peer_id)
    return live.fragment("now_live.html", shared.view(sees, _view), own_id=someone.person_id)


def _view() -> NowPage:
    with the_line().database.reading() as session:
        build = _whole if known_visitor().role in access.SEES_CALLERS else _team_only
        return build(session, current.at())


@dataclass(frozen=True)
class _Team:
    """Who is on and what they do; how many of them may be rung, and how many are paused."""

    lines: Sequence[TeamLine]
    on: int
    paused: int


def _team(session: Session, spans: Sequence[Span], at: Moment) -> _Team:
    on = {one.person_id for one in rosters.on_shift(session, at.now)}
    lines = now_view.team(spans, queries_now.busy(session), queries_now.paused(session, at.now), on, at)
    return _Team(lines, len(on), sum(line.paused and line.id not in on for line in lines))


def _team_only(session: Session, at: Moment) -> NowPage:
    spans = queries_now.spans_ahead(session, at.now)
    team = _team(session, spans, at)
    answer = now_view.answer(team.on, team.paused, queries_now.live_calls(session), None, _closed(at))
    return NowPage(answer, team.lines, _coming(session, spans, at), _missing(session, at), roster_is_empty=not spans)


def _closed(at: Moment) -> str:
    return now_view.closed(calendar(the_line().live), at)


def _coming(session: Session, spans: Sequence[Span], at: Moment) -> Sequence[str]:
    _, midnight = day_around(at.now, at.zone)
    return [*now_view.coming(spans, at), *now_view.needed(queries_now.open_hours(session, at.now, midnight), at)]


def _missing(session: Session, at: Moment) -> Missing | None:
    ahead = covering.stretches(session, the_line().live, at.now, at.now + cover_view.AHEAD)
    return cover_view.missing(ahead, at)


def _follow_ups(session: Session, at: Moment) -> Section:
    """Each with how far it has come, if others are asked first."""
    found = follow_ups_view.section(queries_follow_ups.open_ones(session, MOST_FOLLOW_UPS), MOST_FOLLOW_UPS, at)
    # Who else sees the page may share it: whose is whose stands in words.
    found = replace(found, lines=[replace(line, is_mine=False) for line in found.lines])
    ladders = queries_ladder.of_contacts(session, [line.id for line in found.lines])
    return ladder_view.with_ladders(found, ladders, at)


def _whole(session: Session, at: Moment) -> NowPage:
    spans = queries_now.spans_ahead(session, at.now)
    team = _team(session, spans, at)
    live_calls = queries_now.live_calls(session)
    counts = queries_now.checkin_counts(session, *day_around(at.now, at.zone))
    owed = queries_follow_ups.counts(session)
    return NowPage(
        answer=now_view.answer(team.on, team.paused, live_calls, queries_now.people_in_need(session), _closed(at)),
        team=team.lines,
        coming=_coming(session, spans, at),
        missing=_missing(session, at),
        calls=now_view.calls(live_calls, at),
        follow_ups=_follow_ups(session, at),
        owed=follow_ups_view.answer(Show.ALL, owed, 0) if owed.all else "",
        checkins=now_view.checkins(queries_now.open_checkins(session, at.now + CHECKINS_AHEAD), at),
        progress=now_view.progress(counts),
        roster_is_empty=not spans,
        alarms=alarms.standing(session, at),
        debriefs=debriefs.standing(session, at),
        not_heard=not_heard_view.notice(
            queries_not_heard.count(session, the_line().live, at.now, not_heard_view.MOST_COUNTED + 1)
        ),
        missed=missed_view.lines(missed_shifts.lately(session, the_line().live, at.now), at),
        spending=spending_view.notice(spending.today(session, the_line().live, at.now)),
        health=_health(session, at),
    )


def _health(session: Session, at: Moment) -> Health:
    carrier, last_call = queries_health.carrier(session), queries_health.last_call(session)
    return health_view.build(queries_health.parts(), carrier, last_call, at)
