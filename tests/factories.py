"""Rows for tests: each function makes one thing, with what the test doesn't say filled in."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    accounts,
    assignments,
    countries,
    cover_requests,
    follow_ups,
    opt_outs,
    people,
    person_changes,
    person_notes,
    proposals,
    recordings,
    roster_changes,
    roster_feeds,
    rosters,
    takes,
    thanks,
)
from phoneline.activity_states import ActivityAct, ActivityKind
from phoneline.cover_states import CoverKind
from phoneline.crypto import folded, lookup_hash
from phoneline.db import Database, lookup_key
from phoneline.escalation_states import EscalationState, TellingKind
from phoneline.follow_up_states import FollowUpEnding, MoveReason
from phoneline.follow_ups import OPEN as OPEN_FOLLOW_UPS
from phoneline.legs import new_token
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    Activity,
    ActivityChange,
    ActivityOff,
    ActivitySignup,
    ActivityWords,
    AgreedContact,
    Alarm,
    AlarmTelling,
    Apart,
    ApartDecision,
    Attempt,
    Base,
    Block,
    Call,
    Callback,
    CallbackTry,
    Checkin,
    CheckinPlan,
    CheckinTry,
    Contact,
    CoverAsked,
    CoverNeed,
    CoverRequest,
    DailyLimit,
    Debrief,
    Escalation,
    EscalationTelling,
    HandContact,
    Handover,
    HandSettled,
    Holiday,
    KnownTelephone,
    Leg,
    LiveSetting,
    MenuVisit,
    Offer,
    Pace,
    Pause,
    Person,
    PersonMerge,
    PersonRole,
    PhoneNumber,
    PinLock,
    PinTry,
    Practice,
    ProgrammeVisit,
    Pulse,
    ReminderCall,
    Shift,
    ShiftCallStop,
    ShiftHours,
    ShiftReminder,
    SwapOffer,
    TextIn,
    TextOptOut,
    TextOut,
    TimeWarning,
    Unavailable,
    Voicemail,
    VoicemailTicket,
    WorkLimit,
)
from phoneline.person_states import PersonAct
from phoneline.recurrence import day_around
from phoneline.reminder_states import ReminderKind, ReminderState
from phoneline.states import (
    AccessAction,
    AccountRole,
    AlarmKind,
    AlarmState,
    CallbackState,
    CallState,
    CheckinState,
    ContactKind,
    Direction,
    Duty,
    FollowUp,
    HandoverKind,
    LegPurpose,
    LegState,
    OfferResult,
    PauseReason,
    PlanKind,
    Purpose,
    Role,
    TextPurpose,
    TextState,
    VoicemailState,
)
from phoneline.text_states import TextMeaning
from phoneline.volunteer_states import DebriefState
from tests.sounds import tone

TORONTO = ZoneInfo("America/Toronto")
_counter = count(1000)
"""Whoever a test gives a number of its own takes a lower one: the line's is `number(99)`."""
WAV = b"RIFF\x10\x00\x00\x00WAVEa sound"
"""Enough of a file for those who look at its beginning."""


@cache
def _areas() -> Sequence[int]:
    """Area codes of Canada and the United States, Toronto first: some between them are of islands."""
    return [area for area in range(416, 1000) if countries.may_be_rung(f"+1{area}5550100", ("CA", "US"))]


def number(index: int) -> str:
    """One of 100 invented numbers in Toronto, others with another area code."""
    return f"+1{_areas()[index // 100]}55501{index % 100:02}"


def person(session: Session, *roles: Role, now: datetime, **given: Any) -> Person:
    """A person, a peer unless roles are given. `numbers` are theirs in order, one invented by default."""
    key = lookup_key(session)
    held = roles or (Role.PEER,)
    serial = next(_counter)
    name = given.pop("name", f"Person {serial}")
    numbers = given.pop("numbers", [number(serial)])
    made = Person(name=name, name_hash=lookup_hash(key, folded(name)), created_at=now, **given)
    made.roles = [PersonRole(role=role) for role in held]
    made.numbers = [
        PhoneNumber(position=position, number=text, number_hash=lookup_hash(key, text), sole=Role.VOLUNTEER in held)
        for position, text in enumerate(numbers, start=1)
    ]
    session.add(made)
    session.flush()
    return made


