"""Cover is the same as what one finds who counts people and needs at every single instant."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from phoneline import cover
from phoneline.cover import HOLIDAY, Gap, Level, Need, On, Resting, Stretch, Wanted
from phoneline.hours import ALWAYS, NO_DAYS, Calendar, closed_days, line_hours
from phoneline.recurrence import instant

TORONTO = ZoneInfo("America/Toronto")
STEP = timedelta(minutes=15)
DAY = timedelta(days=1)
WEEK = frozenset(range(7))
AROUND = {
    "America/Toronto": ("2026-03-08", "2026-11-01", "2026-06-10"),
    "Europe/Madrid": ("2026-03-29", "2026-10-25"),
    "Asia/Kolkata": ("2026-05-04",),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "America/Santiago": ("2026-09-06",),  # midnight itself is skipped
    "Pacific/Apia": ("2011-12-30",),  # a whole day is skipped
}
"""Zones, and days in them on which the clocks change, or don't."""
QUARTERS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))
TIERS = st.sampled_from([1, 2])
HOURS = (
    "always",
    "mon-sun 09:00-17:15",
    "mon-fri 22:00-02:00; sat,sun 01:30-03:15",
    "sun 00:00-24:00; mon 06:00-12:00",
)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    minimum = draw(st.integers(0, 3))
    wished = max(1, minimum) + draw(st.integers(0, 2))
    days = draw(st.frozensets(st.integers(0, HOLIDAY), min_size=1))
    return Need(days, draw(QUARTERS), draw(QUARTERS), minimum, wished, draw(st.none() | TIERS))


class Case:
    """A stretch around a day, and all that is laid over each other in it."""

    def __init__(self, draw: st.DrawFn) -> None:
        name = draw(st.sampled_from(sorted(AROUND)))
        zone, day = ZoneInfo(name), datetime.fromisoformat(draw(st.sampled_from(AROUND[name])))
        midnight = instant(day, zone)
        whole = st.integers(-120, 200).map(lambda steps: midnight + steps * STEP)
        self.needs = draw(st.lists(needs(), max_size=4))
        self.holidays = draw(st.frozensets(st.sampled_from([day.date(), (day - DAY).date()])))
        closed = draw(st.sampled_from(["none", f"{day:%Y-%m-%d}"]))
        self.calendar = Calendar(line_hours(draw(st.sampled_from(HOURS))), closed_days(closed), zone)
        who = st.sampled_from("abc")
        self.on = draw(st.lists(st.builds(On, who, TIERS, whole, whole), max_size=6))
        self.resting = draw(st.lists(st.builds(Resting, who, whole, st.none() | whole), max_size=2))
        self.since, self.until = midnight - DAY, midnight + DAY

    def stretches(self) -> list[Stretch]:
        needed = cover.wanted(self.needs, self.calendar, self.holidays, self.since, self.until)
        openings = self.calendar.openings(self.since, self.until)
        return cover.cover(cover.without(self.on, self.resting), needed, openings, self.since, self.until)

    def counted(self, at: datetime) -> tuple[int, dict[int | None, tuple[int, int, int]]]:
        """How many are on at that instant; and by tier who is on, needed and wished."""
        people = {one.person_id for one in self.on if one.starts_at <= at < one.ends_at and not self.rests(one, at)}
        here = [one for one in self.on if one.starts_at <= at < one.ends_at]
        best = [min(one.tier for one in here if one.person_id == who) for who in people]
        by_tier = {None: len(best), 1: best.count(1), 2: best.count(2)}
        if not self.calendar.is_open(at):
            return len(people), {}
        hold = [one for one in self.needs if self.holds(one, at)] if self.needs else [Need(WEEK, time(), time(), 1, 1)]
        tiers = {one.tier for one in hold}
        return len(people), {
            tier: (
                by_tier[tier],
                max(one.minimum for one in hold if one.tier == tier),
                max(one.wished for one in hold if one.tier == tier),
            )
            for tier in tiers
        }

    def rests(self, one: On, at: datetime) -> bool:
        mine = [rest for rest in self.resting if rest.person_id == one.person_id]
        return any(rest.since <= at and (rest.until is None or at < rest.until) for rest in mine)

    def holds(self, need: Need, at: datetime) -> bool:
        zone = self.calendar.zone
        today = at.astimezone(zone).date()
        mine = [day for day in _near(today) if self.is_of(need, day)]
        return any(_begun(day, need, zone) <= at < _over(day, need, zone) for day in mine)

    def is_of(self, need: Need, day: date) -> bool:
        if day in self.holidays and any(HOLIDAY in one.days for one in self.needs):
            return HOLIDAY in need.days
        return day.weekday() in need.days


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return Case(draw)


