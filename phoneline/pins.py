"""Volunteers' PINs, kept only as argon2 hashes."""

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
