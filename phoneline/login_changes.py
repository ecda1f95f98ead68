"""Logins are invited, changed, ended and brought back by an admin. There is always one admin who can log in."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from phoneline import accounts, login_sessions, logins, second_step
from phoneline.crypto import token_hash
from phoneline.login_states import LoginChange
from phoneline.models import Account, AccountChange, LoginLink
from phoneline.states import AccountRole

LINK_LASTS = timedelta(days=3)
NEW_ROLE = {
    AccountRole.ADMIN: LoginChange.MADE_ADMIN,
    AccountRole.COORDINATOR: LoginChange.MADE_COORDINATOR,
    AccountRole.VOLUNTEER: LoginChange.MADE_VOLUNTEER,
}


class LastAdminError(ValueError):
    """Without this login there would be no admin who can log in."""


def invite(
    session: Session, email: str, role: AccountRole, person_id: str | None, by: str, now: datetime
) -> tuple[Account, str]:
    """A login that gets its password by the link whose token comes back.

    AccountError if the address won't do or has a login; LookupError if the person has one or isn't of the team.
    """
    account = accounts.create(session, email, role, secrets.token_urlsafe(32), now)
    account.invited_at = now
    if person_id is not None:
        if session.scalars(select(Account.id).filter_by(person_id=person_id)).first() is not None:
            raise LookupError
        logins.tie(session, account.id, person_id)
    token = _new_link(session, account.id, now)
    _note(session, account.id, by, LoginChange.INVITED, now)
    return account, token


def new_link(session: Session, account_id: str, by: str, now: datetime) -> str:
    """The token of a link that sets this login's password; an earlier one stops working. LookupError if it ended."""
    account = _held(session, account_id)
    if account.ended_at is not None:
        raise LookupError
    token = _new_link(session, account_id, now)
    _note(session, account_id, by, LoginChange.LINK_MADE, now)
    return token


def of_link(session: Session, token: str, now: datetime) -> Account | None:
    """Whose password this link sets; None if it is unknown, used, withdrawn or too old."""
    return session.scalars(
        select(Account)
        .join(LoginLink, LoginLink.account_id == Account.id)
        .where(
            LoginLink.token_hash == token_hash(token),
            LoginLink.expires_at > now,
            Account.ended_at.is_(None),
        )
    ).one_or_none()


def use_link(session: Session, token: str, password_hash: str, now: datetime) -> Account:
    """The password is set, the link is used up, and who was logged in is out. LookupError if the link doesn't stand."""
    used = select(LoginLink).where(LoginLink.token_hash == token_hash(token), LoginLink.expires_at > now)
    link = session.scalars(used.with_for_update()).one_or_none()
    if link is None:
        raise LookupError
    account = _held(session, link.account_id)
    if account.ended_at is not None:
        raise LookupError
    session.delete(link)
    account.password_hash = password_hash
    account.invited_at = None
    login_sessions.end_all(session, account.id)
    session.flush()
    return account


def withdraw(session: Session, account_id: str) -> None:
    """Nobody has joined by this invitation, so nothing of it stays. LookupError if somebody has."""
    account = _held(session, account_id)
    if account.invited_at is None:
        raise LookupError
    session.delete(account)
    session.flush()


def change_role(session: Session, account_id: str, role: AccountRole, by: str, now: datetime) -> None:
    account = _held(session, account_id)
    if account.role is role:
        return
    if role is not AccountRole.ADMIN:
        _another_admin_than(session, account)
    account.role = role
    _note(session, account_id, by, NEW_ROLE[role], now)


def end(session: Session, account_id: str, reason: str, by: str, now: datetime) -> None:
    """Nobody logs in with it, and who is logged in is out."""
    account = _held(session, account_id)
    if account.ended_at is not None:
        return
    _another_admin_than(session, account)
    account.ended_at = now
    session.execute(delete(LoginLink).where(LoginLink.account_id == account_id))
    login_sessions.end_all(session, account_id)
    _note(session, account_id, by, LoginChange.ENDED, now, reason)


def take_second_step_off(session: Session, account_id: str, reason: str, by: str, now: datetime) -> None:
    """Who has lost it logs in with the password alone, and sets another up."""
    account = _held(session, account_id)
    second_step.take_off(session, account.id)
    login_sessions.end_all(session, account_id)
    _note(session, account_id, by, LoginChange.FACTORS_RESET, now, reason)


def bring_back(session: Session, account_id: str, by: str, now: datetime) -> None:
    account = _held(session, account_id)
    if account.ended_at is not None:
        account.ended_at = None
        _note(session, account_id, by, LoginChange.BROUGHT_BACK, now)


def _held(session: Session, account_id: str) -> Account:
    """The login, its row held; all admins' rows before it, always in the same order."""
    session.scalars(select(Account.id).filter_by(role=AccountRole.ADMIN).order_by(Account.id).with_for_update()).all()
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise LookupError
    return account


def _another_admin_than(session: Session, account: Account) -> None:
    others = select(Account.id).where(
        Account.role == AccountRole.ADMIN,
        Account.id != account.id,
        Account.ended_at.is_(None),
        Account.invited_at.is_(None),
    )
    if account.role is AccountRole.ADMIN and session.scalars(others.limit(1)).first() is None:
        raise LastAdminError


def _new_link(session: Session, account_id: str, now: datetime) -> str:
    token = secrets.token_urlsafe(24)
    session.execute(delete(LoginLink).where(LoginLink.account_id == account_id))
    session.add(LoginLink(token_hash=token_hash(token), account_id=account_id, expires_at=now + LINK_LASTS))
    session.flush()
    return token


def _note(session: Session, account_id: str, by: str, what: LoginChange, now: datetime, reason: str = "") -> None:
    session.add(AccountChange(at=now, account_id=account_id, by_account_id=by, what=what, reason=reason))
