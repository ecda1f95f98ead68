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
from phoneline import cover
from phoneline.cover import Gap, Stretch
from phoneline.recurrence import wall

TIERS: Mapping[int, str] = {1: "first", 2: "backup"}
NOBODY_YET = "open"
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
    label: str
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
    return [_block(one, names.get(one.person_id or "", NOBODY_YET), at, may_change=may_change) for one in found]


def _block(one: Hours, who: str, at: Moment, *, may_change: bool) -> Block:
    starts, ends = wall(one.starts_at, at.zone), wall(one.ends_at, at.zone)
    kind = "open" if one.person_id is None else "learning" if one.shadow else TIERS[one.tier]
    tier = TIERS[one.tier]
    marks = [
        *(["learning"] if one.shadow else []),
        *([tier] if one.tier != 1 else []),
        *(["confirmed"] if one.confirmed else []),
    ]
    whose = "Open, nobody yet" if one.person_id is None else f"{one.name}, learning" if one.shadow else one.name or ""
    told = f"{whose}, {tier}, {times.dated(one.starts_at, at.now, at.zone)} {span(one.starts_at, one.ends_at, at.zone)}"
    return Block(
        id=one.id,
        starts=f"{starts:%Y-%m-%dT%H:%M}",
        ends=f"{max(ends, starts + SHORTEST):%Y-%m-%dT%H:%M}",
        day=starts.date(),
        span=span(one.starts_at, one.ends_at, at.zone),
        who=who,
        kind=kind,
        label=tier,
        marks=marks,
        told=f"{told}, confirmed" if one.confirmed else told,
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
        return f"{first:%A} {first.day} {first:%B} {first.year}"
    month = f" {first:%B}" if first.month != last.month else ""
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day}{month}{year} to {last.day} {last:%B} {last.year}"


def _day(day: date, shown: RosterDays, found: Sequence[Block], stretches: Sequence[Stretch], at: Moment) -> Day:
    begun_before = [one for one in found if one.day < day] if day == shown.first else []
    own = [*begun_before, *(one for one in found if one.day == day)]
    return Day(
        name=f"{day:%A}",
        date=f"{day.day} {day:%B}",
        is_today=day == shown.today,
        is_past=day < shown.today,
        first=[one for one in own if one.label == TIERS[1]],
        backup=[one for one in own if one.label != TIERS[1]],
        cover=roster_cover.of_day(day, stretches, at.zone),
    )


def answer(shown: RosterDays, found: Sequence[Block], gaps: Sequence[Gap], at: Moment) -> str:
    """What to know of these days: whether they are covered, and where not."""
    these = _these(shown)
    still = [one for one in gaps if one.ends_at > at.now]
    if not found:
        return f"Nobody is on the roster {these}."
    if not still:
        return _who_is_on(shown, found)
    gap = still[0]
    when = times.moment(max(gap.starts_at, at.now), at.now, at.zone)
    nobody = f"{lack(gap)} from {when} until {_until(gap, at)}"
    first = words.sentence(nobody if len(still) == 1 else f"the next: {nobody}")
    if len(still) == 1:
        return f"One gap {these}: {nobody}."
    return f"{words.sentence(words.number(len(still)))} gaps {these}. {first}."


def _who_is_on(shown: RosterDays, found: Sequence[Block]) -> str:
    """Of days without a gap, or that are over."""
    people = len({one.who for one in found if one.kind not in {"open", "learning"}})
    still_open = sum(one.kind == "open" for one in found)
    told = words.counted(people, "volunteer", "volunteers")
    told += f", {words.counted(still_open, 'shift', 'shifts')} open" if still_open else ""
    if shown.days[-1] < shown.today:
        return f"{words.sentence(told)} {_these(shown)}."
    return f"All covered {_these(shown)}: {told}."


def _until(gap: Gap, at: Moment) -> str:
    same = wall(max(gap.starts_at, at.now), at.zone).date() == wall(gap.ends_at, at.zone).date()
    return times.clock(gap.ends_at, at.zone) if same else times.moment(gap.ends_at, at.now, at.zone)


def _these(shown: RosterDays) -> str:
    apart = (shown.first - (shown.today - timedelta(days=shown.today.weekday()))).days // 7
    if shown.show is Show.DAY:
        away = (shown.day - shown.today).days
        return {0: "today", 1: "tomorrow"}.get(away, f"on {title(shown)}")
    return {0: "this week", 1: "next week"}.get(apart, f"in the week of {shown.first.day} {shown.first:%B}")


def told(made: Made, at: Moment) -> str:
    """What was just put on the roster."""
    draft = made.draft
    learning = ", learning" if draft.shadow else ""
    tier = "first" if draft.tier == 1 else "as backup"
    when = roster_told.when(draft, wall(at.now, at.zone).year)
    return f"Added: {made.who or 'open'}{learning}, {tier}, {when}."
