"""Volunteers' PINs, kept only as argon2 hashes."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hashed(pin: str) -> str:
    return _hasher.hash(pin)


def matches(pin_hash: str | None, pin: str) -> bool:
    """Whether that is the PIN. Somebody without one is never let in."""
    if pin_hash is None:
        return False
    try:
        return _hasher.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def proves(pin_hash: str | None, pin: str) -> bool:
    """As `matches`, taking as long for somebody without a PIN. Slow on purpose: hold no row and no connection."""
    nobodys = _nobodys_hash()
    return matches(pin_hash or nobodys, pin) and pin_hash is not None


@cache
def _nobodys_hash() -> str:
    return hashed("nobody's PIN")
