"""A row in every table, and every row of all tables."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    accounts,
    assignments,
    cover_requests,
    follow_ups,
    person_changes,
    person_notes,
    proposals,
    recordings,
    roster_changes,
    roster_feeds,
    takes,
    thanks,
)
from phoneline.activity_states import ActivityAct
from phoneline.cover_states import CoverKind
from phoneline.db import Database
from phoneline.follow_up_states import FollowUpEnding, MoveReason
from phoneline.legs import new_token
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    AccessLog,
    ActivityChange,
    ActivityOff,
    ActivitySignup,
    Alarm,
    AlarmTelling,
    Apart,
    Base,
    CallbackTry,
    CoverAsked,
    CoverRequest,
    Debrief,
    HandContact,
    HandSettled,
    Holiday,
    KnownTelephone,
    LiveSetting,
    MenuVisit,
    Pace,
    Pause,
    Person,
    PersonMerge,
    PinLock,
    PinTry,
    Practice,
    ProgrammeVisit,
    Pulse,
    ShiftHours,
    SwapOffer,
    TextIn,
    TextOptOut,
    TimeWarning,
    Unavailable,
    VoicemailTicket,
    WorkLimit,
)
from phoneline.person_states import PersonAct
from phoneline.states import (
    AccessAction,
    AccountRole,
    AlarmKind,
    AlarmState,
    CallState,
    CheckinState,
    ContactKind,
    Direction,
    Duty,
    FollowUp,
    LegPurpose,
    PauseReason,
    Role,
)
from phoneline.text_states import TextMeaning
from phoneline.volunteer_states import DebriefState
from tests.factories.calls import call, callback, handover, leg, offer
from tests.factories.checkins import attempt, checkin, checkin_try, escalation, plan, telling
from tests.factories.constants import serials
from tests.factories.contacts import contact, voicemail
from tests.factories.limits import apart_decision, block, daily_limit
from tests.factories.people import agreed_contact, consent, number, person
from tests.factories.programme import activity
from tests.factories.shifts import cover_need, reminder, shift
from tests.factories.texts import text_out
from tests.sounds import tone


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
        email = f"a{next(serials)}@example.org"
        account = accounts.create(session, email, AccountRole.ADMIN, "long enough a password", now)
        about = {"contact_id": talk.id, "checkin_id": planned.id}
        session.add(AccessLog(at=now, account_id=account.id, action=AccessAction.CHECKIN_SKIPPED, **about))
        text_out(session, now, person_id=peer.id)
        session.add(KnownTelephone(number_hash="hash", person_id=volunteer.id, pin_hash="hash", since=now))
        alarm = Alarm(
            kind=AlarmKind.SPENDING, subject=f"spending {next(serials)}", state=AlarmState.OPEN, raised_at=now
        )
        alarm.tellings = [AlarmTelling(step=0, person_id=volunteer.id, leg_id=leg(session, now).id, at=now)]
        session.add(alarm)
        sid = f"SM{next(serials):032x}"
        session.add(TextIn(message_sid=sid, at=now, meaning=TextMeaning.WORDS, contact_id=talk.id))
        session.add(TextOptOut(number_hash=f"hash {next(serials)}", person_id=peer.id, since=now, how="text"))
        daily_limit(session, peer, now, minutes=10, decided_by=account.id, note="A note")
        warned = call(session, now, person_id=peer.id, state=CallState.CONNECTED, room="a-room")
        session.add(TimeWarning(call_id=warned.id, token=new_token(), asked_at=now))
        left = voicemail(session, contact(session, now, kind=ContactKind.VOICEMAIL))
        session.add(VoicemailTicket(token_hash=f"hash {next(serials)}", voicemail_id=left.id, until=now))
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
    starts = now.replace(tzinfo=None) + timedelta(days=1, seconds=next(serials))
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
    session.add(Holiday(day=starts.date() + timedelta(days=next(serials)), name="A feast", no_shifts=True))
    session.flush()
    _somebody_asks_for_cover(session, volunteer, third, now)


def _somebody_asks_for_cover(session: Session, volunteer: Person, hours: ShiftHours, now: datetime) -> None:
    """Hours that another would swap for theirs, and that a third one waits for."""
    live, by = LiveSettings(), roster_changes.By(volunteer.id)
    other = person(session, Role.VOLUNTEER, now=now)
    request = cover_requests.ask(session, hours.id, volunteer, CoverKind.SWAP, by, live, now)
    assert isinstance(request, CoverRequest)
    begins = now.replace(tzinfo=None) + timedelta(days=20, hours=4, seconds=next(serials))
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


def _something_is_on(session: Session, peer: Person, account_id: str, now: datetime) -> None:
    """Off on one date, with somebody on the list, and a caller who hears of it."""
    made = activity(session, now.replace(tzinfo=None), rrule="FREQ=DAILY")
    off = {"occurs_local": made.starts_local + timedelta(days=1)}
    session.add(ActivityOff(activity_id=made.id, **off))
    on = {"activity_id": made.id, "occurs_local": made.starts_local, "at": now}
    session.add(ActivitySignup(**on, person_id=peer.id, by_account_id=account_id))
    session.add(ActivityChange(at=now, act=ActivityAct.MADE, activity_id=made.id, by_account_id=account_id))
    session.add(ProgrammeVisit(call_id=call(session, now, state=CallState.MENU).id, items=[]))


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
