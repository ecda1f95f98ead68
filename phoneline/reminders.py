"""A volunteer is reminded of a shift: by a text, by calls where no answer comes, and then others are asked.

They stay responsible until somebody else has it. Each step is taken by one clock, which holds the reminder's row.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from phoneline import (
    confirmations,
    legs,
    opt_outs,
    people,
    reminder_layout,
    reminder_times,
    spending,
    spoken,
    standing_in,
    team,
    texts,
)
from phoneline.cover_states import CoverKind
from phoneline.db import Job, after_commit
from phoneline.live_settings import LiveSettings
from phoneline.models import Leg, ReminderCall, ShiftCallStop, ShiftHours, ShiftReminder
from phoneline.prompts import say
from phoneline.reminder_states import ReminderKind, ReminderState
from phoneline.reminder_times import Step
from phoneline.roster_changes import LINE, By
from phoneline.states import LegPurpose, TextPurpose

RING_SECONDS = 30
CALL_SECONDS = 180
"""A call takes no longer; should its end never be heard of, it goes on then."""
BUSY = timedelta(minutes=5)
"""Who is on the telephone is called so much later."""
MOST = 50


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    due = select(ShiftReminder.id).where(ShiftReminder.due_at <= now).exists()
    return or_(reminder_layout.is_due(now), due)


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """What every clock does, once a second."""
    reminder_layout.lay_out_due(session, live, now)
    due = select(ShiftReminder).where(ShiftReminder.due_at <= now).order_by(ShiftReminder.due_at).limit(MOST)
    held = due.with_for_update(skip_locked=True, of=ShiftReminder, key_share=True)
    for reminder in session.scalars(held.execution_options(populate_existing=True)).all():
        _step(session, reminder, live, now)


def _step(session: Session, reminder: ShiftReminder, live: LiveSettings, now: datetime) -> None:
    state = _settled(session, reminder, now)
    is_told = state is ReminderState.CONFIRMED and reminder.kind is ReminderKind.SOON and reminder.asked_at is None
    if state is not None and not is_told:
        reminder.state, reminder.due_at = state, None
        return
    quiet = reminder_layout.quiet_of(reminder.person, live)
    if quiet.holds(now):
        reminder.due_at = quiet.after(now)
    elif reminder.asked_at is None:
        if not _text(session, reminder, live, now) and not may_be_called(session, reminder):
            # Who can't be asked anything hasn't failed to answer.
            reminder.state, reminder.due_at = state or ReminderState.OVER, None
            return
        reminder.asked_at, reminder.state = now, state or ReminderState.ASKED
        wait = timedelta() if reminder.kind is ReminderKind.SOON else reminder_times.ANSWER
        reminder.due_at = now + wait if state is None else None
    else:
        _go_on(session, reminder, live, now)


def _settled(session: Session, reminder: ShiftReminder, now: datetime) -> ReminderState | None:
    """What makes asking needless, if anything does."""
    if not is_still_theirs(reminder, now):
        return ReminderState.OVER
    if reminder.hours.confirmed_at is not None:
        return ReminderState.CONFIRMED
    return ReminderState.DECLINED if standing_in.is_asked(session, reminder.hours) else None


def is_still_theirs(reminder: ShiftReminder, now: datetime) -> bool:
    """Whether the hours are ahead of whom the reminder is for."""
    hours = reminder.hours
    return hours.person_id == reminder.person_id and not hours.off and hours.starts_at > now


def _go_on(session: Session, reminder: ShiftReminder, live: LiveSettings, now: datetime) -> None:
    """No answer yet."""
    step, until = reminder_times.next_step(
        reminder.kind,
        reminder.starts_at,
        now,
        asked_at=reminder.asked_at or now,
        calls=sum(one.leg.dialled_at is not None for one in reminder.calls),
        may_call=may_be_called(session, reminder),
    )
    reminder.state, reminder.due_at = ReminderState.ASKED, until
    if step is Step.CALL:
        _call(session, reminder, live, now)
    elif step is Step.STAND_IN:
        reminder.state = ReminderState.UNANSWERED
        for one in confirmations.stretch(session, reminder.hours):
            standing_in.ask(session, one, reminder.person, CoverKind.COVER, LINE, live, now)


def may_be_called(session: Session, reminder: ShiftReminder) -> bool:
    """Who learns is texted only, and so is who asked for that. A STOP by text ends calls, too."""
    person = reminder.person
    if reminder.hours.shadow or not person.ready or not person.numbers:
        return False
    stopped = opt_outs.stands(session, person.numbers[0].number_hash, person.id)
    return not stopped and session.get(ShiftCallStop, person.id) is None


def _call(session: Session, reminder: ShiftReminder, live: LiveSettings, now: datetime) -> None:
    person = reminder.person
    if team.busy(session, [person.id], now) or any(one.leg.ended_at is None for one in reminder.calls):
        # On the telephone; perhaps they still listen to the call before.
        reminder.due_at = now + BUSY
    elif not spending.may_call_peers(session, live, now):
        reminder.due_at = now + timedelta(seconds=spending.HELD_SECONDS)
    else:
        leg = legs.write_down(session, LegPurpose.REMINDER, person.numbers[0].number, RING_SECONDS, now)
        reminder.calls.append(ReminderCall(leg_id=leg.id, at=now))
        reminder.state, reminder.due_at = ReminderState.CALLING, now + timedelta(seconds=CALL_SECONDS)
        after_commit(session, Job("place_calls"))


def said(session: Session, reminder: ShiftReminder, language: str, live: LiveSettings, now: datetime) -> str:
    """From when until when they are on."""
    ends_at = max(one.ends_at for one in confirmations.stretch(session, reminder.hours))
    zone = people.zone_of(reminder.person, live.home.zone)
    return spoken.span(reminder.hours.starts_at, ends_at, now, zone, language)


def _text(session: Session, reminder: ShiftReminder, live: LiveSettings, now: datetime) -> bool:
    """What they are reminded of, and how they answer where that is still open. False if they can't be texted."""
    person, soon = reminder.person, reminder.kind is ReminderKind.SOON
    language = person.language or live.languages[0]
    when = said(session, reminder, language, live, now)
    words = [say("text_shift_soon" if soon else "text_shift", language, name=person.first_name, when=when)]
    if reminder.hours.confirmed_at is None:
        words.append(say("text_shift_answer" if person.pin_hash else "text_shift_no_pin", language))
        if not soon and may_be_called(session, reminder):
            words.append(say("text_shift_call", language))
    text = texts.write_down(session, person, TextPurpose.NOTICE, " ".join(one.text for one in words), now)
    reminder.text_id = text.id if text is not None else None
    return text is not None