@cache
def quick_hash(secret: str) -> str:
    """Of a PIN or password that guards nothing: a real one costs a quarter of a second, each time it is looked at."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(secret)


def consent(session: Session, who: Person, now: datetime) -> None:
    people.give_consent(session, who.id, people.SPREADSHEET, now)


def shift(session: Session, who: Person | None, starts: datetime, ends: datetime, now: datetime, **given: Any) -> Shift:
    """A shift in Toronto's wall-clock time, laid out; open without a person."""
    made = Shift(person_id=who.id if who else None, starts_local=starts, ends_local=ends, **given)
    session.add(made)
    session.flush()
    rosters.lay_out(session, made, TORONTO, now)
    return made


def cover_need(session: Session, now: datetime, **given: Any) -> CoverNeed:
    """One person at any time, unless told otherwise."""
    week = {"days": 127, "starts": time(), "ends": time(), "minimum": 1, "wished": 1, "made_at": now}
    made = CoverNeed(**week | given)
    session.add(made)
    session.flush()
    return made


def plan(session: Session, who: Person, starts: datetime, now: datetime, **given: Any) -> CheckinPlan:
    """A plan in wall-clock time, not laid out yet; automated and social by default."""
    given = {"kind": PlanKind.AUTOMATED, "purpose": Purpose.SOCIAL, "laid_out_until": now} | given
    made = CheckinPlan(person_id=who.id, starts_local=starts, **given)
    session.add(made)
    session.flush()
    return made


def checkin(session: Session, of: CheckinPlan, due_at: datetime, **given: Any) -> Checkin:
    day_from, day_until = day_around(due_at, TORONTO)
    days = {"day_from": day_from, "day_until": day_until}
    given = {"state": CheckinState.DUE, "attempt_due_at": due_at, "dial_after": due_at} | days | given
    made = Checkin(plan_id=of.id, person_id=of.person_id, kind=of.kind, purpose=of.purpose, due_at=due_at, **given)
    session.add(made)
    session.flush()
    return made


def call(session: Session, started_at: datetime, **given: Any) -> Call:
    """An inbound call, waiting unless told otherwise."""
    serial = next(_counter)
    given = {
        "token": f"call-{serial}",
        "carrier_sid": f"CA{serial:032x}",
        "direction": Direction.INBOUND,
        "language": "en",
        "state": CallState.WAITING,
        "wait_began_at": started_at,
        "check_at": started_at + timedelta(minutes=5),
    } | given
    made = Call(started_at=started_at, **given)
    session.add(made)
    session.flush()
    return made


def leg(session: Session, now: datetime, **given: Any) -> Leg:
    serial = next(_counter)
    given = {
        "token": f"leg-{serial}",
        "purpose": LegPurpose.OFFER,
        "priority": 1,
        "number": number(1),
        "ring_seconds": 20,
        "state": LegState.PENDING,
        "check_at": now + timedelta(minutes=5),
    } | given
    made = Leg(created_at=now, **given)
    session.add(made)
    session.flush()
    return made


def offer(session: Session, of: Call, volunteer: Person, at: datetime, result: OfferResult | None = None) -> Offer:
    """An offer; one with a result is over, so the volunteer is free again."""
    made = Offer(
        call_id=of.id,
        volunteer_id=volunteer.id,
        leg_id=leg(session, at).id,
        wait_round=1,
        offered_at=at,
        result=result,
        released_at=None if result is None else at,
        conversation_ended_at=None if result is None else at,
    )
    session.add(made)
    session.flush()
    return made


def open_offers(session: Session) -> Sequence[Offer]:
    return session.scalars(select(Offer).where(Offer.result.is_(None))).all()


def handover(session: Session, of: Offer, at: datetime, **given: Any) -> Handover:
    """Somebody who is being brought into the offer's call: the crisis line unless told otherwise."""
    third = leg(session, at, purpose=LegPurpose.HANDOVER)
    given = {"kind": HandoverKind.CRISIS, "asked_at": at} | given
    made = Handover(call_id=of.call_id, offer_id=of.id, leg_id=third.id, **given)
    session.add(made)
    session.flush()
    return made


