"""Texts that the line sends: written down in the transaction that wants them, sent after its commit, once.

`write_down` is all that others need. What the carrier says of a text is told here too, by its answer or its callbacks;
repetitions and other orders change nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from phoneline import opt_outs
from phoneline.carrier.text_statuses import OPTED_OUT
from phoneline.crypto import lookup_hash
from phoneline.db import Job, after_commit, changed, lookup_key
from phoneline.identity import caller_number
from phoneline.legs import new_token
from phoneline.models import TEXT_IS_UNSETTLED, Person, TextOut
from phoneline.states import TextPurpose, TextState

UNSENT_SECONDS = 2
"""A text that nobody has sent by then, the clock sends."""
AGAIN_SECONDS = 10
SENDING_SECONDS = 40
"""A request that has not come back by then never will: its process is gone."""
STALE_SECONDS = 900
"""What could not be sent by then isn't any more: it would be read at a wrong moment."""
LONGEST = 1600
MOST = 50
SEND = "send_text"


def write_down(
    session: Session,
    to: Person | str,
    purpose: TextPurpose,
    words: str,
    now: datetime,
    *,
    person_id: str | None = None,
) -> TextOut | None:
    """A text to a person's first number, or to a number. None where there is none, or no text is wanted there.

    `person_id` says whose a number is.
    """
    if isinstance(to, Person):
        number, person_id = (to.numbers[0].number if to.numbers else None), to.id
    else:
        number = caller_number(to)
    if number is None:
        return None
    number_hash = lookup_hash(lookup_key(session), number)
    if purpose is not TextPurpose.CONFIRMATION and opt_outs.stands(session, number_hash, person_id):
        return None
    text = TextOut(
        token=new_token(),
        number=number,
        number_hash=number_hash,
        body=words[:LONGEST],
        purpose=purpose,
        person_id=person_id,
        state=TextState.PENDING,
        created_at=now,
        check_at=now + timedelta(seconds=UNSENT_SECONDS),
    )
    session.add(text)
    session.flush()
    after_commit(session, Job(SEND, text.id))
    return text


def begin_sending(session: Session, text_id: str, now: datetime) -> TextOut | None:
    """The text, now this process's to send; None if it is another's, too old, or no longer wanted by who gets it."""
    claim = update(TextOut).where(TextOut.id == text_id, TextOut.state == TextState.PENDING)
    claim = claim.values(state=TextState.SENDING, asked_at=now, check_at=now + timedelta(seconds=SENDING_SECONDS))
    if not changed(session, claim.execution_options(synchronize_session=False)):
        return None
    text = session.get_one(TextOut, text_id, populate_existing=True)
    unwanted = text.purpose is not TextPurpose.CONFIRMATION and opt_outs.stands(
        session, text.number_hash, text.person_id
    )
    if unwanted or now >= text.created_at + timedelta(seconds=STALE_SECONDS):
        _settle(text, TextState.FAILED, now, "opted_out" if unwanted else "too_late")
        return None
    return text


def sent(session: Session, text_id: str, sid: str) -> None:
    """The carrier answered with an id; its callbacks may have come first."""
    text = _held(session, TextOut.id == text_id)
    if text is None:
        return
    text.carrier_sid = text.carrier_sid or sid
    if text.state in {TextState.SENDING, TextState.UNKNOWN}:
        text.state = TextState.SENT


def refused(session: Session, text_id: str, code: str, now: datetime) -> None:
    """The carrier will never send it."""
    text = _held(session, TextOut.id == text_id)
    if text is not None and text.state in {TextState.SENDING, TextState.UNKNOWN}:
        _failed(session, text, code, now)


def not_reached(session: Session, text_id: str, now: datetime) -> None:
    """The carrier certainly took no text, and may be asked again soon."""
    text = _held(session, TextOut.id == text_id)
    if text is not None and text.state is TextState.SENDING:
        text.state = TextState.PENDING
        text.check_at = now + timedelta(seconds=AGAIN_SECONDS)


def unclear(session: Session, text_id: str) -> None:
    """Nobody knows whether the carrier took it. It is never sent again; its callbacks may still settle it."""
    text = _held(session, TextOut.id == text_id)
    if text is not None and text.state is TextState.SENDING:
        text.state = TextState.UNKNOWN


def told(session: Session, token: str, sid: str, state: TextState, code: str, now: datetime) -> None:
    """The carrier's word on a text. An id that isn't the text's, and whatever comes after the end, changes nothing."""
    text = _held(session, TextOut.token == token)
    if text is None or not sid or text.carrier_sid not in {None, sid} or text.state is TextState.PENDING:
        return
    text.carrier_sid = sid
    if text.state in {TextState.DELIVERED, TextState.FAILED}:
        return
    if state is TextState.FAILED:
        _failed(session, text, code, now)
    elif state is TextState.DELIVERED:
        _settle(text, state, now)
    else:
        text.state = state


def _held(session: Session, which: ColumnElement[bool]) -> TextOut | None:
    held = select(TextOut).where(which).with_for_update(of=TextOut, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _failed(session: Session, text: TextOut, code: str, now: datetime) -> None:
    _settle(text, TextState.FAILED, now, code[:16] or "unknown")
    if code == OPTED_OUT:
        opt_outs.opt_out(session, text.number_hash, text.person_id, opt_outs.BY_CARRIER, now)


def _settle(text: TextOut, state: TextState, now: datetime, failure: str | None = None) -> None:
    text.state, text.settled_at, text.failure = state, now, failure


# What the clock does


def is_anything_due(now: datetime) -> ColumnElement[bool]:
    return select(TextOut.id).where(TEXT_IS_UNSETTLED, TextOut.check_at <= now).exists()


def send_overdue(session: Session, now: datetime) -> None:
    """Have sent what nobody has sent yet; what was being sent when its process died is unknown from now on."""
    due = select(TextOut).where(TEXT_IS_UNSETTLED, TextOut.check_at <= now).order_by(TextOut.check_at).limit(MOST)
    found: Sequence[TextOut] = session.scalars(due.with_for_update(skip_locked=True, of=TextOut, key_share=True)).all()
    for text in found:
        if text.state is TextState.SENDING:
            text.state = TextState.UNKNOWN
        else:
            text.check_at = now + timedelta(seconds=AGAIN_SECONDS)
            after_commit(session, Job(SEND, text.id))
