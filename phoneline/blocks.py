"""Blocked callers: who is not put through, why, until when and by whose decision.

A block is of a person, wherever they call from, or of a number that is no one person's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from phoneline.db import changed, insert_or_ignore
from phoneline.models import Block, Call, Contact, Person
from phoneline.people import calling_from


@dataclass(frozen=True)
class Whom:
    """Whom a block is about: a person, or else a number."""

    person_id: str | None
    number: str | None
    number_hash: str | None
    language: str | None = None
    contact_id: str | None = None


@dataclass(frozen=True)
class Decision:
    """Why, until when if not for good, and by which login."""

    reason: str
    ends_at: datetime | None
    account_id: str


@dataclass(frozen=True)
class Standing:
    """A block that holds now."""

    block_id: str
    language: str | None


_STANDING = (
    select(Block.id, Block.language)
    .where(
        Block.lifted_at.is_(None),
        or_(Block.ends_at.is_(None), Block.ends_at > bindparam("now", type_=Block.ends_at.type)),
        or_(Block.person_id == bindparam("person_id"), Block.number_hash == bindparam("number_hash")),
    )
    .limit(1)
)


def standing(session: Session, person_id: str | None, number_hash: str | None, now: datetime) -> Standing | None:
    """The block that holds now for this person or this number, if any."""
    if person_id is None and number_hash is None:
        return None
    # Straight through the connection: every call waits for this before its first words.
    values = {"person_id": person_id, "number_hash": number_hash, "now": now}
    found = session.connection().execute(_STANDING, values).first()
    return None if found is None else Standing(*found)


def of_contact(session: Session, contact_id: str, hashed: Callable[[str], str]) -> Whom | None:
    """Whom a block from this contact's page would be about. None if the caller withheld their number."""
    found = session.execute(
        select(Contact.person_id, Person.language, Call.number, Call.language)
        .join(Person, Person.id == Contact.person_id, isouter=True)
        .join(Call, Call.id == Contact.call_id, isouter=True)
        .where(Contact.id == contact_id)
    ).one_or_none()
    if found is None:
        return None
    person_id, own_language, number, spoken = found
    if person_id is not None:
        return Whom(person_id, None, None, own_language or spoken, contact_id)
    if number is None:
        return None
    return replace(of_number(session, number, hashed(number)), language=spoken, contact_id=contact_id)


def of_number(session: Session, number: str, number_hash: str) -> Whom:
    """The one person whose number this is; the number itself when it is nobody's, or several people's."""
    owner = calling_from(session, number_hash)
    if owner is None:
        return Whom(None, number, number_hash)
    return Whom(owner.person_id, None, None, owner.language)


def put(session: Session, whom: Whom, decision: Decision, now: datetime) -> bool:
    """Block them. False, and nothing changed, if they are blocked already."""
    same = Block.person_id == whom.person_id if whom.person_id else Block.number_hash == whom.number_hash
    # What has run out makes way.
    session.execute(
        update(Block)
        .where(same, Block.lifted_at.is_(None), Block.ends_at <= now)
        .values(lifted_at=Block.ends_at)
        .execution_options(synchronize_session=False)
    )
    return insert_or_ignore(
        session,
        Block,
        person_id=whom.person_id,
        number=whom.number,
        number_hash=whom.number_hash,
        language=whom.language,
        contact_id=whom.contact_id,
        reason=decision.reason,
        ends_at=decision.ends_at,
        decided_by=decision.account_id,
        created_at=now,
    )


def lift(session: Session, block_id: str, now: datetime) -> bool:
    """They are put through again from now on. False if the block held no longer."""
    holds = and_(Block.lifted_at.is_(None), or_(Block.ends_at.is_(None), Block.ends_at > now))
    return changed(session, update(Block).where(Block.id == block_id, holds).values(lifted_at=now)) == 1


def put_back(session: Session, block_id: str, now: datetime) -> bool:
    """Undo `lift`. False if it has run out since, or they have been blocked anew."""
    other = aliased(Block)
    anew = select(other.id).where(
        other.id != Block.id,
        other.lifted_at.is_(None),
        or_(other.person_id == Block.person_id, other.number_hash == Block.number_hash),
    )
    could_hold = and_(Block.lifted_at.is_not(None), or_(Block.ends_at.is_(None), Block.ends_at > now))
    back = update(Block).where(Block.id == block_id, could_hold, ~anew.correlate(Block).exists())
    return changed(session, back.values(lifted_at=None).execution_options(synchronize_session=False)) == 1
