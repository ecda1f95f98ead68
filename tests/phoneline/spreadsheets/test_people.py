from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from phoneline import (
    checkin_layout,
    live_settings,
    merging,
    people,
    person_changes,
    person_details,
    person_numbers,
    pins,
)
from phoneline.db import Database
from phoneline.models import Checkin, Person, PersonMerge
from phoneline.recurrence import wall
from phoneline.spreadsheets import IMPORTS, RefusedError
from phoneline.states import AttemptResult, CheckinState, Direction, Role
from tests import factories
from tests.databases import Databases
from tests.phoneline.spreadsheets.sheets import ANN, BOB, CAT, LINE, NOW, local, sheet, take, written

HEADER = "name,phone,roles"
ALL = "name,phone,roles,language,timezone,skills,second_phone,checkin_consent,voicemail_ok,ready,pin"


def named(database: Database, name: str) -> Person:
    with database.reading() as session:
        return next(person for person in session.scalars(select(Person)) if person.name == name)


def test_everything_about_a_person(database: Database) -> None:
    row = f"Zoë,{ANN},peer; volunteer,fr,America/Vancouver,listening;French,{BOB},yes,yes,no,0042"
    assert take(database, "people", sheet(ALL, row)) == []
    zoe = named(database, "Zoë")
    assert {held.role for held in zoe.roles} == {Role.PEER, Role.VOLUNTEER}
    assert [(number.number, number.position, number.sole) for number in zoe.numbers] == [(ANN, 1, True), (BOB, 2, True)]
    assert (zoe.language, zoe.timezone, zoe.skills) == ("fr", "America/Vancouver", ["listening", "French"])
    assert (zoe.voicemail_ok, zoe.ready) == (True, False)
    assert pins.matches(zoe.pin_hash, "0042")
    with database.reading() as session:
        assert people.has_consent(session, zoe.id)


def test_what_is_left_out_has_its_default(database: Database) -> None:
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},peer")) == []
    ann = named(database, "Ann")
    assert (ann.language, ann.timezone, ann.skills, ann.voicemail_ok, ann.ready) == (None, None, [], False, True)
    assert ann.pin_hash is None
    with database.reading() as session:
        assert not people.has_consent(session, ann.id)


def test_nothing_personal_stands_in_the_database_in_clear(database: Database) -> None:
    take(database, "people", sheet(ALL, f"Zoraida,{ANN},volunteer,,,,{BOB},,,,1234"))
    stored = repr(factories.dump(database))
    assert not any(secret in stored for secret in ("Zoraida", "zoraida", ANN, BOB, ANN[2:], "'1234'"))


def test_a_role_with_shifts_ahead_isnt_taken_off(database: Database) -> None:
    take(database, "people", sheet(HEADER, f"Ann,{ANN},volunteer;peer", f"Bob,{BOB},volunteer"))
    with database.transaction() as session:
        starts = NOW.replace(tzinfo=None)
        factories.shift(session, named(database, "Ann"), starts, starts + timedelta(hours=3), NOW)
    refused = take(database, "people", sheet(HEADER, f"Ann,{ANN},peer", f"Bob,{BOB},peer"))
    why = "takes volunteer off somebody with such shifts ahead; give these away first, or keep volunteer"
    assert refused == [f"row 2, column roles: {why}"]
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},", f"Bob,{BOB},peer")) == []
    assert [named(database, name).has(Role.VOLUNTEER) for name in ("Ann", "Bob")] == [True, False]


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    data = sheet(
        ALL,
        f"Ann,{ANN},volunteer;peer,en,America/Toronto,a;b,{BOB},yes,no,yes,1234",
        f"Cat,{CAT},peer,,,,,no,,,",
        f"Dan,{CAT},peer,,,,,,,,",
    )
    assert take(database, "people", data) == []
    before = factories.dump(database)
    assert take(database, "people", data, NOW + timedelta(days=1)) == []
    assert factories.dump(database) == before


def test_a_blank_cell_keeps_what_is_there_and_another_changes_it(database: Database) -> None:
    take(database, "people", sheet(ALL, f"Ann,{ANN},volunteer,en,America/Toronto,a,{BOB},yes,yes,no,1234"))
    before = factories.dump(database)
    assert take(database, "people", sheet(ALL, f"ANN  ,{ANN},,,,,,,,,".replace("ANN  ", "Ann"))) == []
    assert factories.dump(database) == before
    assert take(database, "people", sheet(ALL, f"ann,{ANN},peer;volunteer,es,,c;d,{CAT},no,no,yes,98765")) == []
    ann = named(database, "ann")
    assert [number.number for number in ann.numbers] == [ANN, CAT]
    assert (ann.language, ann.timezone, ann.skills) == ("es", "America/Toronto", ["c", "d"])
    assert (ann.voicemail_ok, ann.ready, pins.matches(ann.pin_hash, "98765")) == (False, True, True)
    with database.reading() as session:
        assert session.scalar(text("select count(*) from person")) == 1
        assert not people.has_consent(session, ann.id)