def attempt(session: Session, of: Checkin, on: Call, at: datetime, **given: Any) -> Attempt:
    made = Attempt(checkin_id=of.id, call_id=on.id, at=at, **given)
    session.add(made)
    session.flush()
    return made


def contact(session: Session, at: datetime, **given: Any) -> Contact:
    opened = {"due_at": at} if given.get("follow_up") in OPEN_FOLLOW_UPS else {}
    made = Contact(at=at, **({"kind": ContactKind.CALL} | opened | given))
    session.add(made)
    session.flush()
    return made


def text_out(session: Session, now: datetime, **given: Any) -> TextOut:
    """A text that is still to be sent."""
    to = given.pop("number", number(1))
    given = {
        "token": f"text-{next(_counter)}",
        "body": "Words of a test",
        "purpose": TextPurpose.NOTICE,
        "state": TextState.PENDING,
        "check_at": now,
    } | given
    made = TextOut(number=to, number_hash=lookup_hash(lookup_key(session), to), created_at=now, **given)
    session.add(made)
    session.flush()
    return made


def voicemail(session: Session, of: Contact, audio: bytes | None = WAV, **given: Any) -> Voicemail:
    """A message whose audio is here and nowhere else, unless told otherwise."""
    given = {"state": VoicemailState.KEPT, "seconds": 6, "media_type": "audio/wav" if audio else None} | given
    made = Voicemail(contact_id=of.id, audio=audio, **given)
    session.add(made)
    session.flush()
    return made


def block(session: Session, now: datetime, **given: Any) -> Block:
    """Somebody who is not put through: a `person_id`, or a `number`."""
    if "number" in given:
        given["number_hash"] = lookup_hash(lookup_key(session), given["number"])
    made = Block(created_at=now, **({"reason": "A reason"} | given))
    session.add(made)
    session.flush()
    return made


def reminder(session: Session, of: ShiftHours, who: Person, now: datetime) -> None:
    """Somebody is being called about a shift, and wants no more such calls."""
    made = ShiftReminder(hours_id=of.id, person_id=who.id, kind=ReminderKind.DAY_BEFORE, starts_at=of.starts_at)
    made.state, made.due_at = ReminderState.CALLING, now
    rung = leg(session, now, purpose=LegPurpose.REMINDER, number=who.numbers[0].number)
    made.calls = [ReminderCall(leg_id=rung.id, at=now)]
    session.add_all([made, ShiftCallStop(person_id=who.id, since=now)])
    session.flush()


def daily_limit(session: Session, who: Person, now: datetime, **given: Any) -> DailyLimit:
    made = DailyLimit(person_id=who.id, agreed_at=now, **given)
    session.add(made)
    session.flush()
    return made


def apart_decision(session: Session, one: str, other: str, now: datetime, **given: Any) -> ApartDecision:
    """Two who are kept apart by a decision on a page."""
    made = ApartDecision(
        person_id=one, other_id=other, created_at=now, **({"strict": True, "reason": "A reason"} | given)
    )
    session.add(made)
    session.flush()
    return made


def activity(session: Session, starts: datetime, hours: float = 1, title: str = "Trivia", **given: Any) -> Activity:
    """By telephone, in the line's wall-clock time, named in English and for everybody."""
    made = Activity(
        **{
            "starts_local": starts,
            "ends_local": starts + timedelta(hours=hours),
            "kind": ActivityKind.PHONE,
            "made_at": datetime(2026, 1, 1, tzinfo=UTC),
            "words": [ActivityWords(language="en", title=title)],
        }
        | given
    )
    session.add(made)
    session.flush()
    return made


def _something_is_on(session: Session, peer: Person, account_id: str, now: datetime) -> None:
    """Off on one date, with somebody on the list, and a caller who hears of it."""
    made = activity(session, now.replace(tzinfo=None), rrule="FREQ=DAILY")
    off = {"occurs_local": made.starts_local + timedelta(days=1)}
    session.add(ActivityOff(activity_id=made.id, **off))
    on = {"activity_id": made.id, "occurs_local": made.starts_local, "at": now}
    session.add(ActivitySignup(**on, person_id=peer.id, by_account_id=account_id))
    session.add(ActivityChange(at=now, act=ActivityAct.MADE, activity_id=made.id, by_account_id=account_id))
    session.add(ProgrammeVisit(call_id=call(session, now, state=CallState.MENU).id, items=[]))


