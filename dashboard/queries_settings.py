"""What was changed about the line, with logins and names for ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from phoneline.models import Account, Person, SettingChange
from phoneline.setting_states import SettingKind

MOST = 50

ByTelephone = aliased(Person)


@dataclass(frozen=True)
class ChangeRow:
    """One change; `email` and `person` say by whom, where that is known."""

    change: SettingChange
    email: str | None
    person: str | None


def changes(session: Session, before: datetime | None = None, *, which: str | None = None) -> Sequence[ChangeRow]:
    """The newest first, one more than a page shows; or the one with this id."""
    found = (
        select(SettingChange, Account.email, ByTelephone.name)
        .join(Account, Account.id == SettingChange.account_id, isouter=True)
        .join(ByTelephone, ByTelephone.id == SettingChange.person_id, isouter=True)
        .order_by(SettingChange.at.desc(), SettingChange.id.desc())
        .limit(MOST + 1)
    )
    if before is not None:
        found = found.where(SettingChange.at < before)
    if which is not None:
        found = found.where(SettingChange.id == which)
    rows: Iterable[Any] = session.execute(found)
    return [ChangeRow(*row) for row in rows]


def last_of(session: Session, key: str) -> ChangeRow | None:
    """Who changed a live setting last."""
    found: Iterable[Any] = session.execute(
        select(SettingChange, Account.email, ByTelephone.name)
        .join(Account, Account.id == SettingChange.account_id, isouter=True)
        .join(ByTelephone, ByTelephone.id == SettingChange.person_id, isouter=True)
        .where(SettingChange.kind == SettingKind.SETTING, SettingChange.key == key)
        .order_by(SettingChange.at.desc(), SettingChange.id.desc())
        .limit(1)
    )
    return next((ChangeRow(*row) for row in found), None)
