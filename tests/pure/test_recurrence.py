from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phoneline.recurrence import RuleError, check_rule, due_instants, instant, spans, wall

TORONTO = ZoneInfo("America/Toronto")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = [
    "America/Toronto",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "UTC",
]
DAY = timedelta(days=1)
# The clocks change on these days somewhere among the zones above.
CHANGES = [
    datetime.fromisoformat(f"2026-{day}")
    for day in ("02-15", "03-08", "03-22", "03-29", "04-05", "09-27", "10-04", "10-25", "11-01")
]


def clock(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# One wall-clock time


@pytest.mark.parametrize(
    ("local", "zone", "at"),
    [
        ("2026-03-08T01:59", TORONTO, "2026-03-08T06:59"),
        ("2026-03-08T02:30", TORONTO, "2026-03-08T07:30"),  # skipped: an hour later, 03:30
        ("2026-03-08T03:00", TORONTO, "2026-03-08T07:00"),
        ("2026-11-01T01:30", TORONTO, "2026-11-01T05:30"),  # repeated: the first
        ("2026-11-01T02:00", TORONTO, "2026-11-01T07:00"),
        ("2026-10-04T02:15", LORD_HOWE, "2026-10-03T15:45"),  # skipped: half an hour later, 02:45
        ("2026-10-04T02:30", LORD_HOWE, "2026-10-03T15:30"),
        ("2026-04-05T01:45", LORD_HOWE, "2026-04-04T14:45"),  # repeated: the first
        ("2026-04-05T02:00", LORD_HOWE, "2026-04-04T15:30"),
        ("2026-06-01T09:00", ZoneInfo("Asia/Kathmandu"), "2026-06-01T03:15"),
    ],
)
def test_a_wall_clock_time_is_one_instant(local: str, zone: ZoneInfo, at: str) -> None:
    assert instant(clock(local), zone) == utc(at)


@given(st.sampled_from(CHANGES), st.integers(0, 2 * 24 * 60), st.sampled_from(ZONES).map(ZoneInfo))
def test_a_skipped_time_moves_by_the_gap_and_others_stay(day: datetime, minutes: int, zone: ZoneInfo) -> None:
    local = day + timedelta(minutes=minutes)
    seen = wall(instant(local, zone), zone)
    gap = local.replace(tzinfo=zone, fold=0).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset()
    assert seen == local or (gap and timedelta() < seen - local <= timedelta(hours=1))


# Rules


def test_a_daily_call_stays_at_nine_across_both_changes() -> None:
    for since in ("2026-03-06T00:00", "2026-10-30T00:00"):
        found = due_instants(clock("2026-01-01T09:00"), "FREQ=DAILY", TORONTO, utc(since), utc(since) + 5 * DAY)
        assert [f"{wall(at, TORONTO):%H:%M}" for at in found] == ["09:00"] * 5
        assert {at.hour for at in found} == {13, 14}, "the UTC hour changes, theirs doesn't"


def test_a_call_in_the_skipped_hour_comes_once_and_an_hour_later() -> None:
    found = due_instants(
        clock("2026-03-07T02:30"), "FREQ=DAILY", TORONTO, utc("2026-03-07T00:00"), utc("2026-03-10T00:00")
    )
    assert found == [utc("2026-03-07T07:30"), utc("2026-03-08T07:30"), utc("2026-03-09T06:30")]


def test_a_call_in_the_repeated_hour_comes_once() -> None:
    found = due_instants(
        clock("2026-10-31T01:30"), "FREQ=DAILY", TORONTO, utc("2026-10-31T00:00"), utc("2026-11-03T00:00")
    )
    assert found == [utc("2026-10-31T05:30"), utc("2026-11-01T05:30"), utc("2026-11-02T06:30")]


def test_two_wall_clock_times_that_fall_together_are_due_once() -> None:
    """02:00 is skipped and becomes 03:00, where the rule has a time already."""
    found = due_instants(
        clock("2026-03-08T00:00"), "FREQ=HOURLY", TORONTO, utc("2026-03-08T05:00"), utc("2026-03-08T09:00")
    )
    assert found == [utc("2026-03-08T05:00"), utc("2026-03-08T06:00"), utc("2026-03-08T07:00"), utc("2026-03-08T08:00")]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260310T130000Z", "2026-03-10T13:00"),  # 09:00 in Toronto: included
        ("20260310T125959Z", "2026-03-09T13:00"),  # a second before it
        ("20260310T090000", "2026-03-10T13:00"),  # without Z by the wall clock
        ("20260310T085959", "2026-03-09T13:00"),
        ("20260310", "2026-03-09T13:00"),  # a date alone is its midnight
    ],
)
def test_until_with_z_is_an_instant_and_without_it_a_wall_clock_time(until: str, last: str) -> None:
    rule = f"FREQ=DAILY;UNTIL={until}"
    found = due_instants(clock("2026-03-01T09:00"), rule, TORONTO, utc("2026-03-01T00:00"), utc("2026-04-01T00:00"))
    assert found[-1] == utc(last)


