"""The week's letter in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import cover_words, roster_words, words
from dashboard.times import Moment, day_of_month
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline import proposals
from phoneline.models import Proposal, Thanks
from phoneline.proposal_states import Choice
from phoneline.recurrence import wall
from phoneline.roster_states import RosterAct
from phoneline.team_letter import Letter

MOST_GAPS = 12
_MINE: Mapping[Choice, str] = Phrases({Choice.YES: N_("You said yes."), Choice.NO: N_("You said no.")})
_CHANGED: Sequence[tuple[Sequence[RosterAct], str, str]] = (
    ((RosterAct.TAKEN,), N_("%(number)s open shift was taken."), N_("%(number)s open shifts were taken.")),
    (
        (RosterAct.GIVEN, RosterAct.SWAPPED),
        N_("%(number)s shift went to somebody else."),
        N_("%(number)s shifts went to somebody else."),
    ),
    (
        (RosterAct.ASKED,),
        N_("%(number)s request for cover was made."),
        N_("%(number)s requests for cover were made."),
    ),
    ((RosterAct.MADE, RosterAct.IMPORTED), N_("%(number)s shift is new."), N_("%(number)s shifts are new.")),
    ((RosterAct.CHANGED,), N_("%(number)s shift was changed."), N_("%(number)s shifts were changed.")),
    ((RosterAct.ENDED,), N_("%(number)s shift was taken off."), N_("%(number)s shifts were taken off.")),
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
        name=_("Week of %(day)s %(year)s", day=day_of_month(monday), year=monday.year),
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
        count = letter.people
        told = ngettext(
            "%(number)s person was on shift that week.",
            "%(number)s people were on shift that week.",
            count,
            number=words.number(count),
        )
        return words.sentence(told)
    return " ".join([_covered(len(letter.gaps)), *_open_proposals(len(letter.proposed))])


def _covered(gaps: int) -> str:
    if not gaps:
        return _("The rest of this week has enough people.")
    told = ngettext(
        "%(number)s stretch needs somebody this week.",
        "%(number)s stretches need somebody this week.",
        gaps,
        number=words.number(gaps),
    )
    return words.sentence(told)


def _open_proposals(count: int) -> Sequence[str]:
    if not count:
        return ()
    told = ngettext("%(number)s proposal is open.", "%(number)s proposals are open.", count, number=words.number(count))
    return [words.sentence(told)]


def _shifts(letter: Letter) -> str:
    shifts = roster_words.shifts(letter.shifts)
    told = ngettext(
        "%(number)s person has %(shifts)s in this week.",
        "%(number)s people have %(shifts)s in this week.",
        letter.people,
        number=words.number(letter.people),
        shifts=shifts,
    )
    return " ".join([words.sentence(told), *_still_open(letter.open)])


def _still_open(count: int) -> Sequence[str]:
    if not count:
        return ()
    told = ngettext(
        "%(number)s is still open to be taken.",
        "%(number)s are still open to be taken.",
        count,
        number=words.number(count),
    )
    return [words.sentence(told)]


def _changes(made: Mapping[RosterAct, int]) -> Sequence[str]:
    counted = ((sum(made.get(act, 0) for act in acts), one, many) for acts, one, many in _CHANGED)
    return [
        words.sentence(_(one if count == 1 else many, number=words.number(count)))
        for count, one, many in counted
        if count
    ]


def _thanks(one: Thanks, person_id: str | None) -> ThanksLine:
    sender = one.sender.first_name if one.sender is not None else _("Somebody")
    receiver = one.receiver.first_name if one.receiver is not None else _("everybody")
    says = _("%(sender)s thanks %(receiver)s", sender=sender, receiver=receiver)
    return ThanksLine(one.id, says, one.words, person_id is not None and one.from_id == person_id)


def _by(one: Proposal) -> str:
    return _("proposed by %(name)s", name=one.by.first_name) if one.by is not None else ""


def _decided(one: Proposal) -> ProposalLine:
    said = proposals.voices(one)
    stands = _("Decided: no, by %(yes)s to %(no)s.", yes=said.yes, no=said.no)
    if said.is_yes:
        stands = _("Decided: yes, by %(yes)s to %(no)s.", yes=said.yes, no=said.no)
    return ProposalLine(one.id, one.words, _by(one), stands, "")


def _proposed(one: Proposal, person_id: str | None, at: Moment) -> ProposalLine:
    said, mine = proposals.voices(one), proposals.choice_of(one, person_id)
    until = at.on(one.closes_at)
    so_far = _("So far %(yes)s yes, %(no)s no; open until %(when)s.", yes=said.yes, no=said.no, when=until)
    return ProposalLine(one.id, one.words, _by(one), so_far, _MINE[mine] if mine else "")
