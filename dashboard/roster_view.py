"""A week of the roster in words, and as blocks for the calendar. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import roster_cover, roster_told, rule_words, times, words
from dashboard.cover_words import lack
from dashboard.queries_roster import Hours, Made
from dashboard.roster_cover import Covered, span
from dashboard.roster_days import RosterDays, Show
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext, pgettext
from dashboard.tongue import gettext as _
from phoneline import cover
from phoneline.cover import Gap, Stretch
from phoneline.recurrence import wall

KINDS: Mapping[int, str] = {1: "first", 2: "backup"}
TIERS: Mapping[int, str] = Phrases({1: N_("first"), 2: N_("backup")})
SHORTEST = timedelta(minutes=15)
"""What the clocks' change turns inside out is shown as long as this."""


@dataclass(frozen=True)
class Block:
    """Hours on the calendar. Wall-clock times are the line's; `kind` is a shape and a word, never colour alone."""

    id: str
    starts: str
    ends: str
    day: date
    span: str
    who: str
    kind: str
    tier: int
    marks: Sequence[str]
    told: str
    """All of it in words, for who doesn't see the block."""
    repeats: bool
    may_change: bool
    rule: str
    """When its shift comes, in words."""
    shift_id: str
    on: str
    """Which date of its shift."""
    address: str = ""


@dataclass(frozen=True)
class Day:
    """A day as a line of the table, or as a card."""

    name: str
    date: str
    is_today: bool
    is_past: bool
    first: Sequence[Block]
    backup: Sequence[Block]
    cover: Sequence[Covered]


@dataclass(frozen=True)
class Week:
    """The days that are shown, with the sentence that says how they are covered."""

    answer: str
    name: str
    days: Sequence[Day]
    beyond: str


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """First names; with the next one's initial, or all of it, where two would be called the same."""
    found: dict[str, str] = {}
    for make in (_first, _first_and_initial, str):
        left = {one: make(name) for one, name in names.items() if one not in found}
        several = [*left.values(), *found.values()]
        found |= {one: name for one, name in left.items() if several.count(name) == 1}
    return {one: found.get(one, name) for one, name in names.items()}