def test_no_rule_is_one_time() -> None:
    since, until = utc("2026-06-01T00:00"), utc("2026-06-02T00:00")
    assert due_instants(clock("2026-06-01T09:00"), "", TORONTO, since, until) == [utc("2026-06-01T13:00")]
    assert due_instants(clock("2026-05-31T09:00"), "", TORONTO, since, until) == []


def test_the_range_has_its_beginning_and_not_its_end() -> None:
    start = clock("2026-06-01T09:00")
    at = instant(start, TORONTO)
    assert due_instants(start, "", TORONTO, at, at + DAY) == [at]
    assert due_instants(start, "", TORONTO, at - DAY, at) == []


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("1970-01-01T09:00", "FREQ=DAILY"),
        ("2023-01-01T00:00", "FREQ=HOURLY"),
        ("2023-01-01T00:00", "FREQ=HOURLY;INTERVAL=7;BYDAY=FR,SA"),
        ("1971-02-03T09:00", "FREQ=DAILY;INTERVAL=3"),
        ("1990-05-04T09:00", "FREQ=DAILY;BYHOUR=9,13,18"),
        ("1970-01-01T09:00", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("1970-01-01T09:00", "FREQ=MONTHLY;BYMONTHDAY=8"),
    ],
)
def test_what_began_long_ago_goes_on(start: str, rule: str) -> None:
    since = utc("2026-06-05T00:00")
    found = due_instants(clock(start), rule, TORONTO, since, since + 7 * DAY)
    expected = rrulestr(rule, dtstart=clock(start)).between(
        wall(since, TORONTO), wall(since, TORONTO) + 7 * DAY, inc=True
    )
    assert found == [instant(one, TORONTO) for one in expected if instant(one, TORONTO) < since + 7 * DAY]
    assert found != []


rules = st.builds(
    lambda freq, interval, extra: f"FREQ={freq};INTERVAL={interval}{extra}",
    st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 5),
    st.sampled_from(
        [
            "",
            ";BYDAY=MO,WE,SU",
            ";BYHOUR=1,2,9",
            ";COUNT=40",
            ";UNTIL=20260401T063000Z",
            ";BYMONTH=3,10",
            ";BYDAY=MO,FR;BYHOUR=2,3;BYSETPOS=-1",
            ";WKST=SU;BYDAY=SU,MO",
        ]
    ),
).filter(lambda rule: not ("HOURLY" in rule and "BYHOUR" in rule))  # with an interval that may be no rule at all
starts = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes),
    st.sampled_from([*CHANGES, *(clock(day) for day in ("2025-02-27", "2025-11-20"))]),
    st.integers(0, 2 * 24 * 4).map(lambda quarters: 15 * quarters),
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.sampled_from(CHANGES).flatmap(
    lambda day: st.integers(-2, 2).map(lambda n: (day + n * DAY).replace(tzinfo=UTC))
)


@given(starts, rules, zones, days, st.integers(1, 24 * 6))
@example(clock("2025-02-27T02:30"), "FREQ=DAILY", TORONTO, utc("2026-03-07T00:00"), 31)
def test_each_due_time_comes_once_however_the_time_is_cut(
    start: datetime, rule: str, zone: ZoneInfo, since: datetime, hours: int
) -> None:
    """The clock lays out a day or two at a time; whatever the cuts, nothing is lost and nothing doubled."""
    until, cut = since + 6 * DAY, since + timedelta(hours=hours)
    whole = due_instants(start, rule, zone, since, until)
    assert all(earlier < later for earlier, later in pairwise(whole))
    assert all(since <= at < until for at in whole)
    parts = due_instants(start, rule, zone, since, cut) + due_instants(start, rule, zone, cut, until)
    assert parts == whole


