"""Hours are laid out once, follow their shift where they don't differ from it, and change hands one way only."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from phoneline import assignments, own_shifts, rosters
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, RosterChange, Shift, ShiftHours
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal, RosterAct
from phoneline.states import Role
from tests import factories
from tests.factories import TORONTO

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NINE = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - the line's wall clock
HOUR = timedelta(hours=1)
LIVE = LiveSettings()


@pytest.fixture
def team(database: Database) -> tuple[Person, Person]:
    with database.transaction() as session:
        return (
            factories.person(session, Role.VOLUNTEER, name="Ana", now=NOW),
            factories.person(session, Role.VOLUNTEER, name="Ravi", now=NOW),
        )


@pytest.fixture
def shift(database: Database, team: tuple[Person, Person]) -> Shift:
    with database.transaction() as session:
        return factories.shift(session, team[0], NINE, NINE + HOUR, NOW, rrule="FREQ=DAILY;COUNT=4")


def hours(database: Database) -> list[ShiftHours]:
    with database.reading() as session:
        return list(session.scalars(select(ShiftHours).order_by(ShiftHours.occurs_local)))


def one_waits(database: Database) -> bool:
    """Whether somebody waits for a row that another holds."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with database.reading() as session:
        return bool(session.scalar(text(waits)))


def test_the_weeks_ahead_are_laid_out_and_renewed_weekly(database: Database, team: tuple[Person, Person]) -> None:
    with database.transaction() as session:
        shift = factories.shift(session, team[0], NINE, NINE + HOUR, NOW, rrule="FREQ=DAILY")
        assert len(rosters.ahead(session, NOW, NOW + timedelta(days=365))) == 69
        for day, laid_out in ((7, False), (8, True)):
            until = shift.laid_out_until
            rosters.lay_out_due(session, TORONTO, NOW + timedelta(days=day) + 12 * HOUR)
            assert (shift.laid_out_until != until) is laid_out


def test_a_shift_that_somebody_has_in_hand_is_laid_out_the_next_time(database: Database, shift: Shift) -> None:
    """It may just be ending: hours that came after its end would be nobody's to take away."""
    if database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    later, before = NOW + timedelta(days=30), len(hours(database))
    with database.transaction() as ending:
        held = ending.get_one(Shift, shift.id)
        held.laid_out_until, held.rrule, held.ended_at = None, "FREQ=DAILY", NOW
        ending.flush()
        with database.transaction() as session:
            session.get_one(Shift, shift.id)
            rosters.lay_out_due(session, TORONTO, later)
    assert len(hours(database)) == before


def test_hours_that_are_taken_as_their_shift_changes_stay_with_who_took_them(
    database: Database, team: tuple[Person, Person]
) -> None:
    if database.is_sqlite:
        pytest.skip("on SQLite whoever writes is alone")
    with database.transaction() as session:
        shift = factories.shift(session, None, NINE, NINE + HOUR, NOW, rrule="FREQ=DAILY;COUNT=2")

    def to_one_date() -> None:
        with database.transaction() as session:
            changed = session.get_one(Shift, shift.id)
            changed.rrule = "FREQ=DAILY;COUNT=1"
            rosters.lay_out_anew(session, changed, TORONTO, NOW)

    last = hours(database)[-1].id
    changing = threading.Thread(target=to_one_date)
    with database.transaction() as taking:
        taking.get_one(ShiftHours, last).person_id = team[1].id
        taking.flush()
        changing.start()
        while not one_waits(database):
            assert changing.is_alive()
    changing.join()
    assert [one.person_id for one in hours(database)] == [None, team[1].id]


def test_a_date_that_was_changed_by_itself_stays_when_its_shift_changes(database: Database, shift: Shift) -> None:
    with database.transaction() as session:
        first, second, third, _ = session.scalars(select(ShiftHours).order_by(ShiftHours.occurs_local))
        first.starts_at, first.kept = first.starts_at + HOUR / 2, True
        second.off, second.kept, second.ends_at = True, True, second.starts_at
        third.person_id = factories.person(session, Role.VOLUNTEER, name="Noor", now=NOW).id
    ids = [one.id for one in hours(database)]
    with database.transaction() as session:
        changed = session.get_one(Shift, shift.id)
        changed.ends_local += HOUR
        rosters.lay_out_anew(session, changed, TORONTO, NOW)
    found = hours(database)
    assert [one.ends_at - one.starts_at for one in found] == [HOUR / 2, timedelta(), 2 * HOUR, 2 * HOUR]
    assert [one.id for one in found] == ids
    with database.transaction() as session:
        changed = session.get_one(Shift, shift.id)
        changed.rrule = "FREQ=DAILY;COUNT=1"
        rosters.lay_out_anew(session, changed, TORONTO, NOW)
    assert [one.id for one in hours(database)] == ids[:3]


