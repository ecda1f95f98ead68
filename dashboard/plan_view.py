"""Somebody's check-in plans in words. Pure: what was read, the instant and the zones are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard import rule_words, times, words
from dashboard.queries_plans import NotCalled, Planned
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.live_settings import LiveSettings
from phoneline.plan_checks import Draft
from phoneline.quiet_hours import Window
from phoneline.states import CheckinReason, PlanAuthor, PlanKind, PlanVoicemail, Purpose

Facts = Sequence[tuple[str, str]]
PURPOSES: Mapping[Purpose, str] = Phrases(
    {
        Purpose.SOCIAL: N_("social: missing one costs nothing"),
        Purpose.SAFETY: N_("safety: whoever isn't reached is looked for"),
    }
)
NO_YES: Mapping[PlanKind, str] = Phrases(
    {
        PlanKind.AUTOMATED: N_("they haven't agreed to automated calls"),
        PlanKind.VOLUNTEER: N_("they have stopped calls by volunteers"),
    }
)
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
        not_called=[
            _("Not called %(when)s: %(why)s.", when=here.on(one.due_at), why=NOT_CALLED[one.reason])
            for one in found.not_called
        ],
        no_number=not peer.numbers,
        no_consent=any(not one.agreed and one.draft.kind is PlanKind.AUTOMATED for one in standing),
    )


NOT_CALLED: Mapping[CheckinReason | None, str] = Phrases(
    {CheckinReason.NO_CONSENT: N_("no consent"), None: N_("it was too late")}
)


# In a sentence


def sentence(peer: Peer, standing: Sequence[Planned], at: Moment) -> str:
    """When they are called and by whom; then when next, or why not."""
    if not standing:
        return _("%(name)s isn't called regularly.", name=peer.name)
    return f"{_called(peer, standing, at)} {_next_of_all(standing, peer, at)}"


def _called(peer: Peer, standing: Sequence[Planned], at: Moment) -> str:
    said = [{"when": when(one.draft, peer.zone, at), "by": by(one.draft, one.volunteer)} for one in standing]
    match said:
        case [one]:
            return _("%(name)s is called %(when)s by %(by)s.", name=peer.name, **one)
        case [one, other]:
            second = {"other_when": other["when"], "other_by": other["by"]}
            return _(
                "%(name)s is called %(when)s by %(by)s, and %(other_when)s by %(other_by)s.",
                name=peer.name,
                **one,
                **second,
            )
    return ngettext(
        "%(name)s has %(number)s plan for calls.",
        "%(name)s has %(number)s plans for calls.",
        len(said),
        name=peer.name,
        number=words.number(len(said)),
    )


def day_and_time(when: datetime, here: Moment) -> str:
    """Such as "today 14:30", always with its day."""
    named, time = times.day(when, here.now, here.zone), times.clock(when, here.zone)
    return _("%(day)s %(time)s", day=named, time=time)


def _next_of_all(standing: Sequence[Planned], peer: Peer, at: Moment) -> str:
    following = min((one.next_at for one in standing if one.next_at), default=None)
    if following is not None:
        return _("Next: %(when)s.", when=day_and_time(following, Moment(at.now, peer.zone)))
    paused = [one for one in standing if _is_paused(one, at.now)]
    if paused:
        return words.sentence(_pause(paused[0], peer, at)) + "."
    refused = next((one for one in standing if not one.agreed), None)
    if refused is None:
        return _("No call is to come.")
    return _("Nobody is called now: %(why)s.", why=NO_YES[refused.draft.kind])


def when(draft: Draft, zone: ZoneInfo, at: Moment) -> str:
    """In the wall-clock time of their own zone, which is named where it isn't the line's."""
    said = rule_words.when(draft.starts_local, draft.rrule, at.now.astimezone(zone).year)
    return said if zone.key == at.zone.key else _("%(when)s (%(zone)s time)", when=said, zone=zone_name(zone))


def zone_name(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")


def by(draft: Draft, volunteer: str | None) -> str:
    if draft.kind is PlanKind.AUTOMATED:
        return _("the line itself")
    return volunteer or _("a volunteer")


# One plan


def _line(one: Planned, peer: Peer, live: LiveSettings, at: Moment) -> PlanLine:
    stands, warns = _stands(one, peer, at)
    return PlanLine(
        id=one.id,
        when=words.sentence(when(one.draft, peer.zone, at)),
        by=_("by %(who)s", who=by(one.draft, one.volunteer)),
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
        return _("not called: no telephone number is known"), True
    if not one.agreed:
        return _("not called: %(why)s", why=NO_YES[one.draft.kind]), True
    if one.paused_from is not None and (one.paused_until is None or one.paused_until > at.now):
        return _pause(one, peer, at), False
    if one.next_at is None:
        return _("no call is to come"), True
    return _("next %(when)s", when=Moment(at.now, peer.zone).near(one.next_at)), False


def _pause(one: Planned, peer: Peer, at: Moment) -> str:
    here = Moment(at.now, peer.zone)
    back = _dated(one.paused_until, here) if one.paused_until else ""
    if one.paused_from is not None and one.paused_from > at.now:
        begins = _dated(one.paused_from, here)
        if back:
            return _("will be paused from %(begins)s, again from %(back)s", begins=begins, back=back)
        return _("will be paused from %(begins)s, until somebody resumes it", begins=begins)
    return _("paused, again from %(back)s", back=back) if back else _("paused, until somebody resumes it")


def _dated(day: datetime, here: Moment) -> str:
    return times.dated(day, here.now, here.zone)


def _ended_line(one: Planned, peer: Peer, at: Moment) -> EndedLine:
    day = at.on(one.ended_at or at.now)
    if one.ended_by is PlanAuthor.PEER:
        ended = _("Taken off %(when)s by themselves, on the telephone", when=day)
    else:
        ended = _("Taken off %(when)s by a coordinator", when=day)
    return EndedLine(one.id, words.sentence(when(one.draft, peer.zone, at)), ended)


def facts(draft: Draft, volunteer: str | None, peer: Peer, live: LiveSettings, at: Moment) -> Facts:
    """Everything that a plan says, named; the line's own settings where it says nothing."""
    year = at.now.astimezone(peer.zone).year
    last_digits = draft.escalate_to[-2:] if draft.escalate_to else ""
    named = {
        _("Purpose"): PURPOSES[draft.purpose],
        _("Called by"): by(draft, volunteer),
        _("Attempts"): _attempts(draft, live),
        _("Second number"): _second(draft, peer),
        _("Extension"): draft.extension or "",
        _("Machine"): _voicemail(draft, peer),
        _("Discreet"): _("yes: the line isn't named before they say who they are") if draft.discreet else "",
        _("Quiet hours"): _quiet(draft, live),
        _("May be told"): draft.topics or "",
        _("If not reached"): _("a number that ends in %(digits)s is told", digits=last_digits) if last_digits else "",
        _("First day"): day(draft.starts_local, year),
        _("Last day"): day(draft.ends_local - timedelta(microseconds=1), year) if draft.ends_local else "",
    }
    return [(name, words.sentence(text)) for name, text in named.items() if text]


