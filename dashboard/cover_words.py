"""Where people are missing, and how many are needed when, in plain words. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dashboard import times, words
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
from phoneline.cover import HOLIDAY, Gap, Need
from phoneline.recurrence import wall

_MIDNIGHT = time()
_A_MONDAY = date(2026, 1, 5)
_RUN = 3
"""So many days in a row are said by their first and last one."""


def gap(one: Gap, at: Moment, beyond: datetime | None = None) -> str:
    """Such as "Thursday 22:00 to midnight: nobody". What lasts to `beyond`, the end of what was looked at, goes on."""
    if beyond is not None and one.ends_at >= beyond:
        return _("From %(begins)s on: %(lack)s", begins=begins(one, at), lack=lack(one))
    told = _("%(begins)s to %(ends)s: %(lack)s", begins=begins(one, at), ends=ends(one, at), lack=lack(one))
    return words.sentence(told)


def lack(one: Gap) -> str:
    """Such as "nobody", "one of two", "nobody as backup"."""
    there = _("nobody")
    if one.had:
        there = _("%(had)s of %(needed)s", had=words.number(one.had), needed=words.number(one.minimum))
    if one.tier is None:
        return there
    return _("%(who)s to be rung first", who=there) if one.tier == 1 else _("%(who)s as backup", who=there)


def begins(one: Gap, at: Moment) -> str:
    if one.starts_at <= at.now:
        return _("now")
    return _day_and_time(one.starts_at, at)


def ends(one: Gap, at: Moment) -> str:
    """Without the day where it is that of the beginning."""
    first, last = (wall(each, at.zone) for each in (max(one.starts_at, at.now), one.ends_at))
    if last.time() == _MIDNIGHT and last.date() == first.date() + timedelta(days=1):
        return _("midnight")
    if last.date() == first.date():
        return times.clock(one.ends_at, at.zone)
    return _day_and_time(one.ends_at, at)


def _day_and_time(instant: datetime, at: Moment) -> str:
    """With the day's name, today's too."""
    day, time = times.day(instant, at.now, at.zone), times.clock(instant, at.zone)
    return _("%(day)s %(time)s", day=day, time=time)


def missing(found: Sequence[Gap]) -> str:
    """What to know of the next four weeks, in one sentence."""
    if not found:
        return _("The next four weeks have enough people.")
    number = words.number(len(found))
    if all(one.is_nobody for one in found):
        return ngettext(
            "In the next four weeks %(number)s stretch has nobody.",
            "In the next four weeks %(number)s stretches have nobody.",
            len(found),
            number=number,
        )
    return ngettext(
        "In the next four weeks %(number)s stretch needs somebody.",
        "In the next four weeks %(number)s stretches need somebody.",
        len(found),
        number=number,
    )


def need(one: Need) -> str:
    """Such as "Monday to Friday, 09:00 to 21:00: at least one, better two"."""
    return _("%(days)s, %(hours)s: %(people)s", days=days(one.days), hours=_hours(one), people=people(one))


def people(one: Need) -> str:
    least = _("at least %(number)s", number=words.number(one.minimum)) if one.minimum else _("nobody has to be there")
    parts = [least]
    if one.wished > one.minimum:
        parts.append(_("better %(number)s", number=words.number(one.wished)))
    if one.tier is not None:
        parts.append(_("to be rung first") if one.tier == 1 else _("as backup"))
    return ", ".join(parts)


def days(those: frozenset[int]) -> str:
    """Such as "Every day", "Monday to Friday", "Saturday, Sunday and holidays"."""
    weekdays = sorted(those - {HOLIDAY})
    if len(weekdays) == times.WEEK_DAYS:
        named = [_("every day")]
    elif len(weekdays) >= _RUN and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        named = [_("%(first)s to %(last)s", first=_name(weekdays[0]), last=_name(weekdays[-1]))]
    else:
        named = [_name(day) for day in weekdays]
    return words.sentence(words.listed([*named, *([_("holidays")] if HOLIDAY in those else [])]))


def _name(day: int) -> str:
    """Of a weekday, Monday being 0."""
    return times.weekday(_A_MONDAY + timedelta(days=day))


def _hours(one: Need) -> str:
    starts, ends = f"{one.starts:%H:%M}", f"{one.ends:%H:%M}"
    if one.starts == one.ends:
        if one.starts == _MIDNIGHT:
            return _("all day")
        return _("from %(starts)s to %(ends)s the next day", starts=starts, ends=ends)
    return _("%(starts)s to %(ends)s", starts=starts, ends=_("midnight") if one.ends == _MIDNIGHT else ends)
