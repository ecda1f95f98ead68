"""Somebody asks to be erased: afterwards nothing anywhere says who they were, and the figures are still true."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import erasing, erasing_rows, erasing_stop, people, rights_export
from phoneline.crypto import CannotDecryptError, folded, lookup_hash, vault
from phoneline.db import Database, lookup_key
from phoneline.follow_up_states import MoveReason
from phoneline.models import (
    AccessLog,
    Account,
    Base,
    Block,
    Call,
    CallbackTry,
    Checkin,
    CheckinPlan,
    Consent,
    Contact,
    FollowUpMove,
    Leg,
    Offer,
    Person,
    PhoneNumber,
    RightsRequest,
    TextIn,
    Voicemail,
)
from phoneline.rights_registry import NOBODY
from phoneline.rights_states import AskedHow, HeldUp, RightsKind
from phoneline.spreadsheets.people import import_people
from phoneline.states import (
    AccessAction,
    AccountRole,
    CallState,
    CheckinState,
    ConsentKind,
    ContactKind,
    Direction,
    FollowUp,
    LegPurpose,
    LegState,
    PlanKind,
    Role,
    VoicemailState,
)
from phoneline.text_states import TextMeaning
from tests import factories

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NAME, NUMBER, WORDS, SOUND = "Zebedee Canary", factories.number(70), "canary words", b"RIFF canary sound"
CANARIES = ("canary", NUMBER, NUMBER.removeprefix("+1"))
ENDED = {"state": CallState.ENDED, "ended_at": NOW}


def everywhere(session: Session) -> Person:
    """A peer, with their name, number, words and sound wherever the line can have them; all of it over."""
    one = factories.person(session, now=NOW, name=NAME, numbers=[NUMBER, factories.number(71)], pin_hash="canary")
    hashed = lookup_hash(lookup_key(session), NUMBER)
    account = Account(email="a@example.org", email_hash="a", role=AccountRole.ADMIN, password_hash="", created_at=NOW)
    session.add(account)
    session.flush()
    people.give_consent(session, one.id, "by phone", NOW, words=WORDS)
    plan = factories.plan(session, one, NOW.replace(tzinfo=None), NOW, topics=WORDS, escalate_to=NUMBER, extension="1")
    checkin = factories.checkin(session, plan, NOW, state=CheckinState.OK)
    rung = factories.leg(session, NOW, number=NUMBER, digits="canary", state=LegState.ENDED, purpose=LegPurpose.CHECKIN)
    placed = factories.call(
        session, NOW, direction=Direction.OUTBOUND, leg_id=rung.id, person_id=one.id, number=NUMBER, **ENDED
    )
    factories.attempt(session, checkin, placed, NOW, over_at=NOW)
    called = factories.call(session, NOW, person_id=one.id, number=NUMBER, recording_sid="RE1", **ENDED)
    kept = factories.contact(session, NOW, person_id=one.id, call_id=called.id, kind=ContactKind.VOICEMAIL, note=WORDS)
    session.add(FollowUpMove(contact_id=kept.id, at=NOW, why=MoveReason.GIVEN, note=WORDS))
    factories.voicemail(session, kept, SOUND, next_try_at=NOW, recording_sid="RE1")
    # Nobody knew then whose number it was.
    before = factories.call(session, NOW - timedelta(days=9), number=NUMBER, **ENDED)
    left = factories.contact(session, NOW, call_id=before.id, kind=ContactKind.VOICEMAIL, note=WORDS)
    factories.voicemail(session, left, SOUND, deleted_at=NOW)
    factories.call(session, NOW, number=factories.number(72), **ENDED)
    texted = factories.contact(session, NOW, kind=ContactKind.SMS, note=WORDS)
    about = {"at": NOW, "meaning": TextMeaning.WORDS, "number": NUMBER, "number_hash": hashed}
    session.add(TextIn(message_sid="SM1", contact_id=texted.id, **about))
    factories.text_out(session, NOW, person_id=one.id, number=NUMBER, body=WORDS)
    factories.text_out(session, NOW, number=NUMBER, body=WORDS)
    promised = factories.callback(session, called, NOW, number=NUMBER)
    session.add(CallbackTry(callback_id=promised.id, call_id=placed.id, number_hash=hashed, began_at=NOW, over_at=NOW))
    factories.block(session, NOW, person_id=one.id, reason=WORDS, decided_by=account.id)
    factories.block(session, NOW - timedelta(days=1), number=NUMBER, reason=WORDS, lifted_at=NOW)
    factories.daily_limit(session, one, NOW, calls=3, note=WORDS)
    ana = factories.person(session, Role.VOLUNTEER, now=NOW, name="Ana")
    factories.apart_decision(session, one.id, ana.id, NOW, reason=WORDS)
    friend = factories.agreed_contact(session, one, NOW, name=NAME, number=NUMBER, words=WORDS, agreed_how=WORDS)
    unreached = factories.checkin(session, plan, NOW - timedelta(days=1), state=CheckinState.UNREACHED)
    factories.contact(session, NOW, person_id=one.id, checkin_id=unreached.id, kind=ContactKind.CHECKIN, note=WORDS)
    ladder = factories.escalation(session, unreached, NOW)
    asked = factories.telling(session, ladder, friend, NOW, over_at=NOW)
    assert asked.leg is not None
    asked.leg.state = LegState.ENDED
    session.add(AccessLog(at=NOW, account_id=account.id, action=AccessAction.LOOKED, about_id=one.id))
    session.flush()
    return one


def found(database: Database) -> Iterator[str]:
    """Every column that holds a canary, in clear or once it is decrypted, or a hash by which it is found."""
    with database.reading() as session:
        key = lookup_key(session)
    hashes = {lookup_hash(key, text) for text in (folded(NAME), NUMBER, factories.number(71))}
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.exec_driver_sql(f'select * from "{table.name}"').mappings():  # noqa: S608 - our own table names
                for column, value in row.items():
                    text = in_clear(value)
                    if any(canary in text for canary in CANARIES) or text in hashes:
                        yield f"{table.name}.{column}"


def in_clear(value: Any) -> str:
    raw = value.encode() if isinstance(value, str) else bytes(value) if isinstance(value, bytes | memoryview) else b""
    try:
        return vault().decrypt_bytes(raw).decode(errors="replace").casefold()
    except CannotDecryptError:
        return str(value).casefold() if not isinstance(value, bytes | memoryview) else raw.decode(errors="replace")


def begun(session: Session, person_id: str, **how: Any) -> bool:
    admin = session.scalars(select(Account.id)).first()
    assert admin is not None
    return erasing.begin(session, person_id, AskedHow.WRITING, "They moved away", admin, NOW, **how)


def looks(database: Database, *instants: datetime) -> RightsRequest:
    """What the clock does then."""
    for at in instants:
        with database.transaction() as session:
            erasing.look(session, at)
    with database.reading() as session:
        in_order = select(RightsRequest).order_by(RightsRequest.undone_at.is_not(None))
        found = session.scalars(in_order).first()
        assert found is not None
        return found


LATER = NOW + timedelta(hours=25)
STEPS = [LATER + timedelta(seconds=seconds) for seconds in (0, 10, 20, 30, 1000, 2000)]


def test_nothing_says_any_more_who_they_were_and_everything_is_still_counted(database: Database) -> None:
    with database.transaction() as session:
        one = everywhere(session)
        assert begun(session, one.id)
        assert not begun(session, one.id)
    before = set(found(database))
    counted = how_many(database)
    assert {"person.name", "call.number", "leg.number", "contact.note", "voicemail.audio", "text_out.body"} <= before
    assert looks(database, NOW + timedelta(hours=23)).done_at is None
    request = looks(database, *STEPS)
    assert (request.done_at is not None, request.due_at, request.person_id, request.seek) == (True, None, None, None)
    # A block that stands isn't lifted by asking to be erased.
    assert set(found(database)) == {"block.number_hash"}
    assert how_many(database) == counted
    assert request.counts == {"calls": 2, "contacts": 2, "checkins": 2}
    with database.reading() as session:
        assert session.scalars(select(Call.id).where(Call.person_id == one.id)).all() == []
        assert session.scalars(select(Contact.id).where(Contact.person_id == one.id)).all() == []
        assert session.get_one(Person, one.id).numbers == []
        assert session.scalars(select(CheckinPlan.ended_at)).one() is not None
        other = session.scalars(select(Call).where(Call.number.is_not(None), Call.person_id.is_(None))).one()
        assert other.number == factories.number(72)
        assert session.scalars(select(Block.number_hash).where(Block.lifted_at.is_(None))).all()


def how_many(database: Database) -> Mapping[str, int]:
    with database.reading() as session:
        of = (Call, Contact, Checkin, Leg, Voicemail)
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in of}


def test_what_the_carrier_has_is_asked_for_until_it_says_that_it_has_none(database: Database) -> None:
    with database.transaction() as session:
        begun(session, everywhere(session).id, at_once=True)
    looks(database, *STEPS)
    with database.transaction() as session:
        states = session.execute(select(Voicemail.state, Voicemail.next_try_at.is_not(None))).all()
        assert {tuple(one) for one in states} == {(VoicemailState.REMOVED, True), (VoicemailState.REMOVED, False)}


def test_undone_in_time_it_isnt_done(database: Database) -> None:
    with database.transaction() as session:
        one = everywhere(session)
        begun(session, one.id)
        request = session.scalars(select(RightsRequest)).one()
        assert erasing.undo(session, request.id, NOW)
        assert not erasing.undo(session, request.id, NOW)
    looks(database, *STEPS)
    assert "person.name" in set(found(database))
    with database.transaction() as session:
        assert begun(session, one.id, at_once=True)
    request = looks(database, *STEPS)
    with database.transaction() as session:
        assert not erasing.undo(session, request.id, NOW)


def test_nobody_is_erased_in_the_middle_of_a_call_nor_rung_afterwards(database: Database) -> None:
    with database.transaction() as session:
        one = factories.person(session, now=NOW)
        everywhere(session)
        plan = factories.plan(session, one, NOW.replace(tzinfo=None), NOW, rrule="FREQ=DAILY", kind=PlanKind.VOLUNTEER)
        waits = factories.checkin(session, plan, LATER)
        talk = factories.call(session, NOW, person_id=one.id, state=CallState.CONNECTED)
        wanted = factories.contact(session, NOW, person_id=one.id, follow_up=FollowUp.WANTED, call_id=talk.id)
        begun(session, one.id, at_once=True)
    request = looks(database, NOW)
    assert (request.done_at, request.held_up) == (None, HeldUp.ON_THE_PHONE)
    with database.transaction() as session:
        assert session.get_one(Checkin, waits.id).state is CheckinState.DUE
        session.get_one(Call, talk.id).state = CallState.ENDED
    assert looks(database, NOW + timedelta(seconds=6)).done_at is not None
    with database.transaction() as session:
        assert session.get_one(Checkin, waits.id).state is CheckinState.SKIPPED
        assert session.get_one(Contact, wanted.id).follow_up is FollowUp.DONE
        # A webhook that had looked the number up a moment before.
        factories.call(session, NOW, person_id=one.id, number=NUMBER, **ENDED)
    looks(database, *STEPS)
    with database.reading() as session:
        assert session.scalars(select(Call.id).where(Call.person_id == one.id)).all() == []


def test_hours_ahead_must_be_somebody_elses_first(database: Database) -> None:
    with database.transaction() as session:
        everywhere(session)
        ana = factories.person(session, Role.VOLUNTEER, now=NOW)
        starts = (NOW + timedelta(days=2)).replace(tzinfo=None)
        factories.shift(session, ana, starts, starts + timedelta(hours=2), NOW)
        begun(session, ana.id, at_once=True)
    assert looks(database, NOW).held_up is HeldUp.SHIFTS
    assert looks(database, NOW + timedelta(days=3)).done_at is not None


def test_a_number_whose_holder_said_no_brings_the_no_back(database: Database) -> None:
    with database.transaction() as session:
        one = everywhere(session)
        people.withdraw_consent(session, one.id, people.KEY_9, NOW)
        begun(session, one.id, at_once=True)
    looks(database, *STEPS)
    sheet = f"name,phone,roles,checkin_consent\nZeb,{NUMBER},peer,yes\nYan,{factories.number(3)},peer,yes\n"
    for _ in range(2):
        import_people(database, sheet.encode(), factories.TORONTO, LATER)
    with database.reading() as session:
        agreed = session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))).all()
        assert [session.get_one(Person, one.person_id).name for one in agreed] == ["Yan"]
        assert all(one.kind is ConsentKind.AUTOMATED_CALLS for one in agreed)


def test_of_everything_there_is_each_can_be_handed_over_and_erased(database: Database) -> None:
    factories.some_of_everything(database, NOW)
    with database.transaction() as session:
        admin = session.scalars(select(Account.id)).first() or ""
        everybody = session.scalars(select(Person.id)).all()
        for person_id in everybody:
            told = rights_export.hand_over(session, person_id, AskedHow.IN_PERSON, "Asked", admin, NOW)
            assert told is not None
            assert '"sections"' in rights_export.as_json(told)
    for person_id in everybody:
        with database.transaction() as session:
            if session.get(Person, person_id) is None:
                continue  # an older record of somebody's
            request = RightsRequest(
                kind=RightsKind.ERASE, person_id=person_id, asked_how=AskedHow.WRITING, reason="", at=NOW, done_at=NOW
            )
            session.add(request)
            session.flush()
            erasing_stop.stop(session, person_id, NOW)
            erasing_rows.erase(session, person_id, request, NOW)
            erasing_rows.erase(session, person_id, request, NOW)
    with database.reading() as session:
        assert session.scalars(select(PhoneNumber.id)).all() == []
        names = session.scalars(select(Person.name)).all()
        assert set(names) == {NOBODY}
        rung = select(func.count(Leg.number), func.count(Leg.id)).join(Offer, Offer.leg_id == Leg.id)
        assert tuple(session.execute(rung).one()) == (0, 1)
