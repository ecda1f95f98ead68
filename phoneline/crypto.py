"""Encryption at rest and the keyed hash by which encrypted values are found.

`PHONELINE_KEYS` are Fernet keys: the first encrypts, every one decrypts, so a key is rotated by putting a new one in
front. The hash has a key of its own that lives encrypted in the database (see `models.line.Secret`) and so outlives
the rotation.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotDecryptError(Exception):
    """None of `PHONELINE_KEYS` opens a stored value: a key that was in use is missing from the list."""


class Vault:
    """Encrypts and decrypts with the line's keys; set once a process by `open_vault`."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> str:
        return self.encrypt_bytes(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        return self.decrypt_bytes(token.encode()).decode()

    def encrypt_bytes(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def decrypt_bytes(self, token: bytes) -> bytes:
        try:
            return self._fernet.decrypt(token)
        except InvalidToken as error:
            message = "a stored value opens with none of PHONELINE_KEYS; put the key back that it was written with"
            raise CannotDecryptError(message) from error


_vaults: list[Vault] = []


def open_vault(keys: Sequence[str]) -> None:
    """Give this process its keys. A later call replaces them."""
    _vaults[:] = [Vault(keys)]


def vault() -> Vault:
    """The process's vault. RuntimeError before `open_vault`."""
    if not _vaults:
        message = "open_vault() has not been called in this process"
        raise RuntimeError(message)
    return _vaults[0]


def token_hash(token: str) -> str:
    """What is kept of a long random secret: whoever reads the database opens nothing with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def lookup_hash(key: bytes, text: str) -> str:
    """What stands in an indexed column in place of `text`: 64 hex digits, the same for the same text and key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def folded(name: str) -> str:
    """A name as it is compared: case, width, how accents are composed and spare spaces don't tell people apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
