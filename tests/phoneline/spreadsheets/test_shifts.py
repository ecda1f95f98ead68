from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from phoneline import assignments, duty, rosters, shift_plans
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, RosterChange, Shift, ShiftHours, WorkLimit
from phoneline.roster_changes import LINE
from phoneline.roster_states import RosterAct
from phoneline.states import Role
from tests import factories
from tests.databases import Databases
from tests.phoneline.spreadsheets.sheets import ANN, BOB, CAT, NOW, local, sheet, take, written

HEADER = "phone,starts_at,ends_at,rrule,tier"


@pytest.fixture
def ann(database: Database) -> Person:
    with database.transaction() as session:
        factories.person(session, Role.PEER, name="Bob", numbers=[BOB], now=NOW)
        return factories.person(session, Role.VOLUNTEER, name="Ann", numbers=[ANN, CAT], now=NOW)


def on_shift(database: Database, at: datetime) -> list[rosters.OnShift]:
    with database.reading() as session:
        return list(rosters.on_shift(session, at))


def stretches(database: Database) -> list[tuple[datetime, datetime]]:
    with database.reading() as session:
        found = session.scalars(select(ShiftHours).order_by(ShiftHours.starts_at))
        return [(hours.starts_at, hours.ends_at) for hours in found]


def test_a_shift_holds_at_once(database: Database, ann: Person) -> None:
    assert take(database, "shifts", sheet(HEADER, f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,2")) == []
    assert on_shift(database, NOW) == [rosters.OnShift(ann.id, 2)]
    assert on_shift(database, NOW + timedelta(hours=2)) == []


def test_what_is_left_out_has_its_default(database: Database, ann: Person) -> None:
    assert take(database, "shifts", sheet("ends_at,phone,starts_at", f"2026-11-23T12:00,{CAT},2026-11-23T09:00")) == []
    with database.reading() as session:
        shift = session.scalars(select(Shift)).one()
    assert (shift.person_id, shift.rrule, shift.tier) == (ann.id, "", 1)


def test_a_rule_repeats_by_the_lines_wall_clock(database: Database, ann: Person) -> None:
    # On Sunday 1 November 2026 Toronto's clocks go back at 02:00.
    now = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
    row = f"{ANN},2026-10-30T22:00,2026-10-31T06:00,FREQ=DAILY;COUNT=3,"
    assert take(database, "shifts", sheet(HEADER, row), now) == []
    assert stretches(database) == [
        (datetime(2026, 10, 31, 2, 0, tzinfo=UTC), datetime(2026, 10, 31, 10, 0, tzinfo=UTC)),
        (datetime(2026, 11, 1, 2, 0, tzinfo=UTC), datetime(2026, 11, 1, 11, 0, tzinfo=UTC)),
        (datetime(2026, 11, 2, 3, 0, tzinfo=UTC), datetime(2026, 11, 2, 11, 0, tzinfo=UTC)),
    ]


def test_the_same_file_again_changes_nothing(database: Database, ann: Person) -> None:
    data = sheet(
        HEADER,
        f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,",
        f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,2",
        f'{ANN},2026-11-23T09:00,2026-11-23T17:00,"FREQ=WEEKLY;BYDAY=MO,TU",1',
    )
    assert take(database, "shifts", data) == []
    before = factories.dump(database)
    assert take(database, "shifts", data, NOW + timedelta(days=1)) == []
    assert factories.dump(database) == before


def test_who_went_off_shift_stays_off_when_the_file_comes_again(database: Database, ann: Person) -> None:
    data = sheet(HEADER, f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,")
    take(database, "shifts", data)
    with database.transaction() as session:
        rosters.go_off_shift(session, ann.id, NOW)
    take(database, "shifts", data, NOW + timedelta(minutes=1))
    assert on_shift(database, NOW + timedelta(minutes=2)) == []


def test_another_end_is_an_update_and_holds_at_once(database: Database, ann: Person) -> None:
    take(database, "shifts", sheet(HEADER, f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,"))
    take(database, "shifts", sheet(HEADER, f"{ANN},2026-11-23T09:00,2026-11-23T14:00,,"))
    assert on_shift(database, NOW + timedelta(hours=3)) == [rosters.OnShift(ann.id, 1)]
    before = factories.dump(database)
    assert take(database, "shifts", sheet(HEADER, f"{ANN},2026-11-23T09:00,,,1")) == []
    assert factories.dump(database) == before


@pytest.mark.parametrize(
    ("row", "where", "reason"),
    [
        ("+14165550199,2026-11-23T09:00,2026-11-23T12:00,,", "phone", "is no volunteer's"),
        (f"{BOB},2026-11-23T09:00,2026-11-23T12:00,,", "phone", "is no volunteer's"),
        (f"{ANN},2026-11-23T09:00,,,", "ends_at", "is blank for a new shift"),
        (f"{ANN},2026-11-23T09:00,2026-11-23T09:00,,", "ends_at", "must be later"),
        (f"{ANN},2026-11-23T22:00,2026-11-23T06:00,,", "ends_at", "must be later"),
        (f"{ANN},2026-11-23T09:00,2026-12-25T09:00,,", "ends_at", "must be at most 31 days"),
        (f"{ANN},2026-11-23T09:00Z,2026-11-23T12:00,,", "starts_at", "must be a local time"),
        (f"{ANN},2026-11-23T09:00,2026-11-23T12:00,FREQ=SOMETIMES,", "rrule", "not an RFC 5545 rule"),
        (f"{ANN},2026-11-23T09:00,2026-11-23T12:00,FREQ=MINUTELY,", "rrule", "FREQ must be HOURLY or slower"),
        (
            f'{ANN},2026-11-23T09:00,2026-11-23T09:10,"FREQ=HOURLY;BYMINUTE=0,30",',
            "rrule",
            "comes more than 24 times a day",
        ),
        (f"{ANN},2026-11-23T09:00,2026-11-23T12:00,FREQ=DAILY;UNTIL=20260101,", "rrule", "the rule never comes about"),
        (f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,0", "tier", "must be 1"),
    ],
)
def test_what_is_refused(database: Database, ann: Person, row: str, where: str, reason: str) -> None:
    before = factories.dump(database)
    good = f"{ANN},2026-11-24T09:00,2026-11-24T12:00,,"
    [problem] = take(database, "shifts", sheet(HEADER, good, row))
    assert problem.startswith(f"row 3, column {where}: {reason}")
    assert factories.dump(database) == before


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (f"{ANN},2026-11-23T12:00,2026-11-23T09:00,,3", ["tier", "ends_at"]),
        (f"{ANN},2026-11-23T09:00,2026-11-23T12:00,FREQ=NEVER,3", ["tier", "rrule"]),
        ("+14165550199,2026-11-23T12:00,2026-11-23T09:00,FREQ=NEVER,3", ["tier", "phone", "ends_at", "rrule"]),
        ("12,soon,later,,", ["phone", "starts_at", "ends_at"]),
    ],
)
def test_all_that_is_wrong_with_a_row_is_said_at_once(
    database: Database, ann: Person, row: str, columns: list[str]
) -> None:
    problems = take(database, "shifts", sheet(HEADER, row))
    assert [problem.split(":")[0] for problem in problems] == [f"row 2, column {column}" for column in columns]


def test_the_same_row_twice_is_said_once(database: Database, ann: Person) -> None:
    row = f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,"
    [problem] = take(database, "shifts", sheet(HEADER, row, row))
    assert problem.startswith("row 3, column phone: says the same as row 2")


def test_one_shift_by_two_numbers_of_one_volunteer_is_a_double(database: Database, ann: Person) -> None:
    rows = [f"{number},2026-11-23T09:00,2026-11-23T12:00,," for number in (ANN, CAT)]
    [problem] = take(database, "shifts", sheet(HEADER, *rows))
    assert problem.startswith("row 3, column phone: is the other number")


SHIFTS = st.lists(
    st.fixed_dictionaries(
        {
            "phone": st.sampled_from([ANN, CAT, BOB]),
            "starts_at": st.datetimes(local("2026-10-20"), local("2026-11-25")).map(lambda at: f"{at:%Y-%m-%dT%H:%M}"),
            "ends_at": st.datetimes(local("2026-11-20"), local("2026-11-26")).map(lambda at: f"{at:%Y-%m-%d %H:%M:%S}"),
            "rrule": st.sampled_from(
                ["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4", "rrule:freq=hourly;interval=30"]
            ),
            "tier": st.sampled_from(["", "1", "2"]),
        }
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=SHIFTS)
def test_any_file_is_taken_whole_or_not_at_all_and_twice_is_once(
    databases: Databases, rows: list[dict[str, str]]
) -> None:
    data = written(HEADER.split(","), rows)
    with databases.fresh("sqlite") as url:
        database = Database(url)
        with database.transaction() as session:
            factories.person(session, Role.VOLUNTEER, numbers=[ANN, CAT], now=NOW)
            factories.person(session, Role.PEER, numbers=[BOB], now=NOW)
        empty = factories.dump(database)
        problems = take(database, "shifts", data)
        once = factories.dump(database)
        assert once == empty if problems else len(once["shift"]) == len(rows)
        assert take(database, "shifts", data, NOW + timedelta(hours=1)) == problems
        assert factories.dump(database) == once
        database.close()


def on_duty(database: Database, at: datetime) -> list[str]:
    with database.reading() as session:
        return list(duty.coordinators_on_duty(session, at))


def test_duty_is_a_roster_of_its_own(database: Database, ann: Person) -> None:
    with database.transaction() as session:
        kim = factories.person(session, Role.COORDINATOR, name="Kim", numbers=[BOB], now=NOW)
    header = f"{HEADER},duty"
    data = sheet(
        header,
        f"{BOB},2026-11-23T09:00,2026-11-23T12:00,,1,coordinator",
        f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,1,calls",
    )
    assert take(database, "shifts", data) == []
    assert on_shift(database, NOW) == [rosters.OnShift(ann.id, 1)]
    assert on_duty(database, NOW) == [kim.id]
    before = factories.dump(database)
    assert take(database, "shifts", data) == []
    assert factories.dump(database) == before
    assert take(database, "shifts", sheet(header, f"{BOB},2026-11-23T09:00,2026-11-23T14:00,,1,coordinator")) == []
    assert on_duty(database, NOW + timedelta(hours=3)) == [kim.id]
    assert on_duty(database, NOW + timedelta(hours=4)) == []


def test_duty_is_for_coordinators_and_shifts_are_for_volunteers(database: Database, ann: Person) -> None:
    row = f"{ANN},2026-11-23T09:00,2026-11-23T12:00,,"
    [problem] = take(database, "shifts", sheet(f"{HEADER},duty", f"{row},coordinator"))
    assert "is no coordinator's" in problem
    [problem] = take(database, "shifts", sheet(f"{HEADER},duty", f"{row},tea"))
    assert "must be calls or coordinator" in problem


def test_a_coordinator_on_a_volunteers_shift_is_asked_where_nobody_has_duty(database: Database) -> None:
    with database.transaction() as session:
        kim = factories.person(session, Role.VOLUNTEER, Role.COORDINATOR, name="Kim", numbers=[ANN], now=NOW)
        lou = factories.person(session, Role.COORDINATOR, name="Lou", numbers=[BOB], now=NOW)
    row = "2026-11-23T09:00,2026-11-23T12:00,,"
    assert take(database, "shifts", sheet(HEADER, f"{ANN},{row}")) == []
    assert on_duty(database, NOW) == [kim.id]
    assert take(database, "shifts", sheet(f"{HEADER},duty", f"{BOB},{row},coordinator")) == []
    assert on_duty(database, NOW) == [lou.id]


OPEN = ",2026-11-24T09:00,2026-11-24T12:00,FREQ=DAILY;COUNT=2,"


def test_a_shift_without_a_phone_is_open_and_again_changes_nothing(database: Database, ann: Person) -> None:
    assert take(database, "shifts", sheet(HEADER, OPEN)) == []
    assert len(stretches(database)) == 2
    assert on_shift(database, datetime(2026, 11, 24, 15, tzinfo=UTC)) == []
    before = factories.dump(database)
    assert take(database, "shifts", sheet(HEADER, OPEN)) == []
    assert factories.dump(database) == before


def test_who_took_an_open_shift_keeps_it_when_its_end_changes(database: Database, ann: Person) -> None:
    take(database, "shifts", sheet(HEADER, OPEN))
    with database.transaction() as session:
        hours = session.scalars(select(ShiftHours).order_by(ShiftHours.starts_at)).first()
        assert hours is not None
        assert assignments.take(session, ann, hours.id, LINE, LiveSettings(), NOW) is hours
    assert take(database, "shifts", sheet(HEADER, OPEN.replace("12:00", "14:00"))) == []
    assert on_shift(database, datetime(2026, 11, 24, 18, tzinfo=UTC)) == [rosters.OnShift(ann.id, 1)]
    assert on_shift(database, datetime(2026, 11, 25, 18, tzinfo=UTC)) == []
    assert len(stretches(database)) == 2


def test_the_same_open_shift_twice_is_refused(database: Database, ann: Person) -> None:
    problems = take(database, "shifts", sheet(HEADER, OPEN, OPEN))
    assert [str(one) for one in problems] == [
        "row 3, column phone: says the same as row 2 about the same; remove one of the two"
    ]


def test_a_phone_that_is_no_number_makes_no_open_shift(database: Database, ann: Person) -> None:
    assert len(take(database, "shifts", sheet(HEADER, f"416{OPEN}"))) == 1
    assert stretches(database) == []


def test_coordinators_duty_is_never_open(database: Database, ann: Person) -> None:
    [problem] = take(database, "shifts", sheet(f"{HEADER},duty", f"{OPEN},coordinator"))
    assert "column phone: is blank" in problem


def test_what_somebody_agreed_to_at_most_holds_for_spreadsheets_too(database: Database, ann: Person) -> None:
    mondays = f"{ANN},2026-11-23T09:00,2026-11-23T12:00,FREQ=WEEKLY;BYDAY=MO,1"
    assert take(database, "shifts", sheet(HEADER, mondays)) == []
    with database.transaction() as session:
        session.add(WorkLimit(person_id=ann.id, hours_a_week=5))
    # What is there stays; what would be too much is refused, and nothing of the file is taken over.
    assert take(database, "shifts", sheet(HEADER, mondays)) == []
    tuesdays = f"{ANN},2026-11-24T09:00,2026-11-24T12:00,FREQ=WEEKLY;BYDAY=TU,1"
    [problem] = take(database, "shifts", sheet(HEADER, mondays, tuesdays))
    assert problem.startswith("row 3, column starts_at: can't be: they would be on for more hours in that week")
    assert problem.endswith("on Tuesday 24 November at 09:00")
    with database.reading() as session:
        assert len(session.scalars(select(Shift)).all()) == 1
        assert list(session.scalars(select(RosterChange.act))) == [RosterAct.IMPORTED]


def test_a_shift_changed_on_its_page_is_not_brought_back_by_its_spreadsheet(database: Database, ann: Person) -> None:
    daily = sheet(HEADER, f"{ANN},2026-11-23T09:00,2026-11-23T12:00,FREQ=DAILY,1")
    assert take(database, "shifts", daily) == []
    starts = datetime(2026, 11, 25, 9)  # noqa: DTZ001 - the line's wall clock
    with database.transaction() as session:
        shift = session.scalars(select(Shift)).one()
        draft = replace(shift_plans.as_it_is(shift, starts), ends_local=starts + timedelta(hours=1))
        shift_plans.change(session, shift, starts, shift_plans.Which.FROM_HERE, draft, LINE, LiveSettings(), NOW)
    before = factories.dump(database)
    assert take(database, "shifts", daily) == []
    assert factories.dump(database) == before
