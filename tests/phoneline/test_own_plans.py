"""A peer's own check-in calls by telephone, key by key, at a known hour: a Tuesday, 10 AM in Toronto."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from phoneline import checkins, people, plans
from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.models import Checkin, CheckinPlan, Consent, Contact
from phoneline.prompts import catalogue, say
from phoneline.states import CheckinState, ConsentKind, PlanAuthor, SettledBy
from tests.databases import Databases
from tests.phoneline.plan_phone import NOW, SILENCE, TO_A_PERSON, Phone, due, inside, peer, plan, rows, standing, times

WORDS = catalogue("en")


@pytest.fixture
def database(databases: Databases, vault: Vault) -> Iterator[Database]:
    """One kind will do: what is asked of the database is asked of both in `test_plans.py` and by the webhooks."""
    with databases.opened("sqlite") as database:
        yield database


def test_nothing_is_told_before_they_say_who_they_are(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    phone = Phone(database, sam)
    assert phone.said == say("plans_who", "en", name="Sam").text
    assert phone.press("2") == phone.said, "a wrong key: once more"
    assert phone.press("2") == TO_A_PERSON


def test_each_plan_is_heard_in_words_one_after_another(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    plan(database, sam, datetime.fromisoformat("2026-11-03T11:30"), "FREQ=WEEKLY;BYDAY=MO,TH", kind="volunteer")
    plan(database, sam, datetime.fromisoformat("2026-11-04T09:00"), "FREQ=MONTHLY")
    before = rows(database)
    phone = inside(database, sam)
    assert phone.said == (
        "Your check-in call comes every day at 5 PM. Our telephone system makes it. The next one is today at 5 PM. "
        "To move just the next one, press 2. For other days or another time, press 3. For a pause, press 4. "
        "To delete it, press 9."
    )
    assert "Another one comes on Mondays and Thursdays at 11:30 AM. A volunteer makes it." in phone.press("#")
    assert "The next one is on Thursday at 11:30 AM." in phone.said
    assert "Others come at the times we agreed on." in phone.press(SILENCE)
    assert "The next one is on Friday, December 4 at 9 AM." in phone.said
    assert phone.press("1") == WORDS["plans_more"]
    assert phone.press("#") == WORDS["goodbye"]
    assert rows(database) == before


@pytest.mark.parametrize(
    ("keyed", "read"),
    [("1830", "today at 6:30 PM"), ("630", "today at 6:30 PM"), ("12", "today at noon")],
)
def test_the_next_call_moves_to_a_keyed_time_once_that_was_read_back(database: Database, keyed: str, read: str) -> None:
    sam = peer(database)
    mine = plan(database, sam)
    phone = inside(database, sam)
    assert phone.press("2") == WORDS["plans_time"]
    assert f"The next call would come {read}." in phone.press(keyed)
    assert times(database, sam) == ["Tue 17:00", "Wed 17:00"]
    assert f"{WORDS['plans_done']} " in phone.press("1")
    assert f"The next one is {read}." in phone.said
    at = {"today at 6:30 PM": "Tue 18:30", "today at noon": "Tue 12:00"}[read]
    assert due(database, sam) == [(at, mine), ("Wed 17:00", mine)]


def test_a_call_of_next_week_that_nobody_has_laid_out_is_moved_too(database: Database) -> None:
    sam = peer(database)
    plan(database, sam, rrule="FREQ=WEEKLY;BYDAY=MO")
    phone = inside(database, sam)
    assert times(database, sam) == []
    phone.press("2", "1530", "1")
    assert times(database, sam) == ["Mon 15:30"]
    assert "The next one is on Monday at 3:30 PM." in phone.said


@pytest.mark.parametrize(
    ("keyed", "why"),
    [("0930", "plans_past"), ("2130", "plans_quiet"), ("999", "plans_unclear"), ("0500", "plans_past")],
)
def test_a_time_that_will_not_do_is_asked_for_once_more_and_then_a_person_helps(
    database: Database, keyed: str, why: str
) -> None:
    sam = peer(database)
    plan(database, sam)
    before, phone = rows(database), inside(database, sam)
    assert phone.press("2", keyed) == f"{WORDS[why]} {WORDS['plans_time']}"
    assert phone.press(keyed) == f"{WORDS[why]} {TO_A_PERSON}"
    assert rows(database) == before


def test_days_and_time_are_changed_and_the_next_call_moves(database: Database) -> None:
    sam = peer(database)
    old = plan(database, sam, purpose="safety", escalate_to="+14165550142")
    phone = inside(database, sam)
    assert phone.press("3") == f"{WORDS['plans_days']} {WORDS['plans_days_keep']}"
    assert phone.press("3") == WORDS["plans_weekdays"]
    assert phone.press("52") == say("plans_same_time", "en", time="5 PM").text
    said = phone.press("2", "11")
    assert "Your check-in call would come on Tuesdays and Fridays at 11 AM, for the first time today at 11 AM." in said
    assert [one.id for one in standing(database, sam)] == [old]
    assert "Your check-in call comes on Tuesdays and Fridays at 11 AM." in phone.press("1")
    (new,) = standing(database, sam)
    assert (new.purpose, new.escalate_to, due(database, sam)) == ("safety", "+14165550142", [("Tue 11:00", new.id)])


def test_where_morning_and_evening_will_do_they_are_asked_which_is_meant(database: Database) -> None:
    sam = peer(database)
    plan(database, sam, quiet="23:00-05:00")
    phone = inside(database, sam)
    assert phone.press("3", "4", "730") == say("plans_half", "en", first="7:30 AM", second="7:30 PM").text
    assert "every day at 7:30 PM, for the first time today at 7:30 PM" in phone.press("2")


def test_the_days_may_be_kept_or_the_time(database: Database) -> None:
    sam = peer(database)
    plan(database, sam, datetime.fromisoformat("2026-11-01T17:00"), "FREQ=DAILY;INTERVAL=2;UNTIL=20270101T000000Z")
    assert times(database, sam) == ["Wed 17:00"]
    phone = inside(database, sam)
    assert "every other day at 11 AM, for the first time tomorrow at 11 AM" in phone.press("3", "4", "11")
    phone.press("1")
    assert times(database, sam) == ["Wed 11:00"]
    phone.press("3", "2")
    assert "Monday to Friday at 11 AM, for the first time tomorrow at 11 AM" in phone.press("1")
    phone.press("1")
    assert times(database, sam) == ["Wed 11:00"]
    assert standing(database, sam)[0].rrule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20270101T000000Z"


def test_a_call_of_today_is_neither_lost_nor_made_twice(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    phone = inside(database, sam)
    assert WORDS["plans_read_today"] in phone.press("3", "4", "0930")
    phone.press("1")
    assert times(database, sam) == ["Tue 17:00", "Wed 09:30"], "9:30 is past, so today stays as it was"


def test_who_was_heard_today_is_not_called_again_today(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    with database.transaction() as session:
        (today,) = session.scalars(select(Checkin).where(Checkin.due_at < NOW + timedelta(hours=12)))
        checkins.settle(today, CheckinState.OK, SettledBy.KEYPAD, NOW)
    phone = inside(database, sam)
    assert "for the first time tomorrow at 5:30 PM" in phone.press("3", "4", "1730")
    phone.press("1")
    assert times(database, sam) == ["Wed 17:30"]


@pytest.mark.parametrize(("days", "keyed"), [("1", "2130"), ("1", "0630"), ("2", "0830")])
def test_a_plan_that_quiet_hours_would_never_let_through_is_refused(database: Database, days: str, keyed: str) -> None:
    sam = peer(database)
    plan(database, sam)
    phone = inside(database, sam)
    assert phone.press("3", days, "2", keyed) == f"{WORDS['plans_quiet']} {WORDS['plans_time']}"
    assert (WORDS["plans_read_held"] in phone.press("0930")) == (days == "1"), "on weekends it waits until 10"


def test_a_plan_that_begins_later_still_does_and_one_that_is_over_is_not_read(database: Database) -> None:
    sam = peer(database)
    plan(database, sam, rrule="FREQ=DAILY;COUNT=5")
    plan(database, sam, datetime.fromisoformat("2026-12-07T11:00"), "FREQ=WEEKLY;BYDAY=MO,TH")
    phone = inside(database, sam)
    assert phone.said.startswith("Your check-in call comes on Mondays and Thursdays at 11 AM.")
    assert "for the first time on Wednesday, December 9 at 2 PM" in phone.press("3", "3", "3", "2", "1400")
    phone.press("1", SILENCE)
    assert phone.said == WORDS["plans_more"]


def test_what_is_counted_is_changed_by_a_person(database: Database) -> None:
    sam = peer(database)
    plan(database, sam, rrule="FREQ=DAILY;COUNT=50")
    assert inside(database, sam).press("3") == f"{WORDS['plans_not_now']} {TO_A_PERSON}"


def test_a_pause_of_some_days_ends_by_itself(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    phone = inside(database, sam)
    assert "Nobody would call until Friday. On that day it goes on as before." in phone.press("4", "3")
    assert "This call is paused for now. The next one is on Friday at 5 PM." in phone.press("1")
    (mine,) = standing(database, sam)
    assert mine.paused_until == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    assert times(database, sam) == []
    assert WORDS["plans_read_resume"] in phone.press("4")
    assert "paused" not in phone.press("1")
    assert times(database, sam) == ["Tue 17:00", "Wed 17:00"]
    assert "The next one is on Thursday, November 25 at 5 PM." in phone.press("4", "366", "1")


def test_a_plan_is_deleted_and_the_other_ones_stay(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    other = plan(database, sam, datetime.fromisoformat("2026-11-03T15:00"))
    phone = inside(database, sam)
    assert phone.press("9") == f"{WORDS['plans_read_end']} {WORDS['plans_confirm_plain']}"
    assert f"{WORDS['plans_deleted']} Your check-in call comes every day at 3 PM." in phone.press("1")
    assert [one.id for one in standing(database, sam)] == [other]
    assert WORDS["plans_none"] in phone.press("9", "1")
    assert times(database, sam) == []


@pytest.mark.parametrize(
    ("keys", "what"),
    [(["4", "7", "1"], "paused"), (["9", "1"], "deleted"), (["3", "2", "1", "1"], "given other days")],
)
@pytest.mark.parametrize("purpose", ["safety", "social"])
def test_of_a_safety_plan_that_stops_a_coordinator_hears(
    database: Database, keys: list[str], what: str, purpose: str
) -> None:
    sam = peer(database)
    plan(database, sam, purpose=purpose)
    inside(database, sam).press(*keys)
    with database.reading() as session:
        found = [(one.follow_up, one.note) for one in session.scalars(select(Contact))]
    told = ("wanted", f"A safety check-in plan was {what} by telephone.")
    assert found == ([told] if purpose == "safety" else [])


def test_who_stopped_automated_calls_may_agree_again(database: Database) -> None:
    sam = peer(database)
    plan(database, sam)
    with database.transaction() as session:
        people.withdraw_consent(session, sam, people.KEY_9, NOW - timedelta(days=1))
        checkins.stop_all(session, sam, NOW - timedelta(days=1))
    phone = inside(database, sam)
    assert WORDS["plans_not_agreed"] in phone.said
    assert phone.said.endswith(f"{WORDS['plans_key_agree']} {WORDS['plans_key_end']}")
    assert phone.press("1") == WORDS["plans_agree"]
    assert WORDS["plans_left"] in phone.press("#")
    assert times(database, sam) == []
    assert WORDS["plans_agreed"] in phone.press("3", "1"), "nothing else is done before a yes"
    assert times(database, sam) == ["Tue 17:00", "Wed 17:00"]
    with database.reading() as session:
        ledger = session.scalars(select(Consent).order_by(Consent.given_at)).all()
    assert [(one.given_how, one.words, one.withdrawn_how) for one in ledger] == [
        (people.SPREADSHEET, None, people.KEY_9),
        (people.PHONE_MENU, WORDS["plans_agree"], None),
    ]


def test_who_stopped_volunteers_calls_agrees_to_those(database: Database) -> None:
    sam = peer(database, agreed=False)
    plan(database, sam, kind="volunteer")
    with database.transaction() as session:
        people.refuse_volunteers(session, sam, people.KEY_9, NOW - timedelta(days=1))
    phone = inside(database, sam)
    assert WORDS["plans_not_agreed"] in phone.said
    assert phone.press("1") == WORDS["plans_agree_volunteer"]
    assert WORDS["plans_agreed"] in phone.press("1")
    with database.reading() as session:
        given = session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))).one()
        assert not people.has_consent(session, sam)
    assert (given.kind, given.words) == (ConsentKind.VOLUNTEER_CALLS, WORDS["plans_agree_volunteer"])


def test_a_first_plan_comes_with_a_spoken_yes(database: Database) -> None:
    sam = peer(database, agreed=False)
    phone = inside(database, sam)
    assert phone.said == WORDS["plans_none"]
    assert phone.press("1") == WORDS["plans_days"]
    read = phone.press("1", "930").removesuffix(f" {WORDS['plans_confirm']}")
    assert read.startswith("Our telephone system would call you every day at 9:30 AM, for the first time tomorrow at")
    assert standing(database, sam) == []
    assert "Your check-in call comes every day at 9:30 AM." in phone.press("1")
    assert times(database, sam) == ["Wed 09:30"]
    with database.reading() as session:
        (given,) = session.scalars(select(Consent)).all()
    assert (given.given_how, given.words) == (people.PHONE_MENU, read)


FLOWS = [
    ["2", "1530", "1"],
    ["3", "3", "24", "2", "630", "2", "1"],
    ["3", "4", "12", "2", "1"],
    ["9", "1"],
    ["4", "2", "2", "5", "1"],
]


@pytest.mark.parametrize("keys", FLOWS, ids="-".join)
def test_hung_up_before_the_last_key_nothing_has_changed_and_after_it_all_has_once(
    database: Database, keys: list[str]
) -> None:
    """Each request comes twice, and all that came before comes once more, late."""
    sam = peer(database)
    plan(database, sam, purpose="safety", quiet="00:00-00:00")
    before, phone = rows(database), inside(database, sam)
    sent: list[tuple[int, str]] = []
    for key in keys[:-1]:
        sent.append((phone.step, key))
        assert phone.press(key) == phone.answer(*sent[-1]) == phone.answer(*sent[0])
    assert rows(database) == before
    sent.append((phone.step, keys[-1]))
    done = phone.press(keys[-1])
    after = rows(database)
    assert after != before
    assert {phone.answer(*late) for late in sent} == {done}
    assert rows(database) == after


@pytest.mark.parametrize("keys", FLOWS, ids="-".join)
def test_silence_a_wrong_key_and_0_lead_to_a_person_from_everywhere(database: Database, keys: list[str]) -> None:
    sam = peer(database)
    plan(database, sam, quiet="00:00-00:00")
    before = rows(database)
    for length, end in [
        *((length, SILENCE) for length in range(len(keys))),
        (len(keys) - 1, "8"),
        (len(keys) - 1, "0"),
    ]:
        phone = inside(database, sam)
        phone.press(*keys[:length])
        asked = 0
        while not phone.said.endswith(TO_A_PERSON):
            asked += 1
            assert asked <= (1 if end == "0" else 4)
            phone.press(end)
    assert rows(database) == before


def test_times_are_those_of_their_own_zone(database: Database) -> None:
    sam = peer(database, timezone="America/Vancouver")
    plan(database, sam)
    phone = inside(database, sam)
    assert "every day at 5 PM" in phone.said
    assert "The next call would come today at 9:30 AM." in phone.press("2", "0930")
    phone.press("1")
    assert times(database, sam) == ["Tue 12:30", "Wed 20:00"]


@pytest.mark.parametrize(
    ("language", "days", "when"),
    [
        ("fr", "le lundi et le jeudi à 9 heures 30", "jeudi à 9 heures 30"),
        ("es", "los lunes y jueves a las 9 y media de la mañana", "el jueves a las 9 y media de la mañana"),
    ],
)
def test_it_is_read_back_in_their_language(database: Database, language: str, days: str, when: str) -> None:
    sam = peer(database, language=language)
    plan(database, sam)
    said = inside(database, sam, language=language).press("3", "3", "14", "2", "0930")
    assert f" {days}, " in said
    assert f" {when}." in said


def test_what_is_being_called_or_was_ended_meanwhile_is_not_changed(database: Database) -> None:
    sam = peer(database)
    mine = plan(database, sam)
    phone = inside(database, sam)
    phone.press("2", "1530")
    with database.transaction() as session:
        for one in session.scalars(select(Checkin)):
            one.state = CheckinState.CALLING
    assert phone.press("1") == f"{WORDS['plans_not_now']} {TO_A_PERSON}"
    phone = inside(database, sam)
    phone.press("4", "7")
    with database.transaction() as session:
        plans.end(session, session.get_one(CheckinPlan, mine), PlanAuthor.COORDINATOR, NOW)
    assert phone.press("1") == f"{WORDS['plans_not_now']} {TO_A_PERSON}"
