"""What was done about the roster, with the names of the team for ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from phoneline.models import Account, Person, RosterChange, Shift
from phoneline.roster_states import RosterAct
from phoneline.states import AccountRole

MOST = 50

FromWhom, ToWhom, ByWhom, Tied = aliased(Person), aliased(Person), aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Change:
    """One act. Of a login it is known whose it is, or else only what it may."""

    id: str
    at: datetime
    act: RosterAct
    starts_at: datetime | None
    ends_at: datetime | None
    starts_local: datetime | None
    rrule: str | None
    was: str | None
    """The name of whose it was."""
    now: str | None
    by: str | None
    login: AccountRole | None
    by_itself: bool
    """Whose it was did it."""
    undone_at: datetime | None


def changes(session: Session, before: datetime | None = None) -> Sequence[Change]:
    """The newest first, one more than a page shows; those from before an instant, to go on."""
    found = (
        select(RosterChange, Shift.starts_local, Shift.rrule, FromWhom.name, ToWhom.name)
        .add_columns(ByWhom.name, Tied.name, Tied.id, Account.role)
        .join(Shift, Shift.id == RosterChange.shift_id, isouter=True)
        .join(FromWhom, FromWhom.id == RosterChange.from_id, isouter=True)
        .join(ToWhom, ToWhom.id == RosterChange.to_id, isouter=True)
        .join(ByWhom, ByWhom.id == RosterChange.by_person_id, isouter=True)
        .join(Account, Account.id == RosterChange.by_account_id, isouter=True)
        .join(Tied, Tied.id == Account.person_id, isouter=True)
        .order_by(RosterChange.at.desc(), RosterChange.id.desc())
        .limit(MOST + 1)
    )
    if before is not None:
        found = found.where(RosterChange.at < before)
    return [
        Change(
            id=change.id,
            at=change.at,
            act=change.act,
            starts_at=change.starts_at,
            ends_at=change.ends_at,
            starts_local=starts_local,
            rrule=rrule,
            was=was,
            now=now,
            by=by_name or tied_name,
            login=role,
            by_itself=(change.by_person_id or tied_id or "") in {change.from_id, change.to_id},
            undone_at=change.undone_at,
        )
        for change, starts_local, rrule, was, now, by_name, tied_name, tied_id, role in session.execute(found)
    ]
