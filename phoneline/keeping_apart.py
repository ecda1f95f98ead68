"""Keeping two people apart by a decision on a page, and taking it back.

`matching` goes by it for calls; for two of the team, `shift_refusals` does for shifts.

What the people spreadsheet says stands beside it: two are kept apart while either says so.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from phoneline.db import changed, insert_or_ignore
from phoneline.models import ApartDecision, Person, PersonRole
from phoneline.states import Role

TEAM = frozenset({Role.VOLUNTEER, Role.COORDINATOR})
"""Whom a caller could be put through to."""


@dataclass(frozen=True)
class Pair:
    """A caller, or somebody of the team, and somebody of the team. `strict` as in `models.apart`."""

    caller_id: str
    other_id: str
    strict: bool


def keep(session: Session, pair: Pair, reason: str, account_id: str, now: datetime) -> bool:
    """Keep them apart from now on. False, and nothing changed, if it has been decided of them already.

    Hours that they have together already stay. LookupError if the first is nobody, or the other isn't of the team.
    """
    if not _has(session, pair.caller_id, Role.PEER, *TEAM) or not _has(session, pair.other_id, *TEAM):
        raise LookupError
    # Neither takes hours meanwhile without knowing of it.
    both = select(Person.id).where(Person.id.in_([pair.caller_id, pair.other_id])).order_by(Person.id)
    session.execute(both.with_for_update(key_share=True))
    return insert_or_ignore(
        session,
        ApartDecision,
        person_id=pair.caller_id,
        other_id=pair.other_id,
        strict=pair.strict,
        reason=reason,
        created_at=now,
        decided_by=account_id,
    )


def standing(session: Session, pair: Pair) -> str | None:
    """The decision about them that holds."""
    same = select(ApartDecision.id).filter_by(person_id=pair.caller_id, other_id=pair.other_id, lifted_at=None)
    return session.scalar(same)


def lift(session: Session, decision_id: str, now: datetime) -> bool:
    """They may be put through to each other again. False if that was so already."""
    stands = update(ApartDecision).where(ApartDecision.id == decision_id, ApartDecision.lifted_at.is_(None))
    return changed(session, stands.values(lifted_at=now)) == 1


def put_back(session: Session, decision_id: str) -> bool:
    """Undo `lift`. False if it stands, or has been decided anew since."""
    anew = aliased(ApartDecision)
    same = (anew.person_id == ApartDecision.person_id, anew.other_id == ApartDecision.other_id)
    decided_anew = select(anew.id).where(*same, anew.lifted_at.is_(None)).correlate(ApartDecision).exists()
    lifted = update(ApartDecision).where(
        ApartDecision.id == decision_id, ApartDecision.lifted_at.is_not(None), ~decided_anew
    )
    return changed(session, lifted.values(lifted_at=None).execution_options(synchronize_session=False)) == 1


def _has(session: Session, person_id: str, *roles: Role) -> bool:
    held = select(PersonRole.role).where(PersonRole.person_id == person_id, PersonRole.role.in_(roles))
    return session.scalars(held).first() is not None
