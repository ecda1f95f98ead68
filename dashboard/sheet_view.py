"""The day sheet in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from babel.numbers import format_decimal

from dashboard import ladder_view, sheet_words, times, words
from dashboard.queries_asked import Asked
from dashboard.queries_ladder import Ladder
from dashboard.queries_sheet import PAGE, Act, SheetRow, Tried
from dashboard.sheet_filters import SheetFilters, Show
from dashboard.sheet_told import Told
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, language, ngettext
from dashboard.tongue import gettext as _
from phoneline.escalation_states import EscalationState
from phoneline.follow_ups import OPEN
from phoneline.holding import Held
from phoneline.seen_undo import LATELY
from phoneline.states import CheckinReason, CheckinState, PlanKind


@dataclass(frozen=True)
class SheetLine:
    """One check-in, and what may be done about it."""

    id: str
    person_id: str
    who: str
    clock: str
    theirs: str
    what: str
    stand: sheet_words.Stand
    why: Sequence[str]
    tried: Sequence[str]
    told: str
    told_well: bool
    contact_id: str
    """Where its open follow-up stands."""
    may_change: bool
    may_call: bool
    may_hear: bool
    may_restore: bool
    may_unhear: bool
    moved_to: str
    """What the field for another time begins with."""


@dataclass(frozen=True)
class SheetPage:
    """What a page of the sheet shows."""

    answer: str
    shows: Sequence[tuple[Show, str, int]]
    lines: Sequence[SheetLine]
    later: str
    empty: str
    told: str = ""
    """What is to be said of one that doesn't stand on the page any more."""


@dataclass(frozen=True)
class Found:
    """What was read for the page."""

    rows: Sequence[SheetRow]
    counts: Mapping[Show, int]
    grace: timedelta
    """So long after its time a check-in may still be called."""
    tried: Mapping[str, Sequence[Tried]] = field(default_factory=dict)
    acts: Mapping[str, Act] = field(default_factory=dict)
    held: Mapping[str, Held] = field(default_factory=dict)
    asked: Mapping[str, Sequence[Asked]] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    """By the id of the check-in's contact."""


def build(found: Found, filters: SheetFilters, told: Told | None, at: Moment) -> SheetPage:
    shown = found.rows[:PAGE]
    return SheetPage(
        answer=answer(found.counts, filters, at),
        shows=_shows(found.counts) if found.counts[Show.ALL] else (),
        lines=[_line(row, found, told, at) for row in shown],
        later=str(shown[-1].cursor) if len(found.rows) > PAGE else "",
        empty="" if shown else _empty(found.counts, filters),
        told=told.words("") if told and told.checkin_id not in {row.id for row in shown} else "",
    )


SHOWS: Mapping[Show, str] = Phrases(
    {
        Show.ALL: N_("All"),
        Show.NEED: N_("Need you"),
        Show.COMING: N_("To come"),
        Show.DONE: N_("Done"),
        Show.SKIPPED: N_("Skipped"),
    }
)


def _shows(counts: Mapping[Show, int]) -> Sequence[tuple[Show, str, int]]:
    return [(show, name, counts[show]) for show, name in SHOWS.items() if counts[show]]


def answer(counts: Mapping[Show, int], filters: SheetFilters, at: Moment) -> str:
    """How many there are, and how they stand: such as "14 check-ins today: 9 done, 3 to come, 2 need you."."""
    if filters.problem:
        return _("Please look at the day once more.")
    named = day_name(filters, at)
    if filters.apart < 1:
        return _so_far(counts, named) if counts[Show.ALL] else _("No check-ins %(day)s.", day=named)
    so_far = _so_far(counts, named) if counts[Show.ALL] else _("No check-ins %(day)s yet.", day=named)
    return _("%(so_far)s What the plans add stands under “The days ahead”.", so_far=so_far)