# The calls


def hold(session: Session, leg: Leg) -> ReminderCall | None:
    """What the call asks, its reminder held and read afresh; None if the hours are gone."""
    call = session.get(ReminderCall, leg.id, populate_existing=True)
    if call is not None:
        session.refresh(call.reminder, with_for_update={"of": ShiftReminder, "key_share": True})
    return call


def is_wanted(session: Session, leg: Leg, now: datetime) -> bool:
    """Whether a call that waited its turn is still to be placed."""
    call = session.get(ReminderCall, leg.id)
    if call is None or call.reminder.state is not ReminderState.CALLING:
        return False
    reminder = call.reminder
    return _settled(session, reminder, now) is None and not team.busy(session, [reminder.person_id], now)


def call_over(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The call has ended. Unless they answered, it goes on."""
    call = session.get(ReminderCall, leg.id)
    if call is None or call.reminder.state is not ReminderState.CALLING:
        return
    reminder = call.reminder
    reminder.state = ReminderState.ASKED
    if leg.dialled_at is None:
        reminder.due_at = now + BUSY
    elif reminder.kind is ReminderKind.SOON:
        reminder.due_at = now
    else:
        rung = sum(one.leg.dialled_at is not None for one in reminder.calls)
        again = reminder_times.CALL_AGAIN if rung < reminder_times.MOST_CALLS else timedelta()
        reminder.due_at = reminder_layout.quiet_of(reminder.person, live).after(now + again)


def confirm(session: Session, reminder: ShiftReminder, live: LiveSettings, now: datetime) -> None:
    """They will come; nobody else is asked any more."""
    hours = confirmations.confirm(session, reminder.person_id, reminder.hours_id, now)
    if hours is not None:
        for one in confirmations.stretch(session, hours):
            standing_in.withdraw(session, one, reminder.person, By(reminder.person_id), live, now)
        reminder.state, reminder.due_at = ReminderState.CONFIRMED, None


def decline(session: Session, reminder: ShiftReminder, live: LiveSettings, now: datetime) -> bool:
    """They can't: others are asked, and until somebody has the hours they stay theirs. False if nobody can be."""
    asked = [
        standing_in.ask(session, one, reminder.person, CoverKind.GIVE_AWAY, By(reminder.person_id), live, now)
        for one in confirmations.stretch(session, reminder.hours)
    ]
    if any(asked):
        reminder.state, reminder.due_at = ReminderState.DECLINED, None
    return any(asked)


def asked_of(session: Session, person_id: str, now: datetime) -> Sequence[ShiftReminder]:
    """What a text of this volunteer's may answer: shifts ahead that they were reminded of and didn't confirm."""
    asked = (
        select(ShiftReminder)
        .join(ShiftHours, ShiftHours.id == ShiftReminder.hours_id)
        .where(ShiftReminder.person_id == person_id, ShiftReminder.starts_at > now, ShiftReminder.asked_at.is_not(None))
        .where(ShiftHours.person_id == person_id, ShiftHours.confirmed_at.is_(None), ~ShiftHours.off)
    )
    return session.scalars(asked.order_by(ShiftReminder.starts_at)).all()


def confirm_all(session: Session, person_id: str, live: LiveSettings, now: datetime) -> bool:
    """They will come to what they were reminded of, whatever others were asked meanwhile. False if it was nothing."""
    asked = asked_of(session, person_id, now)
    for reminder in asked:
        session.refresh(reminder, with_for_update={"of": ShiftReminder, "key_share": True})
        confirm(session, reminder, live, now)
    return bool(asked)
