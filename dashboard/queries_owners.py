"""Whose open follow-ups are: the columns for it, the coordinators to choose from, and how one came to be theirs."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from dashboard.owner_view import Move
from phoneline.models import Account, Contact, FollowUpMove, Person, PersonRole
from phoneline.states import Role

MOST_MOVES = 10
MOST_COORDINATORS = 50

Owner = aliased(Person)
OwnerLogin = aliased(Account)

OWED: tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...] = (
    func.coalesce(Owner.name, OwnerLogin.email, type_=Person.name.type),
    Contact.due_at,
    Contact.given_at,
    Contact.overdue_since,
)
"""What an `Owed` is made of."""


def with_owner(statement: Select[Any]) -> Select[Any]:
    """A statement about contacts, joined to the coordinator or the login whose the follow-up is."""
    return statement.join(Owner, Owner.id == Contact.owner_id, isouter=True).join(
        OwnerLogin, OwnerLogin.id == Contact.owner_account_id, isouter=True
    )


def coordinators(session: Session, about: str | None = None) -> Sequence[tuple[str, str]]:
    """Id and name of each, by name; without the one whom it is `about`."""
    found: Iterable[Any] = session.execute(
        select(Person.id, Person.name)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == Role.COORDINATOR, Person.id.is_distinct_from(about))
        .order_by(Person.created_at, Person.id)
        .limit(MOST_COORDINATORS)
    )
    return sorted(((id_, name) for id_, name in found), key=lambda one: one[1].casefold())


def moves(session: Session, contact_id: str) -> Sequence[Move]:
    """The latest ones, newest first."""
    found: Iterable[Any] = session.execute(
        select(FollowUpMove.at, FollowUpMove.why, Owner.name, OwnerLogin.email, FollowUpMove.due_at, FollowUpMove.note)
        .join(Owner, Owner.id == FollowUpMove.owner_id, isouter=True)
        .join(OwnerLogin, OwnerLogin.id == FollowUpMove.account_id, isouter=True)
        .where(FollowUpMove.contact_id == contact_id)
        .order_by(FollowUpMove.at.desc(), FollowUpMove.id)
        .limit(MOST_MOVES)
    )
    return [Move(*row) for row in found]