def test_nobody_is_on_at_a_date_that_is_off_nor_rung_for_sitting_in(
    database: Database, team: tuple[Person, Person], shift: Shift
) -> None:
    at = NOW.replace(day=23, hour=14)
    with database.transaction() as session:
        assert [one.person_id for one in rosters.on_shift(session, at)] == [team[0].id]
        first = session.scalars(select(ShiftHours).order_by(ShiftHours.starts_at)).first()
        assert first is not None
        first.shadow = True
        session.flush()
        assert rosters.on_shift(session, at) == []
        assert own_shifts.go_on(session, team[0], factories.TORONTO, at), "by themselves they may be on all the same"
        assert [one.person_id for one in rosters.on_shift(session, at)] == [team[0].id]
        first.shadow, first.off = False, True
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_hours_change_hands_once_and_it_is_written_down(
    database: Database, team: tuple[Person, Person], shift: Shift
) -> None:
    ana, ravi = team
    of_ana = hours(database)[0]
    by = By(account_id=None)
    with database.transaction() as session:
        of_ana = session.get_one(ShiftHours, of_ana.id)
        of_ana.confirmed_at = NOW
        assert assignments.take(session, ravi, of_ana.id, By(ravi.id), LIVE, NOW) is Refusal.FULL
        given = assignments.give_up(session, of_ana.id, ana.id, by, NOW - HOUR)
        assert isinstance(given, ShiftHours)
        assert (given.person_id, given.confirmed_at) == (None, None)
        for _ in range(2):
            assert assignments.take(session, ravi, of_ana.id, By(ravi.id), LIVE, NOW) is given
        assert assignments.give_up(session, of_ana.id, ana.id, by, NOW) is Refusal.FULL
        assert assignments.take(session, ana, of_ana.id, By(ana.id), LIVE, of_ana.ends_at) is Refusal.PAST
        assert [
            (one.act, one.from_id, one.to_id)
            for one in session.scalars(select(RosterChange).order_by(RosterChange.at.desc()))
        ] == [
            (RosterAct.TAKEN, None, ravi.id),
            (RosterAct.GIVEN, ana.id, None),
        ]


def test_nobody_gets_hours_at_which_they_are_on_nor_whoever_is_not_ready(
    database: Database, team: tuple[Person, Person], shift: Shift
) -> None:
    ana, ravi = team
    with database.transaction() as session:
        other = factories.shift(session, None, NINE + HOUR / 2, NINE + 2 * HOUR, NOW)
        meets = factories.shift(session, None, NINE + HOUR, NINE + 2 * HOUR, NOW)
        clashing, meeting = (
            session.scalars(select(ShiftHours).filter_by(shift_id=one.id)).one().id for one in (other, meets)
        )
        assert assignments.take(session, ana, clashing, By(ana.id), LIVE, NOW) is Refusal.CLASHES
        assert isinstance(assignments.take(session, ana, meeting, By(ana.id), LIVE, NOW), ShiftHours)
        ravi = session.get_one(Person, ravi.id)
        ravi.ready = False
        assert assignments.take(session, ravi, clashing, By(ravi.id), LIVE, NOW) is Refusal.NOT_READY


def test_two_at_once_do_not_get_one_volunteer_twice(
    database: Database, team: tuple[Person, Person], shift: Shift
) -> None:
    with database.transaction() as session:
        open_ones = [
            factories.shift(session, None, NINE + timedelta(days=9, minutes=m), NINE + timedelta(days=9, hours=1), NOW)
            for m in (0, 1)
        ]
        ids = [session.scalars(select(ShiftHours).filter_by(shift_id=one.id)).one().id for one in open_ones]
    together = threading.Barrier(2)

    def take(hours_id: str) -> None:
        together.wait()
        with database.transaction() as session:
            ravi = session.get_one(Person, team[1].id)
            got.append(assignments.take(session, ravi, hours_id, By(ravi.id), LIVE, NOW))

    got: list[ShiftHours | Refusal] = []
    threads = [threading.Thread(target=take, args=(one,)) for one in ids]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert got.count(Refusal.CLASHES) == 1
