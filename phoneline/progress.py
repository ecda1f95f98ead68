"""What became of a leg that we placed: by the carrier's callbacks, by its answer to the dial, or by asking it.

Whoever tells first is believed; repetitions and other orders change nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    alarm_ladder,
    alarms,
    callbacks,
    calls,
    checkins,
    conversations,
    escalation_calls,
    handover_script,
    handovers,
    heard,
    legs,
    machine_messages,
    offers,
    practice,
    reminders,
)
from phoneline.carrier.statuses import Status
from phoneline.db import Job, after_commit
from phoneline.live_settings import LiveSettings
from phoneline.models import AlarmTelling, Call, EscalationTelling, Handover, Leg, Offer, Practice, ReminderCall
from phoneline.states import AttemptResult, CallState, LegEnd, LegPurpose, LegState

_HELD = "held"


def call_of(session: Session, leg: Leg) -> Call:
    """The call that the leg serves. Not for an alarm's, a ladder's, a reminder's or to practise: these serve none."""
    match leg.purpose:
        case LegPurpose.OFFER:
            return offers.of_leg(session, leg).call
        case LegPurpose.HANDOVER:
            return handovers.of_leg(session, leg).call
        case LegPurpose.CALLBACK | LegPurpose.CHECKIN:
            return session.scalars(select(Call).where(Call.leg_id == leg.id)).one()
        case _:
            raise NotImplementedError(leg.purpose)


def _hold(session: Session, leg: Leg) -> None:
    """Hold what the leg serves before anything of it is changed, and read the leg afresh.

    Nothing else that hangs on the call is read before: it could change until the call is held.
    """
    held: AlarmTelling | EscalationTelling | ReminderCall | Practice | Call | None
    match leg.purpose:
        case LegPurpose.ALARM:
            held = alarms.hold(session, leg)
        case LegPurpose.ESCALATION:
            held = escalation_calls.hold(session, leg)
        case LegPurpose.REMINDER:
            held = reminders.hold(session, leg)
        case LegPurpose.PRACTICE:
            held = practice.hold(session, leg)
        case LegPurpose.OFFER:
            held = calls.by_id(session, select(Offer.call_id).where(Offer.leg_id == leg.id).scalar_subquery())
        case LegPurpose.HANDOVER:
            held = calls.by_id(session, select(Handover.call_id).where(Handover.leg_id == leg.id).scalar_subquery())
        case _:
            of_leg = select(Call.id).where(Call.leg_id == leg.id).correlate(None)
            held = calls.by_id(session, of_leg.scalar_subquery())
    # A session forgets what nobody refers to, and whoever needs it next would ask for it again.
    session.info[_HELD] = held
    session.refresh(leg, with_for_update={"of": Leg, "key_share": True})


def heard_of(session: Session, leg: Leg, sid: str, now: datetime) -> bool:
    """A signed request with the leg's token: the leg exists and this is its id. False if the id is another's.

    The call that the leg serves is held.
    """
    _hold(session, leg)
    if not legs.heard_of(leg, sid, now):
        return False
    _name(session, leg, sid)
    return True


def _name(session: Session, leg: Leg, sid: str) -> None:
    """Give the peer's call the id of its leg, and an attempt that was unknown its life back."""
    match leg.purpose:
        case LegPurpose.CALLBACK | LegPurpose.CHECKIN:
            call = call_of(session, leg)
            call.carrier_sid = call.carrier_sid or sid
            attempt = checkins.of_call(session, call.id)
            if attempt is not None and attempt.result is AttemptResult.UNKNOWN:
                attempt.result = None
        case _:
            pass


def placed(session: Session, leg: Leg, sid: str, now: datetime) -> None:
    """The carrier answered the dial with an id."""
    _hold(session, leg)
    if leg.carrier_sid is None:
        leg.carrier_sid = sid
    if leg.state in {LegState.DIALLING, LegState.UNKNOWN}:
        leg.state = LegState.PLACED
    leg.check_at = legs.ask_at(leg, now)
    _name(session, leg, sid)
    if leg.end_wanted_at is not None and leg.state is not LegState.ENDED:
        after_commit(session, Job("end_leg", leg.id))


def unclear(session: Session, leg: Leg, now: datetime) -> None:
    """Nobody knows whether the dial made a call. It is never dialled again; callbacks or a look-up settle it."""
    _hold(session, leg)
    if leg.state is not LegState.DIALLING:
        return
    leg.state = LegState.UNKNOWN
    leg.check_at = now + timedelta(seconds=2)
    match leg.purpose:
        case LegPurpose.CHECKIN:
            attempt = checkins.of_call(session, call_of(session, leg).id)
            if attempt is not None and attempt.result is None:
                attempt.result = AttemptResult.UNKNOWN
        case _:
            pass


