"""Erasing somebody who asks for it: begun on a page, undone while it waits, then done by the clock.

What is under way is stopped first; who is on the telephone isn't erased in the middle of a word. What the carrier keeps
of messages is deleted through their own rows (`voicemails`): written down here, tried until the carrier says that it
has none. All of it stands in rows, so that the death of any process at any instant loses nothing.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from phoneline import erasing_older, erasing_rows, erasing_stop, kept_refusals
from phoneline.db import changed, insert_or_ignore
from phoneline.models import RightsRequest
from phoneline.rights_states import AskedHow, HeldUp, RightsKind

WAIT = timedelta(hours=24)
"""So long it can be undone."""
SOON = timedelta(seconds=5)
LATER = timedelta(minutes=10)
LAST_LOOK = timedelta(minutes=15)
"""By then every call has ended or been tied to somebody that began in the moment of the erasure."""
MOST = 5

log = structlog.get_logger()


def begin(
    session: Session,
    person_id: str,
    how: AskedHow,
    reason: str,
    account_id: str,
    now: datetime,
    *,
    at_once: bool = False,
) -> bool:
    """Write down that somebody asked to be erased. False if that stands already. The clock does it when it is due."""
    return insert_or_ignore(
        session,
        RightsRequest,
        kind=RightsKind.ERASE,
        person_id=person_id,
        asked_how=how,
        reason=reason,
        account_id=account_id,
        at=now,
        due_at=now if at_once else now + WAIT,
    )


def undo(session: Session, request_id: str, now: datetime) -> bool:
    """It isn't to be done after all. False if it has been, or was undone already. What was stopped stays stopped."""
    standing = update(RightsRequest).where(
        RightsRequest.id == request_id,
        RightsRequest.kind == RightsKind.ERASE,
        RightsRequest.done_at.is_(None),
        RightsRequest.undone_at.is_(None),
    )
    return (
        changed(
            session,
            standing.values(undone_at=now, due_at=None, held_up=None).execution_options(synchronize_session=False),
        )
        == 1
    )


# What the clock does


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    return select(RightsRequest.id).where(RightsRequest.due_at <= now).exists()


def look(session: Session, now: datetime) -> None:
    """The next step of each erasure that is due."""
    due = select(RightsRequest).where(RightsRequest.due_at <= now).order_by(RightsRequest.due_at).limit(MOST)
    for request in session.scalars(due.with_for_update(skip_locked=True, of=RightsRequest)).all():
        if request.done_at is None:
            _erase(session, request, now)
        elif request.seek is not None:
            erasing_older.look_on(session, request, now)
            request.due_at = now if request.seek else request.done_at + LAST_LOOK
        else:
            _look_last(session, request, now)
        session.flush()


def _erase(session: Session, request: RightsRequest, now: datetime) -> None:
    person_id = request.person_id
    if person_id is None:
        request.due_at, request.done_at = None, now
        return
    hindrance = erasing_stop.hindrance(session, person_id, now)
    if hindrance is None:
        erasing_stop.stop(session, person_id, now)
        hindrance = None if erasing_stop.is_quiet(session, person_id) else HeldUp.ON_THE_PHONE
    if hindrance is not None:
        request.held_up = hindrance
        request.due_at = now + (SOON if hindrance is HeldUp.ON_THE_PHONE else LATER)
        return
    request.counts = dict(erasing_rows.counts(session, person_id))
    request.seek = erasing_older.begin(list(kept_refusals.sole_hashes(session, person_id)))
    request.done_at, request.held_up, request.due_at = now, None, now
    session.flush()
    erasing_rows.erase(session, person_id, request, now)
    log.info("person_erased", request=request.id)


def _look_last(session: Session, request: RightsRequest, now: datetime) -> None:
    """Whatever was tied to them in the very moment goes too; then nothing says any more whom this was about."""
    person_id = request.person_id
    if person_id is not None and erasing_rows.anything_left(session, person_id):
        if erasing_stop.is_quiet(session, person_id):
            erasing_rows.erase(session, person_id, request, now)
        request.due_at = now + LATER
        return
    request.person_id = request.due_at = None