def _near(day: date) -> list[date]:
    return [day + distance * DAY for distance in range(-3, 3)]


def _begun(day: date, need: Need, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, need.starts), zone)


def _over(day: date, need: Need, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day if need.ends > need.starts else day + DAY, need.ends), zone)


@settings(max_examples=120)
@given(case=cases())
def test_every_instant_has_the_people_and_the_needs_that_hold_at_it(case: Case) -> None:
    found = case.stretches()
    assert [found[0].starts_at, found[-1].ends_at] == [case.since, case.until]
    for one, following in pairwise(found):
        assert one.ends_at == following.starts_at, "nothing falls between two"
        assert (one.had, one.levels) != (following.had, following.levels), "what is the same is one"
    at = case.since
    for one in found:
        assert one.starts_at < one.ends_at
        while at < one.ends_at:
            had = one.had, {level.tier: (level.had, level.minimum, level.wished) for level in one.levels}
            assert had == case.counted(at), at
            at += STEP
    _gaps_are_right(found, cover.gaps(found))


def _gaps_are_right(stretches: Sequence[Stretch], gaps: Sequence[Gap]) -> None:
    for one in stretches:
        around = [gap for gap in gaps if gap.starts_at <= one.starts_at and one.ends_at <= gap.ends_at]
        touched = [gap for gap in gaps if gap.starts_at < one.ends_at and one.starts_at < gap.ends_at]
        assert around == touched
        assert len(around) == bool(one.missing)
        for gap in around:
            assert gap.had < gap.minimum
            assert gap.is_nobody is (one.had == 0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO).astimezone(UTC)


def test_a_week_in_plain_sight() -> None:
    evening = Need(frozenset({3}), time(18), time(0), 1, 2)
    morning = Need(frozenset({5}), time(10), time(14), 2, 2)
    backup = Need(frozenset({6}), time(10), time(12), 1, 1, tier=2)
    calendar = Calendar(ALWAYS, NO_DAYS, TORONTO)
    since, until = at("2026-11-23T00:00"), at("2026-11-30T00:00")
    needed = cover.wanted([evening, morning, backup], calendar, (), since, until)
    on = [
        On("ana", 1, at("2026-11-26T18:00"), at("2026-11-26T22:00")),
        On("ana", 2, at("2026-11-26T20:00"), at("2026-11-26T22:00")),
        On("ravi", 1, at("2026-11-28T09:00"), at("2026-11-28T14:00")),
        On("ravi", 1, at("2026-11-29T10:00"), at("2026-11-29T11:00")),
        On("kim", 1, at("2026-11-29T10:00"), at("2026-11-29T12:00")),
    ]
    found = cover.cover(on, needed, calendar.openings(since, until), since, until)
    assert cover.gaps(found) == [
        Gap(at("2026-11-26T22:00"), at("2026-11-27T00:00"), 0, 1),
        Gap(at("2026-11-28T10:00"), at("2026-11-28T14:00"), 1, 2),
        Gap(at("2026-11-29T10:00"), at("2026-11-29T12:00"), 0, 1, tier=2),
    ]
    thursday = next(one for one in found if one.starts_at == at("2026-11-26T18:00"))
    assert thursday == Stretch(at("2026-11-26T18:00"), at("2026-11-26T22:00"), 1, (Level(None, 1, 1, 2),))
    assert (thursday.minimum, thursday.wished, thursday.missing) == (1, 2, 0)


def test_nobody_is_one_gap_however_many_are_needed_in_its_parts() -> None:
    since, until = at("2026-11-23T00:00"), at("2026-11-24T00:00")
    half = since + timedelta(hours=12)
    needed = [Wanted(since, until, 1, 1), Wanted(half, until, 2, 2, tier=1)]
    assert cover.gaps(cover.cover([], needed, [(since, until)], since, until)) == [Gap(since, until, 0, 2)]
    assert cover.gaps(cover.cover([], needed, [], since, until)) == [], "nobody is needed while the line is closed"


def test_without_a_need_it_is_one_person_whenever_the_line_is_open() -> None:
    calendar = Calendar(line_hours("mon-fri 09:00-21:00"), closed_days("2026-11-25"), TORONTO)
    since, until = at("2026-11-24T12:00"), at("2026-11-26T10:00")
    needed = cover.wanted([], calendar, (), since, until)
    found = cover.gaps(cover.cover([], needed, calendar.openings(since, until), since, until))
    assert found == [
        Gap(since, at("2026-11-24T21:00"), 0, 1),
        Gap(at("2026-11-26T09:00"), until, 0, 1),
    ]
