from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from phoneline import people, plans
from phoneline.db import Database
from phoneline.models import Checkin, CheckinPlan, Person
from phoneline.states import CheckinState, PlanAuthor, PlanKind, PlanVoicemail, Purpose, Role
from tests import factories
from tests.phoneline.spreadsheets.sheets import ANN, BOB, CAT, NOW, local, sheet, take

HEADER = "phone,name,starts_at,rrule,kind,purpose,volunteer_phone,escalate_to"
SHARED = "+14165550110"
HELP = "+14165550120"


@pytest.fixture(autouse=True)
def folk(database: Database) -> dict[str, Person]:
    """Ann agreed to calls; Bob didn't; Cat is a volunteer; Dan and Eve share a phone, and Dan lives further west."""
    with database.transaction() as session:
        made = {
            "Ann": factories.person(session, name="Ann", numbers=[ANN], now=NOW),
            "Bob": factories.person(session, name="Bob", numbers=[BOB], now=NOW),
            "Cat": factories.person(session, Role.VOLUNTEER, name="Cat", numbers=[CAT], now=NOW),
            "Dan": factories.person(session, name="Dan", numbers=[SHARED], timezone="America/Vancouver", now=NOW),
            "Eve": factories.person(session, name="Éve", numbers=[SHARED], now=NOW),
        }
        for name in ("Ann", "Dan", "Eve"):
            factories.consent(session, made[name], NOW)
        return made


def due(database: Database) -> list[tuple[str, datetime, CheckinState]]:
    with database.reading() as session:
        found = session.scalars(select(Checkin).order_by(Checkin.due_at))
        return [(checkin.person_id, checkin.due_at, checkin.state) for checkin in found]


def test_a_plan_becomes_check_ins_at_once(database: Database, folk: dict[str, Person]) -> None:
    row = f"{ANN},,2026-11-20T11:00,FREQ=DAILY,automated,safety,{CAT},{HELP}"
    assert take(database, "checkins", sheet(HEADER, row)) == []
    hour = timedelta(hours=1)
    ann = folk["Ann"].id
    assert due(database) == [(ann, NOW + hour, CheckinState.DUE), (ann, NOW + 25 * hour, CheckinState.DUE)]
    with database.reading() as session:
        plan = session.scalars(select(CheckinPlan)).one()
    assert (plan.purpose, plan.volunteer_id, plan.escalate_to) == (Purpose.SAFETY, folk["Cat"].id, HELP)
    assert HELP not in repr(factories.dump(database))


def test_what_is_left_out_has_its_default(database: Database) -> None:
    assert take(database, "checkins", sheet("kind,phone,starts_at", f"volunteer,{BOB},2026-11-23T12:00")) == []
    with database.reading() as session:
        plan = session.scalars(select(CheckinPlan)).one()
    assert (plan.rrule, plan.kind, plan.purpose) == ("", PlanKind.VOLUNTEER, Purpose.SOCIAL)
    assert (plan.volunteer_id, plan.escalate_to) == (None, None)


def test_times_are_the_persons_own(database: Database, folk: dict[str, Person]) -> None:
    rows = [f"{SHARED},{name},2026-11-23T12:00,,automated,,," for name in ("dan", "E\u0301VE")]
    assert take(database, "checkins", sheet(HEADER, *rows)) == []
    assert [(who, at - NOW) for who, at, _ in due(database)] == [
        (folk["Eve"].id, timedelta(hours=2)),
        (folk["Dan"].id, timedelta(hours=5)),
    ]


def test_a_time_that_has_just_passed_counts_and_an_old_rule_starts_now(database: Database) -> None:
    rows = [f"{ANN},,2026-11-23T09:58,,automated,,,", f"{ANN},,2026-01-01T09:30,FREQ=DAILY,automated,,,"]
    assert take(database, "checkins", sheet(HEADER, *rows)) == []
    assert [(at - NOW) / timedelta(minutes=1) for _, at, _ in due(database)] == [-30, -2, 23.5 * 60]


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    data = sheet(
        HEADER,
        f"{ANN},Ann,2026-11-20T11:00,FREQ=DAILY,automated,safety,{CAT},{HELP}",
        f"{ANN},,2026-11-20T11:00,FREQ=DAILY,volunteer,,,",
        f"{SHARED},Dan,2026-11-23T12:00,,automated,social,,",
    )
    assert take(database, "checkins", data) == []
    before = factories.dump(database)
    assert take(database, "checkins", data, NOW + timedelta(days=1)) == []
    assert factories.dump(database) == before


