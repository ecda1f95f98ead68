"""The plain words for states, the same as on the telephone and in the README. Pure."""

from collections.abc import Mapping

from babel.numbers import format_decimal

from dashboard.tongue import N_, Phrases, language
from dashboard.tongue import gettext as _
from phoneline.states import (
    AttemptResult,
    CallOutcome,
    CallState,
    CheckinState,
    ContactKind,
    ContactOutcome,
    FollowUp,
    HandoverKind,
    OfferResult,
    PlanKind,
)

_NUMBERS = (
    N_("no"),
    N_("one"),
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
    N_("eleven"),
    N_("twelve"),
)

UNKNOWN_CALLER = N_("an unknown caller")
WITHHELD = N_("a withheld number")

KINDS: Mapping[ContactKind, str] = Phrases(
    {
        ContactKind.CALL: N_("call"),
        ContactKind.CHECKIN: N_("check-in"),
        ContactKind.VOICEMAIL: N_("message"),
        ContactKind.CALLBACK: N_("call-back"),
        ContactKind.SMS: N_("text"),
        ContactKind.IN_PERSON: N_("in person"),
        ContactKind.OUTREACH: N_("call to make"),
    }
)
OUTCOMES: Mapping[ContactOutcome, str] = Phrases(
    {
        ContactOutcome.FINE: N_("all fine"),
        ContactOutcome.FOLLOW_UP: N_("follow-up wanted"),
        ContactOutcome.URGENT: N_("urgent follow-up"),
        ContactOutcome.WRONG_NUMBER: N_("wrong number or spam"),
        ContactOutcome.NONE: N_("nothing was said"),
    }
)
FOLLOW_UPS: Mapping[FollowUp, str] = Phrases(
    {
        FollowUp.NONE: N_("none"),
        FollowUp.WANTED: N_("wanted"),
        FollowUp.URGENT: N_("urgent"),
        FollowUp.DONE: N_("done"),
    }
)
HANDOVERS: Mapping[HandoverKind, str] = Phrases(
    {
        HandoverKind.COORDINATOR: N_("the coordinator on duty"),
        HandoverKind.CRISIS: N_("the crisis line"),
    }
)
CALL_ENDINGS: Mapping[CallOutcome, str] = Phrases(
    {
        CallOutcome.CONNECTED: N_("talked"),
        CallOutcome.CRISIS: N_("passed on to the crisis line"),
        CallOutcome.VOICEMAIL: N_("left a message"),
        CallOutcome.CALLBACK: N_("asked for a call back"),
        CallOutcome.INFORMATION: N_("listened to information"),
        CallOutcome.BLOCKED: N_("was not put through"),
        CallOutcome.FAILED: N_("heard only the safe announcement"),
        CallOutcome.ABANDONED: N_("hung up before anyone was there"),
    }
)
CHECKIN_STATES: Mapping[CheckinState, str] = Phrases(
    {
        CheckinState.DUE: N_("planned"),
        CheckinState.CALLING: N_("calling now"),
        CheckinState.WAITING: N_("will be tried again"),
        CheckinState.OK: N_("said: I'm OK"),
        CheckinState.TALKED: N_("talked"),
        CheckinState.UNREACHED: N_("not reached"),
        CheckinState.STOPPED: N_("asked us to stop"),
        CheckinState.SKIPPED: N_("skipped"),
        CheckinState.EXPIRED: N_("not called in time"),
    }
)
OFFERS: Mapping[OfferResult | None, str] = Phrases(
    {
        None: N_("is being rung"),
        OfferResult.ACCEPTED: N_("took the call"),
        OfferResult.DECLINED: N_("passed"),
        OfferResult.NO_ANSWER: N_("did not answer"),
        OfferResult.BUSY: N_("was busy"),
        OfferResult.MACHINE: N_("a machine picked up"),
        OfferResult.FAILED: N_("could not be rung"),
        OfferResult.CANCELLED: N_("was no longer needed"),
    }
)
ATTEMPTS: Mapping[AttemptResult | None, str] = Phrases(
    {
        None: N_("calling now"),
        AttemptResult.OK: N_("said: I'm OK"),
        AttemptResult.TALK: N_("wanted to talk with someone"),
        AttemptResult.LATER: N_("asked to be called later"),
        AttemptResult.STOP: N_("asked us to stop"),
        AttemptResult.NO_KEY: N_("picked up, no key pressed"),
        AttemptResult.MACHINE: N_("a machine picked up"),
        AttemptResult.NO_ANSWER: N_("no answer"),
        AttemptResult.BUSY: N_("busy"),
        AttemptResult.FAILED: N_("could not be called"),
        AttemptResult.CANCELLED: N_("called off"),
        AttemptResult.UNKNOWN: N_("nobody knows whether it rang"),
    }
)


def attempt(result: AttemptResult | None, kind: PlanKind) -> str:
    """What came of it. In a call by a volunteer nobody is asked whether they want to talk."""
    return _("talked") if result is AttemptResult.TALK and kind is PlanKind.VOLUNTEER else ATTEMPTS[result]


LANGUAGES: Mapping[str, str] = Phrases({"en": N_("English"), "fr": N_("French"), "es": N_("Spanish")})
LIVE_CALLS: Mapping[CallState, str] = Phrases(
    {
        CallState.GREETING: N_("hears the greeting"),
        CallState.MENU: N_("in the volunteers' own menu"),
        CallState.CHECKIN: N_("check-in call"),
        CallState.SEEKING: N_("looking for a volunteer to ring them"),
        CallState.RINGING: N_("being called, a volunteer waits"),
        CallState.WAITING: N_("waiting"),
        CallState.CHOOSING: N_("choosing what to do"),
        CallState.CONNECTED: N_("talking"),
        CallState.ASIDE: N_("on hold, the volunteer has stepped out"),
        CallState.LEFT: N_("alone on the line, the volunteer has gone"),
        CallState.MESSAGE: N_("leaving a message"),
        CallState.CALLBACK: N_("asking for a call back"),
        CallState.PASSED_ON: N_("passed on to the fallback number"),
        CallState.BLOCKED: N_("not put through, hears the crisis numbers"),
        CallState.USED_UP: N_("has used up what was agreed for today"),
        CallState.ENDED: N_("ended"),
    }
)


def number(count: int) -> str:
    """A count as a word, up to twelve."""
    return _(_NUMBERS[count]) if count < len(_NUMBERS) else format_decimal(count, locale=language())


def counted(count: int, one: str, many: str) -> str:
    """Such as "two volunteers"."""
    return f"{number(count)} {one if count == 1 else many}"


def sentence(text: str) -> str:
    """The text with a capital at its start; the rest stays, names keep theirs."""
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    """Such as "Ana, Ravi and Kim"."""
    if len(names) < 2:  # noqa: PLR2004 - two is where a list begins
        return "".join(names)
    return _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def who(name: str | None, *, withheld: bool) -> str:
    return name or _(WITHHELD if withheld else UNKNOWN_CALLER)
