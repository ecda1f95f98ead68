"""The week's letter in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import cover_words, words
from dashboard.times import Moment
from phoneline import proposals
from phoneline.models import Proposal, Thanks
from phoneline.recurrence import wall
from phoneline.roster_states import RosterAct
from phoneline.team_letter import Letter

MOST_GAPS = 12
_CHANGED: Sequence[tuple[Sequence[RosterAct], str, str]] = (
    ((RosterAct.TAKEN,), "open shift was taken", "open shifts were taken"),
    ((RosterAct.GIVEN, RosterAct.SWAPPED), "shift went to somebody else", "shifts went to somebody else"),
    ((RosterAct.ASKED,), "request for cover was made", "requests for cover were made"),
    ((RosterAct.MADE, RosterAct.IMPORTED), "shift is new", "shifts are new"),
    ((RosterAct.CHANGED,), "shift was changed", "shifts were changed"),
    ((RosterAct.ENDED,), "shift was taken off", "shifts were taken off"),
)


@dataclass(frozen=True)
class ThanksLine:
    id: str
    says: str
    words: str
    is_own: bool


@dataclass(frozen=True)
class ProposalLine:
    id: str
    words: str
    by: str
    stands: str
    """How it was decided, or until when it is open."""
    mine: str
    """What the reader has said, if they have."""


@dataclass(frozen=True)
class LetterPage:
    answer: str
    name: str
    shifts: str
    gaps: Sequence[str]
    changes: Sequence[str]
    thanks: Sequence[ThanksLine]
    decided: Sequence[ProposalLine]
    proposed: Sequence[ProposalLine]
    earlier: date
    later: date | None
    """The week after, unless that hasn't begun."""


def build(letter: Letter, person_id: str | None, at: Moment) -> LetterPage:
    monday = wall(letter.week.since, at.zone).date()
    is_over = letter.week.until <= at.now
    return LetterPage(
        answer=_answer(letter, is_over=is_over),
        name=f"Week of {monday.day} {monday:%B %Y}",
        shifts=_shifts(letter),
        gaps=[cover_words.gap(one, at) for one in letter.gaps[:MOST_GAPS]],
        changes=_changes(letter.changes),
        thanks=[_thanks(one, person_id) for one in letter.thanks],
        decided=[_decided(one) for one in letter.decided],
        proposed=[_proposed(one, person_id, at) for one in letter.proposed],
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7) if is_over else None,
    )


def _answer(letter: Letter, *, is_over: bool) -> str:
    if is_over:
        told = words.counted(letter.people, "person was", "people were")
        return words.sentence(f"{told} on shift that week.")
    if not letter.gaps:
        covered = "The rest of this week has enough people"
    else:
        stretches = words.counted(len(letter.gaps), "stretch needs somebody", "stretches need somebody")
        covered = words.sentence(f"{stretches} this week")
    open_ones = words.counted(len(letter.proposed), "proposal is", "proposals are")
    return f"{covered}. {words.sentence(open_ones)} open." if letter.proposed else f"{covered}."


def _shifts(letter: Letter) -> str:
    people = words.counted(letter.people, "person has", "people have")
    shifts = words.counted(letter.shifts, "shift", "shifts")
    still = f" {words.sentence(words.counted(letter.open, 'is', 'are'))} still open to be taken." if letter.open else ""
    return words.sentence(f"{people} {shifts} in this week.{still}")


def _changes(made: Mapping[RosterAct, int]) -> Sequence[str]:
    counted = ((sum(made.get(act, 0) for act in acts), one, many) for acts, one, many in _CHANGED)
    return [words.sentence(words.counted(count, one, many)) for count, one, many in counted if count]


def _thanks(one: Thanks, person_id: str | None) -> ThanksLine:
    sender = one.sender.first_name if one.sender is not None else "Somebody"
    receiver = one.receiver.first_name if one.receiver is not None else "everybody"
    return ThanksLine(
        one.id, f"{sender} thanks {receiver}", one.words, person_id is not None and one.from_id == person_id
    )


def _by(one: Proposal) -> str:
    return f"proposed by {one.by.first_name}" if one.by is not None else ""


def _decided(one: Proposal) -> ProposalLine:
    said = proposals.voices(one)
    outcome = "Decided: yes" if said.is_yes else "Decided: no"
    return ProposalLine(one.id, one.words, _by(one), f"{outcome}, by {said.yes} to {said.no}.", "")


def _proposed(one: Proposal, person_id: str | None, at: Moment) -> ProposalLine:
    said, mine = proposals.voices(one), proposals.choice_of(one, person_id)
    so_far = f"So far {said.yes} yes, {said.no} no; open until {at.on(one.closes_at)}."
    return ProposalLine(one.id, one.words, _by(one), so_far, f"You said {mine}." if mine else "")
