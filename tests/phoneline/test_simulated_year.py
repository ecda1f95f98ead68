"""Whole years of daily plans, where clocks change, zones are moved by law, days are skipped and people travel."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import checkin_layout, due_checkins, replanning
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Attempt, Checkin, Contact
from phoneline.quiet_hours import window
from phoneline.states import CheckinState, FollowUp
from tests import factories
from tests.databases import Databases
from tests.factories import TORONTO

DAY = timedelta(days=1)
TIMES = [time(2, 30), time(1, 30), time(23, 59), time(0, 0)]
YEARS = {
    "America/Toronto": date(2026, 1, 1),
    "America/St_Johns": date(2026, 1, 1),
    "Europe/Paris": date(2027, 7, 1),  # with the 29th of February 2028
    "Australia/Lord_Howe": date(2026, 1, 1),  # half an hour
    "America/Santiago": date(2026, 1, 1),  # at midnight
    "Africa/Casablanca": date(2026, 1, 1),  # back for Ramadan
    "Asia/Almaty": date(2023, 12, 1),  # moved by law, on the 1st of March 2024
    "America/Caracas": date(2016, 1, 1),  # by half an hour, on the 1st of May
    "Pacific/Apia": date(2011, 6, 1),  # there was no 30th of December
}


def expected(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant at which the clock on the wall shows it; or that the clock before would have shown."""
    local = datetime.combine(day, at)
    offsets = [(local + hours).replace(tzinfo=UTC).astimezone(zone).utcoffset() for hours in (-2 * DAY, -DAY, DAY)]
    instants = [(local - offset).replace(tzinfo=UTC) for offset in offsets if offset is not None]
    shown = [one for one in instants if one.astimezone(zone).replace(tzinfo=None) == local]
    return min(shown) if shown else instants[1]


@pytest.mark.parametrize("name", YEARS)
def test_in_a_whole_year_there_is_one_check_in_a_day_at_the_right_instant(databases: Databases, name: str) -> None:
    """However irregularly the clock runs, and though it stood still for days now and then."""
    zone, first = ZoneInfo(name), YEARS[name]
    random = Random(name)  # noqa: S311 - the same year each time
    began = datetime.combine(first, time(), UTC) - 2 * DAY
    with databases.opened("sqlite") as database, database.transaction() as session:
        peer = factories.person(session, now=began, timezone=name)
        factories.consent(session, peer, began)
        starts = datetime.combine(first, time())
        plans = {
            factories.plan(session, peer, datetime.combine(starts, at), began, rrule="FREQ=DAILY").id: at
            for at in TIMES
        }
        now = began
        while now < began + timedelta(days=370):
            checkin_layout.lay_out_due(session, TORONTO, now)
            now += timedelta(hours=random.choice((7, 20, 30, 30, 100)))
        checkin_layout.lay_out_due(session, TORONTO, now)
        columns = Checkin.plan_id, Checkin.due_at, Checkin.day_from, Checkin.day_until
        rows = session.execute(select(*columns)).all()
        session.rollback()
    days = [first + n * DAY for n in range(366)]
    for plan_id, at in plans.items():
        right = [expected(day, at, zone) for day in days]
        due = sorted(row.due_at for row in rows if row.plan_id == plan_id)
        assert [one for one in due if one <= right[-1]] == sorted(set(right))
        local_days = Counter(one.astimezone(zone).date() for one in due)
        assert set(local_days.values()) == {1}
    assert all(row.day_from <= row.due_at < row.day_until for row in rows)


ZONES = ["America/Toronto", "America/St_Johns", "Europe/Paris", "America/Vancouver", "America/Santiago"]


