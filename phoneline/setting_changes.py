"""Live settings changed and written down: by whom, from what to what, why; and taken back.

Whoever changes a setting says what they saw. Where it is something else by then, nothing is changed: the later one
looks again, rather than undo unawares what the earlier one did.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import due_checkins, live_settings, locks
from phoneline.live_settings import parse, shown
from phoneline.models import LiveSetting, SettingChange
from phoneline.setting_states import ChangeSource, SettingKind

JUDGED_ANEW = frozenset({"quiet_weekday", "quiet_weekend", "checkin_grace_seconds"})
"""Live settings that decide about check-ins which are waiting already."""


@dataclass(frozen=True)
class By:
    """Who changes something, and why: a login on a page, somebody at the command line, a volunteer by telephone."""

    account_id: str | None = None
    source: ChangeSource = ChangeSource.PAGE
    person_id: str | None = None
    reason: str | None = None
    undoes_id: str | None = None
    """The change that is taken back by it."""


COMMAND_LINE = By(source=ChangeSource.COMMAND)


class ChangedSinceError(Exception):
    """It is something else by now; `now_is` is what."""

    def __init__(self, now_is: str | None) -> None:
        super().__init__("changed since")
        self.now_is = now_is


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


def note(
    session: Session,
    kind: SettingKind,
    key: str,
    values: tuple[str | None, str | None],
    by: By,
    now: datetime,
    *,
    language: str | None = None,
) -> SettingChange:
    """Write down what was changed, from what and to what."""
    made = SettingChange(
        at=now,
        kind=kind,
        key=key,
        language=language,
        old=values[0],
        new=values[1],
        reason=by.reason or None,
        source=by.source,
        account_id=by.account_id,
        person_id=by.person_id,
        undoes_id=by.undoes_id,
    )
    session.add(made)
    session.flush()
    return made


def last(session: Session, kind: SettingKind, key: str, language: str | None = None) -> SettingChange | None:
    """The latest change of one thing."""
    found = select(SettingChange).where(SettingChange.kind == kind, SettingChange.key == key)
    if language is not None:
        found = found.where(SettingChange.language == language)
    return session.scalars(found.order_by(SettingChange.at.desc(), SettingChange.id.desc()).limit(1)).first()
