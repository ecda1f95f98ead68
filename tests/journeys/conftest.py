from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from phoneline.simulator import Faults
from tests.databases import Databases
from tests.journeys.stack import Stack, running
from tests.journeys.story import Story
from tests.together import kept_together

SPEED = 15.0


class Stacks:
    """The running line of this process, if there is one, and none beside it."""

    def __init__(self, databases: Databases, folders: pytest.TempPathFactory) -> None:
        self._databases = databases
        self._folders = folders
        self._running: tuple[str, Stack] | None = None
        self._ending = ExitStack()

    def of(self, kind: str) -> Stack:
        """On this kind of database: the same one for each story after the other."""
        if self._running is None or self._running[0] != kind:
            self.end()
            url = self._ending.enter_context(self._databases.fresh(kind))
            folder = self._folders.mktemp(f"stack-{kind}")
            self._running = kind, self._ending.enter_context(running(url, folder, SPEED))
        return self._running[1]

    def end(self) -> None:
        self._running = None
        self._ending.close()


STACKS = pytest.StashKey[Stacks]()


@pytest.fixture(scope="session")
def stacks(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stacks]:
    stacks = request.session.stash[STACKS] = Stacks(databases, tmp_path_factory)
    yield stacks
    stacks.end()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def stack(kind: str, stacks: Stacks) -> Stack:
    """One whole line for each kind of database; tests/together.py sees to it that no other worker starts one more."""
    return stacks.of(kind)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last story the line ends: fifteen times as fast, its clock would take from all tests that follow."""
    over = nextitem is None or kept_together(nextitem.nodeid) != kept_together(item.nodeid)
    if over and STACKS in item.session.stash:
        item.session.stash[STACKS].end()


@pytest.fixture
def story(stack: Stack) -> Iterator[Story]:
    story = Story(stack)
    yield story
    story.end()


WEATHER = [
    pytest.param(Faults(), id="fair"),
    pytest.param(Faults(double_callbacks=True, shuffle_callbacks=True, max_delay=3.0), id="doubled-and-reordered"),
]


@pytest.fixture(params=WEATHER)
def in_weather(request: pytest.FixtureRequest, story: Story) -> Story:
    story.network.faults = request.param
    return story


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fair weather on SQLite only: the other weather has all that it has, and both kinds of database see that."""
    spared = [item for item in items if "[postgresql-fair" in item.name]
    items[:] = [item for item in items if item not in spared]
    config.hook.pytest_deselected(items=spared)
