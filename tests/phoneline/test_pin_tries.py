from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import pin_tries
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import PinLock, PinTry
from tests import factories

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIVE = LiveSettings(pin_tries=3, pin_lock_seconds=900)


class Door:
    """Tries that are claimed one after another, each in a call of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, who: str, caller: str | None, after: float = 0, *, right: bool = False) -> bool:
        now = NOW + timedelta(seconds=after)

        def work(session: Session) -> bool:
            call = factories.call(session, now)
            keys = pin_tries.keys(who, caller)
            claimed = pin_tries.claim(session, call.id, 1, keys, LIVE, now)
            if claimed and right:
                pin_tries.was_right(session, call.id, 1, keys, now)
            return claimed

        return self.database.run(work)


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


def test_wrong_ones_in_a_row_lock_the_volunteer_and_the_telephone_for_a_while(door: Door) -> None:
    assert [door.claim("ann", "phone") for _ in range(4)] == [True, True, True, False]
    assert not door.claim("ann", "other", 899)
    assert not door.claim("bob", "phone", 899)
    assert door.claim("bob", "other", 899)
    # Then the count begins anew.
    assert [door.claim("ann", "phone", 900) for _ in range(4)] == [True, True, True, False]


def test_a_right_one_between_them_takes_the_count_back(door: Door) -> None:
    for _ in range(3):
        assert door.claim("ann", "phone")
        assert door.claim("ann", "phone")
        assert door.claim("ann", "phone", right=True)


def test_the_third_of_three_may_still_be_right(door: Door) -> None:
    assert [door.claim("ann", None), door.claim("ann", None), door.claim("ann", None, right=True)] == [True] * 3
    assert door.claim("ann", None)


def test_a_withheld_number_locks_no_telephone(door: Door) -> None:
    for who in ("ann", "bob", "cleo", "dan"):
        assert door.claim(who, None)


def test_fifty_wrong_ones_in_an_hour_lock_everybody(door: Door) -> None:
    for index in range(49):
        assert door.claim(f"who {index}", None, index * 60)
    assert door.claim("right", None, 49 * 60, right=True)
    assert door.claim("the fiftieth", None, 49 * 60)
    assert not door.claim("ann", "phone", 49 * 60 + 899)
    assert door.claim("ann", "phone", 49 * 60 + 900)
    # Those before the lock count no more.
    assert all(door.claim(f"later {index}", None, 49 * 60 + 900) for index in range(40))


def test_fifty_within_more_than_an_hour_lock_nobody(door: Door) -> None:
    assert all(door.claim(f"who {index}", None, index * 75) for index in range(60))


def test_what_is_long_past_is_forgotten(door: Door, database: Database) -> None:
    door.claim("ann", "phone")
    door.claim("bob", "other", timedelta(days=31).total_seconds())
    with database.reading() as session:
        assert set(session.scalars(select(PinLock.key))) == {"all", "who:bob", "from:other"}
        assert len(session.scalars(select(PinTry.call_id)).all()) == 1
