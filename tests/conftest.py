import os
from collections.abc import Iterator

import pytest

from phoneline.crypto import Vault, open_vault
from phoneline.crypto import vault as opened_vault
from phoneline.db import Database
from tests.databases import KEY, Databases
from tests.network_guard import only_loopback


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    with only_loopback():
        yield


@pytest.fixture
def vault() -> Vault:
    """This process's vault, open with the key of all its test databases."""
    open_vault([KEY])
    return opened_vault()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    open_vault([KEY])
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return Databases(own=tmp_path_factory.mktemp("databases"), shared=shared)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases, vault: Vault) -> Iterator[str]:
    """A fresh database, migrated; the test runs once on each kind."""
    with databases.fresh(request.param) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()
