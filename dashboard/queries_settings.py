"""What was changed about the line, with logins and names for ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from dashboard.own_record import not_own
from dashboard.tongue import gettext as _
from phoneline.decision_changes import DECISIONS
from phoneline.models import Account, ApartDecision, Block, DailyLimit, Person, SettingChange
from phoneline.setting_states import SettingKind

MOST = 50

ByTelephone = aliased(Person)
One, Other = aliased(Person), aliased(Person)


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


def names(session: Session, made: Sequence[SettingChange]) -> Mapping[str, str]:
    """Whom blocks, limits and pairs are about, by their ids. Nobody's who is gone, nor whoever is looking."""
    kinds = {kind: [one.key for one in made if one.kind is kind] for kind in DECISIONS}
    found = dict[str, str]()
    if ids := kinds[SettingKind.BLOCK]:
        blocked = select(Block.id, Person.name, Block.number).join(Person, Person.id == Block.person_id, isouter=True)
        rows: Any = session.execute(blocked.where(Block.id.in_(ids), not_own(Block.person_id)))
        found |= {key: name or _ends_in(number) for key, name, number in rows}
    if ids := kinds[SettingKind.LIMIT]:
        limited = select(DailyLimit.id, Person.name).join(Person, Person.id == DailyLimit.person_id)
        rows = session.execute(limited.where(DailyLimit.id.in_(ids), not_own(DailyLimit.person_id)))
        found |= dict(rows.all())  # its `keys` are columns
    if ids := kinds[SettingKind.APART]:
        pairs = select(ApartDecision.id, One.name, Other.name).join(One, One.id == ApartDecision.person_id)
        pairs = pairs.join(Other, Other.id == ApartDecision.other_id).where(ApartDecision.id.in_(ids))
        rows = session.execute(pairs.where(not_own(ApartDecision.person_id), not_own(ApartDecision.other_id)))
        found |= {key: f"{one}, {other}" for key, one, other in rows}
    return found


def _ends_in(number: str | None) -> str:
    return _("A number that ends in %(digits)s", digits=number[-2:]) if number else _("A number")


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
