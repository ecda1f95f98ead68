"""Key 7 of the volunteers' own menu: the week's letter in a few sentences, then each open proposal.

Hold the call's row.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from phoneline import proposals, spoken, team_letter
from phoneline.documents import menu as words
from phoneline.menu_visit import Visit
from phoneline.models import Proposal
from phoneline.proposal_states import Choice
from phoneline.steps import Document, Say
from phoneline.team_letter import Letter

KEY = "7"
MOST_THANKS = 5
_CHOICES = {"1": Choice.YES, "2": Choice.NO}


def choice(session: Session, visit: Visit) -> Sequence[Say]:
    """The choice is spoken while there is something to vote on."""
    return [visit.say("menu_letter")] if _open(session, visit) else []


def begin(session: Session, visit: Visit) -> Document:
    """The letter, then what this volunteer hasn't voted on yet."""
    week = team_letter.week_of(visit.now, visit.line_zone)
    letter = team_letter.read(session, week, visit.live, visit.now)
    return _first(visit, _open(session, visit), [*_cover(letter, visit), *_thanks(letter, visit)])


def _cover(letter: Letter, visit: Visit) -> Sequence[Say]:
    if not letter.gaps:
        return [visit.say("letter_covered")]
    first = letter.gaps[0]
    when = spoken.span(first.starts_at, first.ends_at, visit.now, visit.zone, visit.call.language)
    if len(letter.gaps) == 1:
        return [visit.say("letter_gap", when=when)]
    return [visit.say("letter_gaps", count=str(len(letter.gaps)), when=when)]


def _thanks(letter: Letter, visit: Visit) -> Sequence[Say]:
    """The last ones. Words are read as they were written."""
    said = []
    for one in letter.thanks[-MOST_THANKS:]:
        sender = one.sender.first_name if one.sender is not None else ""
        key = "letter_thanks" if one.receiver is not None else "letter_thanks_all"
        receiver = one.receiver.first_name if one.receiver is not None else ""
        said.append(visit.say(key, sender=sender, receiver=receiver, words=one.words))
    return said


def _open(session: Session, visit: Visit) -> Sequence[Proposal]:
    """What they haven't voted on, the first to close first."""
    found = proposals.open_ones(session, visit.now)
    return [one for one in found if proposals.choice_of(one, visit.person.id) is None]


def key(session: Session, visit: Visit, proposal_id: str, pressed: str, tries: int) -> Document:
    """1 yes, 2 no, 9 the next one, * again, # back; a wrong key hears it once more."""
    if pressed == "0":
        return (words.to_a_person(visit.call),)
    if pressed in _CHOICES:
        counted = proposals.vote(session, proposal_id, visit.person.id, _CHOICES[pressed], visit.now)
        return _first(visit, _open(session, visit), [visit.say("letter_voted" if counted else "letter_closed")])
    if pressed == "9":
        return _after(session, visit, proposal_id)
    this = session.get(Proposal, proposal_id)
    if pressed == "#" or this is None or (tries >= words.MOST_TRIES and pressed != "*"):
        return (words.to_top(visit.call),)
    return _ask(visit, this, [], tries if pressed == "*" else tries + 1)


def _after(session: Session, visit: Visit, proposal_id: str) -> Document:
    """The next one that they haven't voted on, which may have closed meanwhile."""
    this = session.get(Proposal, proposal_id)
    later = [
        one for one in _open(session, visit) if this is not None and (one.closes_at, one.id) > (this.closes_at, this.id)
    ]
    return _first(visit, later, [])


def _first(visit: Visit, found: Sequence[Proposal], before: Sequence[Say]) -> Document:
    if found:
        return _ask(visit, found[0], before, 1)
    return (*before, visit.say("letter_over"), words.to_top(visit.call))


def _ask(visit: Visit, one: Proposal, before: Sequence[Say], tries: int) -> Document:
    told = visit.say("letter_proposal", words=one.words)
    return words.proposal(visit.call, (*before, told, visit.say("letter_keys")), one.id, tries)
