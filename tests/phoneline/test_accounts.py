from datetime import UTC, datetime
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from phoneline import accounts
from phoneline.accounts import AccountError
from phoneline.db import Database
from phoneline.models import Account
from phoneline.states import AccountRole
from tests import factories

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def create(database: Database, email: str = "Zoe@Example.org", password: str = PASSWORD) -> None:
    with database.transaction() as session:
        accounts.create(session, email, AccountRole.COORDINATOR, password, NOW)


def verify(database: Database, email: str, password: str) -> Account | None:
    with database.transaction() as session:
        return accounts.verify(session, email, password)


def test_the_right_password_opens_whatever_the_case_of_the_address(database: Database) -> None:
    create(database)
    for email in ("Zoe@Example.org", "zoe@example.ORG", " zoe@example.org "):
        found = verify(database, email, PASSWORD)
        assert found is not None
        assert (found.email, found.role) == ("Zoe@Example.org", AccountRole.COORDINATOR)


def test_anything_else_does_not(database: Database) -> None:
    create(database)
    for email, password in (
        ("zoe@example.org", "Correct horse battery"),
        ("zoe@example.org", ""),
        ("zoe@example.org", "x" * 100_000),
        ("ann@example.org", PASSWORD),
        ("", ""),
    ):
        assert verify(database, email, password) is None, (email, password)


def test_neither_address_nor_password_is_stored_in_clear(database: Database) -> None:
    create(database)
    stored = repr(factories.dump(database)).casefold()
    assert "zoe@" not in stored
    assert PASSWORD not in stored


def test_what_is_refused(database: Database) -> None:
    create(database, "ann@example.org")
    for email, password, reason in (
        ("zoe", PASSWORD, "no e-mail address"),
        ("zoe@example", PASSWORD, "no e-mail address"),
        ("zoe@@example.org", PASSWORD, "no e-mail address"),
        ("zoe smith@example.org", PASSWORD, "no e-mail address"),
        ("zoe@example.org\0", PASSWORD, "no e-mail address"),
        ("z" * 250 + "@example.org", PASSWORD, "no e-mail address"),
        ("zoe@example.org", "short", "too short"),
        ("zoe@example.org", "x" * 1025, "too long"),
        ("ANN@example.org", PASSWORD, "already"),
    ):
        with pytest.raises(AccountError, match=reason):
            create(database, email, password)


def test_an_unknown_address_costs_as_much_work_as_a_known_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(database)
    verify(database, "zoe@example.org", PASSWORD)
    hasher = _Noting()
    monkeypatch.setattr(accounts, "_hasher", hasher)
    for email in ("zoe@example.org", "ann@example.org"):
        assert verify(database, email, "not the password") is None
    costs = ["$".join(work.split("$")[:4]) for work in hasher.done]
    assert costs == [costs[0], costs[0]]
    assert costs[0].startswith("$argon2id$")


class _Noting(PasswordHasher):
    """Notes each hash that it works on."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the name is argon2's
        self.done.append(str(hash))
        return super().verify(hash, password)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.done.append("made one")
        return super().hash(password, salt=salt)


def test_a_weaker_hash_is_written_anew(database: Database) -> None:
    create(database)
    weak = PasswordHasher(time_cost=1, memory_cost=32).hash(PASSWORD)
    with database.transaction() as session:
        session.execute(update(Account).values(password_hash=weak))
    assert verify(database, "zoe@example.org", PASSWORD)
    with database.reading() as session:
        found = accounts.verify(session, "zoe@example.org", PASSWORD)
        assert found is not None
        assert found.password_hash != weak
        assert not PasswordHasher().check_needs_rehash(found.password_hash)


def test_a_new_password_replaces_the_old_one(database: Database) -> None:
    create(database)
    with database.transaction() as session:
        accounts.change_password(session, " ZOE@example.org", "another long password")
    assert verify(database, "zoe@example.org", PASSWORD) is None
    assert verify(database, "zoe@example.org", "another long password") is not None


@pytest.mark.parametrize(("email", "password"), [("nobody@example.org", PASSWORD), ("zoe@example.org", "short")])
def test_a_new_password_is_refused_with_its_reason(database: Database, email: str, password: str) -> None:
    create(database)
    with database.transaction() as session, pytest.raises(AccountError):
        accounts.change_password(session, email, password)
    assert verify(database, "zoe@example.org", PASSWORD) is not None