def test_all_rows_or_none(database: Database) -> None:
    before = factories.dump(database)
    data = sheet(ALL, f"Ann,{ANN},peer,,,,,,,,", f"Bob,{BOB},peer,xx,Mars,,,,,,1", f"Cat,{CAT},,,,,,,,,")
    assert [said.split(":")[0] for said in take(database, "people", data)] == [
        "row 3, column language",
        "row 3, column timezone",
        "row 3, column pin",
        "row 4, column roles",
    ]
    assert factories.dump(database) == before


def test_peers_may_share_a_number_and_are_told_apart_by_name(database: Database) -> None:
    assert take(database, "people", sheet(HEADER, f"Ann,{ANN},peer", f"Bob,{ANN},peer")) == []
    assert take(database, "people", sheet(HEADER, f"Bob,{ANN},peer;coordinator")) == []
    assert {held.role for held in named(database, "Bob").roles} == {Role.PEER, Role.COORDINATOR}
    assert {held.role for held in named(database, "Ann").roles} == {Role.PEER}


@pytest.mark.parametrize(
    ("there", "rows", "where"),
    [
        # Within one file, in either order and with second numbers too.
        ([], [f"Ann,{ANN},volunteer,", f"Bob,{ANN},peer,"], "row 3, column phone"),
        ([], [f"Bob,{ANN},peer,", f"Ann,{ANN},volunteer,"], "row 3, column phone"),
        ([], [f"Ann,{ANN},volunteer,{BOB}", f"Bob,{BOB},peer,"], "row 3, column phone"),
        ([], [f"Bob,{BOB},peer,", f"Ann,{ANN},volunteer,{BOB}"], "row 3, column second_phone"),
        # Against who is there already.
        ([f"Ann,{ANN},volunteer,"], [f"Bob,{ANN},peer,"], "row 2, column phone"),
        ([f"Bob,{ANN},peer,"], [f"Ann,{ANN},volunteer,"], "row 2, column phone"),
        ([f"Ann,{ANN},volunteer,"], [f"Bob,{ANN},volunteer,"], "row 2, column phone"),
        # Somebody who shares becomes a volunteer.
        ([f"Ann,{ANN},peer,", f"Bob,{ANN},peer,"], [f"Ann,{ANN},volunteer,"], "row 2, column phone"),
        ([f"Ann,{ANN},peer,{CAT}", f"Bob,{CAT},peer,"], [f"Ann,{ANN},volunteer,"], "row 2, column second_phone"),
    ],
)
def test_a_volunteers_number_is_theirs_alone(database: Database, there: list[str], rows: list[str], where: str) -> None:
    header = HEADER + ",second_phone"
    assert take(database, "people", sheet(header, *there)) == []
    before = factories.dump(database)
    [problem] = take(database, "people", sheet(header, *rows))
    assert problem.startswith(where)
    assert "a volunteer's number is theirs alone" in problem
    assert factories.dump(database) == before


def test_what_one_row_gives_up_another_may_take(database: Database) -> None:
    header = HEADER + ",second_phone"
    cells = [f"Ann,{ANN},volunteer,+14165550111", f"Bob,{BOB},volunteer,+14165550112"]
    assert take(database, "people", sheet(header, *cells)) == []
    swapped = [f"Ann,{ANN},volunteer,+14165550112", f"Bob,{BOB},volunteer,+14165550111"]
    assert take(database, "people", sheet(header, *swapped)) == []
    assert [number.number for number in named(database, "Ann").numbers] == [ANN, "+14165550112"]
    # A volunteer who is one no longer may share.
    assert take(database, "people", sheet(header, f"Ann,{ANN},peer,", f"Cat,{ANN},peer,")) == []
    assert not any(number.sole for number in named(database, "Ann").numbers)


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (f"Ann,{ANN},peer,,,,{ANN},,,,", "row 2, column second_phone"),
        (f"Ann,{ANN},peer,,,,,,,,1234", "row 2, column pin"),
        (f"Ann,{ANN},,,,,,,,,", "row 2, column roles"),
    ],
)
def test_what_only_the_whole_row_can_tell(database: Database, row: str, where: str) -> None:
    [problem] = take(database, "people", sheet(ALL, row))
    assert problem.startswith(where)


