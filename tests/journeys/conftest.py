from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.journeys.stack import Stack, running
from tests.journeys.story import Story

SPEED = 10.0


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def stack(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    """One whole line for each kind of database; the stories of each are told on one worker, one after another."""
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and "stack" in callspec.params:
            item.add_marker(pytest.mark.xdist_group(f"journeys-{callspec.params['stack']}"))
