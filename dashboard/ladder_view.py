"""Where the ladder of an unreached check-in stands, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard import words
from dashboard.contact_view import Step
from dashboard.queries_ladder import Ladder, Told
from dashboard.section import Section
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.escalation_states import EscalationEnd, EscalationState, EscalationStep, TellingKind, TellingResult
from phoneline.states import CallbackState

UNNAMED = N_("the number in their plan")
ASKED: Mapping[TellingResult | None, str] = Phrases(
    {
        None: N_("is being rung"),
        TellingResult.TAKEN: N_("looks after it"),
        TellingResult.WELL: N_("says that all is well"),
        TellingResult.STOP: N_("asked not to be rung again"),
        TellingResult.SILENT: N_("picked up and pressed no key"),
        TellingResult.NO_ANSWER: N_("did not answer"),
        TellingResult.FAILED: N_("could not be rung"),
        TellingResult.NOT_RUNG: N_("could not be rung just then"),
        TellingResult.TOLD: N_("was told the end"),
    }
)
TOLD_END: Mapping[TellingResult | None, str] = Phrases(
    {
        None: N_("is being told the end"),
        TellingResult.TOLD: N_("was told the end"),
    }
)
BY_HAND: Mapping[CallbackState, str] = Phrases(
    {
        CallbackState.PROMISED: N_("was asked to ring them by hand"),
        CallbackState.CALLING: N_("is asked to ring them by hand, or rings them now"),
        CallbackState.JOINED: N_("reached them by hand"),
        CallbackState.SETTLED: N_("was asked to ring them by hand"),
        CallbackState.STOPPED: N_("rang them by hand, and somebody asked for no calls"),
        CallbackState.GIVEN_UP: N_("did not reach them by hand"),
    }
)
ENDS: Mapping[EscalationEnd, str] = Phrases(
    {
        EscalationEnd.HEARD: N_("They were heard from. Nobody else is asked."),
        EscalationEnd.WELL: N_("Somebody close to them said that all is well. Nobody else is asked."),
        EscalationEnd.SETTLED: N_("The follow-up was done. Nobody else is asked."),
    }
)


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
        lines.insert(0, Step(at.moment(asked_at), _("A volunteer"), BY_HAND[state]))
    return LadderCard(_sentence(ladder, at), lines)


def _told(one: Told, at: Moment) -> Step:
    how = ASKED if one.kind is TellingKind.ASK else TOLD_END
    who = words.sentence(one.name or _(UNNAMED))
    return Step(
        at.moment(one.at), who, how[one.result] if one.result in how else _("could not be told the end by a call")
    )


def _sentence(ladder: Ladder, at: Moment) -> str:
    if ladder.over_how is not None:
        return ENDS[ladder.over_how]
    said = words.sentence(brief(ladder, at))
    if ladder.state is EscalationState.TAKEN:
        return _("%(said)s. Then one of you is asked.", said=said)
    if ladder.step is EscalationStep.COORDINATOR or ladder.next_step_at is None:
        return f"{said}."
    return _("%(said)s. The next step is due %(when)s.", said=said, when=at.near(ladder.next_step_at))


def brief(ladder: Ladder, at: Moment) -> str:
    """Where it stands, in a few words: "Ravi looks after it until 11:00"."""
    asked = [one for one in ladder.told if one.kind is TellingKind.ASK]
    if ladder.state is EscalationState.TAKEN and ladder.taken_until:
        taken = [one.name for one in asked if one.result is TellingResult.TAKEN]
        name = (taken or [""])[-1] or _(UNNAMED)
        return _("%(name)s looks after it until %(time)s", name=name, time=at.moment(ladder.taken_until))
    match ladder.step:
        case EscalationStep.VOLUNTEER:
            return _("a volunteer is asked to ring them")
        case EscalationStep.CONTACTS if asked:
            last = asked[-1]
            said = {"name": last.name or _(UNNAMED), "time": at.moment(last.at), "answer": ASKED[last.result]}
            return _("rang %(name)s at %(time)s, who %(answer)s", **said)
        case EscalationStep.COORDINATOR:
            return _("one of you is needed")
        case _:
            return _("somebody is being asked")


def with_ladders(section: Section, ladders: Mapping[str, Ladder], at: Moment) -> Section:
    """The follow-ups of the first page, each with how far its ladder has come."""
    standing = {contact: one for contact, one in ladders.items() if one.state is not EscalationState.OVER}
    lines = [
        replace(line, what=f"{line.what}; {brief(standing[line.id], at)}") if line.id in standing else line
        for line in section.lines
    ]
    return replace(section, lines=lines)
