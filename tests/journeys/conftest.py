from collections.abc import Iterator

import pytest

from phoneline.simulator import Faults
from tests.databases import Databases
from tests.journeys.stack import Stack, running
from tests.journeys.story import Story

SPEED = 15.0


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def stack(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """One whole line for each kind of database; tests/together.py sees to it that no other worker starts one more."""
    with (
        databases.fresh(request.param) as url,
        running(url, tmp_path_factory.mktemp(f"stack-{request.param}"), SPEED) as stack,
    ):
        yield stack


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