CONSENT = "name,phone,roles,checkin_consent"


@pytest.mark.parametrize("act", [people.KEY_9, people.STOP_TEXT])
def test_an_import_never_brings_back_what_the_person_withdrew(database: Database, act: str) -> None:
    yes = sheet(CONSENT, f"Ann,{ANN},peer,yes")
    take(database, "people", yes)
    ann = named(database, "Ann").id
    with database.transaction() as session:
        people.withdraw_consent(session, ann, act, NOW)
    for data in (yes, sheet(CONSENT, f"Ann,{ANN},peer,no"), yes):
        assert take(database, "people", data, NOW + timedelta(days=1)) == []
        with database.reading() as session:
            assert not people.has_consent(session, ann)


def test_consent_that_a_spreadsheet_took_a_spreadsheet_may_give_back(database: Database) -> None:
    for days, answer, stands in [(0, "yes", True), (1, "", True), (2, "no", False), (3, "", False), (4, "yes", True)]:
        assert take(database, "people", sheet(CONSENT, f"Ann,{ANN},peer,{answer}"), NOW + timedelta(days=days)) == []
        with database.reading() as session:
            assert people.has_consent(session, named(database, "Ann").id) is stands


def test_with_consent_what_is_to_come_is_taken_up_again(database: Database) -> None:
    take(database, "people", sheet(CONSENT, f"Ann,{ANN},peer,no"))
    with database.transaction() as session:
        plan = factories.plan(session, session.scalars(select(Person)).one(), wall(NOW, LINE), NOW)
        for hours in (-1, 1):
            factories.checkin(session, plan, NOW + timedelta(hours=hours), state=CheckinState.SKIPPED)
    take(database, "people", sheet(CONSENT, f"Ann,{ANN},peer,yes"))
    assert [state for _, state in planned(database)] == [CheckinState.SKIPPED, CheckinState.DUE]


def planned(database: Database) -> list[tuple[datetime, CheckinState]]:
    with database.reading() as session:
        found = session.scalars(select(Checkin).order_by(Checkin.due_at))
        return [(checkin.due_at, checkin.state) for checkin in found]


def hours(database: Database) -> list[float]:
    """From now to each check-in."""
    return [(due_at - NOW) / timedelta(hours=1) for due_at, _ in planned(database)]


def daily_plan(database: Database, starts: datetime) -> None:
    take(database, "people", sheet(CONSENT, f"Ann,{ANN},peer,yes"))
    with database.transaction() as session:
        ann = session.scalars(select(Person)).one()
        plan = factories.plan(session, ann, starts, NOW, rrule="FREQ=DAILY", laid_out_until=NOW - timedelta(hours=1))
        checkin_layout.lay_out(session, plan, LINE, NOW)


ZONE = "name,phone,roles,timezone"


def test_who_moves_west_is_called_at_the_same_time_of_day(database: Database) -> None:
    daily_plan(database, local("2026-11-20T12:00"))
    assert hours(database) == [2, 26]
    take(database, "people", sheet(ZONE, f"Ann,{ANN},,America/Vancouver"))
    assert hours(database) == [5, 29]


def test_who_moves_east_loses_no_check_in(database: Database) -> None:
    daily_plan(database, local("2026-11-20T12:00"))
    take(database, "people", sheet(ZONE, f"Ann,{ANN},,Europe/Paris"))
    assert hours(database) == [-4, 20]


def test_a_check_in_that_was_due_before_the_move_is_not_made_twice(database: Database) -> None:
    daily_plan(database, local("2026-11-20T09:30"))
    assert hours(database) == [-0.5, 23.5]
    take(database, "people", sheet(ZONE, f"Ann,{ANN},,America/Vancouver"))
    assert hours(database) == [-0.5, 26.5]


def test_what_was_tried_before_the_move_stays(database: Database) -> None:
    daily_plan(database, local("2026-11-20T12:00"))
    with database.transaction() as session:
        first = session.scalars(select(Checkin).order_by(Checkin.due_at).limit(1)).one()
        leg = factories.call(session, NOW, direction=Direction.OUTBOUND)
        factories.attempt(session, first, leg, NOW, result=AttemptResult.FAILED, over_at=NOW)
    take(database, "people", sheet(ZONE, f"Ann,{ANN},,America/Vancouver"))
    assert hours(database) == [2, 29]


