"""One check-in in words: how it stands, why it was or wasn't called, and each attempt. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard import times, words
from dashboard.queries_asked import Asked
from dashboard.queries_sheet import Act, SheetRow, Tried
from dashboard.times import Moment
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

PURPOSES: Mapping[Purpose, str] = {Purpose.SOCIAL: "social", Purpose.SAFETY: "safety"}
MOST_ASKED = 4
NUMBERS = {1: "first number", 2: "second number"}


@dataclass(frozen=True)
class Stand:
    """How it stands: the shape, the words, and `plain`, `soon`, `now` or `good`."""

    shape: str
    words: str
    tone: str = "plain"


def what(row: SheetRow) -> str:
    """The kind and the purpose, and by whom."""
    if row.kind is PlanKind.AUTOMATED:
        return f"automated call, {PURPOSES[row.purpose]}"
    return f"{row.usual or 'a volunteer'} calls, {PURPOSES[row.purpose]}"


ENDED: Mapping[CheckinState, Stand] = {
    CheckinState.OK: Stand("done", "said: I'm OK", "good"),
    CheckinState.UNREACHED: Stand("missed", "not reached"),
    CheckinState.EXPIRED: Stand("missed", "not called in time"),
    CheckinState.STOPPED: Stand("paused", "these calls were stopped"),
    CheckinState.SKIPPED: Stand("paused", "skipped"),
}


def stand(row: SheetRow, tried: Sequence[Tried], at: Moment) -> Stand:
    if row.state is CheckinState.STOPPED and any(one.result is AttemptResult.STOP for one in tried):
        return Stand("paused", RESULTS[AttemptResult.STOP])
    if row.state in ENDED:
        ended = ENDED[row.state]
        return replace(ended, tone=_tone(row)) if row.follow_up in OPEN else ended
    if row.state is CheckinState.TALKED:
        return Stand("done", _heard(row, tried, at), "good")
    return _calling(row, tried) if row.state is CheckinState.CALLING else _to_come(row, tried, at)


def _tone(row: SheetRow) -> str:
    return "now" if row.follow_up is FollowUp.URGENT else "soon"


def _heard(row: SheetRow, tried: Sequence[Tried], at: Moment) -> str:
    if row.talked:
        return f"talked with {row.talked}"
    match row.settled_by:
        case SettledBy.INBOUND_CALL:
            return "called us and talked"
        case SettledBy.SMS:
            return "texted us"
        case SettledBy.COORDINATOR:
            return "heard from, marked by hand"
        case SettledBy.VOLUNTEER if row.settled_at and not any(one.result is AttemptResult.TALK for one in tried):
            return f"heard from in another call, {at.moment(row.settled_at)}"
        case _:
            return "talked"


def _calling(row: SheetRow, tried: Sequence[Tried]) -> Stand:
    last = tried[-1] if tried else None
    if last is None or last.dialled_at is None:
        return Stand("ringing", "about to ring", "soon")
    if row.kind is PlanKind.VOLUNTEER:
        return Stand("ringing", f"{last.volunteer or 'a volunteer'} is calling", "soon")
    return Stand("ringing", "on the phone with us" if last.answered_at else "ringing now", "soon")


def _to_come(row: SheetRow, tried: Sequence[Tried], at: Moment) -> Stand:
    if row.hands_off:
        return Stand("missed", "wants to talk with someone", "now")
    if row.kind is PlanKind.VOLUNTEER and row.attempt_due_at <= at.now:
        return Stand("wrapping", f"waits for {row.usual or 'a volunteer'}", "soon")
    if row.attempt_due_at <= at.now:
        return Stand("wrapping", "due now", "soon")
    when = at.near(row.attempt_due_at)
    if tried and tried[-1].result is AttemptResult.LATER:
        return Stand("wrapping", f"asked for later: {when}", "soon")
    if row.state is CheckinState.WAITING:
        return Stand("wrapping", f"tried again {when}", "soon")
    moved = "moved: " if row.attempt_due_at != row.due_at else ""
    return Stand("free", f"{moved}{when}")


def why(row: SheetRow, held: Held | None, act: Act | None, tried: Sequence[Tried], at: Moment) -> Sequence[str]:
    """The reason why it was called or not, as far as there is something to say."""
    waits = _expired(row, held, tried, at) if row.state is CheckinState.EXPIRED else _waits(held, at)
    return [one for one in (_by_hand(row, act, at), _skipped(row, at), waits) if one]


def _by_hand(row: SheetRow, act: Act | None, at: Moment) -> str:
    """Who did what last, as long as it is what stands."""
    by = f" by {act.email}, {at.moment(act.at)}" if act and act.email else ""
    if row.reason is CheckinReason.BY_HAND:
        return f"skipped by hand{by}"
    if row.settled_by is SettledBy.COORDINATOR:
        return f"marked{by}" if by else ""
    if act and act.action is AccessAction.CHECKIN_MOVED and row.is_open and row.attempt_due_at != row.due_at:
        return f"moved{by}"
    return ""


SKIPPED: Mapping[CheckinReason | None, str] = {
    CheckinReason.NO_CONSENT: "there is no consent for automated calls",
    CheckinReason.PLAN_ENDED: "the plan was ended",
    CheckinReason.PLAN_CHANGED: "the plan has another time now",
    CheckinReason.STOPPED: "they asked us to stop these calls",
    CheckinReason.BY_HAND: "",
    None: "they stopped these calls, or never agreed to them",
}


def _skipped(row: SheetRow, at: Moment) -> str:
    if row.state is not CheckinState.SKIPPED:
        return ""
    if row.reason is CheckinReason.PAUSED:
        return f"the plan is paused until {at.moment(row.paused_until)}" if row.paused_until else "the plan is paused"
    return SKIPPED.get(row.reason, "")


HELD: Mapping[Hold, str] = {
    Hold.CAP: "held by today's cap on spending",
    Hold.OWN_CAP: "held by the cap on calls to one person a day",
    Hold.ON_THE_PHONE: "waits: they are on the phone",
}


def _waits(held: Held | None, at: Moment) -> str:
    if held is None:
        return ""
    if held.by is Hold.QUIET:
        return f"held until {at.moment(held.until)}: quiet hours" if held.until < NEVER else "held: always quiet hours"
    return HELD[held.by]


def _expired(row: SheetRow, held: Held | None, tried: Sequence[Tried], at: Moment) -> str:
    """`held` is by the quiet hours that it was due in, if it was."""
    since = at.moment(row.attempt_due_at)
    if held is not None:
        return f"it was due at {since}, in their quiet hours, and these lasted too long"
    if row.kind is PlanKind.VOLUNTEER and not tried:
        return f"it was due at {since}, and nobody called in time"
    return f"it was due at {since}, and the line could not call in time"


def attempt(tried: Tried, kind: PlanKind, *, several_numbers: bool, at: Moment) -> str:
    """When, which number, and what came of it."""
    number = f" {NUMBERS.get(tried.position, '')}," if several_numbers else ""
    return f"{at.moment(tried.at)}{number or ','} {_whose(tried, kind, at)}"


def _whose(tried: Tried, kind: PlanKind, at: Moment) -> str:
    result = _result(tried, at.now)
    if tried.volunteer is None:
        return result
    if kind is PlanKind.VOLUNTEER:
        return f"{tried.volunteer} called: {'talked' if tried.result is AttemptResult.TALK else result}"
    return f"wanted to talk, and {tried.volunteer} was there" if tried.result is AttemptResult.TALK else result


RESULTS: Mapping[AttemptResult, str] = {
    AttemptResult.OK: "pressed 1: I'm OK",
    AttemptResult.TALK: "wanted to talk with someone",
    AttemptResult.LATER: "asked to be called later",
    AttemptResult.STOP: "asked us to stop",
    AttemptResult.NO_KEY: "picked up, pressed no key",
    AttemptResult.MACHINE: "a machine answered",
    AttemptResult.BUSY: "busy",
    AttemptResult.FAILED: "could not be called",
    AttemptResult.CANCELLED: "called off",
    AttemptResult.UNKNOWN: "nobody knows whether it rang",
}


def _result(tried: Tried, now: datetime) -> str:
    rang = _rang(tried, now)
    if tried.result is None:
        return "on the phone with us" if tried.answered_at else f"rings{rang}"
    if tried.result is AttemptResult.NO_ANSWER:
        return f"rang{rang}, nobody answered" if rang else "nobody answered"
    return RESULTS[tried.result]


def _rang(tried: Tried, now: datetime) -> str:
    """For how long, such as " 45 s"; nothing of what still rings, so that the page doesn't change each second."""
    if tried.dialled_at is None or tried.ended_at is None or tried.ended_at > now:
        return ""
    return f" {round((tried.ended_at - tried.dialled_at).total_seconds())} s"


def asked(volunteers: Sequence[Asked], at: Moment) -> str:
    """Who was asked to make it, and when last."""
    last = volunteers[-MOST_ASKED:]
    return ", ".join(f"{one.volunteer} {words.OFFERS[one.result]} {at.moment(one.at)}" for one in last)


def theirs(row: SheetRow, ours: str) -> str:
    """The time by their own clock, where it is another than the line's."""
    if row.timezone is None:
        return ""
    own = times.clock(row.due_at, ZoneInfo(row.timezone))
    return own if own != ours else ""
