"""Who is logged in where. A browser keeps a random token; here stands only its hash."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from phoneline.crypto import token_hash
from phoneline.db import changed
from phoneline.models import Account, LoginSession

IDLE = timedelta(hours=12)
"""A coordinator's day on the line: shorter, and somebody would be typing passwords while a caller waits."""
CODE_WITHIN = timedelta(minutes=10)
"""So long a session waits for the second step."""
LONGEST = timedelta(days=7)
"""However busy it was: then one logs in anew."""


def begin(session: Session, account_id: str, device: str, now: datetime, *, waits_for_code: bool = False) -> str:
    """A new one; its token. What is over of the same login is cleared away."""
    over = (LoginSession.seen_at <= now - IDLE) | (LoginSession.since <= now - LONGEST)
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id, over))
    token = secrets.token_urlsafe(24)
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account_id,
            since=now,
            seen_at=now,
            device=device[:80],
            waits_for_code=waits_for_code,
        )
    )
    if not waits_for_code:
        session.execute(update(Account).where(Account.id == account_id).values(seen_at=now))
    session.flush()
    return token


def stands(since: datetime, seen_at: datetime, now: datetime, *, waits_for_code: bool = False) -> bool:
    return now - seen_at < IDLE and now - since < (CODE_WITHIN if waits_for_code else LONGEST)


def touch(session: Session, session_id: str, account_id: str, now: datetime) -> None:
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))
    session.execute(update(Account).where(Account.id == account_id).values(seen_at=now))


def of_account(session: Session, account_id: str, now: datetime) -> Sequence[LoginSession]:
    """Those that stand, the last seen first."""
    found = session.scalars(
        select(LoginSession)
        .filter_by(account_id=account_id, waits_for_code=False)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id)
    )
    return [one for one in found if stands(one.since, one.seen_at, now)]


def end(session: Session, account_id: str, session_id: str) -> bool:
    """False if this login has no such session."""
    found = delete(LoginSession).where(LoginSession.id == session_id, LoginSession.account_id == account_id)
    return changed(session, found) == 1


def end_token(session: Session, token: str) -> None:
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_hash(token)))


def end_all(session: Session, account_id: str, but: str = "") -> None:
    """All sessions of a login, save the one with this id."""
    session.execute(delete(LoginSession).where(LoginSession.account_id == account_id, LoginSession.id != but))
