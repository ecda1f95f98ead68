"""How many are on is the same as who is on, at any instant, past or to come."""

import random
from datetime import UTC, datetime, timedelta

from phoneline import covering, rosters
from phoneline.cover import HOLIDAY, Gap
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Holiday, Pause, ShiftHours
from phoneline.states import PauseReason, Role
from tests import factories

NOW = datetime(2026, 11, 18, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_whoever_is_on_shift_is_counted_and_nobody_else(database: Database) -> None:
    dice = random.Random(38)  # noqa: S311 - a roster, not a secret
    with database.transaction() as session:
        for _ in range(12):
            roles = dice.choice([(Role.VOLUNTEER,), (Role.VOLUNTEER, Role.PEER), (Role.COORDINATOR,)])
            who = factories.person(session, *roles, now=NOW, ready=dice.random() < 0.8)
            for _ in range(4):
                starts = NOW + dice.randrange(-10, 90) * HOUR
                shadow = dice.random() < 0.2
                hours = {"tier": dice.choice([1, 2]), "starts_at": starts, "shadow": shadow}
                session.add(ShiftHours(person_id=who.id, ends_at=starts + dice.randrange(1, 12) * HOUR, **hours))
            until = dice.choice([None, NOW + dice.randrange(30) * HOUR])
            for since, ended_at in ((NOW - 8 * HOUR, NOW - 2 * HOUR), (NOW - HOUR, None)):
                paused = {"reason": PauseReason.BREAK, "since": since, "until": until, "ended_at": ended_at}
                session.add(Pause(person_id=who.id, **paused))
        session.flush()
        found = covering.stretches(session, LiveSettings(), NOW, NOW + 110 * HOUR)
        assert (found[0].starts_at, found[-1].ends_at) == (NOW, NOW + 110 * HOUR)
        assert len({one.had for one in found}) > 3, "a roster worth looking at"
        for one in found:
            for at in (one.starts_at, one.ends_at - timedelta(seconds=1)):
                assert one.had == len(rosters.on_shift(session, at)), at
        # A pause that ended counts for its time, and no longer.
        resting, rung = (covering.on(session, NOW - hours * HOUR, NOW - (hours - 1) * HOUR) for hours in (8, 2))
        assert (list(resting), bool(rung)) == ([], True)


def test_a_holiday_goes_by_the_needs_of_holidays(database: Database) -> None:
    midnight = NOW + 5 * HOUR
    with database.transaction() as session:
        session.add(Holiday(day=midnight.date(), name="A day", no_shifts=False))
        factories.cover_need(session, NOW)
        factories.cover_need(session, NOW, days=1 << HOLIDAY, minimum=2, wished=2)
        who = factories.person(session, Role.VOLUNTEER, now=NOW)
        session.add(ShiftHours(person_id=who.id, tier=1, starts_at=NOW, ends_at=NOW + 48 * HOUR))
        session.flush()
        found = covering.gaps(session, LiveSettings(), NOW, NOW + 48 * HOUR)
        assert covering.gaps(session, LiveSettings(), NOW, NOW) == []
    assert found == [Gap(midnight, midnight + 24 * HOUR, 1, 2)]