@settings(max_examples=60)
@given(starts, rules, zones, days)
def test_nothing_is_due_but_what_the_rule_says(start: datetime, rule: str, zone: ZoneInfo, since: datetime) -> None:
    until = since + 4 * DAY
    plain = rule.replace(";UNTIL=20260401T063000Z", "")
    said = rrulestr(plain, dtstart=start).between(wall(since, zone) - DAY, wall(until, zone) + DAY, inc=True)
    last = utc("2026-04-01T06:30") if plain != rule else until
    expected = {instant(one, zone) for one in said if since <= instant(one, zone) < until}
    found = due_instants(start, rule, zone, since, until)
    assert set(found) <= expected
    # A time within an hour of UNTIL may lie on either side of a change of clocks.
    assert set(found) >= {at for at in expected if at < last - timedelta(hours=1)}


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=MINUTELY", "HOURLY or slower"),
        ("freq=secondly", "HOURLY or slower"),
        ("DTSTART:20260101T090000\nRRULE:FREQ=DAILY", "leave DTSTART out"),
        ("every day", "not an RFC 5545 rule"),
        ("FREQ=SOMETIMES", "not an RFC 5545 rule"),
        ("FREQ=DAILY;UNTIL=20200101T000000Z", "never comes about"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes about"),
        ("FREQ=DAILY;BYMONTHDAY=99", "never comes about"),
        ("FREQ=MONTHLY;BYDAY=53MO", "not an RFC 5545 rule"),
        ("FREQ=DAILY;BYDAY=2MO", "not an RFC 5545 rule"),
        ("FREQ=DAILY;BYMONTH=0", "not an RFC 5545 rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYYEARDAY=367", "not an RFC 5545 rule"),
        ("FREQ=DAILY;BYHOUR=24", "not an RFC 5545 rule"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=-367", "not an RFC 5545 rule"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;INTERVAL=99999999999999", "INTERVAL must be from 1 to 1000"),
        ("FREQ=DAILY;UNTIL=00010101T000000Z", "not an RFC 5545 rule"),
    ],
)
def test_a_rule_that_we_cannot_follow_says_why(rule: str, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        check_rule(rule, clock("2026-01-01T09:00"), TORONTO)


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=HOURLY"),
        *(
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU;BYHOUR=9",
            "freq=monthly;byday=mo,tu;bysetpos=-1",
        ),
    ],
)
def test_a_rule_that_we_can_follow_passes(rule: str) -> None:
    check_rule(rule, clock("2026-01-01T09:00"), TORONTO)


# Shifts


def test_a_night_shift_is_as_long_as_the_wall_clock_says() -> None:
    start, end = clock("2026-03-07T22:00"), clock("2026-03-08T06:00")
    ((on, off),) = spans(start, end, "", TORONTO, utc("2026-03-07T00:00"), utc("2026-03-09T00:00"))
    assert off - on == timedelta(hours=7), "an hour of that night does not exist"
    ((on, off),) = spans(
        clock("2026-10-31T22:00"),
        clock("2026-11-01T06:00"),
        "",
        TORONTO,
        utc("2026-10-31T00:00"),
        utc("2026-11-02T00:00"),
    )
    assert off - on == timedelta(hours=9), "an hour of that night comes twice"


def test_a_stretch_that_has_begun_counts_until_its_end() -> None:
    start, end = clock("2026-06-01T20:00"), clock("2026-06-02T04:00")
    on, off = instant(start, TORONTO), instant(end, TORONTO)
    assert spans(start, end, "", TORONTO, off - timedelta(seconds=1), off + DAY) == [(on, off)]
    assert spans(start, end, "", TORONTO, off, off + DAY) == []
    assert spans(start, end, "", TORONTO, on - DAY, on) == []


def test_a_weekly_shift_from_long_ago_is_still_there() -> None:
    since = utc("2026-06-01T00:00")
    found = spans(clock("1970-01-05T22:00"), clock("1970-01-06T06:00"), "FREQ=DAILY", TORONTO, since, since + 2 * DAY)
    assert [wall(on, TORONTO) for on, _ in found] == [
        clock("2026-05-31T22:00"),
        clock("2026-06-01T22:00"),
    ]


def held(stretches: list[tuple[datetime, datetime]], since: datetime, until: datetime) -> bool:
    """Whether the half-open stretches leave nothing out between the two instants."""
    reached = since
    for on, off in sorted(stretches):
        if on > reached:
            break
        reached = max(reached, off)
    return reached >= until


@given(zones, st.sampled_from(CHANGES), st.lists(st.integers(0, 2 * 24 * 12), min_size=3, max_size=6, unique=True))
@example(TORONTO, clock("2026-03-08"), [12, 30, 60])  # they meet at 02:30, which that night does not have
@example(TORONTO, clock("2026-11-01"), [6, 18, 60])  # and at 01:30, which comes twice
@example(LORD_HOWE, clock("2026-10-04"), [12, 27, 60])  # 02:15 on an island with half-hour changes
def test_shifts_that_meet_on_the_clock_leave_no_gap(zone: ZoneInfo, day: datetime, cuts: list[int]) -> None:
    times = [day + timedelta(minutes=5 * cut) for cut in sorted(cuts)]
    since, until = day.replace(tzinfo=UTC) - 3 * DAY, day.replace(tzinfo=UTC) + 5 * DAY
    stretches = [span for one, next_ in pairwise(times) for span in spans(one, next_, "", zone, since, until)]
    assert held(stretches, instant(times[0], zone), instant(times[-1], zone))


@given(zones, st.sampled_from(CHANGES), st.integers(0, 287), st.integers(1, 287))
def test_two_daily_shifts_that_share_the_day_hold_every_instant(
    zone: ZoneInfo, day: datetime, change: int, length: int
) -> None:
    first = day - 10 * DAY + timedelta(minutes=5 * change)
    second = first + timedelta(minutes=5 * length)
    since, until = day.replace(tzinfo=UTC) - 3 * DAY, day.replace(tzinfo=UTC) + 3 * DAY
    stretches = [
        *spans(first, second, "FREQ=DAILY", zone, since, until),
        *spans(second, first + DAY, "FREQ=DAILY", zone, since, until),
    ]
    assert held(stretches, since, until)
