"""The addresses for calendar programs, in words. Pure: what was read is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.times import Moment
from phoneline.models import RosterFeed


@dataclass(frozen=True)
class FeedLine:
    id: str
    whose: str
    made: str
    fetched: str


@dataclass(frozen=True)
class FeedsPage:
    lines: Sequence[FeedLine]


def build(feeds: Sequence[RosterFeed], at: Moment) -> FeedsPage:
    return FeedsPage([_line(one, at) for one in feeds])


def _line(feed: RosterFeed, at: Moment) -> FeedLine:
    return FeedLine(
        id=feed.id,
        whose=feed.person.name if feed.person is not None else "The whole roster",
        made=f"Made {at.on(feed.made_at)}.",
        fetched=f"Last fetched {at.near(feed.fetched_at)}." if feed.fetched_at else "Not fetched yet.",
    )
