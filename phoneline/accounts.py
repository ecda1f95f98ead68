"""Dashboard logins: made with a password that is kept as an argon2 hash, found by a hash of the address."""

import re
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import login_sessions
from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import Account
from phoneline.states import AccountRole

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024
"""Longer ones are no safer, and a hash of a whole book would be work that anybody may ask for."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_LONGEST_EMAIL = 254
_hasher = PasswordHasher()


class AccountError(ValueError):
    """The account can't be made; the message says why and what to do instead."""


def create(session: Session, email: str, role: AccountRole, password: str, now: datetime) -> Account:
    """A new login. AccountError if the address is malformed or taken, or the password too short."""
    address = email.strip()
    if not _EMAIL.fullmatch(address) or not address.isprintable() or len(address) > _LONGEST_EMAIL:
        raise AccountError("that is no e-mail address; write it like name@example.org")
    _check_password(password)
    if _find(session, address) is not None:
        raise AccountError(
            "there is an account with this e-mail address already; `phoneline account password` gives it a new password"
        )
    account = Account(
        email=address,
        email_hash=_email_hash(session, address),
        role=role,
        password_hash=_hasher.hash(password),
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def change_password(session: Session, email: str, password: str) -> None:
    """Replace a login's password. AccountError if there is no such login or the password won't do."""
    _check_password(password)
    account = _find(session, email.strip())
    if account is None:
        raise AccountError("there is no account with this e-mail address; `phoneline account create` makes one")
    account.password_hash = _hasher.hash(password)
    account.invited_at = None
    login_sessions.end_all(session, account.id)


def hash_password(password: str) -> str:
    """For a login of whom it is known whose it is. AccountError if the password won't do."""
    _check_password(password)
    return _hasher.hash(password)


def is_password(account: Account, password: str) -> bool:
    return len(password) <= LONGEST_PASSWORD and _matches(account.password_hash, password)


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(
            f"the password is too short; take at least {SHORTEST_PASSWORD} characters, such as four words"
        )
    if len(password) > LONGEST_PASSWORD:
        raise AccountError(f"the password is too long; take at most {LONGEST_PASSWORD} characters")


def verify(session: Session, email: str, password: str) -> Account | None:
    """The account, if there is one and the password is right. Takes as long for an unknown address as for a known one.

    In a transaction that commits, a hash of older strength is written anew.
    """
    if len(password) > LONGEST_PASSWORD:
        return None
    unknown = _nobodys_hash()
    account = _find(session, email.strip())
    if not _matches(unknown if account is None else account.password_hash, password) or account is None:
        return None
    if account.ended_at is not None:
        return None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    return account


def _find(session: Session, email: str) -> Account | None:
    return session.scalars(select(Account).filter_by(email_hash=_email_hash(session, email))).one_or_none()


def _email_hash(session: Session, email: str) -> str:
    return lookup_hash(lookup_key(session), email.casefold())


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody's password")
