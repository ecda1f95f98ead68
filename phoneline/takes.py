"""Prompts spoken in by telephone: awaited, heard back, kept as a version or dropped; deleted at the carrier's.

The rows say what is to be done there; `fetching_takes` does it. Hold the call's row before the take's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import legs, prompt_changes, recordings, voicemails
from phoneline.carrier import Audio
from phoneline.change_log import By
from phoneline.db import insert_or_ignore
from phoneline.models import Call, Contact, PromptTake
from phoneline.setting_states import ChangeSource
from phoneline.states import CallState, ContactKind, TakeState
from phoneline.wav import NotPlayableError

MEDIA_TYPE = "audio/wav"
LOOK_AGAIN = timedelta(seconds=2)
"""Somebody waits on the telephone to hear it back."""
UNTOLD = timedelta(minutes=2)
"""So long after the tone the clock looks for a recording that the carrier never told of."""
STILL_ON = timedelta(minutes=5)
"""So often we look whether the call has ended: then nothing of it may be left at the carrier's, nor an audio here."""
MOST_LOOKS = 6
"""So often we look for a recording that the carrier never told of, once nobody waits for it: for some eight minutes."""
MOST = 20
UNDECIDED = frozenset({TakeState.AWAITED, TakeState.HERE, TakeState.UNFIT})

log = structlog.get_logger()


# On the telephone


def next_number(session: Session, call: Call) -> int:
    return (session.scalar(select(func.max(PromptTake.number)).where(PromptTake.call_id == call.id)) or 0) + 1


def begin(
    session: Session, call: Call, number: int, person_id: str, prompt: str, language: str, now: datetime
) -> PromptTake:
    """The take of that number, which is about to be recorded; the same one however often it is asked."""
    about = {"call_id": call.id, "person_id": person_id, "prompt": prompt, "language": language}
    fresh = {"token": legs.new_token(), "state": TakeState.AWAITED, "next_try_at": now + UNTOLD}
    insert_or_ignore(session, PromptTake, number=number, **about, **fresh)
    return session.scalars(select(PromptTake).filter_by(call_id=call.id, number=number)).one()


def held(session: Session, call: Call, take_id: str) -> PromptTake | None:
    """A take of this call."""
    rows = select(PromptTake).where(PromptTake.id == take_id, PromptTake.call_id == call.id)
    return session.scalars(rows.with_for_update(of=PromptTake).execution_options(populate_existing=True)).one_or_none()


def told(take: PromptTake, sid: str, now: datetime) -> None:
    """The carrier names the recording, once or again, in whatever order; or the recorder has ended without a name."""
    if take.state is TakeState.AWAITED or take.recording_sid not in {sid, None}:
        take.recording_sid = take.recording_sid or sid or None
        take.next_try_at = now


def keep(session: Session, take: PromptTake, now: datetime) -> bool:
    """It is a version of the prompt, in use at once, as if it had been uploaded. False if it isn't here to be kept."""
    if take.state is TakeState.KEPT:
        return True
    audio = session.scalar(select(PromptTake.audio).where(PromptTake.id == take.id))
    if take.state is not TakeState.HERE or audio is None:
        return False
    try:
        by = By(source=ChangeSource.TELEPHONE, person_id=take.person_id)
        made = prompt_changes.record(session, take.prompt, take.language, audio, by, now)
    except NotPlayableError:
        return False
    log.info(
        "prompt_recorded",
        person_id=take.person_id,
        prompt=take.prompt,
        language=take.language,
        version=made.version,
    )
    _decided(take, TakeState.KEPT)
    return True


def drop(take: PromptTake) -> None:
    """Nobody wants it: all stays as it was."""
    if take.state in UNDECIDED:
        _decided(take, TakeState.DROPPED)


def _decided(take: PromptTake, state: TakeState) -> None:
    # Whatever the carrier has of it is looked for anew, as long as if nobody had looked before.
    take.state, take.audio, take.tries = state, None, 0


def audio(session: Session, token: str) -> Audio | None:
    """What an address leads to, while it is to be heard back."""
    if "\0" in token:
        return None  # PostgreSQL takes none even to look for it
    found = session.scalar(select(PromptTake.audio).where(PromptTake.token == token))
    return Audio(found, MEDIA_TYPE) if found is not None else None


# What the clock does about it


@dataclass(frozen=True)
class Task:
    """A take with something left to do at the carrier's."""

    id: str
    wanted: bool
    """Somebody waits to hear it back."""
    tries: int
    call_sid: str | None
    sid: str | None
    """What we were told."""
    other_sids: frozenset[str]
    """Other recordings of the call, as far as we know."""
    over: bool
    """The call has ended."""
    leaves_message: bool
    """Of what the carrier recorded, something is a caller's message, which is seen to elsewhere."""


def anything_due(session: Session, now: datetime) -> bool:
    return session.scalars(select(PromptTake.id).where(PromptTake.next_try_at <= now).limit(1)).first() is not None


def claim(session: Session, now: datetime) -> Sequence[Task]:
    """What is due, put off for its next pause: whoever dies over it leaves it to the next try."""
    rows = session.scalars(
        select(PromptTake)
        .where(PromptTake.next_try_at <= now)
        .order_by(PromptTake.next_try_at)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=PromptTake)
    ).all()
    return [task for task in (_task(session, row, now) for row in rows) if task is not None]


def _task(session: Session, row: PromptTake, now: datetime) -> Task | None:
    over = row.call.state is CallState.ENDED
    if over:
        drop(row)
    if row.deleted_at is not None and not over:
        row.next_try_at = now + STILL_ON
        return None
    row.tries += 1
    wanted = row.state is TakeState.AWAITED
    row.next_try_at = now + (LOOK_AGAIN if wanted else voicemails.pause(row.tries))
    others = session.scalars(
        select(PromptTake.recording_sid).where(PromptTake.call_id == row.call_id, PromptTake.id != row.id)
    )
    message = select(Contact.id).where(Contact.call_id == row.call_id, Contact.kind == ContactKind.VOICEMAIL)
    return Task(
        id=row.id,
        wanted=wanted,
        tries=row.tries,
        call_sid=row.call.carrier_sid,
        sid=row.recording_sid,
        other_sids=frozenset(sid for sid in (*others, row.call.recording_sid) if sid),
        over=over,
        leaves_message=session.scalars(message).first() is not None,
    )


def arrived(session: Session, take_id: str, sid: str, sound: Audio | None) -> None:
    """The recording is here; with none the carrier says that there was nothing to record."""
    take = _row(session, take_id)
    if take is None or take.state is not TakeState.AWAITED:
        return
    take.recording_sid = take.recording_sid or sid
    try:
        recordings.fitting_seconds(take.prompt, take.language, sound.data if sound else b"")
    except NotPlayableError:
        take.state = TakeState.UNFIT
    else:
        take.state, take.audio = TakeState.HERE, sound.data if sound else None


def deleted(session: Session, task: Task, now: datetime) -> None:
    """The carrier was seen not to have it any more. After the call's end nothing is left to do."""
    take = _row(session, task.id)
    if take is not None:
        take.deleted_at = take.deleted_at or now
        take.next_try_at = None if task.over else now + STILL_ON


def _row(session: Session, take_id: str) -> PromptTake | None:
    rows = select(PromptTake).where(PromptTake.id == take_id).with_for_update(of=PromptTake)
    return session.scalars(rows).one_or_none()