def callback(session: Session, of: Call, at: datetime, **given: Any) -> Callback:
    """A promise made in the call `of`, due at once."""
    number = str(given.pop("number", of.number))
    made = Callback(
        call_id=of.id,
        person_id=of.person_id,
        number=number,
        number_hash=lookup_hash(lookup_key(session), number),
        language=of.language,
        promised_at=at,
        place_at=of.started_at,
        **({"state": CallbackState.PROMISED, "next_try_at": at} | given),
    )
    session.add(made)
    session.flush()
    return made


def agreed_contact(session: Session, of: Person, now: datetime, **given: Any) -> AgreedContact:
    """Somebody whom the person agreed to be asked."""
    serial = next(_counter)
    given = {
        "name": f"Friend {serial}",
        "number": number(serial),
        "position": serial,
        "agreed_how": "In a talk",
    } | given
    hashed = lookup_hash(lookup_key(session), str(given["number"]))
    made = AgreedContact(person_id=of.id, number_hash=hashed, agreed_at=now, **given)
    session.add(made)
    session.flush()
    return made


def escalation(session: Session, of: Checkin, now: datetime, **given: Any) -> Escalation:
    """A ladder that nobody has climbed yet."""
    given = {"state": EscalationState.CLIMBING, "next_step_at": now} | given
    made = Escalation(checkin_id=of.id, person_id=of.person_id, began_at=now, **given)
    session.add(made)
    session.flush()
    return made


def telling(session: Session, of: Escalation, who: AgreedContact, now: datetime, **given: Any) -> EscalationTelling:
    """Somebody who is being rung about the peer."""
    rung = leg(session, now, purpose=LegPurpose.ESCALATION, number=who.number)
    given = {"step": 0, "kind": TellingKind.ASK} | given
    made = EscalationTelling(escalation_id=of.id, agreed_contact_id=who.id, leg_id=rung.id, at=now, **given)
    session.add(made)
    session.flush()
    return made


def checkin_try(session: Session, of: Checkin, usual: Person, now: datetime) -> None:
    """A volunteer is sought for a check-in."""
    seeking = call(session, now, direction=Direction.OUTBOUND, carrier_sid=None, state=CallState.SEEKING)
    session.add(CheckinTry(checkin_id=of.id, call_id=seeking.id, usual_id=usual.id, began_at=now))


def opted_out(session: Session, who: Person, now: datetime) -> None:
    """Somebody who wants no texts."""
    opt_outs.opt_out(session, who.numbers[0].number_hash, who.id, opt_outs.BY_TEXT, now)


