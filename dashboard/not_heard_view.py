"""Whom nobody has heard from, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import owner_view, people_view, words
from dashboard.log_filters import Cursor
from dashboard.queries_not_heard import PAGE, Silent
from dashboard.times import Moment
from phoneline.not_heard import MOST_DAYS
from phoneline.recurrence import wall

MOST_COUNTED = 100
BAD_DAYS = f"Please write a whole number of days, from 1 to {MOST_DAYS:,}, or nothing."


@dataclass(frozen=True)
class SilentLine:
    """One person on the list."""

    id: str
    name: str
    silence: str
    last: str
    missed: str
    coming: str
    asked: str
    """Whose it is to call them, if somebody is asked."""
    asked_id: str


@dataclass(frozen=True)
class NotHeardPage:
    answer: str
    lines: Sequence[SilentLine]
    more: str
    """Where the next page begins."""
    days: int


def build(found: Sequence[Silent], several: int, days: int, at: Moment) -> NotHeardPage:
    shown = found[:PAGE]
    more = str(Cursor(shown[-1].last_heard_at, shown[-1].id)) if len(found) > PAGE else ""
    return NotHeardPage(answer(several, days), [_line(one, at) for one in shown], more, days)


def answer(several: int, days: int) -> str:
    return (
        f"{notice(several)}." if several else f"Everybody was heard from within {words.counted(days, 'day', 'days')}."
    )


def notice(several: int) -> str:
    """Such as "Two people haven't been heard from for a while"; empty when everybody has."""
    if not several:
        return ""
    many = f"more than {MOST_COUNTED} people haven't" if several > MOST_COUNTED else ""
    return words.sentence(
        f"{many or words.counted(several, 'person has not', 'people have not')} been heard from for a while"
    )


def _line(one: Silent, at: Moment) -> SilentLine:
    return SilentLine(
        id=one.id,
        name=one.name,
        silence=_silence(one, at),
        last=f"Last: {people_view.last(one.last, at)}." if one.last else "We have not heard from them yet.",
        missed=_missed(one.missed),
        coming=f"Next check-in {at.on(one.next_checkin)}." if one.next_checkin else "No check-in is planned.",
        asked=f"Somebody is asked to call: {owner_view.whose(one.asked.owed, at)}." if one.asked else "",
        asked_id=one.asked.contact_id if one.asked else "",
    )


def _silence(one: Silent, at: Moment) -> str:
    days = (wall(at.now, at.zone).date() - wall(one.last_heard_at, at.zone).date()).days
    since = f"for {words.counted(days, 'day', 'days')}" if days else "today"
    began = since if one.last else f"since they came into the line's books, {words.counted(days, 'day', 'days')} ago"
    quiet = f"Not heard from {began}" if days or not one.last else "Heard from today"
    return quiet + (f"; their own number of days is {one.own_days}" if one.own_days else "")


def _missed(missed: int) -> str:
    return f"Missed {words.counted(missed, 'check-in', 'check-ins in a row')}." if missed else ""
