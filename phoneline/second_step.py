"""The second step of a login: codes of an authenticator app (RFC 6238), each good once, and recovery codes."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from phoneline.crypto import lookup_hash
from phoneline.db import changed, lookup_key
from phoneline.models import Account, RecoveryCode

STEP_SECONDS = 30
LEEWAY = 1
"""So many steps may a telephone's clock be early or late."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another."""
ISSUER = "phoneline"


def step_of(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """Which step a code is of, if it is right and later than the last one that was used."""
    current, app = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    for step in range(current - LEEWAY, current + LEEWAY + 1):
        if compare_digest(app.generate_otp(step).encode(), code.encode()) and (last is None or step > last):
            return step
    return None


def offer(session: Session, account_id: str) -> None:
    """A secret for an app, which counts only once a code has shown that the app has it."""
    session.get_one(Account, account_id, with_for_update=True).totp_offered = pyotp.random_base32()


def address(account: Account) -> str:
    """What an app reads from the square."""
    secret = account.totp_offered or ""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def accept(session: Session, account_id: str, code: str, now: datetime) -> Sequence[str]:
    """The offered secret counts now; fresh recovery codes. LookupError if there was no offer or the code is wrong."""
    account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    step = None if account.totp_offered is None else step_of(account.totp_offered, _bare(code), now, None)
    if step is None:
        raise LookupError
    account.totp_secret, account.totp_step, account.totp_offered = account.totp_offered, step, None
    return new_codes(session, account_id)


def new_codes(session: Session, account_id: str) -> Sequence[str]:
    """Fresh recovery codes; earlier ones don't count any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    made = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in "12") for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account_id, code_hash=_hashed(session, account_id, _bare(code))) for code in made
    )
    session.flush()
    return made


def left(session: Session, account_id: str) -> int:
    """How many recovery codes weren't used."""
    return session.scalar(select(func.count()).select_from(RecoveryCode).filter_by(account_id=account_id)) or 0


def passes(session: Session, account_id: str, code: str, now: datetime) -> bool:
    """Whether a code of the app or a recovery code is right; it is used up by that."""
    account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    given = _bare(code)
    if account.totp_secret is None:
        return False
    step = step_of(account.totp_secret, given, now, account.totp_step)
    if step is not None:
        account.totp_step = step
        return True
    used = delete(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.code_hash == _hashed(session, account_id, given)
    )
    return changed(session, used) == 1


def take_off(session: Session, account_id: str) -> None:
    account = session.get_one(Account, account_id, with_for_update=True)
    account.totp_secret = account.totp_step = account.totp_offered = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _bare(code: str) -> str:
    return "".join(code.split()).replace("-", "").casefold()[:40]


def _hashed(session: Session, account_id: str, code: str) -> str:
    return lookup_hash(lookup_key(session), f"{account_id} {code}")
