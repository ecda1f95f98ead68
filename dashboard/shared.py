"""What many pages ask for every two seconds is put together once, and again only when something was written.

Twenty open pages then cost little more than one: each asks the database for one word (`Database.stamp`).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from dashboard.current import the_line
from phoneline.db import Database

LASTS = timedelta(seconds=1)
"""Some of what is shown changes by the clock alone."""
MOST = 100

View = TypeVar("View")


@dataclass(frozen=True)
class _Kept:
    stamp: str
    at: datetime
    view: object


_kept: WeakKeyDictionary[Database, dict[Hashable, _Kept]] = WeakKeyDictionary()


def view(key: Hashable, build: Callable[[], View]) -> View:
    """What `build` makes, or made less than a second ago for somebody who sees the same: `key` says who does."""
    line = the_line()
    here = _kept.setdefault(line.database, {})
    # Asked before it is built: what is written meanwhile makes it old.
    stamp, now = line.database.stamp(), line.now
    last = here.get(key)
    if last is not None and last.stamp == stamp and timedelta() <= now - last.at < LASTS:
        return cast("View", last.view)
    made = build()
    if len(here) >= MOST:
        here.clear()
    here[key] = _Kept(stamp, now, made)
    return made