def _first(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.split() else name


def _first_and_initial(name: str) -> str:
    parts = name.split()
    return f"{parts[0]} {parts[1][0]}." if len(parts) > 1 else name


def blocks(found: Sequence[Hours], at: Moment, *, may_change: bool) -> Sequence[Block]:
    names = short_names({one.person_id: one.name or "" for one in found if one.person_id})
    return [_block(one, names.get(one.person_id or "", _("open")), at, may_change=may_change) for one in found]


def _block(one: Hours, who: str, at: Moment, *, may_change: bool) -> Block:
    starts, ends = wall(one.starts_at, at.zone), wall(one.ends_at, at.zone)
    kind = "open" if one.person_id is None else "learning" if one.shadow else KINDS[one.tier]
    marks = [
        *([_("learning")] if one.shadow else []),
        *([TIERS[one.tier]] if one.tier != 1 else []),
        *([_("confirmed")] if one.confirmed else []),
    ]
    day = times.dated(one.starts_at, at.now, at.zone)
    told = [
        one.name or _("Open, nobody yet"),
        *([_("learning")] if one.shadow else []),
        TIERS[one.tier],
        f"{day} {span(one.starts_at, one.ends_at, at.zone)}",
        *([_("confirmed")] if one.confirmed else []),
    ]
    return Block(
        id=one.id,
        starts=f"{starts:%Y-%m-%dT%H:%M}",
        ends=f"{max(ends, starts + SHORTEST):%Y-%m-%dT%H:%M}",
        day=starts.date(),
        span=span(one.starts_at, one.ends_at, at.zone),
        who=who,
        kind=kind,
        tier=one.tier,
        marks=marks,
        told=", ".join(told),
        repeats=bool(one.rrule),
        rule=_rule(one, at),
        may_change=may_change and one.shift_id is not None and one.ends_at > at.now,
        shift_id=one.shift_id or "",
        on=f"{one.occurs_local:%Y-%m-%dT%H:%M}" if one.occurs_local else "",
    )


def _rule(one: Hours, at: Moment) -> str:
    if not one.rrule or one.occurs_local is None:
        return ""
    return words.sentence(rule_words.when(one.occurs_local, one.rrule, wall(at.now, at.zone).year))


def week(shown: RosterDays, found: Sequence[Block], stretches: Sequence[Stretch], at: Moment) -> Week:
    return Week(
        answer=answer(shown, found, cover.gaps(stretches), at),
        name=title(shown),
        days=[_day(day, shown, found, stretches, at) for day in shown.days],
        beyond="",
    )


def title(shown: RosterDays) -> str:
    """Such as "16 to 22 November 2026"."""
    first, last = shown.days[0], shown.days[-1]
    if shown.show is Show.DAY:
        return times.full_date(first)
    begins = str(first.day) if first.month == last.month else times.day_of_month(first)
    if first.year != last.year:
        begins = _("%(date)s %(year)s", date=begins, year=first.year)
    ends = _("%(date)s %(year)s", date=times.day_of_month(last), year=last.year)
    return pgettext("dates", "%(begins)s to %(ends)s", begins=begins, ends=ends)


def _day(day: date, shown: RosterDays, found: Sequence[Block], stretches: Sequence[Stretch], at: Moment) -> Day:
    begun_before = [one for one in found if one.day < day] if day == shown.first else []
    own = [*begun_before, *(one for one in found if one.day == day)]
    return Day(
        name=times.weekday(day),
        date=times.day_of_month(day),
        is_today=day == shown.today,
        is_past=day < shown.today,
        first=[one for one in own if one.tier == 1],
        backup=[one for one in own if one.tier != 1],
        cover=roster_cover.of_day(day, stretches, at.zone),
    )


def answer(shown: RosterDays, found: Sequence[Block], gaps: Sequence[Gap], at: Moment) -> str:
    """What to know of these days: whether they are covered, and where not."""
    these = _these(shown)
    still = [one for one in gaps if one.ends_at > at.now]
    if not found:
        return _("Nobody is on the roster %(these_days)s.", these_days=these)
    if not still:
        return _who_is_on(shown, found)
    gap = still[0]
    when = times.moment(max(gap.starts_at, at.now), at.now, at.zone)
    filled = {"these_days": these, "lack": lack(gap), "begins": when, "ends": _until(gap, at)}
    if len(still) == 1:
        return _("One gap %(these_days)s: %(lack)s from %(begins)s until %(ends)s.", **filled)
    number = words.sentence(words.number(len(still)))
    return _(
        "%(number)s gaps %(these_days)s. The next: %(lack)s from %(begins)s until %(ends)s.", number=number, **filled
    )


def _who_is_on(shown: RosterDays, found: Sequence[Block]) -> str:
    """Of days without a gap, or that are over."""
    people = len({one.who for one in found if one.kind not in {"open", "learning"}})
    still_open = sum(one.kind == "open" for one in found)
    told = ngettext("%(number)s volunteer", "%(number)s volunteers", people, number=words.number(people))
    if still_open:
        shifts = ngettext(
            "%(number)s shift open", "%(number)s shifts open", still_open, number=words.number(still_open)
        )
        told = _("%(volunteers)s, %(open_shifts)s", volunteers=told, open_shifts=shifts)
    these = _these(shown)
    if shown.days[-1] < shown.today:
        return words.sentence(_("%(volunteers)s %(these_days)s.", volunteers=told, these_days=these))
    return _("All covered %(these_days)s: %(volunteers)s.", these_days=these, volunteers=told)


def _until(gap: Gap, at: Moment) -> str:
    same = wall(max(gap.starts_at, at.now), at.zone).date() == wall(gap.ends_at, at.zone).date()
    return times.clock(gap.ends_at, at.zone) if same else times.moment(gap.ends_at, at.now, at.zone)


def _these(shown: RosterDays) -> str:
    apart = (shown.first - (shown.today - timedelta(days=shown.today.weekday()))).days // 7
    if shown.show is Show.DAY:
        away = (shown.day - shown.today).days
        near = {0: _("today"), 1: _("tomorrow")}
        return near.get(away) or _("on %(date)s", date=title(shown))
    near = {0: _("this week"), 1: _("next week")}
    return near.get(apart) or _("in the week of %(date)s", date=times.day_of_month(shown.first))


def told(made: Made, at: Moment) -> str:
    """What was just put on the roster."""
    draft = made.draft
    what = [
        made.who or _("open"),
        *([_("learning")] if draft.shadow else []),
        _("first") if draft.tier == 1 else _("as backup"),
        roster_told.when(draft, wall(at.now, at.zone).year),
    ]
    return _("Added: %(what)s.", what=", ".join(what))