def test_a_blank_cell_keeps_what_is_there_and_another_changes_it(database: Database) -> None:
    start = f"{ANN},,2026-11-20T11:00,FREQ=DAILY,automated"
    take(database, "checkins", sheet(HEADER, f"{start},safety,{CAT},{HELP}"))
    before = factories.dump(database)
    assert take(database, "checkins", sheet(HEADER, f"{start},,,")) == []
    assert factories.dump(database) == before
    assert take(database, "checkins", sheet(HEADER, f"{start},social,,+14165550121")) == []
    with database.reading() as session:
        plan = session.scalars(select(CheckinPlan)).one()
        assert (plan.purpose, plan.escalate_to) == (Purpose.SOCIAL, "+14165550121")
        assert plan.volunteer_id is not None
        assert set(session.scalars(select(Checkin.purpose))) == {Purpose.SOCIAL}


SETTINGS = {
    "ends_at": "2027-01-01T00:00",
    "attempts": "2",
    "retry_seconds": "90",
    "ring_seconds": "20",
    "second_on_retry": "no",
    "extension": "12 34#",
    "voicemail": "neutral",
    "discreet": "yes",
    "quiet": "22:00-08:00",
    "topics": "chess",
    "paused_from": "2026-12-24T00:00",
    "paused_until": "2026-12-27T00:00",
}


def with_settings(**given: str) -> bytes:
    """A row for Ann with these columns."""
    row = {"phone": ANN, "starts_at": "2026-11-20T11:00", "rrule": "FREQ=DAILY", "kind": "automated"} | given
    return sheet(",".join(row), ",".join(row.values()))


def the_plan(database: Database) -> CheckinPlan:
    with database.reading() as session:
        return session.scalars(select(CheckinPlan)).one()


def test_a_plans_own_settings_are_taken_over_kept_by_blanks_and_emptied_by_none(database: Database) -> None:
    assert take(database, "checkins", with_settings(**SETTINGS)) == []
    plan = the_plan(database)
    assert (plan.ends_local, plan.attempts, plan.retry_seconds, plan.ring_seconds) == (local("2027-01-01"), 2, 90, 20)
    assert (plan.second_on_retry, plan.extension, plan.discreet) == (False, "1234#", True)
    assert (plan.voicemail, plan.quiet, plan.topics) == (PlanVoicemail.NEUTRAL, "22:00-08:00", "chess")
    assert plan.paused_from == datetime(2026, 12, 24, 5, tzinfo=UTC)
    assert plan.paused_until == datetime(2026, 12, 27, 5, tzinfo=UTC)
    before = factories.dump(database)
    for same in (SETTINGS, {}, dict.fromkeys(SETTINGS, "")):
        assert take(database, "checkins", with_settings(**same), NOW + timedelta(days=1)) == []
        assert factories.dump(database) == before
    yes_or_no = {"second_on_retry", "voicemail", "discreet"}
    assert take(database, "checkins", with_settings(**dict.fromkeys(set(SETTINGS) - yes_or_no, "none"))) == []
    plan = the_plan(database)
    assert (plan.ends_local, plan.attempts, plan.quiet, plan.topics, plan.paused_from) == (None,) * 5
    assert plan.discreet
    assert take(database, "checkins", with_settings(voicemail="none")) == []
    assert the_plan(database).voicemail is PlanVoicemail.NONE


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("ends_at", "2026-11-01T00:00", "must be later than the start"),
        ("attempts", "many", "must be a whole number from 1 to 10"),
        ("retry_seconds", "99999", "must be from 0 to 86400 seconds"),
        ("ring_seconds", "1", "must be from 5 to 600 seconds"),
        ("extension", "hello", "must be up to 30 keys"),
        ("quiet", "at night", "must be two times of day"),
        ("paused_until", "2026-12-27T00:00", "is the end of a pause without a beginning"),
        ("volunteer_phone", CAT, "is kept apart from them"),
        ("escalate_to", ANN, "is their own number"),
    ],
)
def test_what_a_page_refuses_a_spreadsheet_refuses_in_the_same_words(
    database: Database, folk: dict[str, Person], column: str, text: str, reason: str
) -> None:
    with database.transaction() as session:
        factories.apart_decision(session, folk["Ann"].id, folk["Cat"].id, NOW)
    [problem] = take(database, "checkins", with_settings(**{column: text}))
    assert problem.startswith(f"row 2, column {column}: {reason}")