def not_reached(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The carrier certainly made no call and may be asked again later."""
    _hold(session, leg)
    if leg.carrier_sid is not None:
        return
    match leg.purpose:
        case LegPurpose.CHECKIN if call_of(session, leg).state is CallState.RINGING:
            checkins.not_rung(session, call_of(session, leg))
            _over(session, leg, LegEnd.FAILED, live, now, now)
        case LegPurpose.CHECKIN:
            legs.close(leg, LegEnd.FAILED, now)
            checkins.not_placed(session, call_of(session, leg), now)
        case LegPurpose.ESCALATION:
            escalation_calls.not_rung(session, leg)
            _over(session, leg, LegEnd.FAILED, live, now, now)
        case LegPurpose.CALLBACK:
            callbacks.not_placed(session, call_of(session, leg))
            _over(session, leg, LegEnd.FAILED, live, now, now)
        case _:
            _over(session, leg, LegEnd.FAILED, live, now, now)


def refused(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The carrier will never make this call, or it turned out that it never did."""
    _hold(session, leg)
    if leg.carrier_sid is None:
        _over(session, leg, LegEnd.FAILED, live, now, now)


def withdrawn(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The leg waited for its turn to be dialled, and by then it wasn't wanted any more."""
    _hold(session, leg)
    if leg.state is LegState.PENDING:
        _over(session, leg, LegEnd.CANCELLED, live, now, now)


def called_off(session: Session, leg: Leg, live: LiveSettings, now: datetime) -> None:
    """The leg was claimed to be dialled, the carrier wasn't asked yet, and by now it isn't wanted any more."""
    _hold(session, leg)
    if leg.state is LegState.DIALLING:
        # Nobody's telephone has rung.
        leg.dialled_at = None
        _over(session, leg, LegEnd.CANCELLED, live, now, now)


def status(session: Session, leg: Leg, word: Status, live: LiveSettings, at: datetime, now: datetime) -> None:
    """A status of the leg, from the carrier's records; `at` is when it came to be."""
    _hold(session, leg)
    told(session, leg, word, live, at, now)


def told(session: Session, leg: Leg, word: Status, live: LiveSettings, at: datetime, now: datetime) -> None:
    """A status of a leg that is held, from a callback (`heard_of`)."""
    if word.answered and leg.answered_at is None:
        leg.answered_at = at
    if not word.live and word.end is not None:
        _over(session, leg, word.end, live, at, now)


def machine_answered(session: Session, leg: Leg, live: LiveSettings, now: datetime, *, greeting_over: bool) -> None:
    """The carrier's verdict, perhaps after the leg's end. Nobody is hung up on for it: people are misjudged too."""
    leg.machine = True
    match leg.purpose:
        case LegPurpose.CHECKIN:
            attempt = checkins.of_call(session, call_of(session, leg).id)
            if attempt is not None and attempt.result is AttemptResult.NO_KEY and attempt.pressed_at is None:
                attempt.result = AttemptResult.MACHINE
            if greeting_over:
                machine_messages.leave(session, leg, live, now)
        case _:
            pass


def _over(session: Session, leg: Leg, end: LegEnd, live: LiveSettings, at: datetime, now: datetime) -> None:
    """The leg has ended at `at`, whoever tells: whatever it served goes on without it."""
    if not legs.close(leg, end, at):
        return
    session.flush()
    match leg.purpose:
        case LegPurpose.OFFER:
            _offer_over(session, leg, live, at, now)
        case LegPurpose.HANDOVER:
            handover_script.leg_over(session, handovers.of_leg(session, leg), live, at, now)
        case LegPurpose.CALLBACK | LegPurpose.CHECKIN:
            calls.end(session, call_of(session, leg), at, live, now, end)
        case LegPurpose.ALARM:
            alarm_ladder.call_over(session, leg, live, now)
        case LegPurpose.ESCALATION:
            escalation_calls.over(session, leg, live, now)
        case LegPurpose.REMINDER:
            reminders.call_over(session, leg, live, now)
        case LegPurpose.PRACTICE:
            practice.over(session, leg, now)


def _offer_over(session: Session, leg: Leg, live: LiveSettings, at: datetime, now: datetime) -> None:
    offer = offers.of_leg(session, leg)
    call = offer.call
    offers.leg_ended(session, offer, live, now)
    if conversations.taken_offer(session, call) is offer:
        conversations.volunteer_left(session, call, offer, live, at, now)
    if call.state is CallState.RINGING and (call.leg is None or call.leg.state is LegState.ENDED):
        # Taken back before it was dialled, or even written down: nobody will tell us of its end.
        calls.end(session, call, now, live, now, LegEnd.CANCELLED)
    if conversations.met(offer):
        conversations.volunteer_is_done(session, call, now)
    offers.release_if_over(offer, now)
    session.flush()
    # Whoever waits hears of a free volunteer, or of the next one to ask, without waiting for their next turn.
    if heard.recently(call, now):
        offers.offer_next(session, call, live, now)
