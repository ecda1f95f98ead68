"""How often a PIN may be tried. A try is claimed, and counted as wrong, before its PIN is looked at.

So of any number that are tried at the same moment no more are looked at than one after another. A right one takes the
count back. Claims wait for each other at one row; PINs are rare and a claim takes no time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from phoneline.db import insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import PinLock, PinTry

ALL = "all"
MOST_IN_AN_HOUR = 50
"""So many wrong ones in an hour, whoever's and from wherever, lock all."""
_HOUR = timedelta(hours=1)
_FORGET_TRY = timedelta(days=1)
_FORGET_LOCK = timedelta(days=30)


def keys(subject: str, caller: str | None) -> Sequence[str]:
    """What wrong PINs are counted for: whom the caller says they are, and the telephone they call from."""
    return [f"who:{subject}", *([f"from:{caller}"] if caller else [])]


def claim(session: Session, call_id: str, number: int, keys: Sequence[str], live: LiveSettings, now: datetime) -> bool:
    """Count one more try. False while one of `keys`, or all, is locked: then no PIN may be looked at.

    The same try again is allowed as it was, and not counted again.
    """
    everybody = _hold_all(session, now)
    if session.get(PinTry, (call_id, number)) is not None:
        return True
    locks = [session.get(PinLock, key) or _new(session, key, now) for key in keys]
    if any(lock.until is not None and lock.until > now for lock in (everybody, *locks)):
        return False
    session.add(PinTry(call_id=call_id, number=number, at=now))
    until = now + timedelta(seconds=live.pin_lock_seconds)
    for lock in locks:
        # Once a lock is over the count begins anew.
        lock.wrong = 1 if lock.until is not None else lock.wrong + 1
        lock.until = until if lock.wrong >= live.pin_tries else None
        lock.changed_at = now
    since = now - _HOUR if everybody.until is None else max(now - _HOUR, everybody.until)
    if _wrong_since(session, since) >= MOST_IN_AN_HOUR:
        everybody.until, everybody.changed_at = until, now
    _forget(session, now)
    return True


def was_right(session: Session, call_id: str, number: int, keys: Sequence[str], now: datetime) -> None:
    """The PIN of a claimed try was right: nothing is held against its keys any more."""
    everybody = _hold_all(session, now)
    claimed = session.get(PinTry, (call_id, number))
    if claimed is not None:
        claimed.right = True
    if everybody.until is not None and everybody.until > now and _wrong_since(session, now - _HOUR) < MOST_IN_AN_HOUR:
        # It was this one that had locked all.
        everybody.until = None
    session.execute(delete(PinLock).where(PinLock.key.in_(keys)))


def _hold_all(session: Session, now: datetime) -> PinLock:
    insert_or_ignore(session, PinLock, key=ALL, wrong=0, until=None, changed_at=now)
    return session.scalars(
        select(PinLock).where(PinLock.key == ALL).with_for_update().execution_options(populate_existing=True)
    ).one()


def _new(session: Session, key: str, now: datetime) -> PinLock:
    made = PinLock(key=key, wrong=0, changed_at=now)
    session.add(made)
    return made


def _wrong_since(session: Session, since: datetime) -> int:
    wrong = select(func.count()).select_from(PinTry).where(PinTry.at >= since, PinTry.right.is_(False))
    return session.scalars(wrong).one()


def _forget(session: Session, now: datetime) -> None:
    session.execute(delete(PinTry).where(PinTry.at <= now - _FORGET_TRY))
    session.execute(delete(PinLock).where(PinLock.key != ALL, PinLock.changed_at <= now - _FORGET_LOCK))
