"""Somebody's check-in plans in words. Pure: what was read, the instant and the zones are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard import rule_words, times, words
from dashboard.queries_plans import NotCalled, Planned
from dashboard.times import Moment
from phoneline.live_settings import LiveSettings
from phoneline.plan_checks import Draft
from phoneline.quiet_hours import Window
from phoneline.states import CheckinReason, PlanAuthor, PlanKind, PlanVoicemail, Purpose

Facts = Sequence[tuple[str, str]]
PURPOSES: Mapping[Purpose, str] = {
    Purpose.SOCIAL: "social: missing one costs nothing",
    Purpose.SAFETY: "safety: whoever isn't reached is looked for",
}
NO_YES: Mapping[PlanKind, str] = {
    PlanKind.AUTOMATED: "they haven't agreed to automated calls",
    PlanKind.VOLUNTEER: "they have stopped calls by volunteers",
}
ENDED_BY: Mapping[PlanAuthor | None, str] = {
    PlanAuthor.PEER: "by themselves, on the telephone",
    PlanAuthor.COORDINATOR: "by a coordinator",
}
MINUTE = 60


@dataclass(frozen=True)
class Peer:
    """Whose plans these are, as far as words need to know."""

    name: str
    zone: ZoneInfo
    numbers: int
    voicemail_ok: bool


@dataclass(frozen=True)
class PlanLine:
    """One plan: when, by whom, how it stands, and everything that it says."""

    id: str
    when: str
    by: str
    stands: str
    warns: bool
    """Nobody is called by it as things are."""
    paused: bool
    facts: Facts


@dataclass(frozen=True)
class EndedLine:
    """A plan that was taken off, and may be taken up again."""

    id: str
    when: str
    ended: str


@dataclass(frozen=True)
class PlansCard:
    """What the section shows."""

    sentence: str
    lines: Sequence[PlanLine]
    ended: Sequence[EndedLine]
    over: Sequence[str]
    """When those called that have no call to come any more."""
    not_called: Sequence[str]
    no_number: bool
    no_consent: bool
    """One of them is automated and has no consent."""


@dataclass(frozen=True)
class Found:
    """All that was read of somebody's plans."""

    standing: Sequence[Planned]
    ended: Sequence[Planned]
    not_called: Sequence[NotCalled]


def build(peer: Peer, found: Found, live: LiveSettings, at: Moment) -> PlansCard:
    here = Moment(at.now, peer.zone)
    standing = [one for one in found.standing if not one.over]
    return PlansCard(
        sentence=sentence(peer, standing, at),
        lines=[_line(one, peer, live, at) for one in standing],
        over=[words.sentence(when(one.draft, peer.zone, at)) for one in found.standing if one.over],
        ended=[_ended_line(one, peer, at) for one in found.ended],
        not_called=[f"Not called {here.on(one.due_at)}: {NOT_CALLED[one.reason]}." for one in found.not_called],
        no_number=not peer.numbers,
        no_consent=any(not one.agreed and one.draft.kind is PlanKind.AUTOMATED for one in standing),
    )


NOT_CALLED: Mapping[CheckinReason | None, str] = {
    CheckinReason.NO_CONSENT: "no consent",
    None: "it was too late",
}


# In a sentence


def sentence(peer: Peer, standing: Sequence[Planned], at: Moment) -> str:
    """When they are called and by whom; then when next, or why not."""
    if not standing:
        return f"{peer.name} isn't called regularly."
    if len(standing) <= 2:  # noqa: PLR2004 - more don't make one sentence
        said = ", and ".join(f"{when(one.draft, peer.zone, at)} by {by(one.draft, one.volunteer)}" for one in standing)
        called = f"{peer.name} is called {said}."
    else:
        called = f"{peer.name} has {words.counted(len(standing), 'plan', 'plans')} for calls."
    return f"{called} {_next_of_all(standing, peer, at)}"


def _next_of_all(standing: Sequence[Planned], peer: Peer, at: Moment) -> str:
    following = min((one.next_at for one in standing if one.next_at), default=None)
    if following is not None:
        return f"Next: {Moment(at.now, peer.zone).on(following).removeprefix('on ')}."
    paused = [one for one in standing if _is_paused(one, at.now)]
    if paused:
        return words.sentence(_pause(paused[0], peer, at)) + "."
    refused = next((one for one in standing if not one.agreed), None)
    return f"Nobody is called now: {NO_YES[refused.draft.kind]}." if refused else "No call is to come."


def when(draft: Draft, zone: ZoneInfo, at: Moment) -> str:
    """In the wall-clock time of their own zone, which is named where it isn't the line's."""
    said = rule_words.when(draft.starts_local, draft.rrule, at.now.astimezone(zone).year)
    return said if zone.key == at.zone.key else f"{said} ({zone_name(zone)} time)"


