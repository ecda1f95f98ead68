"""A caller's message after the call: awaited, kept or found too short, and seen to be deleted at the carrier's.

The rows say what is to be done; `fetching` does it. All changes hold the row, and none is made twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import last_heard
from phoneline.carrier import Audio
from phoneline.db import insert_or_ignore
from phoneline.models import Call, Contact, PromptTake, Voicemail
from phoneline.states import CallState, ContactKind, VoicemailState

LOOK_AFTER = timedelta(seconds=10)
"""The carrier tells of a recording within moments of the call's end; after so long we look by ourselves."""
SHORTEST_SECONDS = 3
"""Shorter ones hold a breath or a click: their audio is not kept. Their follow-up is."""
FIRST_PAUSE_SECONDS = 15
LONGEST_PAUSE_SECONDS = 6 * 3600
MOST_DOUBLINGS = 20
MOST = 20


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries that came to nothing."""
    doubled = FIRST_PAUSE_SECONDS * 2 ** min(max(tries - 1, 0), MOST_DOUBLINGS)
    return timedelta(seconds=min(doubled, LONGEST_PAUSE_SECONDS))


def expect(session: Session, call: Call, now: datetime) -> None:
    """The caller's leg has ended with a message, perhaps an empty one. Hold the call's row."""
    _row_of(session, call, now if call.recording_sid else now + LOOK_AFTER)


def announced(session: Session, call: Call, sid: str, now: datetime) -> None:
    """The carrier tells of a recording, once or again. Before the call's end it waits for it. Hold the call's row."""
    if call.state is not CallState.ENDED:
        return
    row = _row_of(session, call, now)
    if row is None:
        return
    if row.state is VoicemailState.MISSING:
        # Given up too early.
        _again(row, now)
        row.state = VoicemailState.AWAITED
    elif row.state is VoicemailState.AWAITED:
        row.next_try_at = now
    elif row.deleted_at is not None and row.recording_sid != sid:
        # One more recording of a call that was thought to have none left over there.
        _again(row, now)


def _again(row: Voicemail, now: datetime) -> None:
    row.tries, row.next_try_at, row.deleted_at = 0, now, None


def _row_of(session: Session, call: Call, try_at: datetime) -> Voicemail | None:
    """The message's row, held; made if it isn't there yet. None for a call that went no way to the recorder."""
    of_call = select(Contact.id).where(Contact.call_id == call.id, Contact.kind == ContactKind.VOICEMAIL)
    contact_id = session.scalars(of_call).one_or_none()
    if contact_id is None:
        return None
    new = {"contact_id": contact_id, "state": VoicemailState.AWAITED, "next_try_at": try_at}
    insert_or_ignore(session, Voicemail, **new)
    return session.scalars(select(Voicemail).where(Voicemail.contact_id == contact_id).with_for_update()).one()


# What the clock does about it


@dataclass(frozen=True)
class Task:
    """A message with something left to do at the carrier's."""

    id: str
    state: VoicemailState
    tries: int
    call_sid: str | None
    recording_sids: frozenset[str]
    """Those that we were told of; the carrier's list may have more, and is late with some."""
    other_sids: frozenset[str]
    """What was recorded on the same call and is no message: prompts spoken in by telephone."""


def anything_due(session: Session, now: datetime) -> bool:
    return session.scalars(select(Voicemail.id).where(Voicemail.next_try_at <= now).limit(1)).first() is not None


def claim(session: Session, now: datetime) -> Sequence[Task]:
    """What is due, put off for its next pause: whoever dies over it, or fails, leaves it to the next try."""
    rows = session.scalars(
        select(Voicemail)
        .where(Voicemail.next_try_at <= now)
        .order_by(Voicemail.next_try_at)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Voicemail)
    ).all()
    for row in rows:
        row.tries += 1
        row.next_try_at = now + pause(row.tries)
    return [_task(session, row) for row in rows]


def _task(session: Session, row: Voicemail) -> Task:
    of_contact = select(Call).join(Contact, Contact.call_id == Call.id).where(Contact.id == row.contact_id)
    call = session.scalars(of_contact).one_or_none()
    told = (row.recording_sid, call.recording_sid if call else None)
    takes = select(PromptTake.recording_sid).where(PromptTake.call_id == call.id) if call else None
    return Task(
        id=row.id,
        state=row.state,
        tries=row.tries,
        call_sid=call.carrier_sid if call else None,
        recording_sids=frozenset(sid for sid in told if sid),
        other_sids=frozenset(sid for sid in session.scalars(takes) if sid) if takes is not None else frozenset(),
    )


def keep(session: Session, row_id: str, sid: str, seconds: int | None, audio: Audio) -> None:
    """The audio is here."""
    row = _awaited(session, row_id)
    if row is not None:
        row.state, row.recording_sid, row.seconds = VoicemailState.KEPT, sid, seconds
        row.audio, row.media_type = audio.data, audio.media_type
        contact = session.get_one(Contact, row.contact_id)
        if contact.person_id is not None:
            last_heard.heard(session, contact.person_id, contact.at)


def too_short(session: Session, row_id: str, sid: str, seconds: int) -> None:
    """There is a recording, and it is too short to be kept."""
    row = _awaited(session, row_id)
    if row is not None:
        row.state, row.recording_sid, row.seconds = VoicemailState.SHORT, sid, seconds


def missing(session: Session, row_id: str) -> None:
    """The carrier has no recording, and will have none: the caller hung up before the tone."""
    row = _awaited(session, row_id)
    if row is not None:
        row.state, row.next_try_at = VoicemailState.MISSING, None


def deleted(session: Session, row_id: str, now: datetime) -> None:
    """The carrier was seen to have none of the recordings any more: nothing is left to do."""
    row = _held(session, row_id)
    if row is not None and row.state in {VoicemailState.KEPT, VoicemailState.SHORT, VoicemailState.REMOVED}:
        row.deleted_at, row.next_try_at = row.deleted_at or now, None


def _awaited(session: Session, row_id: str) -> Voicemail | None:
    row = _held(session, row_id)
    return row if row is not None and row.state is VoicemailState.AWAITED else None


def _held(session: Session, row_id: str) -> Voicemail | None:
    return session.scalars(select(Voicemail).where(Voicemail.id == row_id).with_for_update(of=Voicemail)).one_or_none()
