"""Who comes: people sign up for one date of an activity and are taken off it again. Each counts once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import Activity, ActivitySignup
from phoneline.programme import Happening


class Answer(Enum):
    """What came of somebody's wish."""

    SIGNED = auto()
    FULL = auto()


@dataclass(frozen=True)
class Guest:
    """Whom it is about: a person, else a telephone, else just a name."""

    person_id: str | None = None
    number: str | None = None
    name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.person_id or self.number or self.name)


def of_guest(session: Session, happening: Happening, guest: Guest) -> ActivitySignup | None:
    """Their row, also if they were taken off."""
    of_date = select(ActivitySignup).filter_by(activity_id=happening.activity.id, occurs_local=happening.occurs_local)
    if guest.person_id:
        return session.scalars(of_date.filter_by(person_id=guest.person_id)).one_or_none()
    if guest.number:
        hashed = lookup_hash(lookup_key(session), guest.number)
        return session.scalars(of_date.filter_by(number_hash=hashed)).one_or_none()
    return None


def number_of(session: Session, happening: Happening) -> int:
    """How many are on the list of that date."""
    of_date = {"activity_id": happening.activity.id, "occurs_local": happening.occurs_local, "withdrawn_at": None}
    return session.scalars(select(func.count()).select_from(ActivitySignup).filter_by(**of_date)).one()


def numbers_since(session: Session, since_local: datetime, until_local: datetime) -> Mapping[tuple[str, datetime], int]:
    """How many are on the list of each date in that stretch for which anybody is."""
    date = (ActivitySignup.activity_id, ActivitySignup.occurs_local)
    rows = session.execute(
        select(*date, func.count())
        .where(
            ActivitySignup.occurs_local >= since_local,
            ActivitySignup.occurs_local < until_local,
            ActivitySignup.withdrawn_at.is_(None),
        )
        .group_by(*date)
    )
    return {(activity_id, occurs_local): number for activity_id, occurs_local, number in rows}


def is_full(session: Session, happening: Happening) -> bool:
    places = happening.activity.places
    return places is not None and number_of(session, happening) >= places


def sign_up(
    session: Session, happening: Happening, guest: Guest, now: datetime, account_id: str | None = None
) -> Answer:
    """Onto the list, unless it is full; a login may put on more. Who is on it already stays so."""
    hold(session, happening.activity.id)
    row = of_guest(session, happening, guest)
    if row is not None and row.withdrawn_at is None:
        return Answer.SIGNED
    if account_id is None and is_full(session, happening):
        return Answer.FULL
    if row is None:
        by_number = guest.number if not guest.person_id else None
        session.add(
            ActivitySignup(
                activity_id=happening.activity.id,
                occurs_local=happening.occurs_local,
                person_id=guest.person_id,
                number=by_number,
                number_hash=lookup_hash(lookup_key(session), by_number) if by_number else None,
                name=guest.name,
                at=now,
                by_account_id=account_id,
            )
        )
    else:
        row.withdrawn_at, row.at, row.by_account_id = None, now, account_id
    session.flush()
    return Answer.SIGNED


def withdraw(session: Session, happening: Happening, guest: Guest, now: datetime) -> None:
    """Off the list."""
    row = of_guest(session, happening, guest)
    if row is not None:
        row.withdrawn_at = row.withdrawn_at or now


def hold(session: Session, activity_id: str) -> Activity | None:
    """The activity's row, held: for as long nobody else gets one of its places, and it doesn't change."""
    one = select(Activity).where(Activity.id == activity_id).with_for_update(of=Activity, key_share=True)
    return session.scalars(one.execution_options(populate_existing=True)).one_or_none()


def of_date(session: Session, activity_id: str, occurs_local: datetime) -> Sequence[ActivitySignup]:
    """All who are or were on the list, in the order in which they came."""
    rows = select(ActivitySignup).filter_by(activity_id=activity_id, occurs_local=occurs_local)
    return session.scalars(rows.order_by(ActivitySignup.at, ActivitySignup.id)).all()
