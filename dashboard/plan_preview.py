"""What a plan will do, before it holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import plan_times, plan_view, words
from dashboard.plan_view import Facts, Peer
from dashboard.times import Moment
from dashboard.tongue import gettext as _
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
    never: bool
    """Not one of them could be made."""


def build(drafts: Sequence[Draft], volunteer: str | None, peer: Peer, live: LiveSettings, at: Moment) -> Preview:
    said = plan_view.when(drafts[0], peer.zone, at)
    for draft in drafts[1:]:
        said = _("%(first)s, and then %(then)s", first=said, then=plan_view.when(draft, peer.zone, at))
    by = plan_view.by(drafts[0], volunteer)
    following = sorted((when, draft) for draft, when in _following(drafts, peer, at))[:MOST]
    return Preview(
        sentence=_("%(name)s will be called %(when)s, by %(by)s.", name=peer.name, when=said, by=by),
        times=[_time(when, draft, peer, live, at) for when, draft in following],
        facts=plan_view.facts(drafts[0], volunteer, peer, live, at),
        never=bool(following) and not any(_can_be_made(when, draft, peer, live) for when, draft in following),
    )


def _following(drafts: Sequence[Draft], peer: Peer, at: Moment) -> Sequence[tuple[Draft, datetime]]:
    return [(draft, when) for draft in drafts for when in plan_times.coming(draft, peer.zone, at.now, MOST)]


def _time(when: datetime, draft: Draft, peer: Peer, live: LiveSettings, at: Moment) -> str:
    here = Moment(at.now, peer.zone)
    return _held(when, words.sentence(plan_view.day_and_time(when, here)), draft, peer, live, here)


def _held(when: datetime, said: str, draft: Draft, peer: Peer, live: LiveSettings, here: Moment) -> str:
    """The time, and what quiet hours do to it."""
    free = _free(when, draft, peer, live)
    if free == when:
        return said
    if free is None or not _can_be_made(when, draft, peer, live):
        return _("%(when)s: in quiet hours, so it would not be made at all", when=said)
    return _("%(when)s: in quiet hours, so not before %(time)s", when=said, time=f"{free.astimezone(here.zone):%H:%M}")


def _can_be_made(when: datetime, draft: Draft, peer: Peer, live: LiveSettings) -> bool:
    free = _free(when, draft, peer, live)
    return free is not None and free <= when + timedelta(seconds=live.checkin_grace_seconds)


def _free(when: datetime, draft: Draft, peer: Peer, live: LiveSettings) -> datetime | None:
    """From when on it is out of the quiet hours."""
    windows = (window(draft.quiet),) * 2 if draft.quiet else (live.quiet_weekday, live.quiet_weekend)
    return quiet_until(when, peer.zone, *windows)
