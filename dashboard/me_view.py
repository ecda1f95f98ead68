"""A volunteer's own page in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import words
from dashboard.now_view import AHEAD_SHOWN
from dashboard.queries_me import Busy, Going, Listed, Now
from dashboard.times import Moment, clock, lasting
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.models import Pause
from phoneline.own_calls import OwnCall
from phoneline.own_notes import OwnNote
from phoneline.own_shifts import Stretch
from phoneline.states import CheckinState, ContactKind, ContactOutcome, OfferResult, PauseReason
from phoneline.volunteer_states import DebriefState

BREAKS: Mapping[str, str] = Phrases(
    {
        "15": N_("15 minutes"),
        "30": N_("half an hour"),
        "60": N_("an hour"),
        "120": N_("two hours"),
        "": N_("the rest of this shift"),
    }
)
"""The lengths of a break: minutes, and their words."""
OUTCOMES: Sequence[tuple[ContactOutcome, str]] = (
    (ContactOutcome.FINE, "check"),
    (ContactOutcome.FOLLOW_UP, "log"),
    (ContactOutcome.URGENT, "now"),
    (ContactOutcome.WRONG_NUMBER, "stop"),
)
"""As by the keys 1 to 4, each with its picture."""
AFTER_A_CALL = timedelta(minutes=30)
"""So long the note is offered at the top of the page."""
WITH: Mapping[ContactKind, str] = Phrases(
    {
        ContactKind.CALL: N_("a caller"),
        ContactKind.CALLBACK: N_("somebody who was called back"),
        ContactKind.CHECKIN: N_("somebody whom you called"),
    }
)
"""Whom they talked with, where no name is shared."""
_GOING: Mapping[Going, tuple[str, str]] = {
    Going.RINGS_ME: (N_("your phone rings: press 1"), "ringing"),
    Going.RINGS_THEM: (N_("their phone rings, you wait"), "ringing"),
    Going.TALKING: (N_("you are talking"), "talking"),
    Going.ASKED: (N_("somebody is asked to call"), "ringing"),
}
_SHAPES: Mapping[CheckinState, str] = {
    CheckinState.DUE: "free",
    CheckinState.WAITING: "wrapping",
    CheckinState.CALLING: "ringing",
    CheckinState.OK: "done",
    CheckinState.TALKED: "done",
}


@dataclass(frozen=True)
class CheckinLine:
    """One whom they call, and what can be done."""

    id: str
    name: str
    when: str
    state: str
    shape: str
    note: str
    may_call: bool


@dataclass(frozen=True)
class AfterCall:
    """The call that has just ended: what is still to be said of it, if they like."""

    offer_id: str
    with_whom: str
    when: str
    asks_outcome: bool


@dataclass(frozen=True)
class NowCard:
    """What changes while one looks: where they stand, whom they call, and the call that has just ended."""

    answer: str
    shape: str
    state: str
    detail: str
    on: bool
    paused: bool
    may_be_rung: bool
    """Trained, and with a telephone."""
    checkins: Sequence[CheckinLine]
    to_call: int
    after: AfterCall | None
    debrief: str
    """What becomes of their wish to talk; empty where they have none."""


@dataclass(frozen=True)
class CallLine:
    """A conversation of theirs."""

    offer_id: str
    with_whom: str
    when: str
    long: str
    outcome: str
    may_say: bool
    may_note: bool


@dataclass(frozen=True)
class NoteLine:
    """What they wrote."""

    contact_id: str
    of: str
    words: str
    may_change: bool


def now(found: Now, at: Moment) -> NowCard:
    hours = found.hours[0] if found.hours and found.hours[0].has_begun(at.now) else None
    shape, state, detail = _standing(found, hours, at)
    checkins = [_checkin(one, at) for one in found.checkins]
    to_call = sum(one.state in {CheckinState.DUE, CheckinState.WAITING} and one.own for one in found.checkins)
    return NowCard(
        answer=" ".join([state, *_list_words(to_call)]),
        shape=shape,
        state=state,
        detail=detail,
        on=hours is not None,
        paused=found.pause is not None,
        may_be_rung=found.ready and found.has_number,
        checkins=checkins,
        to_call=to_call,
        after=_after(found.last, at),
        debrief=_debrief(found),
    )


def _standing(found: Now, hours: Stretch | None, at: Moment) -> tuple[str, str, str]:
    """Shape, sentence, and what else is worth knowing."""
    if found.practice is not None:
        return "ringing", _("Your phone rings: pick up to practise."), ""
    busy = _busy(found.busy, at)
    if busy is not None:
        return busy
    if not found.ready:
        return "paused", _("Your phone doesn't ring for calls yet."), _("A coordinator says when it does.")
    if hours is None:
        following = found.hours[0] if found.hours else None
        later = _("Your next shift is %(when)s.", when=at.near(following.starts_at)) if following else ""
        return "paused", _("You are off shift."), later
    # A shift without a near end goes on and on.
    is_near = hours.ends_at - at.now < AHEAD_SHOWN
    if found.pause is not None:
        until = _("On shift until %(time)s.", time=at.moment(hours.ends_at)) if is_near else ""
        return "paused", _pause(found.pause, at), until
    on = _("You are on shift until %(time)s.", time=at.moment(hours.ends_at)) if is_near else _("You are on shift.")
    return "free", on, _("Calls ring your phone.")


def _busy(busy: Busy | None, at: Moment) -> tuple[str, str, str] | None:
    if busy is None:
        return None
    if busy.result is None:
        return "ringing", _("Your phone rings: press 1 to take the call."), ""
    if busy.result is not OfferResult.ACCEPTED:
        return None
    if busy.conversation_ended_at is None:
        since = at.since(busy.accepted_at or at.now)
        return "talking", _("You are on a call, for %(length)s.", length=since), ""
    if busy.wrap_up_until is not None and busy.wrap_up_until > at.now:
        rests = _("You rest from the last call until %(time)s.", time=clock(busy.wrap_up_until, at.zone))
        return "wrapping", rests, _("Nobody rings you before that.")
    return None


def _pause(pause: Pause, at: Moment) -> str:
    if pause.reason is PauseReason.MISSED:
        return _("Your phone doesn't ring: several calls in a row were missed.")
    if pause.until is None:
        return _("You are on a break for the rest of this shift.")
    return _("You are on a break until %(time)s.", time=at.moment(pause.until))


def _list_words(count: int) -> Sequence[str]:
    if not count:
        return ()
    told = ngettext(
        "%(number)s person is on your list for today.",
        "%(number)s people are on your list for today.",
        count,
        number=words.number(count),
    )
    return [words.sentence(told)]


def _debrief(found: Now) -> str:
    if found.debrief is None:
        return ""
    if found.debrief.state is DebriefState.TAKEN:
        return _("A coordinator will talk with you soon.")
    return _("The coordinators know that you'd like to talk.")


def _checkin(one: Listed, at: Moment) -> CheckinLine:
    state, shape = _state(one, at)
    return CheckinLine(
        id=one.id,
        name=one.name,
        when=at.moment(one.due_at),
        state=state,
        shape=shape,
        note=_note(one),
        may_call=one.may_call,
    )


def _state(one: Listed, at: Moment) -> tuple[str, str]:
    if one.going is not None:
        said, shape = _GOING[one.going]
        return _(said), shape
    if one.is_quiet:
        return _("it is their quiet hours"), "paused"
    if one.state is CheckinState.WAITING and one.attempt_due_at > at.now:
        return _("not reached yet, again at %(time)s", time=at.moment(one.attempt_due_at)), "wrapping"
    if one.state is CheckinState.WAITING:
        return _("not reached yet"), "wrapping"
    return words.CHECKIN_STATES[one.state], _SHAPES.get(one.state, "missed")


def _note(one: Listed) -> str:
    if one.topics:
        return _("Shared with you: %(topics)s", topics=one.topics)
    return "" if one.own else _("Nobody else calls them now.")


def _after(last: OwnCall | None, at: Moment) -> AfterCall | None:
    if last is None or last.ended_at is None or not last.may_say:
        return None
    lately = last.ended_at > at.now - AFTER_A_CALL
    if last.is_said and not (lately and not last.has_note):
        return None
    return AfterCall(last.offer_id, _with(last), at.near(last.ended_at), asks_outcome=not last.is_said)


def _with(call: OwnCall) -> str:
    return call.name or WITH.get(call.kind, WITH[ContactKind.CALL])


def calls(found: Sequence[OwnCall], at: Moment) -> Sequence[CallLine]:
    return [_call(one, at) for one in found]


def _call(one: OwnCall, at: Moment) -> CallLine:
    return CallLine(
        offer_id=one.offer_id,
        with_whom=words.sentence(_with(one)),
        when=at.moment(one.joined_at),
        long=lasting(((one.ended_at or at.now) - one.joined_at).total_seconds()),
        outcome=_outcome(one),
        may_say=one.may_say and not one.is_said,
        may_note=one.may_say and not one.has_note,
    )


def _outcome(one: OwnCall) -> str:
    if one.ended_at is None:
        return _("going on")
    if not one.is_said:
        return words.OUTCOMES[ContactOutcome.NONE]
    return words.OUTCOMES[one.outcome] if one.outcome is not None else _("you said how it was")


def notes(found: Sequence[OwnNote], at: Moment) -> Sequence[NoteLine]:
    return [
        NoteLine(
            one.contact_id,
            _("%(whom)s, %(when)s", whom=words.sentence(one.name or WITH[ContactKind.CALL]), when=at.moment(one.of)),
            one.words,
            one.may_change,
        )
        for one in found
    ]


def long_ago(at: datetime | None, now_at: Moment) -> str:
    """When they practised last."""
    return _("You practised last %(when)s.", when=now_at.on(at)) if at is not None else ""
