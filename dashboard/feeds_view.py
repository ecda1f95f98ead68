"""The addresses for calendar programs, in words. Pure: what was read is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.times import Moment
from dashboard.tongue import gettext as _
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
        whose=feed.person.name if feed.person is not None else _("The whole roster"),
        made=_("Made %(when)s.", when=at.on(feed.made_at)),
        fetched=_fetched(feed, at),
    )


def _fetched(feed: RosterFeed, at: Moment) -> str:
    if feed.fetched_at is None:
        return _("Not fetched yet.")
    return _("Last fetched %(when)s.", when=at.near(feed.fetched_at))
