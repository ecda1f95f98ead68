"""Live settings changed and written down: by whom, from what to what, why; and taken back.

Whoever changes a setting says what they saw. Where it is something else by then, nothing is changed: the later one
looks again, rather than undo unawares what the earlier one did.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import due_checkins, live_settings, locks
from phoneline.change_log import By, ChangedSinceError, note
from phoneline.live_settings import parse, shown
from phoneline.models import LiveSetting, SettingChange
from phoneline.setting_states import SettingKind

JUDGED_ANEW = frozenset({"quiet_weekday", "quiet_weekend", "checkin_grace_seconds"})
"""Live settings that decide about check-ins which are waiting already."""


def change(
    session: Session,
    key: str,
    text: str,
    by: By,
    now: datetime,
    *,
    seen: str | None = None,
) -> SettingChange | None:
    """Change one live setting, and write it down; None if it was just that already.

    LiveSettingError if the value won't do; ChangedSinceError if it isn't what was `seen` any more.
    """
    value = shown(parse(key, text))
    # Two at once would both believe to come after what they saw.
    locks.hold_in_turn(session.connection(), locks.SETTING)
    current = current_value(session, key)
    if current == value:
        return None
    if seen is not None and seen != current:
        raise ChangedSinceError(current)
    live_settings.write(session, key, value, now)
    if key in JUDGED_ANEW:
        due_checkins.look_again(session)
    return note(session, SettingKind.SETTING, key, (current, value), by, now)


def current_value(session: Session, key: str) -> str:
    """As it is in the database now."""
    found = session.scalar(select(LiveSetting.value).where(LiveSetting.key == key))
    return shown(getattr(live_settings.LiveSettings(), key)) if found is None else shown(parse(key, found))


def undo(session: Session, made: SettingChange, by: By, now: datetime) -> SettingChange | None:
    """What it was before. ChangedSinceError if it isn't what that change made of it any more."""
    if made.old is None:
        return None
    return change(session, made.key, made.old, replace(by, undoes_id=made.id), now, seen=made.new)
