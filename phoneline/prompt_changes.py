"""What callers hear is changed and written down: the words of a prompt, or which recording stands for them.

Whoever writes other words for a prompt doesn't want to hear the old ones: a recording of them rests from then on.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import change_log, locks, recordings, rewording
from phoneline.change_log import By, ChangedSinceError
from phoneline.models import PromptRecording, SettingChange
from phoneline.setting_states import SettingKind


def reword(
    session: Session, prompt: str, language: str, text: str | None, by: By, now: datetime, *, seen: str | None
) -> SettingChange | None:
    """Other words, or with none the catalogue's. ChangedSinceError if those in use aren't the ones `seen` any more."""
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    was = rewording.current(session, prompt, language)
    if was == text:
        return None
    if was != seen:
        raise ChangedSinceError(was)
    rewording.put(session, prompt, language, text, by.account_id, now)
    use_recording(session, prompt, language, None, by, now)
    return change_log.note(session, SettingKind.WORDS, prompt, (was, text), by, now, language=language)


def record(session: Session, prompt: str, language: str, audio: bytes, by: By, now: datetime) -> PromptRecording:
    """A new recording, in use at once. NotPlayableError if it won't do."""
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    was = recordings.version_in_use(session, prompt, language)
    made = recordings.take_over(session, prompt, language, audio, by.account_id, now, by.person_id)
    _note_recording(session, (prompt, language), (was, made.version), by, now)
    return made


def use_recording(session: Session, prompt: str, language: str, version: int | None, by: By, now: datetime) -> bool:
    """An older recording again, or with none the words. False if there is no such version."""
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    was = recordings.version_in_use(session, prompt, language)
    if was == version:
        return True
    if not recordings.use(session, prompt, language, version):
        return False
    _note_recording(session, (prompt, language), (was, version), by, now)
    return True


def _note_recording(
    session: Session, key: tuple[str, str], versions: tuple[int | None, int | None], by: By, now: datetime
) -> None:
    was, is_now = (None if one is None else str(one) for one in versions)
    change_log.note(session, SettingKind.RECORDING, key[0], (was, is_now), by, now, language=key[1])


def undo(session: Session, made: SettingChange, by: By, now: datetime) -> bool:
    """What it was before. ChangedSinceError if it isn't what that change made of it any more."""
    prompt, language, again = made.key, made.language or "", replace(by, undoes_id=made.id)
    if made.kind is SettingKind.WORDS:
        return reword(session, prompt, language, made.old, again, now, seen=made.new) is not None
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    was = recordings.version_in_use(session, prompt, language)
    old, new = (None if one is None else int(one) for one in (made.old, made.new))
    if was not in {old, new}:
        raise ChangedSinceError(None if was is None else str(was))
    return was != old and use_recording(session, prompt, language, old, again, now)