def test_a_move_within_hourly_plans_keeps_every_hour_once(database: Database) -> None:
    daily_plan(database, local("2026-11-20T12:00"))
    with database.transaction() as session:
        session.execute(text("update checkin_plan set rrule = 'FREQ=HOURLY;INTERVAL=2'"))
        session.execute(text("delete from checkin"))
        plan = factories.plan(
            session,
            session.scalars(select(Person)).one(),
            local("2026-11-20T12:00"),
            NOW,
            rrule="FREQ=HOURLY",
        )
        checkin_layout.lay_out(session, plan, LINE, NOW)
    before = hours(database)
    take(database, "people", sheet(ZONE, f"Ann,{ANN},,America/Vancouver"))
    after = hours(database)
    assert before[0] == after[0] == 0
    assert len(after) == len(set(after))
    assert len(before) == len(after)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.lists(NAMES, min_size=1, max_size=3).map(" ".join),
            "phone": st.integers(0, 30).map(factories.number),
            "roles": st.sampled_from(["peer", "peer;volunteer", "coordinator", "volunteer"]),
            "language": st.sampled_from(["", "en", "fr", "es"]),
            "timezone": st.sampled_from(["", "America/Toronto", "America/St_Johns"]),
            "skills": st.lists(NAMES, max_size=3).map(";".join),
            "second_phone": st.one_of(st.just(""), st.integers(31, 60).map(factories.number)),
            "checkin_consent": st.sampled_from(["", "yes", "no"]),
        }
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=PEOPLE)
def test_any_file_is_taken_whole_or_not_at_all_and_twice_is_once(
    databases: Databases, rows: list[dict[str, str]]
) -> None:
    data = written(list(rows[0]) if rows else HEADER.split(","), rows)
    with databases.fresh("sqlite") as url:
        database = Database(url)
        empty = factories.dump(database)
        problems = take(database, "people", data)
        once = factories.dump(database)
        assert (once == empty) if problems or not rows else len(once["person"]) == len(rows)
        assert take(database, "people", data, NOW + timedelta(hours=1)) == problems
        assert factories.dump(database) == once
        database.close()


def test_all_that_is_wrong_with_a_row_is_said_at_once(database: Database) -> None:
    row = "Zoe,+14165550130,peer,xx,,,+14165550130,,maybe,,1234"
    problems = take(database, "people", sheet(ALL, row))
    columns = ["language", "voicemail_ok", "pin", "second_phone"]
    assert [problem.split(":")[0] for problem in problems] == [f"row 2, column {column}" for column in columns]


def test_numbers_that_the_line_would_never_ring_are_refused(database: Database) -> None:
    header = "name,phone,roles,second_phone"
    data = sheet(header, "Ann,+33612345678,peer,", f"Bob,{BOB},volunteer,+88213300655", f"Cat,{CAT},peer,")
    with pytest.raises(RefusedError) as refused:
        IMPORTS["people"](database, data, LINE, NOW, CAT)
    assert [str(problem) for problem in refused.value.problems] == [
        "row 2, column phone: is a number of FR, and only CA,US may be rung; see the setting countries",
        "row 3, column second_phone: is a number of no country, and only CA,US may be rung; see the setting countries",
        "row 4, column phone: is the line's own number; give the number of the person's own telephone",
    ]
    with database.transaction() as session:
        live_settings.write(session, "countries", "", NOW)
    assert take(database, "people", data) == []


def test_who_was_changed_on_a_page_isnt_made_anew_by_an_old_spreadsheet(database: Database) -> None:
    rows = [f"Ann,{ANN},peer", f"Bob,{BOB},peer", f"Cat,{CAT},peer"]
    assert take(database, "people", sheet(HEADER, *rows)) == []
    ann, bob, cat = (named(database, name).id for name in ("Ann", "Bob", "Cat"))
    live = live_settings.LiveSettings()
    with database.transaction() as session:
        first = person_changes.held(session, ann)
        assert first is not None
        person_details.change(session, first, replace(person_details.of(first), name="Anna"), None, LINE, NOW)
        assert isinstance(merging.merge(session, bob, cat, None, live, NOW), PersonMerge)
        second = person_changes.held(session, bob)
        assert second is not None
        person_numbers.take_off(session, second, second.numbers[0].id, None, NOW)
    before = factories.dump(database)
    assert take(database, "people", sheet(HEADER, *rows)) == []
    assert factories.dump(database) == before
    assert take(database, "people", sheet(HEADER, f"Ann,{BOB},peer")) == []
    assert named(database, "Ann").id not in {ann, bob, cat}