def day(local: datetime, this_year: int) -> str:
    return times.full_date(local, with_year=local.year != this_year)


def _attempts(draft: Draft, live: LiveSettings) -> str:
    count = live.checkin_attempts if draft.attempts is None else draft.attempts
    apart = live.checkin_retry_seconds if draft.retry_seconds is None else draft.retry_seconds
    ring = live.checkin_ring_seconds if draft.ring_seconds is None else draft.ring_seconds
    if count <= 1:
        return _("%(number)s, ringing %(ring)s", number=words.number(count), ring=length(ring))
    told = {"number": words.number(count), "apart": length(apart), "ring": length(ring)}
    return _("%(number)s, %(apart)s apart, ringing %(ring)s each", **told)


def length(seconds: int) -> str:
    if seconds < 2 * MINUTE and seconds % MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds, count=seconds)
    if seconds % MINUTE == 0:
        return times.lasting(seconds)
    return _("%(minutes)s %(seconds)s s", minutes=times.lasting(seconds), seconds=seconds % MINUTE)


def _second(draft: Draft, peer: Peer) -> str:
    if peer.numbers <= 1:
        return ""
    return _("rung on every other attempt") if draft.second_on_retry else _("not rung")


def _voicemail(draft: Draft, peer: Peer) -> str:
    if draft.voicemail is PlanVoicemail.NONE or (draft.voicemail is None and not peer.voicemail_ok):
        return _("nothing is left on it")
    return _("a neutral word is left on it")


def _quiet(draft: Draft, live: LiveSettings) -> str:
    if draft.quiet:
        return _("their own, %(hours)s", hours=_span(*draft.quiet.split("-", 1)))
    weekday, weekend = _window(live.quiet_weekday), _window(live.quiet_weekend)
    if weekday == weekend:
        return _("the line's, %(hours)s", hours=weekday)
    return _("the line's, %(hours)s, at weekends %(weekend)s", hours=weekday, weekend=weekend)


def _span(start: str, end: str) -> str:
    return _("%(start)s to %(end)s", start=start, end=end)


def _window(window: Window) -> str:
    return _("none") if window.start == window.end else _span(f"{window.start:%H:%M}", f"{window.end:%H:%M}")
