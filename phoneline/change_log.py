"""The log of what was changed about the line: who, when, what, from what to what, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline.models import SettingChange
from phoneline.setting_states import ChangeSource, SettingKind


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
