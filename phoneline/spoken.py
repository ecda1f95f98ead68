"""Days and times as people say them: "tomorrow from 9 to 11 AM". Pure: the present moment and the zone are arguments.

The words of each language stand in `locale/times/<language>.toml`.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

_NEAR = range(-1, 2)
_WEEK = 7
_NOON = 12
_PAST = "{past}"


@dataclass(frozen=True)
class _Words:
    """What `locale/times/<language>.toml` says."""

    weekdays: list[str]
    months: list[str]
    yesterday: str
    today: str
    tomorrow: str
    weekday: str
    date: str
    first_of_month: str
    hours: list[str]
    midnight: str
    noon: str
    past: str
    quarter: str
    half: str
    at_near: str
    at: str
    span_near: str
    span: str
    running: str
    long: str
    end: str

    def minutes(self, minutes: int) -> str:
        """What follows the hour."""
        return {0: "", 15: self.quarter, 30: self.half}.get(minutes, self.past.format(minutes=minutes))


@cache
def _words(language: str) -> _Words:
    times = resources.files("phoneline").joinpath("locale", "times")
    file = times.joinpath(f"{language}.toml")
    return _Words(**tomllib.loads((file if file.is_file() else times.joinpath("en.toml")).read_text(encoding="utf-8")))


def clock(at: time, language: str) -> str:
    """A time of day, on whatever day: "9:30 AM" or "noon"."""
    return _time(datetime.combine(date.min, at), _words(language))


def day(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """Such as "tomorrow"; "Thursday" within a week from now, else with its date."""
    return _day(at.astimezone(zone).date(), now.astimezone(zone).date(), _words(language))


def when(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """Such as "tomorrow at 9:30 AM" or "on Thursday at noon"; also for what has been."""
    words, local, today = _words(language), at.astimezone(zone), now.astimezone(zone).date()
    named = _day_named_with(local)
    form = words.at_near if _is_near(named, today) else words.at
    return form.format(day=_day(named, today, words), time=_time(local, words))


def until(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """What follows "until": "noon" today, "2 AM" in the coming night, else with the day."""
    return _end(at.astimezone(zone), now.astimezone(zone), now.astimezone(zone).date(), _words(language))


def span(starts_at: datetime, ends_at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """Such as "tomorrow from 9 to 11 AM", or "from now until noon" for what has begun."""
    words = _words(language)
    start, end, today = starts_at.astimezone(zone), ends_at.astimezone(zone), now.astimezone(zone).date()
    if starts_at <= now:
        return words.running.format(end=until(ends_at, now, zone, language))
    if not _goes_without_saying(end, start):
        return words.long.format(start=when(starts_at, now, zone, language), end=_end(end, start, today, words))
    form = words.span_near if _is_near(start.date(), today) else words.span
    return form.format(day=_day(start.date(), today, words), start=_start(start, end, words), end=_time(end, words))


def _goes_without_saying(end: datetime, start: datetime) -> bool:
    """Whether the end is understood without its day: on the same, in the night that follows, or the next morning."""
    days = (end.date() - start.date()).days
    return days == 0 or (days == 1 and end.hour < _NOON and end.time() < start.time())


def _end(end: datetime, start: datetime, today: date, words: _Words) -> str:
    if _goes_without_saying(end, start):
        return _time(end, words)
    return words.end.format(day=_day(_day_named_with(end), today, words), time=_time(end, words))


def _day_named_with(local: datetime) -> date:
    """The day that people say with this time: "Monday at midnight" is the end of Monday, not its beginning."""
    return local.date() - timedelta(days=1) if _is_twelve(local) and local.hour == 0 else local.date()


def _is_near(of: date, today: date) -> bool:
    return (of - today).days in _NEAR


def _day(of: date, today: date, words: _Words) -> str:
    distance = (of - today).days
    near = {-1: words.yesterday, 0: words.today, 1: words.tomorrow}.get(distance)
    if near is not None:
        return near
    weekday = words.weekdays[of.weekday()]
    # The same weekday a week from now isn't meant by its name alone, nor is one that has been.
    if 0 < distance < _WEEK:
        return words.weekday.format(weekday=weekday)
    form = words.first_of_month if of.day == 1 else words.date
    return form.format(weekday=weekday, month=words.months[of.month - 1], day=of.day)


def _time(local: datetime, words: _Words) -> str:
    if _is_twelve(local):
        return words.noon if local.hour else words.midnight
    return words.hours[local.hour].format(past=words.minutes(local.minute))


def _is_twelve(local: datetime) -> bool:
    return local.minute == 0 and local.hour % _NOON == 0


def _start(start: datetime, end: datetime, words: _Words) -> str:
    """The first time of a stretch, without the part of the day where the second says it too."""
    (begins, part), (_, last) = (words.hours[one.hour].split(_PAST) for one in (start, end))
    says_it_too = part == last and start.date() == end.date() and not (_is_twelve(start) or _is_twelve(end))
    return begins + words.minutes(start.minute) if says_it_too else _time(start, words)
