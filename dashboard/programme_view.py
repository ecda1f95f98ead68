"""The programme in words: a week of it, and one date with its list. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from dashboard import times, words
from dashboard.tongue import N_, Phrases, language, ngettext
from dashboard.tongue import gettext as _
from phoneline.activity_states import ActivityAct, ActivityKind
from phoneline.models import ActivitySignup
from phoneline.programme import Happening, words_in
from phoneline.recurrence import wall

KINDS: Mapping[ActivityKind, str] = Phrases(
    {
        ActivityKind.PHONE: N_("by phone"),
        ActivityKind.ONLINE: N_("online"),
        ActivityKind.IN_PERSON: N_("in person"),
    }
)
ICONS = {ActivityKind.PHONE: "phone", ActivityKind.ONLINE: "online", ActivityKind.IN_PERSON: "in_person"}
DONE: Mapping[ActivityAct, str] = Phrases(
    {
        ActivityAct.MADE: N_("It is in the programme now."),
        ActivityAct.CHANGED: N_("It is changed. Whoever had signed up goes along."),
        ActivityAct.ENDED: N_("It is off the programme now."),
        ActivityAct.UNDONE: N_("It is as it was before."),
    }
)


@dataclass(frozen=True)
class Line:
    """One date of an activity."""

    id: str
    on: str
    title: str
    span: str
    kind: str
    icon: str
    site: str
    held_in: str
    signed: str
    state: str
    """Empty for what takes place and isn't over."""
    off: bool


@dataclass(frozen=True)
class Day:
    name: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class ToTell:
    """Somebody who signed up for what doesn't take place."""

    id: str
    who: str
    what: str


@dataclass(frozen=True)
class WeekView:
    answer: str
    days: Sequence[Day]
    to_tell: Sequence[ToTell]
    clock: str
    """Whose clock the times are by, where that isn't the viewer's."""


def span(one: Happening, zone: ZoneInfo) -> str:
    """Such as "14:00 to 15:30"."""
    return _("%(start)s to %(end)s", start=times.clock(one.starts_at, zone), end=times.clock(one.ends_at, zone))


def on(local: datetime) -> str:
    """A date as it stands in an address."""
    return f"{local:%Y-%m-%dT%H:%M:%S}"


def title(one: Happening, own: str) -> str:
    return words_in(one.activity, language(), own).title


def line(one: Happening, signed: int, own: str, zone: ZoneInfo, now: datetime) -> Line:
    said = words_in(one.activity, language(), own)
    return Line(
        id=one.activity.id,
        on=on(one.occurs_local),
        title=said.title,
        span=span(one, zone),
        kind=KINDS[one.activity.kind],
        icon=ICONS[one.activity.kind],
        site=said.place or "",
        held_in=words.listed([words.LANGUAGES[each] for each in one.activity.held_in]),
        signed=signed_up(signed, one.activity.places),
        state=_state(one, now),
        off=one.off,
    )


def signed_up(count: int, places: int | None) -> str:
    """How many are on the list; nothing for nobody where everybody may come."""
    if places is not None:
        return _("%(count)s of %(places)s places taken", count=count, places=places)
    return ngettext("%(count)s signed up", "%(count)s signed up", count, count=count) if count else ""


def _state(one: Happening, now: datetime) -> str:
    if one.off:
        return _("moved") if one.instead_id else _("doesn't take place")
    if one.ends_at <= now:
        return _("over")
    return _("going on now") if one.starts_at <= now else ""


def days(
    lines: Sequence[tuple[Happening, Line]], zone: ZoneInfo, now: datetime, *, on_paper: bool = False
) -> Sequence[Day]:
    """A heading for each day on which something is on; what was moved stands where it is now.

    On paper no day is "today", and what doesn't take place isn't there.
    """
    shown = [(one, said) for one, said in lines if not (one.instead_id or (on_paper and one.off))]
    by_day = groupby(shown, key=lambda pair: wall(pair[0].starts_at, zone).date())
    return [_day(list(group), zone, now, on_paper=on_paper) for _date, group in by_day]


def _day(group: Sequence[tuple[Happening, Line]], zone: ZoneInfo, now: datetime, *, on_paper: bool) -> Day:
    first = group[0][0].starts_at
    name = times.dated(first, now, zone)
    if _is_near(first, zone, now) and not on_paper:
        name = _("%(near)s, %(date)s", near=times.day(first, now, zone), date=name)
    return Day(words.sentence(name), [said for _one, said in group])


def _is_near(at: datetime, zone: ZoneInfo, now: datetime) -> bool:
    return abs((wall(at, zone).date() - wall(now, zone).date()).days) <= 1


def answer(found: Sequence[Happening], since: date, own: str, zone: ZoneInfo, now: datetime) -> str:
    """What is on today, or what comes next."""
    coming = [one for one in found if not one.off and one.ends_at > now]
    today = [one for one in coming if wall(one.starts_at, zone).date() <= wall(now, zone).date()]
    if since != wall(now, zone).date():
        with_year = since.year != wall(now, zone).year
        return _("What is on from %(day)s.", day=times.full_date(since, with_year=with_year))
    if today:
        count = len(today)
        number = words.sentence(words.number(count))
        return ngettext("%(number)s thing is on today.", "%(number)s things are on today.", count, number=number)
    if coming:
        first = coming[0]
        when = times.on(first.starts_at, now, zone)
        return _("Nothing more is on today. Next is %(title)s, %(when)s.", title=title(first, own), when=when)
    return _("Nothing is on in the days ahead.")


# One date


@dataclass(frozen=True)
class GuestLine:
    """Somebody on the list."""

    id: str
    who: str
    person_id: str
    """Empty for nobody we know."""
    how: str
    has_number: bool
    number: str
    """Only where somebody asked to be shown it."""
    came: bool
    withdrawn: bool
    is_own: bool


def guest(one: ActivitySignup, number: str, *, is_own: bool) -> GuestLine:
    return GuestLine(
        id=one.id,
        who=who(one),
        person_id=one.person_id or "",
        how=_("put on the list by hand") if one.by_account_id else _("by telephone"),
        has_number=one.number is not None,
        number=number,
        came=one.came_at is not None,
        withdrawn=one.withdrawn_at is not None,
        is_own=is_own,
    )


def who(one: ActivitySignup) -> str:
    return one.person.name if one.person is not None else one.name or _(words.UNKNOWN_CALLER)


def headline(one: Happening, own: str, zone: ZoneInfo, now: datetime) -> str:
    day = times.dated(one.starts_at, now, zone)
    named = {"title": title(one, own), "day": day, "span": span(one, zone)}
    if one.instead_id:
        return _("%(title)s was moved: it doesn't take place on %(day)s, %(span)s.", **named)
    if one.off:
        return _("%(title)s doesn't take place on %(day)s, %(span)s.", **named)
    if one.ends_at <= now:
        return _("%(title)s: %(day)s, %(span)s. That is over.", **named)
    return _("%(title)s: %(day)s, %(span)s.", **named)
