"""Whose a login is: a volunteer's or coordinator's, so that they see and shape their own shifts."""

from collections.abc import Sequence

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from phoneline.accounts import AccountError
from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import Account, Person, PersonRole, PhoneNumber
from phoneline.states import Role

TEAM = (Role.VOLUNTEER, Role.COORDINATOR)


def tie(session: Session, account_id: str | None, person_id: str) -> None:
    """This login is theirs from now on, and no other is; None: none is.

    LookupError if there is no such login, if it is another's, or if they are neither volunteer nor coordinator.
    """
    held = select(Person.id).where(Person.id == person_id, Person.id.in_(_team()))
    if session.scalars(held.with_for_update(key_share=True)).one_or_none() is None:
        raise LookupError
    session.execute(update(Account).where(Account.person_id == person_id).values(person_id=None))
    if account_id is not None:
        account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
        if account is None or account.person_id not in {None, person_id}:
            raise LookupError
        account.person_id = person_id
    session.flush()


def to_choose(session: Session, person_id: str) -> Sequence[Account]:
    """The logins that are nobody's, and theirs; by address."""
    theirs = Account.person_id == person_id
    free_or_theirs = select(Account).where(theirs | Account.person_id.is_(None), theirs | Account.ended_at.is_(None))
    found = session.scalars(free_or_theirs)
    return sorted(found, key=lambda one: one.email)


def tie_by_number(session: Session, account: Account, number: str) -> None:
    """It is the login of the volunteer or coordinator with this number. AccountError if that is no one person."""
    hashed = lookup_hash(lookup_key(session), number.strip())
    found = select(PhoneNumber.person_id).where(PhoneNumber.number_hash == hashed, PhoneNumber.person_id.in_(_team()))
    ids = sorted(set(session.scalars(found)))
    if len(ids) != 1:
        raise AccountError("no one volunteer or coordinator has this number; write it like +14165550101")
    if session.scalars(select(Account.id).where(Account.person_id == ids[0])).first() is not None:
        raise AccountError("they have a login already; their page under People ties another one to them")
    tie(session, account.id, ids[0])


def _team() -> Select[str]:
    return select(PersonRole.person_id).where(PersonRole.role.in_(TEAM))