@pytest.mark.parametrize("seed", range(3))
def test_who_travels_has_one_check_in_a_day_all_the_same(databases: Databases, seed: int) -> None:
    """From place to place through both changes of clocks: each day's call stays one call."""
    random = Random(seed)  # noqa: S311 - the same journey each time
    began, days = datetime(2026, 2, 20, 12, tzinfo=UTC), 60
    at = random.choice((time(9), time(2, 30), time(21, 15)))
    with databases.opened("sqlite") as database, database.transaction() as session:
        peer = factories.person(session, now=began, timezone=ZONES[0])
        factories.consent(session, peer, began)
        starts = datetime.combine(began.date() + DAY, at)
        factories.plan(session, peer, starts, began, rrule=f"FREQ=DAILY;COUNT={days}")
        now, moves = began, [(began, ZoneInfo(ZONES[0]))]
        while now < began + timedelta(days=days + 3):
            checkin_layout.lay_out_due(session, TORONTO, now)
            now += timedelta(hours=random.choice((3, 9, 20)))
            if random.random() < 0.15:
                before, peer.timezone = ZoneInfo(peer.timezone or ""), random.choice(ZONES)
                replanning.move_to_zone(session, peer, before, TORONTO, now)
                moves.append((now, ZoneInfo(peer.timezone)))
        due = session.scalars(select(Checkin.due_at).order_by(Checkin.due_at)).all()
        session.rollback()
    assert len(moves) > 5
    found = [_wall_dates(one, moves) for one in due]
    assert len(found) == days
    wanted = [starts.date() + n * DAY for n in range(days)]
    assert all(day in dates for day, dates in zip(wanted, found, strict=True))


def _wall_dates(at: datetime, moves: Sequence[tuple[datetime, ZoneInfo]]) -> set[date]:
    """The date where they were then, or are from their next move on."""
    index = max(n for n, (since, _) in enumerate(moves) if since <= at)
    return {at.astimezone(zone).date() for _, zone in moves[index : index + 2]}


LIVE = LiveSettings(quiet_weekday=window("20:00-09:00"), quiet_weekend=window("18:00-10:00"))


def toronto(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO).astimezone(UTC)


def _look(session: Session, now: datetime) -> bool:
    """What the clock and the dialler do; whether anybody was dialled."""
    due_checkins.hold_or_expire(session, LIVE, TORONTO, now)
    return due_checkins.begin_attempt(session, LIVE, TORONTO, now) is not None


def test_after_a_restart_at_four_in_the_morning_nobody_is_rung(database: Database) -> None:
    """The line was off from the afternoon on. What is too late is told; what isn't waits, and is too late by nine."""
    due = [toronto(f"2026-06-02T{one}") for one in ("15:00", "19:59", "21:00")] + [toronto("2026-06-03T03:30")]
    with database.transaction() as session:
        for at in due:
            peer = factories.person(session, now=at)
            factories.consent(session, peer, at)
            factories.checkin(session, factories.plan(session, peer, at.replace(tzinfo=None), at), at)
    for minute in (0, 1, 31, 5 * 60, 6 * 60):
        now = toronto("2026-06-03T04:00") + timedelta(minutes=minute)
        with database.transaction() as session:
            assert not _look(session, now)
    with database.reading() as session:
        assert {one.state for one in session.scalars(select(Checkin))} == {CheckinState.EXPIRED}
        assert session.scalars(select(Attempt)).all() == []
        assert [one.follow_up for one in session.scalars(select(Contact))] == [FollowUp.WANTED] * len(due)


@pytest.mark.parametrize(
    ("ended", "rung"),
    [
        ("2026-06-02T19:40", "2026-06-02T19:50"),
        ("2026-06-02T19:55", None),  # ten minutes later it's quiet, and by nine it is too late
        ("2026-06-03T08:45", "2026-06-03T09:00"),
    ],
)
def test_quiet_hours_hold_for_a_retry(database: Database, ended: str, rung: str | None) -> None:
    at = toronto(ended)
    again = at + timedelta(seconds=LIVE.checkin_retry_seconds)
    with database.transaction() as session:
        peer = factories.person(session, now=at)
        factories.consent(session, peer, at)
        plan = factories.plan(session, peer, at.replace(tzinfo=None), at)
        tried = {"state": CheckinState.WAITING, "attempts_used": 1, "attempt_due_at": again, "dial_after": again}
        factories.checkin(session, plan, at, **tried)
    dialled = None
    for minute in range(0, 14 * 60, 5):
        with database.transaction() as session:
            now = at + timedelta(minutes=minute)
            if dialled is None and _look(session, now):
                dialled = now
    assert dialled == (toronto(rung) if rung else None)
