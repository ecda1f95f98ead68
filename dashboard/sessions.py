"""The login as the browser keeps it: a random token in a signed cookie. Whose it is stands in `login_session`."""

from datetime import timedelta

from flask import Flask, request, session
from sqlalchemy import bindparam, func, select

from dashboard import access, devices
from dashboard.current import Visitor, the_line
from phoneline import login_sessions
from phoneline.crypto import token_hash
from phoneline.models import Account, LoginSession, Person, PersonRole
from phoneline.settings import Settings
from phoneline.states import AccountRole, Role

TOUCH = timedelta(minutes=1)


def configure(app: Flask, settings: Settings) -> None:
    """The cookie's rules."""
    app.secret_key = settings.secret_key
    app.config.update(
        PERMANENT_SESSION_LIFETIME=login_sessions.LONGEST,
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


def begin(account: Account, *, code_given: bool = False, wanted: str = "/") -> None:
    """Somebody has logged in. Nothing of the session before survives, its tokens neither.

    With a second step set up it waits for that, and remembers the page that was `wanted`.
    """
    waits = account.totp_secret is not None and not code_given
    session.clear()
    with the_line().database.transaction() as writing:
        held = writing.get(Account, account.id, with_for_update=True)
        if held is None or held.password_hash != account.password_hash:
            return  # the password was changed in this moment, which ended every session made with the old one
        device = devices.told(request.user_agent.string)
        token = login_sessions.begin(writing, account.id, device, the_line().now, waits_for_code=waits)
    session.permanent = True
    session["id"] = token
    if waits:
        session["next"] = wanted


def end() -> None:
    token = session.get("id")
    if isinstance(token, str):
        with the_line().database.transaction() as writing:
            login_sessions.end_token(writing, token)
    session.clear()


def resume(*, attended: bool) -> Visitor | None:
    """Who the cookie says it is, if the session still stands: not ended, and not idle for too long."""
    token = session.get("id")
    if not isinstance(token, str):
        return None
    line = the_line()
    with line.database.reading() as reading:
        found = reading.execute(_VISITOR, {"token_hash": token_hash(token)}).one_or_none()
    if found is None or not login_sessions.stands(
        found.since, found.seen_at, line.now, waits_for_code=found.waits_for_code
    ):
        session.clear()
        return None
    if attended and line.now - found.seen_at >= TOUCH:
        with line.database.transaction() as writing:
            login_sessions.touch(writing, found.session_id, found.account_id, line.now)
    return Visitor(
        found.account_id,
        found.role,
        found.person_id,
        found.peer_id,
        found.language,
        found.timezone,
        session_id=found.session_id,
        has_to=_has_to(found.role, waits=found.waits_for_code, is_set_up=found.totp_secret is not None),
    )


def _has_to(role: AccountRole, *, waits: bool, is_set_up: bool) -> str | None:
    if waits:
        return access.CODE
    required = role in access.STAFF and not the_line().settings.carrier_is_simulated
    return access.SET_UP if required and not is_set_up else None


_VISITOR = (
    select(
        LoginSession.id.label("session_id"),
        LoginSession.since,
        LoginSession.seen_at,
        LoginSession.waits_for_code,
        Account.totp_secret,
        Account.id.label("account_id"),
        Account.role,
        Account.person_id,
        PersonRole.person_id.label("peer_id"),
        Account.language,
        func.coalesce(Account.timezone, Person.timezone).label("timezone"),
    )
    .join(Account, Account.id == LoginSession.account_id)
    .join(Person, Person.id == Account.person_id, isouter=True)
    .join(PersonRole, (PersonRole.person_id == Person.id) & (PersonRole.role == Role.PEER), isouter=True)
    .where(LoginSession.token_hash == bindparam("token_hash"), Account.ended_at.is_(None))
)
