"""The plain words for states, the same as on the telephone and in the README. Pure."""

from collections.abc import Mapping

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

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

UNKNOWN_CALLER = "an unknown caller"
WITHHELD = "a withheld number"

KINDS: Mapping[ContactKind, str] = {
    ContactKind.CALL: "call",
    ContactKind.CHECKIN: "check-in",
    ContactKind.VOICEMAIL: "message",
    ContactKind.CALLBACK: "call-back",
    ContactKind.SMS: "text",
    ContactKind.IN_PERSON: "in person",
    ContactKind.OUTREACH: "call to make",
}
SINGLE: Mapping[ContactKind, str] = {**KINDS, ContactKind.IN_PERSON: "meeting in person"}
OUTCOMES: Mapping[ContactOutcome, str] = {
    ContactOutcome.FINE: "all fine",
    ContactOutcome.FOLLOW_UP: "follow-up wanted",
    ContactOutcome.URGENT: "urgent follow-up",
    ContactOutcome.WRONG_NUMBER: "wrong number or spam",
    ContactOutcome.NONE: "nothing was said",
}
FOLLOW_UPS: Mapping[FollowUp, str] = {
    FollowUp.NONE: "none",
    FollowUp.WANTED: "wanted",
    FollowUp.URGENT: "urgent",
    FollowUp.DONE: "done",
}
HANDOVERS: Mapping[HandoverKind, str] = {
    HandoverKind.COORDINATOR: "the coordinator on duty",
    HandoverKind.CRISIS: "the crisis line",
}
CALL_ENDINGS: Mapping[CallOutcome, str] = {
    CallOutcome.CONNECTED: "talked",
    CallOutcome.CRISIS: "passed on to the crisis line",
    CallOutcome.VOICEMAIL: "left a message",
    CallOutcome.CALLBACK: "asked for a call back",
    CallOutcome.INFORMATION: "listened to information",
    CallOutcome.BLOCKED: "was not put through",
    CallOutcome.FAILED: "heard only the safe announcement",
    CallOutcome.ABANDONED: "hung up before anyone was there",
}
CHECKIN_STATES: Mapping[CheckinState, str] = {
    CheckinState.DUE: "planned",
    CheckinState.CALLING: "calling now",
    CheckinState.WAITING: "will be tried again",
    CheckinState.OK: "said: I'm OK",
    CheckinState.TALKED: "talked",
    CheckinState.UNREACHED: "not reached",
    CheckinState.STOPPED: "asked us to stop",
    CheckinState.SKIPPED: "skipped",
    CheckinState.EXPIRED: "not called in time",
}
OFFERS: Mapping[OfferResult | None, str] = {
    None: "is being rung",
    OfferResult.ACCEPTED: "took the call",
    OfferResult.DECLINED: "passed",
    OfferResult.NO_ANSWER: "did not answer",
    OfferResult.BUSY: "was busy",
    OfferResult.MACHINE: "a machine picked up",
    OfferResult.FAILED: "could not be rung",
    OfferResult.CANCELLED: "was no longer needed",
}
ATTEMPTS: Mapping[AttemptResult | None, str] = {
    None: "calling now",
    AttemptResult.OK: "said: I'm OK",
    AttemptResult.TALK: "wanted to talk with someone",
    AttemptResult.LATER: "asked to be called later",
    AttemptResult.STOP: "asked us to stop",
    AttemptResult.NO_KEY: "picked up, no key pressed",
    AttemptResult.MACHINE: "a machine picked up",
    AttemptResult.NO_ANSWER: "no answer",
    AttemptResult.BUSY: "busy",
    AttemptResult.FAILED: "could not be called",
    AttemptResult.CANCELLED: "called off",
    AttemptResult.UNKNOWN: "nobody knows whether it rang",
}


def attempt(result: AttemptResult | None, kind: PlanKind) -> str:
    """What came of it. In a call by a volunteer nobody is asked whether they want to talk."""
    return "talked" if result is AttemptResult.TALK and kind is PlanKind.VOLUNTEER else ATTEMPTS[result]


LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "French", "es": "Spanish"}
LIVE_CALLS: Mapping[CallState, str] = {
    CallState.GREETING: "hears the greeting",
    CallState.MENU: "in the volunteers' own menu",
    CallState.CHECKIN: "check-in call",
    CallState.SEEKING: "looking for a volunteer to ring them",
    CallState.RINGING: "being called, a volunteer waits",
    CallState.WAITING: "waiting",
    CallState.CHOOSING: "choosing what to do",
    CallState.CONNECTED: "talking",
    CallState.ASIDE: "on hold, the volunteer has stepped out",
    CallState.LEFT: "alone on the line, the volunteer has gone",
    CallState.MESSAGE: "leaving a message",
    CallState.CALLBACK: "asking for a call back",
    CallState.PASSED_ON: "passed on to the fallback number",
    CallState.BLOCKED: "not put through, hears the crisis numbers",
    CallState.USED_UP: "has used up what was agreed for today",
    CallState.ENDED: "ended",
}


def number(count: int) -> str:
    """A count as a word, up to twelve."""
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, one: str, many: str) -> str:
    """Such as "two volunteers"."""
    return f"{number(count)} {one if count == 1 else many}"


def sentence(text: str) -> str:
    """The text with a capital at its start; the rest stays, names keep theirs."""
    return text[:1].upper() + text[1:]


def listed(names: list[str]) -> str:
    """Such as "Ana, Ravi and Kim"."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def who(name: str | None, *, withheld: bool) -> str:
    return name or (WITHHELD if withheld else UNKNOWN_CALLER)