def some_of_everything(database: Database, now: datetime) -> None:
    """At least one row in every table."""
    with database.transaction() as session:
        peer = person(session, now=now)
        volunteer = person(session, Role.VOLUNTEER, now=now)
        consent(session, peer, now)
        local = now.replace(tzinfo=None)
        for more in ({"rrule": "FREQ=DAILY"}, {"duty": Duty.COORDINATOR}):
            shift(session, volunteer, local, local + timedelta(hours=3), now, **more)
        planned = checkin(session, plan(session, peer, local, now), now)
        friend = agreed_contact(session, peer, now)
        telling(session, escalation(session, planned, now), friend, now)
        attempt(session, planned, call(session, now, direction=Direction.OUTBOUND), now)
        taken = offer(session, call(session, now, person_id=peer.id), volunteer, now)
        handover(session, taken, now)
        talk = contact(session, now, person_id=peer.id, note="A note", note_by_id=volunteer.id, note_at=now)
        checkin_try(session, planned, volunteer, now)
        kept = callback(session, call(session, now, state=CallState.CALLBACK, number=number(1)), now)
        seeking = call(session, now, direction=Direction.OUTBOUND, carrier_sid=None, state=CallState.SEEKING)
        session.add(CallbackTry(callback_id=kept.id, call_id=seeking.id, number_hash=kept.number_hash, began_at=now))
        email = f"a{next(_counter)}@example.org"
        account = accounts.create(session, email, AccountRole.ADMIN, "long enough a password", now)
        about = {"contact_id": talk.id, "checkin_id": planned.id}
        session.add(AccessLog(at=now, account_id=account.id, action=AccessAction.CHECKIN_SKIPPED, **about))
        text_out(session, now, person_id=peer.id)
        session.add(KnownTelephone(number_hash="hash", person_id=volunteer.id, pin_hash="hash", since=now))
        alarm = Alarm(
            kind=AlarmKind.SPENDING, subject=f"spending {next(_counter)}", state=AlarmState.OPEN, raised_at=now
        )
        alarm.tellings = [AlarmTelling(step=0, person_id=volunteer.id, leg_id=leg(session, now).id, at=now)]
        session.add(alarm)
        sid = f"SM{next(_counter):032x}"
        session.add(TextIn(message_sid=sid, at=now, meaning=TextMeaning.WORDS, contact_id=talk.id))
        session.add(TextOptOut(number_hash=f"hash {next(_counter)}", person_id=peer.id, since=now, how="text"))
        daily_limit(session, peer, now, minutes=10, decided_by=account.id, note="A note")
        warned = call(session, now, person_id=peer.id, state=CallState.CONNECTED, room="a-room")
        session.add(TimeWarning(call_id=warned.id, token=new_token(), asked_at=now))
        left = voicemail(session, contact(session, now, kind=ContactKind.VOICEMAIL))
        session.add(VoicemailTicket(token_hash=f"hash {next(_counter)}", voicemail_id=left.id, until=now))
        _somebody_cares(session, account.id, now)
        block(session, now, person_id=peer.id, decided_by=account.id, contact_id=talk.id)
        visitor = call(session, now, person_id=volunteer.id, state=CallState.MENU)
        session.add(MenuVisit(call_id=visitor.id, subject="a hash", person_id=volunteer.id, opened_at=now))
        session.add(PinTry(call_id=visitor.id, number=1, at=now))
        session.merge(PinLock(key="all", wrong=0, changed_at=now))
        _somebody_gives_hours_up(session, volunteer, account.id, now)
        roster_feeds.make(session, volunteer.id, account.id, now)
        recordings.take_over(session, "goodbye", "en", tone(1), account.id, now)
        takes.begin(session, visitor, 1, volunteer.id, "goodbye", "en", now)
        session.merge(LiveSetting(key="pin_tries", value="5", changed_at=now))
        session.add(Apart(person_id=peer.id, other_id=volunteer.id, strict=True))
        apart_decision(session, peer.id, volunteer.id, now, decided_by=account.id)
        session.add(Pause(person_id=volunteer.id, reason=PauseReason.MISSED, since=now))
        for one in (Pulse(name="clock", at=now), Pace(account_sid="AC", next_at=now)):
            session.merge(one)


def _somebody_practises(session: Session, volunteer: Person, now: datetime) -> None:
    """Their telephone rings for it, and they would like to talk with somebody about a call."""
    rung = leg(session, now, purpose=LegPurpose.PRACTICE)
    session.add(Practice(person_id=volunteer.id, leg_id=rung.id, at=now))
    session.add(Debrief(person_id=volunteer.id, state=DebriefState.ASKED, asked_at=now))


