"""Where the ladder of an unreached check-in stands, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard import words
from dashboard.contact_view import Step
from dashboard.now_view import Section
from dashboard.queries_ladder import Ladder, Told
from dashboard.times import Moment
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep, TellingKind, TellingResult
from phoneline.states import CallbackState

UNNAMED = "the number in their plan"
ASKED: Mapping[TellingResult | None, str] = {
    None: "is being rung",
    TellingResult.TAKEN: "looks after it",
    TellingResult.WELL: "says that all is well",
    TellingResult.STOP: "asked not to be rung again",
    TellingResult.SILENT: "picked up and pressed no key",
    TellingResult.NO_ANSWER: "did not answer",
    TellingResult.FAILED: "could not be rung",
    TellingResult.NOT_RUNG: "could not be rung just then",
    TellingResult.TOLD: "was told the end",
}
TOLD_END: Mapping[TellingResult | None, str] = {
    None: "is being told the end",
    TellingResult.TOLD: "was told the end",
}
BY_HAND: Mapping[CallbackState, str] = {
    CallbackState.PROMISED: "was asked to ring them by hand",
    CallbackState.CALLING: "is asked to ring them by hand, or rings them now",
    CallbackState.JOINED: "reached them by hand",
    CallbackState.SETTLED: "was asked to ring them by hand",
    CallbackState.STOPPED: "rang them by hand, and somebody asked for no calls",
    CallbackState.GIVEN_UP: "did not reach them by hand",
}
ENDS: Mapping[EscalationEnd, str] = {
    EscalationEnd.HEARD: "They were heard from. Nobody else is asked.",
    EscalationEnd.WELL: "Somebody close to them said that all is well. Nobody else is asked.",
    EscalationEnd.SETTLED: "The follow-up was done. Nobody else is asked.",
}


@dataclass(frozen=True)
class LadderCard:
    """What the contact's page shows."""

    stands: str
    lines: Sequence[Step]


def card(ladder: Ladder | None, at: Moment) -> LadderCard | None:
    if ladder is None:
        return None
    lines = [_told(one, at) for one in ladder.told]
    if ladder.by_hand is not None:
        asked_at, state = ladder.by_hand
        lines.insert(0, Step(at.moment(asked_at), "A volunteer", BY_HAND[state]))
    return LadderCard(_sentence(ladder, at), lines)


def _told(one: Told, at: Moment) -> Step:
    how = ASKED if one.kind is TellingKind.ASK else TOLD_END
    who = words.sentence(one.name or UNNAMED)
    return Step(at.moment(one.at), who, how.get(one.result, "could not be told the end by a call"))


def _sentence(ladder: Ladder, at: Moment) -> str:
    if ladder.over_how is not None:
        return ENDS[ladder.over_how]
    said = words.sentence(brief(ladder, at))
    if ladder.state is EscalationState.TAKEN:
        return f"{said}. Then one of you is asked."
    if ladder.step is EscalationStep.COORDINATOR or ladder.next_step_at is None:
        return f"{said}."
    return f"{said}. The next step is due {at.near(ladder.next_step_at)}."


def brief(ladder: Ladder, at: Moment) -> str:
    """Where it stands, in a few words: "Ravi looks after it until 11:00"."""
    asked = [one for one in ladder.told if one.kind is TellingKind.ASK]
    if ladder.state is EscalationState.TAKEN and ladder.taken_until:
        taken = [one.name for one in asked if one.result is TellingResult.TAKEN]
        return f"{(taken or [''])[-1] or UNNAMED} looks after it until {at.moment(ladder.taken_until)}"
    match ladder.step:
        case EscalationStep.VOLUNTEER:
            return "a volunteer is asked to ring them"
        case EscalationStep.CONTACTS if asked:
            last = asked[-1]
            return f"rang {last.name or UNNAMED} at {at.moment(last.at)}, who {ASKED[last.result]}"
        case EscalationStep.COORDINATOR:
            return "one of you is needed"
        case _:
            return "somebody is being asked"


def with_ladders(section: Section, ladders: Mapping[str, Ladder], at: Moment) -> Section:
    """The follow-ups of the first page, each with how far its ladder has come."""
    standing = {contact: one for contact, one in ladders.items() if one.state is not EscalationState.OVER}
    lines = [
        replace(line, what=f"{line.what}; {brief(standing[line.id], at)}") if line.id in standing else line
        for line in section.lines
    ]
    return replace(section, lines=lines)
