"""What the page about limits reads. A number is read for its last two digits alone."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from dashboard import queries_people
from dashboard.own_record import not_own
from phoneline import countries
from phoneline.blocks import Whom
from phoneline.crypto import vault
from phoneline.models import Account, Block, DailyLimit, Person, PersonRole, PhoneNumber
from phoneline.states import Role

MOST_BLOCKS = 200
MOST_TO_CHOOSE = 500
ENDED_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class BlockRow:
    """A block with names for its ids."""

    id: str
    person: str | None
    number: str | None
    reason: str
    contact_id: str | None
    created_at: datetime
    email: str | None
    ends_at: datetime | None
    lifted_at: datetime | None


COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    Block.id,
    Person.name,
    Block.number,
    Block.reason,
    Block.contact_id,
    Block.created_at,
    Account.email,
    Block.ends_at,
    Block.lifted_at,
)


def holds(now: datetime) -> ColumnElement[bool]:
    return and_(Block.lifted_at.is_(None), or_(Block.ends_at.is_(None), Block.ends_at > now))


def _blocks(session: Session, which: ColumnElement[bool], order: ColumnElement[Any], most: int) -> Sequence[BlockRow]:
    found: Iterable[Any] = session.execute(
        select(*COLUMNS)
        .select_from(Block)
        .join(Person, Person.id == Block.person_id, isouter=True)
        .join(Account, Account.id == Block.decided_by, isouter=True)
        .where(which, not_own(Block.person_id))
        .order_by(order, Block.id)
        .limit(most)
    )
    return [BlockRow(*row) for row in found]


def standing(session: Session, now: datetime) -> Sequence[BlockRow]:
    """Blocks that hold now, newest first."""
    return _blocks(session, holds(now), Block.created_at.desc(), MOST_BLOCKS)


def ended(session: Session, now: datetime) -> Sequence[BlockRow]:
    """Blocks that were lifted or have run out of late, the last one first."""
    end = func.coalesce(Block.lifted_at, Block.ends_at, type_=Block.ends_at.type)
    return _blocks(session, and_(end <= now, end > now - ENDED_SHOWN), end.desc(), MOST_BLOCKS)


def of_whom(session: Session, whom: Whom, now: datetime) -> BlockRow | None:
    """The block of this person or number that holds now."""
    same = Block.person_id == whom.person_id if whom.person_id else Block.number_hash == whom.number_hash
    return next(iter(_blocks(session, and_(same, holds(now)), Block.created_at.desc(), 1)), None)


@dataclass(frozen=True)
class LimitRow:
    """An agreement with names for its ids."""

    id: str
    person_id: str
    person: str
    calls: int | None
    minutes: int | None
    note: str | None
    agreed_at: datetime
    email: str | None
    ended_at: datetime | None


def limits(session: Session, now: datetime) -> Sequence[LimitRow]:
    """Agreements that hold, and those that ended of late; the newest first."""
    found: Iterable[Any] = session.execute(
        select(
            DailyLimit.id,
            DailyLimit.person_id,
            Person.name,
            DailyLimit.calls,
            DailyLimit.minutes,
            DailyLimit.note,
            DailyLimit.agreed_at,
            Account.email,
            DailyLimit.ended_at,
        )
        .join(Person, Person.id == DailyLimit.person_id)
        .join(Account, Account.id == DailyLimit.decided_by, isouter=True)
        .where(or_(DailyLimit.ended_at.is_(None), DailyLimit.ended_at > now - ENDED_SHOWN))
        .where(not_own(DailyLimit.person_id))
        .order_by(DailyLimit.agreed_at.desc(), DailyLimit.id)
    )
    return [LimitRow(*row) for row in found]


def peers(session: Session, chosen: Collection[str]) -> Sequence[tuple[str, str]] | None:
    """The peers to choose from, by name; of more than fit into a list those chosen already, None if there are none."""
    held = select(PersonRole.person_id).where(PersonRole.role == Role.PEER)
    if len(session.scalars(held.limit(MOST_TO_CHOOSE + 1)).all()) <= MOST_TO_CHOOSE:
        return people(session, Role.PEER)
    return queries_people.by_name(session, held.where(PersonRole.person_id.in_(chosen))) or None


def people(session: Session, *roles: Role) -> Sequence[tuple[str, str]]:
    """Everybody with one of these roles: id and name, by name."""
    return queries_people.by_name(
        session, select(PersonRole.person_id).where(PersonRole.role.in_(roles), not_own(PersonRole.person_id))
    )


def beyond(session: Session, allowed: Collection[str]) -> Sequence[tuple[str, str]]:
    """Who has a number in a country that may not be rung: the name and the country, each once, by name."""
    if not allowed:
        return []
    home = frozenset(allowed)
    numbers: Iterable[Any] = session.execute(
        select(PhoneNumber.person_id, type_coerce(PhoneNumber.number, Text)).where(not_own(PhoneNumber.person_id))
    )
    found = {(person_id, _country(token)) for person_id, token in numbers if not _may_be_rung(token, home)}
    names = queries_people.names(session, {person_id for person_id, _ in found})
    out = {(names[person_id], country) for person_id, country in found}
    return sorted(out, key=lambda one: (one[0].casefold(), one))


@lru_cache(maxsize=queries_people.MOST_KEPT)
def _may_be_rung(token: str, allowed: frozenset[str]) -> bool:
    """Kept by its cipher text: opening and reading thousands takes a third of a second."""
    return countries.may_be_rung(vault().decrypt(token), allowed)


def _country(token: str) -> str:
    return countries.of_number(vault().decrypt(token)) or ""
