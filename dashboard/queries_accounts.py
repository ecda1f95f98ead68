"""What the pages of logins read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline import login_sessions, logins
from phoneline.models import Account, AccountChange, LoginLink, LoginSession, Person, PersonRole

MOST_CHANGES = 50


@dataclass(frozen=True)
class LoginRow:
    account: Account
    person: Person | None
    sessions: int
    link_until: datetime | None
    changes: Sequence[tuple[AccountChange, str | None]] = ()
    """With the address of who changed it."""


def every(session: Session, now: datetime) -> Sequence[LoginRow]:
    """All logins: those that stand by address, then those that ended."""
    found = session.execute(
        select(Account, Person, LoginLink.expires_at)
        .join(Person, Person.id == Account.person_id, isouter=True)
        .join(LoginLink, LoginLink.account_id == Account.id, isouter=True)
    ).all()
    stands = (LoginSession.seen_at > now - login_sessions.IDLE, LoginSession.since > now - login_sessions.LONGEST)
    each = select(LoginSession.account_id, func.count()).where(*stands).group_by(LoginSession.account_id)
    counts = {row[0]: int(row[1]) for row in session.execute(each)}
    rows = [LoginRow(one, person, counts.get(one.id, 0), until) for one, person, until in found]
    return sorted(rows, key=lambda row: (row.account.ended_at is not None, row.account.email))


def of(session: Session, account: Account, now: datetime) -> LoginRow:
    changes = session.execute(
        select(AccountChange, Account.email)
        .join(Account, Account.id == AccountChange.by_account_id, isouter=True)
        .where(AccountChange.account_id == account.id)
        .order_by(AccountChange.at.desc(), AccountChange.id)
        .limit(MOST_CHANGES)
    ).all()
    return LoginRow(
        account,
        session.get(Person, account.person_id) if account.person_id else None,
        len(login_sessions.of_account(session, account.id, now)),
        session.scalars(select(LoginLink.expires_at).filter_by(account_id=account.id)).one_or_none(),
        [(row[0], row[1]) for row in changes],
    )


def without_login(session: Session) -> Sequence[tuple[str, str]]:
    """Those of the team who have none, by name."""
    found = session.execute(
        select(Person.id, Person.name).where(
            Person.id.in_(select(PersonRole.person_id).where(PersonRole.role.in_(logins.TEAM))),
            Person.id.not_in(select(Account.person_id).where(Account.person_id.is_not(None))),
        )
    )
    return sorted(((one.id, one.name) for one in found), key=lambda one: one[1].casefold())
