"""The login as the browser keeps it: a signed cookie that says who it is, proven against the account each time."""

import hashlib
import secrets
from datetime import timedelta

from flask import Flask, session
from sqlalchemy import func, select

from dashboard.current import Visitor, the_line
from phoneline.models import Account, Person, PersonRole
from phoneline.settings import Settings
from phoneline.states import Role

IDLE = timedelta(hours=12)
TOUCH_SECONDS = 60


def configure(app: Flask, settings: Settings) -> None:
    """The cookie's rules."""
    app.secret_key = settings.secret_key
    app.config.update(
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_NAME="phoneline",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https:"),
        SESSION_REFRESH_EACH_REQUEST=False,
        # The guard checks, see `forgery`.
        WTF_CSRF_CHECK_DEFAULT=False,
        # It would look at the referrer, which our pages never send; the token stands by itself.
        WTF_CSRF_SSL_STRICT=False,
        # A token lives as long as its session: a page left open over lunch still works.
        WTF_CSRF_TIME_LIMIT=None,
    )


def begin(account: Account) -> None:
    """Somebody has logged in. Nothing of the session before survives, its tokens neither."""
    session.clear()
    session.permanent = True
    session["id"] = secrets.token_urlsafe(12)
    session["account"] = account.id
    session["proof"] = _proof(account.password_hash)
    session["seen"] = int(the_line().now.timestamp())


def end() -> None:
    session.clear()


def resume(*, attended: bool) -> Visitor | None:
    """Who the cookie says it is, if the account still stands with the same password and wasn't idle for too long."""
    account_id, seen = session.get("account"), session.get("seen")
    if not isinstance(account_id, str) or not isinstance(seen, int):
        return None
    idle = int(the_line().now.timestamp()) - seen
    visitor = _visitor(account_id) if idle < IDLE.total_seconds() else None
    if visitor is None:
        session.clear()
    elif attended and idle >= TOUCH_SECONDS:
        session["seen"] = seen + idle
    return visitor


def _visitor(account_id: str) -> Visitor | None:
    with the_line().database.reading() as reading:
        found = reading.execute(
            select(
                Account.role,
                Account.password_hash,
                Account.person_id,
                PersonRole.person_id.label("peer_id"),
                Account.language,
                func.coalesce(Account.timezone, Person.timezone).label("timezone"),
            )
            .join(Person, Person.id == Account.person_id, isouter=True)
            .join(PersonRole, (PersonRole.person_id == Person.id) & (PersonRole.role == Role.PEER), isouter=True)
            .where(Account.id == account_id)
        ).one_or_none()
    if found is None or not secrets.compare_digest(_proof(found.password_hash), session.get("proof", "")):
        return None
    return Visitor(account_id, found.role, found.person_id, found.peer_id, found.language, found.timezone)


def _proof(password_hash: str) -> str:
    """Changes with the password, so that a new password ends every login made with the old one."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:24]
