"""One check-in in words: how it stands, why it was or wasn't called, and each attempt. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard import times, words
from dashboard.queries_asked import Asked
from dashboard.queries_sheet import Act, SheetRow, Tried
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.follow_ups import OPEN
from phoneline.holding import NEVER, Held, Hold
from phoneline.states import (
    AccessAction,
    AttemptResult,
    CheckinReason,
    CheckinState,
    FollowUp,
    PlanKind,
    Purpose,
    SettledBy,
)

PURPOSES: Mapping[Purpose, str] = Phrases({Purpose.SOCIAL: N_("social"), Purpose.SAFETY: N_("safety")})
MOST_ASKED = 4
NUMBERS: Mapping[int, str] = Phrases({1: N_("first number"), 2: N_("second number")})


@dataclass(frozen=True)
class Stand:
    """How it stands: the shape, the words, and `plain`, `soon`, `now` or `good`."""

    shape: str
    words: str
    tone: str = "plain"


def what(row: SheetRow) -> str:
    """The kind and the purpose, and by whom."""
    if row.kind is PlanKind.AUTOMATED:
        return _("automated call, %(purpose)s", purpose=PURPOSES[row.purpose])
    return _("%(volunteer)s calls, %(purpose)s", volunteer=_usual(row), purpose=PURPOSES[row.purpose])


def _usual(row: SheetRow) -> str:
    return row.usual or _("a volunteer")


ENDED: Mapping[CheckinState, Stand] = {
    CheckinState.OK: Stand("done", N_("said: I'm OK"), "good"),
    CheckinState.UNREACHED: Stand("missed", N_("not reached")),
    CheckinState.EXPIRED: Stand("missed", N_("not called in time")),
    CheckinState.STOPPED: Stand("paused", N_("these calls were stopped")),
    CheckinState.SKIPPED: Stand("paused", N_("skipped")),
}


def stand(row: SheetRow, tried: Sequence[Tried], at: Moment) -> Stand:
    if row.state is CheckinState.STOPPED and any(one.result is AttemptResult.STOP for one in tried):
        return Stand("paused", RESULTS[AttemptResult.STOP])
    if row.state in ENDED:
        ended = replace(ENDED[row.state], words=_(ENDED[row.state].words))
        return replace(ended, tone=_tone(row)) if row.follow_up in OPEN else ended
    if row.state is CheckinState.TALKED:
        return Stand("done", _heard(row, tried, at), "good")
    return _calling(row, tried) if row.state is CheckinState.CALLING else _to_come(row, tried, at)


def _tone(row: SheetRow) -> str:
    return "now" if row.follow_up is FollowUp.URGENT else "soon"


def _heard(row: SheetRow, tried: Sequence[Tried], at: Moment) -> str:
    if row.talked:
        return _("talked with %(volunteer)s", volunteer=row.talked)
    match row.settled_by:
        case SettledBy.INBOUND_CALL:
            return _("called us and talked")
        case SettledBy.SMS:
            return _("texted us")
        case SettledBy.COORDINATOR:
            return _("heard from, marked by hand")
        case SettledBy.VOLUNTEER if row.settled_at and not any(one.result is AttemptResult.TALK for one in tried):
            return _("heard from in another call, %(when)s", when=at.moment(row.settled_at))
        case _:
            return _("talked")


def _calling(row: SheetRow, tried: Sequence[Tried]) -> Stand:
    last = tried[-1] if tried else None
    if last is None or last.dialled_at is None:
        return Stand("ringing", _("about to ring"), "soon")
    if row.kind is PlanKind.VOLUNTEER:
        whose = last.volunteer or _("a volunteer")
        return Stand("ringing", _("%(volunteer)s is calling", volunteer=whose), "soon")
    return Stand("ringing", _("on the phone with us") if last.answered_at else _("ringing now"), "soon")


def _to_come(row: SheetRow, tried: Sequence[Tried], at: Moment) -> Stand:
    if row.hands_off:
        return Stand("missed", _("wants to talk with someone"), "now")
    if row.kind is PlanKind.VOLUNTEER and row.attempt_due_at <= at.now:
        return Stand("wrapping", _("waits for %(volunteer)s", volunteer=_usual(row)), "soon")
    if row.attempt_due_at <= at.now:
        return Stand("wrapping", _("due now"), "soon")
    when = at.near(row.attempt_due_at)
    if tried and tried[-1].result is AttemptResult.LATER:
        return Stand("wrapping", _("asked for later: %(when)s", when=when), "soon")
    if row.state is CheckinState.WAITING:
        return Stand("wrapping", _("tried again %(when)s", when=when), "soon")
    return Stand("free", _("moved: %(when)s", when=when) if row.attempt_due_at != row.due_at else when)


def why(row: SheetRow, held: Held | None, act: Act | None, tried: Sequence[Tried], at: Moment) -> Sequence[str]:
    """The reason why it was called or not, as far as there is something to say."""
    waits = _expired(row, held, tried, at) if row.state is CheckinState.EXPIRED else _waits(held, at)
    return [one for one in (_by_hand(row, act, at), _skipped(row, at), waits) if one]


def _by_hand(row: SheetRow, act: Act | None, at: Moment) -> str:
    """Who did what last, as long as it is what stands."""
    by = {"email": act.email, "when": at.moment(act.at)} if act and act.email else {}
    if row.reason is CheckinReason.BY_HAND:
        return _("skipped by hand by %(email)s, %(when)s", **by) if by else _("skipped by hand")
    if row.settled_by is SettledBy.COORDINATOR:
        return _("marked by %(email)s, %(when)s", **by) if by else ""
    if act and act.action is AccessAction.CHECKIN_UNHEARD and row.is_open:
        return _("“Heard” was taken back by %(email)s, %(when)s", **by) if by else _("“Heard” was taken back")
    if act and act.action is AccessAction.CHECKIN_MOVED and row.is_open and row.attempt_due_at != row.due_at:
        return _("moved by %(email)s, %(when)s", **by) if by else _("moved")
    return ""


SKIPPED: Mapping[CheckinReason | None, str] = Phrases(
    {
        CheckinReason.NO_CONSENT: N_("there is no consent for automated calls"),
        CheckinReason.PLAN_ENDED: N_("the plan was ended"),
        CheckinReason.PLAN_CHANGED: N_("the plan has another time now"),
        CheckinReason.STOPPED: N_("they asked us to stop these calls"),
        None: N_("they stopped these calls, or never agreed to them"),
    }
)


def _skipped(row: SheetRow, at: Moment) -> str:
    if row.state is not CheckinState.SKIPPED:
        return ""
    if row.reason is CheckinReason.PAUSED:
        if row.paused_until is None:
            return _("the plan is paused")
        return _("the plan is paused until %(when)s", when=at.moment(row.paused_until))
    return SKIPPED.get(row.reason, "")


HELD: Mapping[Hold, str] = Phrases(
    {
        Hold.CAP: N_("held by today's cap on spending"),
        Hold.OWN_CAP: N_("held by the cap on calls to one person a day"),
        Hold.ON_THE_PHONE: N_("waits: they are on the phone"),
    }
)


def _waits(held: Held | None, at: Moment) -> str:
    if held is None:
        return ""
    if held.by is Hold.QUIET:
        if held.until >= NEVER:
            return _("held: always quiet hours")
        return _("held until %(when)s: quiet hours", when=at.moment(held.until))
    return HELD[held.by]


def _expired(row: SheetRow, held: Held | None, tried: Sequence[Tried], at: Moment) -> str:
    """`held` is by the quiet hours that it was due in, if it was."""
    since = at.moment(row.attempt_due_at)
    if held is not None:
        return _("it was due at %(when)s, in their quiet hours, and these lasted too long", when=since)
    if row.kind is PlanKind.VOLUNTEER and not tried:
        return _("it was due at %(when)s, and nobody called in time", when=since)
    return _("it was due at %(when)s, and the line could not call in time", when=since)


def attempt(tried: Tried, kind: PlanKind, *, several_numbers: bool, at: Moment) -> str:
    """When, which number, and what came of it."""
    told = {"when": at.moment(tried.at), "what": _whose(tried, kind, at)}
    if not several_numbers:
        return _("%(when)s, %(what)s", **told)
    return _("%(when)s %(number)s, %(what)s", number=NUMBERS.get(tried.position, ""), **told)


def _whose(tried: Tried, kind: PlanKind, at: Moment) -> str:
    result = _result(tried, at.now)
    if tried.volunteer is None:
        return result
    if kind is PlanKind.VOLUNTEER:
        talked = _("talked") if tried.result is AttemptResult.TALK else result
        return _("%(volunteer)s called: %(result)s", volunteer=tried.volunteer, result=talked)
    if tried.result is AttemptResult.TALK:
        return _("wanted to talk, and %(volunteer)s was there", volunteer=tried.volunteer)
    return result


RESULTS: Mapping[AttemptResult, str] = Phrases(
    {
        AttemptResult.OK: N_("pressed 1: I'm OK"),
        AttemptResult.TALK: N_("wanted to talk with someone"),
        AttemptResult.LATER: N_("asked to be called later"),
        AttemptResult.STOP: N_("asked us to stop"),
        AttemptResult.NO_KEY: N_("picked up, pressed no key"),
        AttemptResult.MACHINE: N_("a machine answered"),
        AttemptResult.BUSY: N_("busy"),
        AttemptResult.FAILED: N_("could not be called"),
        AttemptResult.CANCELLED: N_("called off"),
        AttemptResult.UNKNOWN: N_("nobody knows whether it rang"),
    }
)


def _result(tried: Tried, now: datetime) -> str:
    rang = _rang(tried, now)
    if tried.result is None:
        if tried.answered_at:
            return _("on the phone with us")
        return _("rings %(seconds)s s", seconds=rang) if rang else _("rings")
    if tried.result is AttemptResult.NO_ANSWER:
        return _("rang %(seconds)s s, nobody answered", seconds=rang) if rang else _("nobody answered")
    return RESULTS[tried.result]


def _rang(tried: Tried, now: datetime) -> str:
    """For how many seconds; nothing of what still rings, so that the page doesn't change each second."""
    if tried.dialled_at is None or tried.ended_at is None or tried.ended_at > now:
        return ""
    return f"{round((tried.ended_at - tried.dialled_at).total_seconds())}"


def asked(volunteers: Sequence[Asked], at: Moment) -> str:
    """Who was asked to make it, and when last."""
    last = volunteers[-MOST_ASKED:]
    return ", ".join(
        _("%(who)s %(did)s %(when)s", who=one.volunteer, did=words.OFFERS[one.result], when=at.moment(one.at))
        for one in last
    )


def theirs(row: SheetRow, ours: str) -> str:
    """The time by their own clock, where it is another than the line's."""
    if row.timezone is None:
        return ""
    own = times.clock(row.due_at, ZoneInfo(row.timezone))
    return own if own != ours else ""
