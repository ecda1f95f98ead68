"""Hours that somebody gives away, swaps or needs cover for: first yes has them, and until then they stay theirs.

All that menus, pages and texts call. Hours change hands in `assignments` alone, so nothing here breaks a limit.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from phoneline import assignments, cover_notices, cover_rows, roster_changes, waitlist
from phoneline.assignments import Move
from phoneline.cover_rows import open_by_hours
from phoneline.cover_states import CoverKind, CoverState, SwapState
from phoneline.cover_suitable import suitable
from phoneline.cover_swaps import accept_swap, decline_swap, offer_swap
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    COVER_IS_OPEN,
    CoverAsked,
    CoverRequest,
    Person,
    RosterChange,
    ShiftHours,
)
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal, RosterAct
from phoneline.shift_refusals import refusal
from phoneline.waitlist import stop_waiting, wait_for, waited_for

__all__ = [
    "accept_swap",
    "ask",
    "decline_swap",
    "mine",
    "offer_swap",
    "open_by_hours",
    "open_for",
    "stop_waiting",
    "suitable",
    "take",
    "undo",
    "wait_for",
    "waited_for",
    "withdraw",
]

UNDO = timedelta(minutes=10)
"""Who took hours may say so long that it was a mistake."""
GIVE_BACK = timedelta(days=1)
"""Who got hours off the waitlist was not asked at that moment, and has longer."""
REMIND = timedelta(hours=1)


def ask(
    session: Session, hours_id: str, person: Person, kind: CoverKind, by: By, live: LiveSettings, now: datetime
) -> CoverRequest | Refusal:
    """The person's hours are offered to others from now on; they stay theirs until somebody takes them.

    One request stands for some hours: again, it only says what is wanted now.
    """
    cover_rows.in_turn(session)
    hours = session.get(ShiftHours, hours_id, populate_existing=True)
    if hours is None or hours.off or hours.starts_at <= now:
        return Refusal.PAST
    if hours.person_id != person.id:
        return Refusal.FULL
    if hours.shadow:
        return Refusal.NOT_READY
    standing = cover_rows.open_on(session, hours_id)
    if standing is not None and standing.from_id == person.id:
        standing.kind = kind
        session.flush()
        return standing
    if standing is not None:
        # It was another's, and a coordinator has given the hours to this one meanwhile.
        cover_rows.close(session, standing, CoverState.WITHDRAWN, now)
    request = _open(session, hours, person, kind, by, now)
    if not waitlist.settle(session, request, live, now) and by.person_id != person.id:
        cover_notices.tell(session, "cover_asked", person, hours, live, now)
    return request


def _open(session: Session, hours: ShiftHours, person: Person, kind: CoverKind, by: By, now: datetime) -> CoverRequest:
    request = CoverRequest(
        number=cover_rows.free_number(session, now),
        hours=hours,
        kind=kind,
        giver=person,
        state=CoverState.OPEN,
        made_at=now,
        by_person_id=by.person_id,
        by_account_id=by.account_id,
        ask_at=now,
        # Whoever asks so late knows that it is theirs still.
        reminded_at=now if hours.starts_at <= now + REMIND else None,
    )
    session.add(request)
    session.flush()
    roster_changes.note(session, RosterAct.ASKED, by, now, hours)
    return request


def withdraw(session: Session, request_id: str, by: By, live: LiveSettings, now: datetime) -> CoverRequest | Refusal:
    """It isn't given away any more. Refused when somebody has it already."""
    request = cover_rows.held(session, request_id)
    if request is None:
        return Refusal.PAST
    if request.state is CoverState.WITHDRAWN:
        return request
    if request.state is not CoverState.OPEN:
        return Refusal.FULL if request.state is CoverState.TAKEN else Refusal.PAST
    offered = [one for one in request.offers if one.state is SwapState.OPEN]
    cover_rows.close(session, request, CoverState.WITHDRAWN, now)
    roster_changes.note(session, RosterAct.WITHDRAWN, by, now, request.hours)
    if by.person_id != request.from_id:
        cover_notices.tell(session, "cover_withdrawn", request.giver, request.hours, live, now)
    for one in offered:
        name = request.giver.first_name
        cover_notices.tell(session, "cover_swap_declined", one.person, one.hours, live, now, name=name)
    return request


