"""The no of somebody who was erased: kept as a hash of their number, so that nobody rings them by mistake again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from phoneline import people
from phoneline.models import Consent, KeptRefusal, PhoneNumber
from phoneline.states import ConsentKind


def keep(session: Session, person_id: str, now: datetime) -> None:
    """What they refused by their own act, for each number that is theirs alone. Before the numbers are deleted."""
    by_machine = people.withdrew_by_own_act(session, person_id)
    by_volunteers = people.refuses_volunteers(session, person_id)
    for number_hash in sole_hashes(session, person_id):
        session.execute(delete(KeptRefusal).where(KeptRefusal.number_hash == number_hash))
        if by_machine or by_volunteers:
            no = {"by_machine": by_machine, "by_volunteers": by_volunteers}
            session.add(KeptRefusal(number_hash=number_hash, since=now, **no))
    session.flush()


def sole_hashes(session: Session, person_id: str) -> Collection[str]:
    """Hashes of their numbers that are nobody else's."""
    theirs = select(PhoneNumber.number_hash).where(PhoneNumber.person_id == person_id)
    others = select(PhoneNumber.number_hash).where(
        PhoneNumber.number_hash.in_(theirs), PhoneNumber.person_id != person_id
    )
    return sorted(set(session.scalars(theirs)) - set(session.scalars(others)))


def bring_back(session: Session, person_id: str, number_hashes: Collection[str], now: datetime) -> None:
    """Somebody new has such a number: their ledger begins with the no. Only their own word ends it."""
    rows = session.scalars(select(KeptRefusal).where(KeptRefusal.number_hash.in_(number_hashes))).all()
    if any(row.by_machine for row in rows):
        no = {"given_how": people.NOT_NEEDED, "withdrawn_at": now, "withdrawn_how": people.KEY_9}
        session.add(Consent(person_id=person_id, kind=ConsentKind.AUTOMATED_CALLS, given_at=now, **no))
        session.flush()
    if any(row.by_volunteers for row in rows):
        people.refuse_volunteers(session, person_id, people.KEY_9, now)
