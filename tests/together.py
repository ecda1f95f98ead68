"""Which tests of a parallel run stay on one worker."""

import os
import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "stories-sqlite": r"tests/journeys/(?!storm/).*\[sqlite",
    "stories-postgresql": r"tests/journeys/(?!storm/).*\[postgresql",
    "storms": r"tests/journeys/storm/",
    "whole-line": r"tests/browser/test_whole_line\.py",
    "pages": r"tests/browser/test_pages\.py",
}
"""These share a running line, or a browser, which takes seconds to start: one worker starts it once."""


class Together(LoadScopeScheduling):
    """Of the others any worker takes the next one; what is kept together comes first, being the longest.

    The marks that xdist has for this do nothing with pytest 9.2, and nothing says so (its issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        return kept_together(nodeid) or nodeid


def kept_together(nodeid: str) -> str | None:
    return next((name for name, tests in TOGETHER.items() if re.match(tests, nodeid)), None)


@cache
def stand_back() -> None:
    """Leave the cores to the stories: telephones don't wait. There is no way back; what is kept together came first."""
    os.nice(10)


def take_place(nodeid: str, shared: Path) -> None:
    """What is kept together is on no other worker, the rest stands back. `shared` is a folder that all workers know."""
    name = kept_together(nodeid)
    if name is None:
        stand_back()
    else:
        worker = os.environ["PYTEST_XDIST_WORKER"]
        owner = shared / f"together-{name}"
        if not owner.exists():
            owner.write_text(worker)
        assert owner.read_text() == worker, f"{name}: also on {owner.read_text()}"
