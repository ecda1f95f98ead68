"""Logins in words. Pure: what was read is an argument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.queries_accounts import LoginRow
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.login_states import LoginChange
from phoneline.states import AccountRole

ROLES: Mapping[AccountRole, str] = Phrases(
    {
        AccountRole.ADMIN: N_("Admin"),
        AccountRole.COORDINATOR: N_("Coordinator"),
        AccountRole.VOLUNTEER: N_("Volunteer"),
    }
)
MAY: Mapping[AccountRole, str] = Phrases(
    {
        AccountRole.VOLUNTEER: N_("Volunteer: their own pages, the roster, who is on shift"),
        AccountRole.COORDINATOR: N_("Coordinator: everything about callers, check-ins and the roster"),
        AccountRole.ADMIN: N_("Admin: as a coordinator, and logins and erasing besides"),
    }
)
CHANGES: Mapping[LoginChange, str] = Phrases(
    {
        LoginChange.INVITED: N_("Invited"),
        LoginChange.LINK_MADE: N_("A link for a new password was made"),
        LoginChange.MADE_ADMIN: N_("Became an admin"),
        LoginChange.MADE_COORDINATOR: N_("Became a coordinator"),
        LoginChange.MADE_VOLUNTEER: N_("Became a volunteer"),
        LoginChange.ENDED: N_("Ended"),
        LoginChange.BROUGHT_BACK: N_("Brought back"),
        LoginChange.FACTORS_RESET: N_("The second step was taken off"),
    }
)


@dataclass(frozen=True)
class LoginLine:
    id: str
    email: str
    role: str
    whose: str
    state: str
    tone: str


@dataclass(frozen=True)
class LoginsPage:
    answer: str
    lines: Sequence[LoginLine]


@dataclass(frozen=True)
class LoginPage:
    line: LoginLine
    role: AccountRole
    person_id: str | None
    invited: bool
    ended: bool
    second_step: bool
    changes: Sequence[tuple[str, str, str]]
    """What, when and by whom, why."""


def build(rows: Sequence[LoginRow], at: Moment) -> LoginsPage:
    standing = [row for row in rows if row.account.ended_at is None]
    return LoginsPage(
        ngettext(
            "%(number)s login opens these pages.",
            "%(number)s logins open these pages.",
            len(standing),
            number=words.number(len(standing)).capitalize(),
        ),
        [_line(row, at) for row in rows],
    )


def one(row: LoginRow, at: Moment) -> LoginPage:
    account = row.account
    return LoginPage(
        _line(row, at),
        account.role,
        account.person_id,
        invited=account.invited_at is not None,
        ended=account.ended_at is not None,
        second_step=account.totp_secret is not None,
        changes=[
            (
                CHANGES[change.what],
                _("%(when)s by %(who)s", when=at.on(change.at), who=who) if who else at.on(change.at),
                change.reason,
            )
            for change, who in row.changes
        ],
    )


def _line(row: LoginRow, at: Moment) -> LoginLine:
    account = row.account
    tone = "soon" if account.invited_at is not None and account.ended_at is None else ""
    whose = row.person.name if row.person is not None else _("tied to nobody")
    return LoginLine(account.id, account.email, ROLES[account.role], whose, _state(row, at), tone)


def _state(row: LoginRow, at: Moment) -> str:
    account = row.account
    if account.ended_at is not None:
        return _("Ended %(when)s.", when=at.on(account.ended_at))
    if account.invited_at is not None:
        if row.link_until is None or row.link_until <= at.now:
            return _("Invited, and the link is too old by now.")
        return _("Invited; the link works until %(when)s.", when=at.moment(row.link_until))
    if account.seen_at is None:
        return _("Not seen here yet.")
    seen = _("Last here %(when)s.", when=at.on(account.seen_at))
    if account.totp_secret is None:
        seen = _("%(seen)s No second step.", seen=seen)
    if not row.sessions:
        return seen
    return ngettext(
        "%(seen)s Logged in on %(number)s device.",
        "%(seen)s Logged in on %(number)s devices.",
        row.sessions,
        seen=seen,
        number=words.number(row.sessions),
    )
