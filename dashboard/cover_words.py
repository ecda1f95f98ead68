"""Where people are missing, and how many are needed when, in plain words. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from dashboard import times, words
from dashboard.times import Moment
from phoneline.cover import HOLIDAY, Gap, Need
from phoneline.recurrence import wall

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MIDNIGHT = time()
_RUN = 3
"""So many days in a row are said by their first and last one."""


def gap(one: Gap, at: Moment, beyond: datetime | None = None) -> str:
    """Such as "Thursday 22:00 to midnight: nobody". What lasts to `beyond`, the end of what was looked at, goes on."""
    if beyond is not None and one.ends_at >= beyond:
        return f"From {begins(one, at)} on: {lack(one)}"
    return f"{words.sentence(begins(one, at))} to {ends(one, at)}: {lack(one)}"


def lack(one: Gap) -> str:
    """Such as "nobody", "one of two", "nobody as backup"."""
    there = f"{words.number(one.had)} of {words.number(one.minimum)}" if one.had else "nobody"
    return there + {None: "", 1: " to be rung first", 2: " as backup"}[one.tier]


def begins(one: Gap, at: Moment) -> str:
    if one.starts_at <= at.now:
        return "now"
    return f"{times.day(one.starts_at, at.now, at.zone)} {times.clock(one.starts_at, at.zone)}"


def ends(one: Gap, at: Moment) -> str:
    """Without the day where it is that of the beginning."""
    first, last = (wall(each, at.zone) for each in (max(one.starts_at, at.now), one.ends_at))
    if last.time() == _MIDNIGHT and last.date() == first.date() + timedelta(days=1):
        return "midnight"
    if last.date() == first.date():
        return times.clock(one.ends_at, at.zone)
    return f"{times.day(one.ends_at, at.now, at.zone)} {times.clock(one.ends_at, at.zone)}"


def missing(found: Sequence[Gap]) -> str:
    """What to know of the next four weeks, in one sentence."""
    if not found:
        return "The next four weeks have enough people."
    if all(one.is_nobody for one in found):
        stretches = words.counted(len(found), "stretch has nobody", "stretches have nobody")
    else:
        stretches = words.counted(len(found), "stretch needs somebody", "stretches need somebody")
    return f"In the next four weeks {stretches}."


def need(one: Need) -> str:
    """Such as "Monday to Friday, 09:00 to 21:00: at least one, better two"."""
    return f"{days(one.days)}, {_hours(one)}: {people(one)}"


def people(one: Need) -> str:
    least = f"at least {words.number(one.minimum)}" if one.minimum else "nobody has to be there"
    better = f", better {words.number(one.wished)}" if one.wished > one.minimum else ""
    return least + better + {None: "", 1: ", to be rung first", 2: ", as backup"}[one.tier]


def days(those: frozenset[int]) -> str:
    """Such as "Every day", "Monday to Friday", "Saturday, Sunday and holidays"."""
    weekdays = sorted(those - {HOLIDAY})
    if len(weekdays) == len(_DAYS):
        named = ["every day"]
    elif len(weekdays) >= _RUN and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        named = [f"{_DAYS[weekdays[0]]} to {_DAYS[weekdays[-1]]}"]
    else:
        named = [_DAYS[day] for day in weekdays]
    return words.sentence(words.listed([*named, *(["holidays"] if HOLIDAY in those else [])]))


def _hours(one: Need) -> str:
    if one.starts == one.ends:
        return "all day" if one.starts == _MIDNIGHT else f"from {one.starts:%H:%M} to {one.ends:%H:%M} the next day"
    until = "midnight" if one.ends == _MIDNIGHT else f"{one.ends:%H:%M}"
    return f"{one.starts:%H:%M} to {until}"
