"""Finding people by number, and what the line may do for them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from phoneline.models import Consent, Person, PhoneNumber
from phoneline.states import ConsentKind


@dataclass(frozen=True)
class KnownCaller:
    """Whom a caller id belongs to."""

    person_id: str
    language: str | None


_HOLDERS = (
    select(Person.id, Person.language)
    .join(PhoneNumber, PhoneNumber.person_id == Person.id)
    .where(PhoneNumber.number_hash == bindparam("number_hash"))
    .distinct()
    .limit(2)
)


def calling_from(session: Session, number_hash: str) -> KnownCaller | None:
    """The one person a caller id belongs to; None if nobody's, or if several share it: then it identifies nobody."""
    # Straight through the connection, since no entities are loaded: every call waits for this before its first words.
    found = session.connection().execute(_HOLDERS, {"number_hash": number_hash}).all()
    return KnownCaller(*found[0]) if len(found) == 1 else None


def zone_of(person: Person, line_zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(person.timezone) if person.timezone else line_zone


def has_consent(session: Session, person_id: str, kind: ConsentKind = ConsentKind.AUTOMATED_CALLS) -> bool:
    """Whether the person agreed to calls of this kind and hasn't withdrawn it."""
    standing = select(Consent.id).filter_by(person_id=person_id, kind=kind, withdrawn_at=None)
    return session.scalars(standing).first() is not None


def give_consent(
    session: Session,
    person_id: str,
    how: str,
    now: datetime,
    *,
    kind: ConsentKind = ConsentKind.AUTOMATED_CALLS,
    words: str | None = None,
) -> None:
    """A new entry of the ledger, unless consent stands already. `words` are what they were asked or said."""
    if not has_consent(session, person_id, kind):
        session.add(Consent(person_id=person_id, kind=kind, given_at=now, given_how=how, words=words))
        session.flush()


def withdraw_consent(
    session: Session,
    person_id: str,
    how: str,
    now: datetime,
    kind: ConsentKind = ConsentKind.AUTOMATED_CALLS,
) -> None:
    """Close the entry that stands, if any."""
    session.execute(
        update(Consent)
        .where(Consent.person_id == person_id, Consent.kind == kind, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now, withdrawn_how=how)
    )


def withdrew_by_own_act(session: Session, person_id: str) -> bool:
    """Whether the last word was the person's own no (a key or a text): then no spreadsheet brings consent back."""
    last = _last_word(session, person_id)
    return last is not None and last.withdrawn_how in OWN_ACTS


def restore_consent(session: Session, person_id: str, now: datetime) -> bool:
    """The person texted START: gives back what STOP had withdrawn, and nothing else. True if it did."""
    last = _last_word(session, person_id)
    if last is None or last.withdrawn_how != STOP_TEXT:
        return False
    give_consent(session, person_id, START_TEXT, now)
    return True


def _last_word(session: Session, person_id: str) -> Consent | None:
    return session.scalars(
        select(Consent)
        .filter_by(person_id=person_id, kind=ConsentKind.AUTOMATED_CALLS)
        .order_by(Consent.given_at.desc(), Consent.id)
        .limit(1)
    ).one_or_none()


KEY_9 = "key 9"
STOP_TEXT = "text STOP"
START_TEXT = "text START"
SPREADSHEET = "spreadsheet"
OWN_ACTS = frozenset({KEY_9, STOP_TEXT})
