"""Promised call-backs whose turn it is: a volunteer is asked first. Every clock looks once a second."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from phoneline import blocks, callbacks, calls, closed, heard, legs, offers, places, seeking, spending, team
from phoneline.db import insert_or_ignore
from phoneline.follow_ups import OPEN as OPEN_FOLLOW_UPS
from phoneline.live_settings import LiveSettings
from phoneline.models import CALLBACK_WAITS, TRY_IS_LIVE, Call, Callback, CallbackTry
from phoneline.people import zone_of
from phoneline.quiet_hours import quiet_until
from phoneline.recurrence import day_around
from phoneline.states import CallbackState, CallState, LegEnd, LegState

ON_THE_PHONE_SECONDS = 15
AT_LEAST = timedelta(hours=1)
"""A promise is for the day on which it was made; one that was made just before midnight, for so long."""
MOST = 50


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    """Whether `look` has something to look at."""
    waits = select(Callback.id).where(CALLBACK_WAITS, Callback.next_try_at <= now)
    return or_(waits.exists(), select(CallbackTry.id).where(TRY_IS_LIVE).exists())


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """Go on with the call-backs under way, then begin those whose turn it is."""
    under_way = select(CallbackTry.call_id).where(TRY_IS_LIVE).order_by(CallbackTry.began_at).limit(MOST)
    for call_id in session.scalars(under_way).all():
        _go_on(session, call_id, live, now)
    due = select(Callback.id).where(CALLBACK_WAITS, Callback.next_try_at <= now)
    for callback_id in session.scalars(due.order_by(Callback.place_at, Callback.id).limit(MOST)).all():
        promised = _claimed(session, callback_id)
        if promised is not None and not _lapsed(session, promised, live, now):
            if not team.is_anybody_free(session, now):
                return
            _begin(session, promised, live, now)


def _claimed(session: Session, callback_id: str) -> Callback | None:
    """The promise, held, if it still waits and no other clock has it in hand."""
    return session.scalars(
        select(Callback)
        .where(Callback.id == callback_id, CALLBACK_WAITS)
        .with_for_update(skip_locked=True, of=Callback, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _lapsed(session: Session, promised: Callback, live: LiveSettings, now: datetime) -> bool:
    """Whether nobody is to be rung for it any more: the follow-up is done, its day is over, or they are blocked."""
    contact = callbacks.contact_of(session, promised)
    if contact is not None and contact.follow_up not in OPEN_FOLLOW_UPS:
        promised.state = CallbackState.SETTLED
        return True
    asked = _wanted_at(session, promised, live)
    hours = closed.calendar(live)
    opening = asked if hours.is_open(asked) else hours.next_opening(asked) or asked
    blocked = blocks.standing(session, promised.person_id, promised.number_hash, now) is not None
    if blocked or now >= _days_end(promised, opening, live):
        promised.state = CallbackState.GIVEN_UP
        return True
    return False


def _wanted_at(session: Session, promised: Callback, live: LiveSettings) -> datetime:
    """From when on the person wants it: since they asked, or said "later" in a try, be it in the last hour of a day."""
    said = select(func.max(CallbackTry.began_at)).where(CallbackTry.callback_id == promised.id)
    later = session.scalar(said.where(CallbackTry.key == callbacks.LATER))
    snooze = timedelta(seconds=live.checkin_snooze_seconds)
    return promised.promised_at if later is None else max(promised.promised_at, later + snooze)


def _days_end(promised: Callback, at: datetime, live: LiveSettings) -> datetime:
    """When the day of `at` is over for the person."""
    _, midnight = day_around(at, _zone(promised, live))
    return max(midnight, at + AT_LEAST)


def _zone(promised: Callback, live: LiveSettings) -> ZoneInfo:
    return zone_of(promised.person, live.home.zone) if promised.person else live.home.zone


def _not_before(session: Session, promised: Callback, own: Call | None, live: LiveSettings, now: datetime) -> datetime:
    """The next instant worth a look: `now` if nothing speaks against ringing.

    On the day on which they asked, the person expects the call, in quiet hours too.
    """
    if _is_closed(promised, live, now):
        return closed.calendar(live).next_opening(now) or now + AT_LEAST
    if not spending.may_call(session, promised.person_id, live, now):
        return now + timedelta(seconds=spending.HELD_SECONDS)
    if callbacks.on_the_phone(session, promised, own):
        return now + timedelta(seconds=ON_THE_PHONE_SECONDS)
    if now < _days_end(promised, promised.promised_at, live):
        return now
    free_at = quiet_until(now, _zone(promised, live), live.quiet_weekday, live.quiet_weekend)
    return free_at or now + AT_LEAST


def _is_closed(promised: Callback, live: LiveSettings, now: datetime) -> bool:
    if promised.call is None:
        return not closed.calendar(live).is_open(now)
    return closed.is_closed_for(promised.call, live, now)


def _begin(session: Session, promised: Callback, live: LiveSettings, now: datetime) -> None:
    """Ask the first volunteer, if it is this promise's turn."""
    if _somebody_is_before(session, promised, now):
        return
    later = _not_before(session, promised, None, live, now)
    if later > now:
        promised.next_try_at = later
        return
    call = seeking.write_down(session, promised.person_id, promised.number, promised.language, now)
    about = {"callback_id": promised.id, "call_id": call.id, "number_hash": promised.number_hash}
    if not insert_or_ignore(session, CallbackTry, **about, began_at=now):
        # Another promise to the same telephone is being kept.
        session.delete(call)
        return
    promised.state = CallbackState.CALLING
    offers.offer_next(session, call, live, now)