def test_what_was_decided_since_is_no_fault_of_the_same_file(database: Database, folk: dict[str, Person]) -> None:
    data = with_settings(volunteer_phone=CAT)
    assert take(database, "checkins", data) == []
    with database.transaction() as session:
        plans.end(session, session.scalars(select(CheckinPlan)).one(), PlanAuthor.PEER, NOW)
    before = factories.dump(database)
    assert take(database, "checkins", with_settings(attempts="5")) == []
    assert factories.dump(database) == before
    with database.transaction() as session:
        factories.apart_decision(session, folk["Ann"].id, folk["Cat"].id, NOW)
    assert take(database, "checkins", data) == []


@pytest.mark.parametrize(
    ("row", "where", "reason"),
    [
        ("+14165550199,,2026-11-23T12:00,,automated,,,", "phone", "is nobody's"),
        (f"{SHARED},,2026-11-23T12:00,,automated,,,", "name", "several people share this phone"),
        (f"{SHARED},Ann,2026-11-23T12:00,,automated,,,", "name", "is not the name"),
        (f"{ANN},Bob,2026-11-23T12:00,,automated,,,", "name", "is not the name"),
        (f"{BOB},,2026-11-23T12:00,,automated,,,", "kind", "they haven't agreed"),
        (f"{ANN},,2026-11-23T12:00,,robot,,,", "kind", "must be automated or volunteer"),
        (f"{ANN},,2026-11-23T12:00,,,,,", "kind", "is blank"),
        (f"{ANN},,2026-11-23T12:00,,automated,fun,,", "purpose", "must be social or safety"),
        (f"{ANN},,2026-11-23T12:00,,automated,,{BOB},", "volunteer_phone", "is no volunteer's"),
        (f"{ANN},,2026-11-23T12:00,,automated,,,911", "escalate_to", "must be a phone number"),
        (f"{ANN},,2026-11-23T12:00+01:00,,automated,,,", "starts_at", "must be a local time"),
        (f"{ANN},,2026-11-23T12:00,FREQ=SECONDLY,automated,,,", "rrule", "FREQ must be HOURLY"),
        (f"{ANN},Ann,2026-11-24T12:00,,automated,,,", "phone", "has the same check-in above"),
    ],
)
def test_what_is_refused(database: Database, row: str, where: str, reason: str) -> None:
    before = factories.dump(database)
    good = f"{ANN},,2026-11-24T12:00,,automated,,,"
    [problem] = take(database, "checkins", sheet(HEADER, good, row))
    assert problem.startswith(f"row 3, column {where}: {reason}")
    assert factories.dump(database) == before


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("+14165550199,,2026-11-23T12:00,,robot,,,", ["kind", "phone"]),
        (f"{BOB},,2026-11-23T12:00,FREQ=NEVER,automated,fun,{BOB},", ["purpose", "volunteer_phone", "kind", "rrule"]),
        (f"{ANN},Bob,soon,,automated,,,911", ["starts_at", "escalate_to", "name"]),
    ],
)
def test_all_that_is_wrong_with_a_row_is_said_at_once(database: Database, row: str, columns: list[str]) -> None:
    problems = take(database, "checkins", sheet(HEADER, row))
    assert [problem.split(":")[0] for problem in problems] == [f"row 2, column {column}" for column in columns]


def test_who_stopped_the_calls_is_not_planned_for_again(database: Database, folk: dict[str, Person]) -> None:
    with database.transaction() as session:
        people.withdraw_consent(session, folk["Ann"].id, people.KEY_9, NOW)
    [problem] = take(database, "checkins", sheet(HEADER, f"{ANN},,2026-11-24T12:00,,automated,,,"))
    assert problem.startswith("row 2, column kind: they have stopped automated calls themselves")
