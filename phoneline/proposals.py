"""What the team decides together: proposed by anybody on it, one voice each, by page or by telephone.

Who votes is known, how they voted is shown only as numbers. Most voices decide; as many on both sides are no yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from phoneline import twice
from phoneline.db import changed
from phoneline.models import Proposal, Vote
from phoneline.proposal_states import Choice

OPEN_FOR = timedelta(days=7)
LONGEST = 300
"""Letters of a proposal: it is read aloud."""


@dataclass(frozen=True)
class Voices:
    """What has been said so far."""

    yes: int
    no: int

    @property
    def is_yes(self) -> bool:
        return self.yes > self.no


def make(session: Session, words: str, person_id: str, now: datetime) -> Proposal:
    """A proposal, open for a week. Whoever makes it has said yes. Pressed twice it is one."""
    lately = select(Proposal).where(Proposal.by_id == person_id, Proposal.made_at > now - twice.MOMENT)
    there: Proposal | None = twice.found(session, lately, lambda one: one.words == words[:LONGEST])
    if there is not None:
        return there
    made = Proposal(made_at=now, by_id=person_id, words=words[:LONGEST], closes_at=now + OPEN_FOR)
    session.add(made)
    session.flush()
    vote(session, made.id, person_id, Choice.YES, now)
    return made


def vote(session: Session, proposal_id: str, person_id: str, choice: Choice, now: datetime) -> bool:
    """Their one voice, from now on. False if the proposal isn't open any more."""
    held = select(Proposal).where(Proposal.id == proposal_id).with_for_update(of=Proposal, key_share=True)
    found = session.scalars(held).one_or_none()
    if found is None or found.closes_at <= now:
        return False
    session.merge(Vote(proposal_id=proposal_id, person_id=person_id, choice=choice, at=now))
    session.flush()
    session.expire(found, ["votes"])
    return True


def close(session: Session, proposal_id: str, now: datetime) -> bool:
    """Nobody votes any more. False if it was closed before."""
    standing = update(Proposal).where(Proposal.id == proposal_id, Proposal.closes_at > now)
    return bool(changed(session, standing.values(closes_at=now)))


def open_ones(session: Session, now: datetime) -> Sequence[Proposal]:
    """Those that may be voted on, the first to close first."""
    found = select(Proposal).where(Proposal.closes_at > now).options(joinedload(Proposal.by))
    return session.scalars(found.order_by(Proposal.closes_at, Proposal.id)).all()


def decided(session: Session, since: datetime, until: datetime) -> Sequence[Proposal]:
    """Those that closed in [since, until)."""
    found = select(Proposal).where(Proposal.closes_at >= since, Proposal.closes_at < until)
    return session.scalars(found.options(joinedload(Proposal.by)).order_by(Proposal.closes_at, Proposal.id)).all()


def voices(proposal: Proposal) -> Voices:
    said = [one.choice for one in proposal.votes]
    return Voices(said.count(Choice.YES), said.count(Choice.NO))


def choice_of(proposal: Proposal, person_id: str | None) -> Choice | None:
    """What this person has said."""
    return next((one.choice for one in proposal.votes if one.person_id == person_id), None)