def zone_name(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")


def by(draft: Draft, volunteer: str | None) -> str:
    if draft.kind is PlanKind.AUTOMATED:
        return "the line itself"
    return volunteer or "a volunteer"


# One plan


def _line(one: Planned, peer: Peer, live: LiveSettings, at: Moment) -> PlanLine:
    stands, warns = _stands(one, peer, at)
    return PlanLine(
        id=one.id,
        when=words.sentence(when(one.draft, peer.zone, at)),
        by=f"by {by(one.draft, one.volunteer)}",
        stands=words.sentence(stands),
        warns=warns,
        paused=one.paused_from is not None and (one.paused_until is None or one.paused_until > at.now),
        facts=facts(one.draft, one.volunteer, peer, live, at),
    )


def _is_paused(one: Planned, now: datetime) -> bool:
    since, until = one.paused_from, one.paused_until
    return since is not None and since <= now and (until is None or now < until)


def _stands(one: Planned, peer: Peer, at: Moment) -> tuple[str, bool]:
    """How it stands, and whether that is a warning."""
    if not peer.numbers:
        return "not called: no telephone number is known", True
    if not one.agreed:
        return f"not called: {NO_YES[one.draft.kind]}", True
    if one.paused_from is not None and (one.paused_until is None or one.paused_until > at.now):
        return _pause(one, peer, at), False
    if one.next_at is None:
        return "no call is to come", True
    return f"next {Moment(at.now, peer.zone).near(one.next_at)}", False


def _pause(one: Planned, peer: Peer, at: Moment) -> str:
    here = Moment(at.now, peer.zone)
    if one.paused_from is not None and one.paused_from > at.now:
        begins = f"will be paused {_from_day(one.paused_from, here)}"
    else:
        begins = "paused"
    back = f"again {_from_day(one.paused_until, here)}" if one.paused_until else "until somebody resumes it"
    return f"{begins}, {back}"


def _from_day(day: datetime, here: Moment) -> str:
    return f"from {times.dated(day, here.now, here.zone)}"


def _ended_line(one: Planned, peer: Peer, at: Moment) -> EndedLine:
    ended = f"Taken off {at.on(one.ended_at or at.now)} {ENDED_BY[one.ended_by]}"
    return EndedLine(one.id, words.sentence(when(one.draft, peer.zone, at)), ended)


def facts(draft: Draft, volunteer: str | None, peer: Peer, live: LiveSettings, at: Moment) -> Facts:
    """Everything that a plan says, named; the line's own settings where it says nothing."""
    year = at.now.astimezone(peer.zone).year
    named = {
        "Purpose": PURPOSES[draft.purpose],
        "Called by": by(draft, volunteer),
        "Attempts": _attempts(draft, live),
        "Second number": _second(draft, peer),
        "Extension": draft.extension or "",
        "Machine": _voicemail(draft, peer),
        "Discreet": "yes: the line isn't named before they say who they are" if draft.discreet else "",
        "Quiet hours": _quiet(draft, live),
        "May be told": draft.topics or "",
        "If not reached": f"a number that ends in {draft.escalate_to[-2:]} is told" if draft.escalate_to else "",
        "From": day(draft.starts_local, year),
        "Last day": day(draft.ends_local - timedelta(microseconds=1), year) if draft.ends_local else "",
    }
    return [(name, words.sentence(text)) for name, text in named.items() if text]


def day(local: datetime, this_year: int) -> str:
    return f"{local:%A} {local.day} {local:%B}" + (f" {local.year}" if local.year != this_year else "")


def _attempts(draft: Draft, live: LiveSettings) -> str:
    count = live.checkin_attempts if draft.attempts is None else draft.attempts
    apart = live.checkin_retry_seconds if draft.retry_seconds is None else draft.retry_seconds
    ring = live.checkin_ring_seconds if draft.ring_seconds is None else draft.ring_seconds
    spaced = f", {length(apart)} apart" if count > 1 else ""
    return f"{words.number(count)}{spaced}, ringing {length(ring)}{' each' if count > 1 else ''}"


def length(seconds: int) -> str:
    if seconds < 2 * MINUTE and seconds % MINUTE:
        return f"{seconds} seconds"
    return times.lasting(seconds) if seconds % MINUTE == 0 else f"{times.lasting(seconds)} {seconds % MINUTE} s"


def _second(draft: Draft, peer: Peer) -> str:
    if peer.numbers <= 1:
        return ""
    return "rung on every other attempt" if draft.second_on_retry else "not rung"


def _voicemail(draft: Draft, peer: Peer) -> str:
    if draft.voicemail is PlanVoicemail.NONE or (draft.voicemail is None and not peer.voicemail_ok):
        return "nothing is left on it"
    return "a neutral word is left on it"


def _quiet(draft: Draft, live: LiveSettings) -> str:
    if draft.quiet:
        return f"their own, {draft.quiet.replace('-', ' to ')}"
    weekday, weekend = _window(live.quiet_weekday), _window(live.quiet_weekend)
    return f"the line's, {weekday}" if weekday == weekend else f"the line's, {weekday}, at weekends {weekend}"


def _window(window: Window) -> str:
    return "none" if window.start == window.end else f"{window.start:%H:%M} to {window.end:%H:%M}"
