"""The contact log in words. Pure: the rows, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from dashboard import message_view, owner_view, times, words
from dashboard.log_filters import OPEN, Filters
from dashboard.queries_log import PAGE, ContactRow
from dashboard.times import Moment
from phoneline.follow_ups import OPEN as OPEN_FOLLOW_UPS
from phoneline.states import CallOutcome, ContactKind, ContactOutcome, Direction, FollowUp

HOUR_SECONDS = 3600


@dataclass(frozen=True)
class LogLine:
    """One contact. `undo` is what its follow-up was before this visitor marked it as done."""

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
    undo: str = ""
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


def build(
    rows: Sequence[ContactRow], filters: Filters, open_count: int, undo: Mapping[str, str], at: Moment
) -> LogPage:
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
    return words.sentence(dated if dated.startswith(named) else f"{named}, {dated}")


def _line(row: ContactRow, undo: Mapping[str, str], at: Moment) -> LogLine:
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
        undo=undo.get(row.id, "") if row.follow_up is FollowUp.DONE else "",
        whose=owner_view.whose(row.owed, at) if row.follow_up in OPEN_FOLLOW_UPS else "",
        late=row.follow_up in OPEN_FOLLOW_UPS and row.owed.is_overdue,
    )


def _kind(row: ContactRow) -> str:
    return words.sentence(words.KINDS[row.kind])


def ending(row: ContactRow) -> str:
    """How the contact ended: what happened, and what the volunteer said of it."""
    said = f", {words.OUTCOMES[row.outcome]}" if row.outcome is not ContactOutcome.NONE else ""
    if row.kind is ContactKind.CHECKIN and row.checkin_state is not None:
        return words.CHECKIN_STATES[row.checkin_state] + (said if row.outcome is not ContactOutcome.FINE else "")
    if row.kind is ContactKind.VOICEMAIL:
        return message_view.ending(row) + said
    if row.kind is ContactKind.CALLBACK:
        return ("called back" if row.follow_up is FollowUp.DONE else "waits for our call") + said
    if row.by_hand and row.kind is ContactKind.CALL:
        return "by another telephone" + said
    if not row.has_call:
        return words.OUTCOMES[row.outcome] if said else ""
    return _call_ending(row) + said


def _call_ending(row: ContactRow) -> str:
    talked = row.talk_seconds or 0
    if row.call_outcome is CallOutcome.CONNECTED or talked:
        return f"talked {times.lasting(talked)}" if row.call_ended else "talking now"
    if row.call_outcome is not None:
        return words.CALL_ENDINGS[row.call_outcome]
    if row.call_ended:
        return "nobody was joined" if row.direction is Direction.OUTBOUND else "ended"
    return "on the line now"


def answer(filters: Filters, open_count: int, at: Moment) -> str:
    """What the log shows, and how much of it still waits for somebody."""
    if filters.problem:
        return "Please look at the days once more."
    waiting = f"{words.counted(open_count, 'follow-up is', 'follow-ups are')} open" if open_count else "nothing is open"
    return f"{words.sentence(_shown(filters, at))}. {words.sentence(waiting)}."


WITH_FOLLOW_UP = {
    OPEN: "with an open follow-up",
    FollowUp.WANTED: "with a follow-up wanted",
    FollowUp.URGENT: "with an urgent follow-up",
    FollowUp.DONE: "whose follow-up is done",
    FollowUp.NONE: "without a follow-up",
}


def _shown(filters: Filters, at: Moment) -> str:
    what = f"every {words.SINGLE[filters.kind]}" if filters.kind else "every contact"
    if filters.follow_up:
        what += f" {WITH_FOLLOW_UP[filters.follow_up]}"
    if filters.outcome:
        what += f" that ended with “{words.OUTCOMES[filters.outcome]}”"
    return what + _days(filters, at)


def _days(filters: Filters, at: Moment) -> str:
    since, until = filters.bounds(at.zone)
    first = times.day(since, at.now, at.zone) if since else ""
    last = times.day(until - timedelta(hours=1), at.now, at.zone) if until else ""
    if first == "today" or (first and first == last):
        return f", {first}"
    if first and last:
        return f", {first} to {last}"
    return (f", since {first}" if first else "") + (f", up to {last}" if last else "")
