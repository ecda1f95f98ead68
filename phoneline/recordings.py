"""Recordings instead of words: taken over, put into use, taken out of use again, and which ones are in use now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from phoneline import legs, locks, wait_music, wav
from phoneline.live_settings import LANGUAGES
from phoneline.models import PromptRecording
from phoneline.prompts import catalogue, has_gaps, words_seconds
from phoneline.steps import Recorded
from phoneline.wav import NotPlayableError, Unfit

SAFE = frozenset({"safe", "safe_ringing", "safe_back", "crisis_numbers", "leg_failed"})
"""Spoken when our own side fails, so nothing may have to be fetched from it."""
LONGEST_SECONDS = 30.0
TURN_SECONDS = 7.0
"""The caller's leg comes back so often while it waits: what is played there isn't longer, unless the words are."""
A_LITTLE = 0.5
"""Before the first offer leaves, hardly a second is to spare."""
SHORT = ("greeting", "other_language_", "wait_again")
TURNS = ("wait_",)


def may_be_recorded(prompt: str) -> bool:
    """Not what has something filled in, and not what is said when our own side fails."""
    return prompt in catalogue(LANGUAGES[0]) and prompt not in SAFE and not has_gaps(prompt)


def recordable() -> Sequence[str]:
    """All prompts that a recording may stand for, in the order of the catalogue."""
    return [prompt for prompt in catalogue(LANGUAGES[0]) if may_be_recorded(prompt)]


def most_seconds(prompt: str, language: str) -> float:
    """How long a recording of the prompt may be, so that all that hangs on its length stays in time."""
    if prompt == wait_music.PROMPT:
        return wait_music.LONGEST_SECONDS
    words = words_seconds(prompt, language)
    if prompt.startswith(SHORT):
        return words + A_LITTLE
    return max(words, TURN_SECONDS) if prompt.startswith(TURNS) else max(words, LONGEST_SECONDS)


def fitting_seconds(prompt: str, language: str, audio: bytes) -> float:
    """How long it plays. NotPlayableError if it won't do for this prompt."""
    seconds = wav.seconds(audio)
    if prompt == wait_music.PROMPT and seconds < wait_music.PART_SECONDS:
        raise NotPlayableError(Unfit.SHORT, seconds, wait_music.PART_SECONDS)
    most = most_seconds(prompt, language)
    if seconds > most:
        raise NotPlayableError(Unfit.LONG, seconds, most)
    return seconds


def take_over(
    session: Session,
    prompt: str,
    language: str,
    audio: bytes,
    account_id: str | None,
    now: datetime,
    person_id: str | None = None,
) -> PromptRecording:
    """A new version, in use at once, by an account or, by telephone, a person. NotPlayableError if it won't do."""
    seconds = fitting_seconds(prompt, language, audio)
    # Two at once, by page and by telephone, would both be the next version.
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    last = select(func.max(PromptRecording.version)).filter_by(prompt=prompt, language=language)
    _out_of_use(session, prompt, language)
    made = PromptRecording(
        prompt=prompt,
        language=language,
        version=(session.scalar(last) or 0) + 1,
        token=legs.new_token(),
        seconds=seconds,
        audio=wav.plain(audio),
        made_at=now,
        account_id=account_id,
        person_id=person_id,
        in_use=True,
    )
    session.add(made)
    session.flush()
    return made


def use(session: Session, prompt: str, language: str, version: int | None) -> bool:
    """Put this version into use, or with none the words. False if there is no such version."""
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    _out_of_use(session, prompt, language)
    if version is None:
        return True
    this = select(PromptRecording).filter_by(prompt=prompt, language=language, version=version)
    found = session.scalars(this).one_or_none()
    if found is not None:
        found.in_use = True
    return found is not None


def version_in_use(session: Session, prompt: str, language: str) -> int | None:
    """None: the words are spoken."""
    this = select(PromptRecording.version).filter_by(prompt=prompt, language=language, in_use=True)
    return session.scalar(this)


def _out_of_use(session: Session, prompt: str, language: str) -> None:
    session.execute(
        update(PromptRecording)
        .where(PromptRecording.prompt == prompt, PromptRecording.language == language, PromptRecording.in_use)
        .values(in_use=False)
        .execution_options(synchronize_session="fetch")
    )


def versions(session: Session, prompt: str, language: str) -> Sequence[PromptRecording]:
    """Newest first."""
    found = select(PromptRecording).filter_by(prompt=prompt, language=language)
    return session.scalars(found.order_by(PromptRecording.version.desc())).all()


def in_use(session: Session) -> Mapping[tuple[str, str], Recorded]:
    """By prompt and language."""
    found = session.execute(
        select(PromptRecording.prompt, PromptRecording.language, PromptRecording.token, PromptRecording.seconds).where(
            PromptRecording.in_use
        )
    )
    return {
        (prompt, language): Recorded(token, seconds)
        for prompt, language, token, seconds in found
        if may_be_recorded(prompt) or (prompt, language) == wait_music.KEY
    }


def sound(session: Session, token: str) -> bytes | None:
    """The audio of an address."""
    found = session.scalars(
        select(PromptRecording).filter_by(token=token).options(undefer(PromptRecording.audio))
    ).one_or_none()
    return None if found is None else found.audio
