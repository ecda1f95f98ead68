"""Check-ins whose time has come: dialled, held in quiet hours, or given up when it is too late.

Those that volunteers make are begun by `due_volunteer_checkins`.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from phoneline import checkin_layout, checkins, holding, legs, plan_settings
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    CHECKIN_WAITS,
    Attempt,
    Call,
    Checkin,
    CheckinPlan,
    Leg,
)
from phoneline.states import (
    CallState,
    CheckinReason,
    CheckinState,
    Direction,
    LegPurpose,
    PlanKind,
)

_WRITTEN = "attempt"
MOST = 50
"""So many are gone through in one transaction: nobody else may dial or change them meanwhile."""


def hold_or_expire(session: Session, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> int:
    """Go through what has waited long enough and won't be dialled: too late, tried often enough, or a person's task.

    What could be dialled is judged by who dials, when its turn comes. How many were looked at: if `MOST`, there may be
    more.
    """
    found = session.scalars(past_dialling(live, now)).all()
    for checkin_id in found:
        checkin = held(session, checkin_id)
        if checkin is not None:
            may_begin(session, checkin, live, line_zone, now)
    return len(found)


def past_dialling(live: LiveSettings, now: datetime) -> Select[str]:
    """What `hold_or_expire` goes through."""
    return (
        _waiting(now)
        .join(CheckinPlan, CheckinPlan.id == Checkin.plan_id)
        .where(
            or_(
                Checkin.attempt_due_at < now - timedelta(seconds=live.checkin_grace_seconds),
                Checkin.attempts_used >= func.coalesce(CheckinPlan.attempts, live.checkin_attempts),
                Checkin.hands_off_at.is_not(None),
            )
        )
        .limit(MOST)
    )


def held(session: Session, checkin_id: str) -> Checkin | None:
    """The check-in, held, if it still waits and nobody else has it in hand."""
    return session.scalars(
        select(Checkin)
        .where(Checkin.id == checkin_id, CHECKIN_WAITS)
        .options(joinedload(Checkin.plan, innerjoin=True))
        .with_for_update(skip_locked=True, of=Checkin, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _waiting(now: datetime) -> Select[str]:
    """Longest due first."""
    return select(Checkin.id).where(CHECKIN_WAITS, Checkin.dial_after <= now).order_by(Checkin.dial_after)


def waiting_of(kind: PlanKind, before: datetime) -> Select[str]:
    """As `_waiting`, of those that the clock makes, or volunteers."""
    return _waiting(before).where(Checkin.kind == kind)


def dialable(before: datetime) -> Select[str]:
    """What may have to be dialled, longest due first."""
    return waiting_of(PlanKind.AUTOMATED, before)


def deadline(checkin: Checkin, live: LiveSettings) -> datetime:
    """The first instant at which it is too late for the next attempt."""
    return checkin.attempt_due_at + timedelta(seconds=live.checkin_grace_seconds, milliseconds=1)


def may_begin(session: Session, checkin: Checkin, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> bool:
    """Whether an attempt may start now; if not, the row says what becomes of the check-in instead."""
    too_late = now >= deadline(checkin, live)
    if checkin.attempts_used >= plan_settings.attempts(checkin.plan, live) or (
        too_late and checkin.hands_off_at is not None
    ):
        checkins.give_up(session, checkin, CheckinState.UNREACHED, now)
        return False
    if too_late:
        checkins.give_up(session, checkin, CheckinState.EXPIRED, now)
        return False
    if not checkin_layout.is_agreed(session, checkin.plan):
        checkins.skip(checkin, CheckinReason.NO_CONSENT)
        return False
    if checkin_layout.is_paused(checkin.plan, now):
        checkins.skip(checkin, CheckinReason.PAUSED)
        return False
    later = _not_before(session, checkin, live, line_zone, now)
    if later > now:
        checkin.dial_after = min(later, deadline(checkin, live))
    return later <= now


def _not_before(session: Session, checkin: Checkin, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> datetime:
    """The next instant worth a look: `now` if nothing speaks against dialling."""
    if checkin.hands_off_at is not None:
        return datetime.max.replace(tzinfo=UTC)
    return not_before(session, checkin, live, line_zone, now)


def not_before(
    session: Session,
    checkin: Checkin,
    live: LiveSettings,
    line_zone: ZoneInfo,
    now: datetime,
    own: Call | None = None,
) -> datetime:
    """From when on this peer may be called, by the clock or by a volunteer: `now` if nothing speaks against it.

    `own` is the call by which a volunteer is about to.
    """
    hold = holding.what_holds(session, checkin, live, line_zone, now, own)
    return hold.until if hold else now


def look_again(session: Session) -> None:
    """Quiet hours or grace were changed: whatever is held is judged anew."""
    session.execute(
        update(Checkin)
        .where(CHECKIN_WAITS, Checkin.dial_after > Checkin.attempt_due_at)
        .values(dial_after=Checkin.attempt_due_at)
    )


def begin_attempt(session: Session, live: LiveSettings, line_zone: ZoneInfo, now: datetime) -> Leg | None:
    """Write down the attempt that is due longest, and its leg as being dialled.

    None if there is none among the first `MOST`; what is not to be dialled now is held or given up then.
    """
    for checkin_id in session.scalars(dialable(now).limit(MOST)).all():
        checkin = held(session, checkin_id)
        if checkin is not None and may_begin(session, checkin, live, line_zone, now):
            leg = write_down(session, checkin, live, now).leg
            if leg is not None:
                legs.begin_dialling(leg, now)
            return leg
    return None


def write_down(session: Session, checkin: Checkin, live: LiveSettings, now: datetime) -> Call:
    """An attempt of the clock's: its leg, still to be dialled, and the peer's call."""
    person = checkin.person
    call = Call(
        token=legs.new_token(),
        direction=Direction.OUTBOUND,
        person_id=person.id,
        language=person.language or live.languages[0],
        state=CallState.CHECKIN,
        started_at=now,
        wait_began_at=now,
        # The leg's own sweep follows this call.
        check_at=now + timedelta(days=1),
    )
    write_attempt(session, checkin, call, live, now)
    return call


def write_attempt(session: Session, checkin: Checkin, call: Call, live: LiveSettings, now: datetime) -> None:
    """An attempt by this call: the peer's leg, still to be dialled."""
    plan, numbers = checkin.plan, checkin.person.numbers
    position = plan_settings.number_position(plan, checkin.attempts_used, has_second=len(numbers) > 1)
    call.number = numbers[position - 1].number
    digits = plan_settings.digits(plan, position)
    ring_seconds = plan_settings.ring_seconds(plan, live)
    call.leg = legs.write_down(session, LegPurpose.CHECKIN, call.number, ring_seconds, now, digits=digits)
    session.add(call)
    session.flush()
    attempt = Attempt(checkin=checkin, call=call, at=now, number_position=position)
    session.add(attempt)
    checkin.state = CheckinState.CALLING
    session.flush()
    # A session forgets what nobody refers to, and whoever dials looks at it next.
    session.info[_WRITTEN] = attempt


def dialling_is_due(session: Session, now: datetime) -> bool:
    """Whether an automated check-in could be dialled now."""
    return session.scalars(dialable(now).limit(1)).first() is not None


def anything_waits(now: datetime) -> ColumnElement[bool]:
    """Whether anything has waited long enough, whatever comes of it."""
    return _waiting(now).exists()