def _somebody_is_before(session: Session, promised: Callback, now: datetime) -> bool:
    """Who has waited longer is served first: a caller on the line, or an older promise to the same telephone.

    Not one that is put off: who said "later" and has asked anew wants to be called now.
    """
    on_the_line = select(Call.id).where(places.on_the_line(heard.until(now)), Call.started_at < promised.place_at)
    older = select(Callback.id).where(
        Callback.number_hash == promised.number_hash,
        or_(Callback.state == CallbackState.CALLING, CALLBACK_WAITS & (Callback.next_try_at <= now)),
        Callback.place_at < promised.place_at,
    )
    return any(session.scalars(rows.limit(1)).first() is not None for rows in (on_the_line, older))


def _go_on(session: Session, call_id: str, live: LiveSettings, now: datetime) -> None:
    call = calls.by_id(session, call_id)
    found = callbacks.of_call(session, call)
    if found is None or found[0].over_at is not None:
        return
    match call.state:
        case CallState.SEEKING:
            _seek(session, call, found[1], live, now)
        case CallState.RINGING:
            _ring_on(session, call, found[1], live, now)


def _seek(session: Session, call: Call, promised: Callback, live: LiveSettings, now: datetime) -> None:
    """Ask the next volunteer, or nobody any more."""
    later = _not_before(session, promised, call, live, now)
    if promised.state is not CallbackState.CALLING or later > now or _lapsed(session, promised, live, now):
        promised.next_try_at = max(promised.next_try_at, later)
        calls.end(session, call, now, live, now, LegEnd.CANCELLED)
        return
    offers.offer_next(session, call, live, now)
    offers.begin_new_round(session, call, live, now)


def _ring_on(session: Session, call: Call, promised: Callback, live: LiveSettings, now: datetime) -> None:
    """Stop ringing a peer who needs no call any more, and close what was stopped before it was dialled."""
    if call.leg is None or call.leg.state is LegState.ENDED:
        calls.end(session, call, now, live, now, LegEnd.CANCELLED)
    elif promised.state is not CallbackState.CALLING and call.leg.answered_at is None:
        legs.want_end(session, call.leg, now)
