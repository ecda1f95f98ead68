import gc
import os
from collections.abc import Iterator

import pytest
from xdist.remote import Producer

from phoneline.crypto import Vault, open_vault
from phoneline.crypto import vault as opened_vault
from phoneline.db import Database
from tests.databases import KEY, Databases
from tests.network_guard import only_loopback
from tests.together import Together, take_place


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


def pytest_collection_finish() -> None:
    """What is there before the first test stays until the end; looking through it for garbage each time takes long."""
    gc.freeze()
    gc.set_threshold(5000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    with only_loopback():
        yield


@pytest.fixture(autouse=True)
def _in_its_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        take_place(request.node.nodeid, tmp_path_factory.getbasetemp().parent)


@pytest.fixture
def vault() -> Vault:
    """This process's vault, open with the key of all its test databases."""
    open_vault([KEY])
    return opened_vault()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    open_vault([KEY])
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    databases = Databases(own=tmp_path_factory.mktemp("databases"), shared=shared)
    yield databases
    databases.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, databases: Databases, vault: Vault) -> Iterator[Database]:
    """An empty database, migrated; the test runs once on each kind."""
    with databases.opened(request.param) as database:
        yield database


@pytest.fixture
def database_url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)