def _somebody_gives_hours_up(session: Session, volunteer: Person, account_id: str, now: datetime) -> None:
    """An open shift, unplanned hours, a date that is another's to take, one that is off, and a shift that ended."""
    local, tomorrow = now.replace(tzinfo=None), now.replace(tzinfo=None) + timedelta(days=1)
    session.add(WorkLimit(person_id=volunteer.id, hours_a_week=150, days_off=""))
    session.add(Unavailable(person_id=volunteer.id, starts_local=local, ends_local=tomorrow, words="A journey"))
    _somebody_practises(session, volunteer, now)
    thanks.say(session, "For staying on", volunteer.id, None, now)
    proposals.make(session, "Later on Sundays", volunteer.id, now)
    starts = now.replace(tzinfo=None) + timedelta(days=1, seconds=next(_counter))
    shift(session, None, starts, starts + timedelta(hours=1), now)
    session.add(ShiftHours(person_id=volunteer.id, tier=1, starts_at=now, ends_at=now + timedelta(hours=2)))
    given = shift(session, volunteer, starts, starts + timedelta(hours=1), now, rrule="FREQ=DAILY;COUNT=3")
    first, second, third = session.scalars(select(ShiftHours).where(ShiftHours.shift_id == given.id))
    by = roster_changes.By(account_id=account_id)
    assignments.give_up(session, first.id, volunteer.id, by, now)
    reminder(session, third, volunteer, now)
    second.off, second.kept, second.ends_at = True, True, second.starts_at
    given.ended_at = now
    cut = shift(session, volunteer, starts + timedelta(hours=2), starts + timedelta(hours=3), now, rrule="FREQ=DAILY")
    cut.until_local = starts + timedelta(days=3)
    session.add(Holiday(day=starts.date() + timedelta(days=next(_counter)), name="A feast", no_shifts=True))
    session.flush()
    _somebody_asks_for_cover(session, volunteer, third, now)


def _somebody_asks_for_cover(session: Session, volunteer: Person, hours: ShiftHours, now: datetime) -> None:
    """Hours that another would swap for theirs, and that a third one waits for."""
    live, by = LiveSettings(), roster_changes.By(volunteer.id)
    other = person(session, Role.VOLUNTEER, now=now)
    request = cover_requests.ask(session, hours.id, volunteer, CoverKind.SWAP, by, live, now)
    assert isinstance(request, CoverRequest)
    begins = now.replace(tzinfo=None) + timedelta(days=20, hours=4, seconds=next(_counter))
    theirs = shift(session, other, begins, begins + timedelta(hours=1), now)
    returned = session.scalars(select(ShiftHours).where(ShiftHours.shift_id == theirs.id)).one()
    assert isinstance(cover_requests.offer_swap(session, request.id, other, returned.id, live, now), SwapOffer)
    cover_requests.wait_for(session, hours.id, other, now)
    session.add(CoverAsked(request_id=request.id, person_id=other.id, at=now))
    session.flush()


def _somebody_cares(session: Session, account_id: str, now: datetime) -> None:
    """A need for people that somebody wrote down, and a follow-up that they took when it was overdue."""
    cover_need(session, now, decided_by=account_id)
    _something_is_on(session, person(session, now=now), account_id, now)
    mine = contact(session, now, follow_up=FollowUp.URGENT, overdue_since=now)
    follow_ups.hand_on(session, mine, MoveReason.TAKEN, now, account_id=account_id)
    follow_ups.note_later(session, mine, now, "Because.", account_id, now)
    ended = contact(session, now, follow_up=FollowUp.DONE, done_at=now)
    said = follow_ups.Ending(FollowUpEnding.REACHED, account_id, "Well.")
    follow_ups.keep_ending(session, ended.id, FollowUp.WANTED, said, now)
    known = person(session, now=now)
    met = checkin(session, plan(session, known, now.replace(tzinfo=None), now), now, state=CheckinState.TALKED)
    session.add(HandContact(contact_id=ended.id, at=now, heard_before=now, missed_before=0, before={}))
    session.flush()
    session.add(HandSettled(checkin_id=met.id, contact_id=ended.id, was=CheckinState.DUE))
    person_notes.write(session, known.id, "A note", account_id, now)
    person_changes.note(session, known.id, PersonAct.EDITED, account_id, now, {"alias": None}, {"alias": "Heron"})
    older = person(session, now=now, merged_into_id=known.id, numbers=[])
    session.add(PersonMerge(kept_id=known.id, gone_id=older.id, at=now, account_id=account_id, moved="{}"))
    session.add(Alarm(kind=AlarmKind.OVERDUE, subject="overdue", state=AlarmState.OVER, raised_at=now))


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table as it is stored: equal dumps mean that nothing at all was written anew."""
    with database.engine.connect() as connection:
        return {
            name: sorted(
                (tuple(row) for row in connection.exec_driver_sql(f'select * from "{name}"').all()),  # noqa: S608 - our own table names
                key=repr,
            )
            for name in Base.metadata.tables
        }
