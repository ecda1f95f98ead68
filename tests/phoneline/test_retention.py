"""What is older than its time is forgotten, and nothing that somebody still works on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from phoneline import erasing, retention
from phoneline.db import Database
from phoneline.follow_up_states import MoveReason
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    ActivitySignup,
    Attempt,
    Call,
    Callback,
    Checkin,
    Contact,
    FollowUpMove,
    Leg,
    PersonChange,
    PersonMerge,
    PersonNote,
    TextIn,
    TextOut,
    Voicemail,
)
from phoneline.person_states import PersonAct
from phoneline.retention import RULES, before, is_due, look, purge
from phoneline.states import (
    AccessAction,
    CallbackState,
    CallState,
    CheckinState,
    ContactKind,
    FollowUp,
    LegState,
    TextState,
    VoicemailState,
)
from phoneline.text_states import TextMeaning
from tests import factories
from tests.databases import ONE_KIND

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DAYS = 10


def keeping(days: int) -> LiveSettings:
    every: dict[str, Any] = {rule.setting: days for rule in RULES}
    return replace(LiveSettings(), **every)


LIVE, FOR_EVER = keeping(DAYS), keeping(0)
ENDED = {"state": CallState.ENDED}


def some(session: Session, at: datetime, follow_up: FollowUp = FollowUp.NONE) -> None:
    """One of everything that is kept for a while, as old as this."""
    number = factories.number(5)
    peer = factories.person(session, now=at)
    call = factories.call(session, at, number=number, **ENDED)
    factories.call(session, at, number=number, person_id=peer.id, **ENDED)
    left = factories.contact(
        session, at, call_id=call.id, kind=ContactKind.VOICEMAIL, follow_up=follow_up, note="A note"
    )
    factories.voicemail(session, left, deleted_at=at)
    texted = factories.contact(session, at, kind=ContactKind.SMS, follow_up=follow_up, note="A text")
    about = {"at": at, "meaning": TextMeaning.WORDS, "number": number, "number_hash": "hash"}
    session.add(TextIn(message_sid=f"SM{texted.id}", contact_id=texted.id, **about))
    state = TextState.DELIVERED if follow_up is FollowUp.NONE else TextState.PENDING
    factories.text_out(session, at, number=number, state=state)
    session.add(FollowUpMove(contact_id=left.id, at=at, why=MoveReason.GIVEN, note="Why"))
    session.add(PersonNote(person_id=peer.id, at=at, words="A note"))
    session.add(PersonChange(person_id=peer.id, at=at, act=PersonAct.EDITED, before="{}", after="{}"))
    older = factories.person(session, now=at, merged_into_id=peer.id, numbers=[])
    session.add(PersonMerge(kept_id=peer.id, gone_id=older.id, at=at, moved="{}"))
    activity = factories.activity(session, at.replace(tzinfo=None))
    session.add(ActivitySignup(activity_id=activity.id, occurs_local=at.replace(tzinfo=None), name="Mia", at=at))
    promise = CallbackState.JOINED if follow_up is FollowUp.NONE else CallbackState.PROMISED
    factories.callback(session, call, at, state=promise)
    factories.leg(session, at, state=LegState.ENDED if follow_up is FollowUp.NONE else LegState.PLACED)
    session.add(AccessLog(at=at, action=AccessAction.NUMBER_SHOWN, contact_id=left.id))
    plan = factories.plan(session, peer, at.replace(tzinfo=None), at)
    checkin = factories.checkin(session, plan, at, state=CheckinState.UNREACHED)
    factories.attempt(session, checkin, factories.call(session, at, person_id=peer.id, **ENDED), at, over_at=at)
    factories.contact(session, at, kind=ContactKind.CHECKIN, checkin_id=checkin.id, follow_up=follow_up)
    session.flush()


def kept(database: Database) -> dict[str, int]:
    """How much there is of what is forgotten."""
    columns = {
        "sound": Voicemail.audio,
        "notes": Contact.note,
        "reasons": FollowUpMove.note,
        "notes about people": PersonNote.id,
        "what was before": PersonChange.before,
        "texts": TextOut.body,
        "numbers that texted": TextIn.number,
        "numbers that called": Call.number,
        "numbers to call back": Callback.number,
        "numbers that were rung": Leg.number,
        "names on lists": ActivitySignup.name,
        "what was moved": PersonMerge.moved,
        "looks": AccessLog.id,
        "check-ins": Checkin.id,
        "attempts": Attempt.id,
    }
    with database.reading() as session:
        return {name: session.scalar(select(func.count(column))) or 0 for name, column in columns.items()}


def test_what_is_older_than_its_time_goes_and_what_is_open_stays(database: Database) -> None:
    old, young = NOW - timedelta(days=DAYS, seconds=1), NOW - timedelta(days=DAYS - 1)
    with database.transaction() as session:
        some(session, old)
    with database.transaction() as session:
        some(session, old, FollowUp.WANTED)
        some(session, young)
        counted = session.scalar(select(func.count(Contact.id)))
    before_it = kept(database)
    assert purge(database, FOR_EVER, NOW) == dict.fromkeys((rule.name for rule in RULES), 0)
    assert kept(database) == before_it
    assert purge(database, LIVE, NOW) == {
        "messages": 1,
        "texts": 3,
        "notes": 8,
        "numbers": 5,
        "looks": 2,
        "check-ins": 1,
    }
    left = {name: count - 1 for name, count in before_it.items()} | {
        "notes": 4,
        "looks": 1,
        "notes about people": 1,
        "what was before": 1,
        "what was moved": 1,
        "names on lists": 1,
    }
    assert kept(database) == left
    assert not any(purge(database, LIVE, NOW).values())
    with database.reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == counted
        assert session.scalar(select(func.count(ActivitySignup.id))) == 3
        states = session.scalars(select(Voicemail.state).order_by(Voicemail.state))
        assert list(states) == [VoicemailState.KEPT, VoicemailState.KEPT, VoicemailState.REMOVED]


def test_the_clock_does_it_a_batch_at_a_time_until_nothing_is_left_for_a_day(database: Database) -> None:
    old = NOW - timedelta(days=DAYS + 1)
    many = retention.BATCH + 1
    with database.transaction() as session:
        session.add_all([AccessLog(at=old, action=AccessAction.LOOKED) for _ in range(many)])
    found = []
    while due(database, NOW):
        found.append(look(database, LIVE, NOW)["looks"])
    assert found == [retention.BATCH, 1, 0]
    assert not due(database, NOW + timedelta(hours=23))
    assert due(database, NOW + timedelta(days=1))


def due(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        return bool(session.scalar(select(is_due(now))))


def test_each_rule_has_its_setting_and_nought_is_for_ever() -> None:
    assert {rule.name: before(LiveSettings(), rule, NOW) for rule in RULES}.keys() == {rule.name for rule in RULES}
    assert [before(FOR_EVER, rule, NOW) for rule in RULES] == [None] * len(RULES)


LARGE = ("voicemail", "contact", "call", "leg", "text_out", "text_in", "callback", "access_log", "checkin")


@ONE_KIND
def test_what_is_to_be_forgotten_is_found_by_an_index(database: Database) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    retention.a_batch_of_each(database, LIVE, NOW)
    with database.transaction() as session:
        erasing.look(session, NOW)
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(asked) > len(RULES)
    with database.engine.connect() as connection:
        for words, values in asked:
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", values):
                read = str(step[3]).split()
                assert not (read[0] == "SCAN" and read[1] in LARGE and "INDEX" not in read), (step[3], words)


@ONE_KIND
def test_who_signed_up_long_ago_for_a_date_to_come_stays_on_its_list(database: Database) -> None:
    signed = NOW - timedelta(days=3 * DAYS)
    with database.transaction() as session:
        weekly = factories.activity(session, signed.replace(tzinfo=None), rrule="FREQ=WEEKLY")
        for weeks in (0, 6):
            on = weekly.starts_local + timedelta(weeks=weeks)
            number = factories.number(5 + weeks)
            about = {"number": number, "number_hash": number, "at": signed}
            session.add(ActivitySignup(activity_id=weekly.id, occurs_local=on, **about))
    assert purge(database, LIVE, NOW)["numbers"] == 1
    with database.reading() as session:
        (left,) = session.scalars(select(ActivitySignup).where(ActivitySignup.number.is_not(None)))
    assert left.occurs_local > NOW.replace(tzinfo=None)
