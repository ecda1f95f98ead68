"""Blocks, daily limits and pairs in the log of what was changed: on or off, and taken back."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import blocks, change_log, daily_limits, keeping_apart
from phoneline.change_log import By, ChangedSinceError
from phoneline.models import SettingChange
from phoneline.setting_states import SettingKind

ON, OFF = "on", "off"
DECISIONS = frozenset({SettingKind.BLOCK, SettingKind.LIMIT, SettingKind.APART})


def note(session: Session, kind: SettingKind, key: str, is_on: bool, by: By, now: datetime) -> SettingChange:  # noqa: FBT001 - which of the two it is now
    """Write down that it holds from now on, or no longer."""
    return change_log.note(session, kind, key, (OFF, ON) if is_on else (ON, OFF), by, now)


def undo(session: Session, made: SettingChange, by: By, now: datetime) -> None:
    """The other way round. ChangedSinceError if that was done already, or something else was decided since."""
    turned = _off(session, made, now) if made.new == ON else _on(session, made, now)
    if not turned:
        raise ChangedSinceError(made.old)
    note(session, made.kind, made.key, made.new != ON, by, now)


def _off(session: Session, made: SettingChange, now: datetime) -> bool:
    match made.kind:
        case SettingKind.BLOCK:
            return blocks.lift(session, made.key, now)
        case SettingKind.LIMIT:
            return daily_limits.end(session, made.key, now)
        case _:
            return keeping_apart.lift(session, made.key, now)


def _on(session: Session, made: SettingChange, now: datetime) -> bool:
    match made.kind:
        case SettingKind.BLOCK:
            return blocks.put_back(session, made.key, now)
        case SettingKind.LIMIT:
            return daily_limits.resume(session, made.key)
        case _:
            return keeping_apart.put_back(session, made.key)