def _so_far(counts: Mapping[Show, int], named: str) -> str:
    """Days to come are on the sheet a day and a half ahead; the rest of them is in the plans."""
    done, coming, need, skipped, count = (
        counts[show] for show in (Show.DONE, Show.COMING, Show.NEED, Show.SKIPPED, Show.ALL)
    )
    parts = (
        (done, ngettext("%(count)s done", "%(count)s done", done, count=_figure(done))),
        (coming, ngettext("%(count)s to come", "%(count)s to come", coming, count=_figure(coming))),
        (need, ngettext("%(count)s needs you", "%(count)s need you", need, count=_figure(need))),
        (skipped, ngettext("%(count)s skipped", "%(count)s skipped", skipped, count=_figure(skipped))),
    )
    told = ", ".join(said for number, said in parts if number)
    return ngettext(
        "%(count)s check-in %(day)s: %(parts)s.",
        "%(count)s check-ins %(day)s: %(parts)s.",
        count,
        count=_figure(count),
        day=named,
        parts=told,
    )


def _figure(count: int) -> str:
    return str(format_decimal(count, locale=language()))


def day_name(filters: SheetFilters, at: Moment) -> str:
    """Within a sentence: "today", "on Thursday", "on Monday 30 November"."""
    named = times.day(filters.bounds(at.zone)[0], at.now, at.zone)
    return named if abs(filters.apart) <= 1 else _("on %(day)s", day=named)


def _empty(counts: Mapping[Show, int], filters: SheetFilters) -> str:
    if filters.problem:
        return filters.problem
    if not counts[Show.ALL]:
        return "none"
    return EMPTY[filters.show]


EMPTY: Mapping[Show, str] = Phrases(
    {
        Show.ALL: N_("These were all."),
        Show.NEED: N_("Nobody needs you here."),
        Show.COMING: N_("Nothing is to come any more."),
        Show.DONE: N_("None is done yet."),
        Show.SKIPPED: N_("None was skipped."),
    }
)


def _line(row: SheetRow, found: Found, told: Told | None, at: Moment) -> SheetLine:
    tried = found.tried.get(row.id, ())
    stand = sheet_words.stand(row, tried, at)
    about = told if told is not None and told.checkin_id == row.id else None
    clock = times.clock(row.due_at, at.zone)
    waits = row.is_open and row.state is not CheckinState.CALLING and not row.hands_off
    several = any(one.position > 1 for one in tried)
    return SheetLine(
        id=row.id,
        person_id=row.person_id,
        who=row.person,
        clock=clock,
        theirs=sheet_words.theirs(row, clock),
        what=words.sentence(sheet_words.what(row)),
        stand=stand,
        why=[words.sentence(one) for one in _why(row, found, tried, at)],
        tried=[sheet_words.attempt(one, row.kind, several_numbers=several, at=at) for one in tried],
        told=about.words(stand.words) if about else "",
        told_well=about is not None and about.is_done,
        contact_id=(row.contact_id or "") if row.follow_up in OPEN else "",
        may_change=waits,
        may_call=waits and _is_today(row, at) and (row.kind is PlanKind.VOLUNTEER or row.attempt_due_at > at.now),
        may_hear=row.is_open and _is_today(row, at),
        may_restore=row.reason is CheckinReason.BY_HAND and at.now < row.attempt_due_at + found.grace,
        may_unhear=row.written_at is not None and row.written_at > at.now - LATELY,
        moved_to=times.clock(row.attempt_due_at, at.zone),
    )


def _why(row: SheetRow, found: Found, tried: Sequence[Tried], at: Moment) -> Sequence[str]:
    told = sheet_words.why(row, found.held.get(row.id), found.acts.get(row.id), tried, at)
    ladder = found.ladders.get(row.contact_id or "")
    standing = ladder is not None and ladder.state is not EscalationState.OVER
    if asked := found.asked.get(row.id):
        told = [*told, sheet_words.asked(asked, at)]
    return [*told, ladder_view.brief(ladder, at)] if ladder is not None and standing else told


def _is_today(row: SheetRow, at: Moment) -> bool:
    """Of the peer's own day."""
    return row.day_from <= at.now < row.day_until
