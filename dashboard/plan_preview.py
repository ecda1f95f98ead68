"""What a plan will do, before it holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import plan_times, plan_view, words
from dashboard.plan_view import Facts, Peer
from dashboard.times import Moment
from phoneline.live_settings import LiveSettings
from phoneline.plan_checks import Draft
from phoneline.quiet_hours import quiet_until, window

MOST = 5


@dataclass(frozen=True)
class Preview:
    """What will be, in words."""

    sentence: str
    times: Sequence[str]
    """The next ones, each with what speaks against it."""
    facts: Facts


def build(drafts: Sequence[Draft], volunteer: str | None, peer: Peer, live: LiveSettings, at: Moment) -> Preview:
    said = ", and then ".join(f"{plan_view.when(draft, peer.zone, at)}" for draft in drafts)
    by = plan_view.by(drafts[0], volunteer)
    following = sorted((when, draft) for draft, when in _following(drafts, peer, at))[:MOST]
    return Preview(
        sentence=f"{peer.name} will be called {said}, by {by}.",
        times=[_time(when, draft, peer, live, at) for when, draft in following],
        facts=plan_view.facts(drafts[0], volunteer, peer, live, at),
    )


def _following(drafts: Sequence[Draft], peer: Peer, at: Moment) -> Sequence[tuple[Draft, datetime]]:
    return [(draft, when) for draft in drafts for when in plan_times.coming(draft, peer.zone, at.now, MOST)]


def _time(when: datetime, draft: Draft, peer: Peer, live: LiveSettings, at: Moment) -> str:
    here = Moment(at.now, peer.zone)
    return words.sentence(here.on(when).removeprefix("on ")) + _held(when, draft, peer, live, here)


def _held(when: datetime, draft: Draft, peer: Peer, live: LiveSettings, here: Moment) -> str:
    """What quiet hours do to it."""
    windows = (window(draft.quiet),) * 2 if draft.quiet else (live.quiet_weekday, live.quiet_weekend)
    free = quiet_until(when, peer.zone, *windows)
    if free == when:
        return ""
    if free is None or free > when + timedelta(seconds=live.checkin_grace_seconds):
        return ": in quiet hours, so it would not be made at all"
    return f": in quiet hours, so not before {free.astimezone(here.zone):%H:%M}"