def take(
    session: Session,
    request_id: str,
    person: Person,
    by: By,
    live: LiveSettings,
    now: datetime,
    *,
    tells_taker: bool = True,
) -> ShiftHours | Refusal:
    """The hours, if they are this volunteer's now: the first has them, `full` is for who was slower. Both are told.

    Again changes nothing. `tells_taker`: they don't hear it in this moment anyway.
    """
    request = cover_rows.held(session, request_id)
    if request is None:
        return Refusal.PAST
    if request.state is CoverState.TAKEN and request.taken_by_id == person.id:
        return request.hours
    if request.state is not CoverState.OPEN:
        return Refusal.FULL if request.state is CoverState.TAKEN else Refusal.PAST
    if request.from_id == person.id:
        return Refusal.CLASHES
    if request.hours.starts_at <= now:
        return Refusal.PAST
    got = assignments.hand_over(
        session, request.hours_id, Move(request.from_id, person), RosterAct.GIVEN, by, live, now
    )
    if not isinstance(got, Refusal):
        cover_rows.close(session, request, CoverState.TAKEN, now, person.id)
        cover_notices.taken(session, request, person, live, now, key="cover_yours" if tells_taker else "")
    return got


def undo(
    session: Session, hours_id: str, person: Person, by: By, live: LiveSettings, now: datetime
) -> ShiftHours | Refusal:
    """Take back what this person did last with these hours: gave them away, or took them a moment ago.

    What they took goes back to whoever had it, and is given away again; what was nobody's is nobody's again.
    """
    standing = cover_rows.open_on(session, hours_id)
    if standing is not None and standing.from_id == person.id:
        done = withdraw(session, standing.id, by, live, now)
        return done if isinstance(done, Refusal) else done.hours
    if standing is not None:
        return Refusal.FULL
    change = _last_taking(session, hours_id, person.id, now)
    if change is None or change.starts_at is None or change.starts_at <= now:
        return Refusal.PAST
    if change.from_id is None:
        back = assignments.give_up(session, hours_id, person.id, by, now)
    else:
        back = _back_to_giver(session, change, person, by, live, now)
    if not isinstance(back, Refusal):
        change.undone_at = now
    return back


def _last_taking(session: Session, hours_id: str, person_id: str, now: datetime) -> RosterChange | None:
    """How the hours came to be theirs, if that can be undone still."""
    last = select(RosterChange).where(
        RosterChange.hours_id == hours_id, RosterChange.to_id.is_distinct_from(RosterChange.from_id)
    )
    change = session.scalars(last.order_by(RosterChange.at.desc()).limit(1)).one_or_none()
    if change is None or change.to_id != person_id or change.act not in {RosterAct.TAKEN, RosterAct.GIVEN}:
        return None
    by_line = change.by_person_id is None and change.by_account_id is None
    return change if now < change.at + (GIVE_BACK if by_line else UNDO) else None


def _back_to_giver(
    session: Session, change: RosterChange, person: Person, by: By, live: LiveSettings, now: datetime
) -> ShiftHours | Refusal:
    """Back to whoever gave them away, if they may have them still."""
    taken = select(CoverRequest.id).where(
        CoverRequest.hours_id == change.hours_id,
        CoverRequest.state == CoverState.TAKEN,
        CoverRequest.over_at == change.at,
    )
    request_id = session.scalars(taken).one_or_none()
    request = cover_rows.held(session, request_id) if request_id is not None else None
    if request is None or request.state is not CoverState.TAKEN:
        return Refusal.PAST
    move = Move(person.id, request.giver)
    back = assignments.hand_over(session, request.hours_id, move, RosterAct.UNDONE, by, live, now)
    if isinstance(back, Refusal):
        return back
    cover_rows.says_no(session, request, person.id, now)
    request.state, request.taken_by_id, request.over_at, request.ask_at = CoverState.OPEN, None, None, now
    session.flush()
    name = person.first_name
    cover_notices.tell(session, "cover_yours_again", request.giver, request.hours, live, now, name=name)
    return back


def open_for(session: Session, person: Person, live: LiveSettings, now: datetime) -> Sequence[CoverRequest]:
    """What others give away and this volunteer may take, earliest first; not what they said no to."""
    said_no = exists().where(
        CoverAsked.request_id == CoverRequest.id,
        CoverAsked.person_id == person.id,
        CoverAsked.said_no_at.is_not(None),
    )
    found = session.scalars(
        select(CoverRequest)
        .join(ShiftHours, ShiftHours.id == CoverRequest.hours_id)
        .where(COVER_IS_OPEN, CoverRequest.from_id != person.id, ~said_no)
        .where(ShiftHours.starts_at > now, ShiftHours.person_id == CoverRequest.from_id)
        .order_by(ShiftHours.starts_at, CoverRequest.id)
    ).all()
    return [
        one
        for one in found
        if refusal(session, person, one.hours.starts_at, one.hours.ends_at, live, now, {one.hours_id}) is None
    ]


def mine(session: Session, person: Person) -> Sequence[CoverRequest]:
    """What this person gives away and nobody has taken, earliest first."""
    theirs = and_(COVER_IS_OPEN, CoverRequest.from_id == person.id)
    found = select(CoverRequest).join(ShiftHours, ShiftHours.id == CoverRequest.hours_id).where(theirs)
    return session.scalars(found.order_by(ShiftHours.starts_at, CoverRequest.id)).all()
