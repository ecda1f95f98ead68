"""The contact log in words. Pure: the rows, the instant and the zone are arguments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from dashboard import follow_ups_view, message_view, owner_view, times, words
from dashboard.log_filters import OPEN, Filters
from dashboard.queries_log import PAGE, ContactRow
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.follow_ups import OPEN as OPEN_FOLLOW_UPS
from phoneline.states import CallOutcome, ContactKind, ContactOutcome, Direction, FollowUp

HOUR_SECONDS = 3600


@dataclass(frozen=True)
class LogLine:
    """One contact. `undo`: this visitor has marked its follow-up as done, and may take it back."""

    id: str
    iso: str
    clock: str
    ago: str
    kind: str
    icon: str
    who: str
    volunteer: str
    ending: str
    follow_up: FollowUp
    undo: bool = False
    whose: str = ""
    late: bool = False

    @property
    def is_open(self) -> bool:
        return self.follow_up in OPEN_FOLLOW_UPS


@dataclass(frozen=True)
class Day:
    """A day's contacts, under its name."""

    name: str
    lines: Sequence[LogLine]


@dataclass(frozen=True)
class LogPage:
    """What a page of the log shows."""

    answer: str
    days: Sequence[Day]
    older: str
    filtered: bool


def build(rows: Sequence[ContactRow], filters: Filters, open_count: int, undo: Collection[str], at: Moment) -> LogPage:
    shown = rows[:PAGE]
    days = [
        Day(name, [_line(row, undo, at) for row in group])
        for name, group in groupby(shown, key=lambda row: _day_name(row, at))
    ]
    older = str(shown[-1].cursor) if len(rows) > PAGE else ""
    return LogPage(answer(filters, open_count, at), days, older, bool(filters.query()))


def _day_name(row: ContactRow, at: Moment) -> str:
    """The day as "Today, Tuesday 17 November"."""
    named = times.day(row.at, at.now, at.zone)
    dated = times.dated(row.at, at.now, at.zone)
    if dated.startswith(named):
        return words.sentence(dated)
    return words.sentence(_("%(day)s, %(date)s", day=named, date=dated))


def _line(row: ContactRow, undo: Collection[str], at: Moment) -> LogLine:
    apart = (at.now - row.at).total_seconds()
    return LogLine(
        id=row.id,
        iso=row.at.isoformat(timespec="seconds"),
        clock=times.clock(row.at, at.zone),
        ago=times.ago(apart) if abs(apart) < HOUR_SECONDS else "",
        kind=_kind(row),
        icon=row.kind.value,
        who=words.sentence(words.who(row.person, withheld=row.withheld)),
        volunteer=row.volunteer or "",
        ending=words.sentence(ending(row)),
        follow_up=row.follow_up,
        undo=row.id in undo and row.follow_up is FollowUp.DONE,
        whose=owner_view.whose(row.owed, at) if row.follow_up in OPEN_FOLLOW_UPS else "",
        late=row.follow_up in OPEN_FOLLOW_UPS and row.owed.is_overdue,
    )


def _kind(row: ContactRow) -> str:
    return words.sentence(words.KINDS[row.kind])


def ending(row: ContactRow) -> str:
    """How the contact ended: what happened, and what the volunteer said of it."""
    said = words.OUTCOMES[row.outcome] if row.outcome is not ContactOutcome.NONE else ""
    if row.kind is ContactKind.CHECKIN and row.checkin_state is not None:
        return _both(words.CHECKIN_STATES[row.checkin_state], said if row.outcome is not ContactOutcome.FINE else "")
    if row.kind is ContactKind.VOICEMAIL:
        return _both(message_view.ending(row), said)
    if row.kind is ContactKind.CALLBACK:
        return _both(_("called back") if row.follow_up is FollowUp.DONE else _("waits for our call"), said)
    if row.by_hand and row.kind is ContactKind.CALL:
        return _both(_("by another telephone"), said)
    return _both(_call_ending(row), said) if row.has_call else said


def _both(happened: str, said: str) -> str:
    return _("%(happened)s, %(said)s", happened=happened, said=said) if said else happened


def _call_ending(row: ContactRow) -> str:
    talked = row.talk_seconds or 0
    if row.call_outcome is CallOutcome.CONNECTED or talked:
        return _("talked %(span)s", span=times.lasting(talked)) if row.call_ended else _("talking now")
    if row.call_outcome is not None:
        return words.CALL_ENDINGS[row.call_outcome]
    if row.call_ended:
        return _("nobody was joined") if row.direction is Direction.OUTBOUND else _("ended")
    return _("on the line now")


def answer(filters: Filters, open_count: int, at: Moment) -> str:
    """What the log shows, and how much of it still waits for somebody."""
    if filters.problem:
        return _("Please look at the days once more.")
    return f"{_shown(filters, at)} {follow_ups_view.open_count(open_count)}"


WITH_FOLLOW_UP = Phrases(
    {
        OPEN: N_("with an open follow-up"),
        FollowUp.WANTED: N_("with a follow-up wanted"),
        FollowUp.URGENT: N_("with an urgent follow-up"),
        FollowUp.DONE: N_("whose follow-up is done"),
        FollowUp.NONE: N_("without a follow-up"),
    }
)
EVERY = Phrases(
    {
        None: N_("Every contact"),
        ContactKind.CALL: N_("Every call"),
        ContactKind.CHECKIN: N_("Every check-in"),
        ContactKind.VOICEMAIL: N_("Every message"),
        ContactKind.CALLBACK: N_("Every call-back"),
        ContactKind.SMS: N_("Every text"),
        ContactKind.IN_PERSON: N_("Every meeting in person"),
        ContactKind.OUTREACH: N_("Every call to make"),
    }
)


def _shown(filters: Filters, at: Moment) -> str:
    """Such as "Every call, whose follow-up is done, since Monday"."""
    parts = [EVERY[filters.kind]]
    if filters.follow_up:
        parts.append(WITH_FOLLOW_UP[filters.follow_up])
    if filters.outcome:
        parts.append(_("that ended with “%(outcome)s”", outcome=words.OUTCOMES[filters.outcome]))
    return f"{', '.join([*parts, *_days(filters, at)])}."


def _days(filters: Filters, at: Moment) -> Sequence[str]:
    since, until = filters.bounds(at.zone)
    today = since is not None and times.moment(since, at.now, at.zone) == times.clock(since, at.zone)
    first = times.day(since, at.now, at.zone) if since else ""
    last = times.day(until - timedelta(hours=1), at.now, at.zone) if until else ""
    if first and (today or first == last):
        return [first]
    if first and last:
        return [_("%(first)s to %(last)s", first=first, last=last)]
    if first:
        return [_("since %(day)s", day=first)]
    return [_("up to %(day)s", day=last)] if last else []
