"""Finding people by number, and what the line may do for them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from phoneline.models import Consent, Person, PersonRole, PhoneNumber
from phoneline.states import ConsentKind, Role


@dataclass(frozen=True)
class KnownCaller:
    """Whom a caller id belongs to."""

    person_id: str
    language: str | None
    is_peer: bool = False


_OF_NUMBER = select(PhoneNumber.person_id).where(PhoneNumber.number_hash == bindparam("number_hash"))
_HOLDERS = (
    select(
        Person.id,
        Person.language,
        exists().where(PersonRole.person_id == Person.id, PersonRole.role == Role.PEER),
        _OF_NUMBER.where(PhoneNumber.person_id == Person.id, PhoneNumber.identifies).exists(),
        Person.merged_into_id,
    )
    .where(Person.id.in_(_OF_NUMBER))
    .limit(2)
    .with_for_update(of=Person, read=True, key_share=True)
)
"""They aren't made one with another record before the transaction is over: what it ties to them isn't left behind."""


def calling_from(session: Session, number_hash: str) -> KnownCaller | None:
    """The one person a caller id belongs to; None if nobody's, or if several use it: then it identifies nobody."""
    # Straight through the connection, since no entities are loaded: every call waits for this before its first words.
    found = session.connection().execute(_HOLDERS, {"number_hash": number_hash}).all()
    if any(holder.merged_into_id for holder in found):
        # They were made one with another record while this waited for them: the number is that one's now.
        again = session.connection().execute(_HOLDERS, {"number_hash": number_hash})
        found = [holder for holder in again if holder.merged_into_id is None]
    return KnownCaller(*found[0][:3]) if len(found) == 1 and found[0][3] else None


def stays(session: Session, person_id: str) -> bool:
    """Whether there is such a person. They aren't made one with another record before the transaction is over."""
    there = select(Person.id).where(Person.id == person_id, Person.erased_at.is_(None), Person.merged_into_id.is_(None))
    return session.scalars(there.with_for_update(read=True, key_share=True)).first() is not None


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


def refuse_volunteers(session: Session, person_id: str, how: str, now: datetime) -> None:
    """No calls by volunteers either, until a later yes. They needed none before, so the entry may begin as a no."""
    kind = ConsentKind.VOLUNTEER_CALLS
    if has_consent(session, person_id, kind):
        withdraw_consent(session, person_id, how, now, kind)
    elif not refuses_volunteers(session, person_id):
        no = {"given_how": NOT_NEEDED, "withdrawn_at": now, "withdrawn_how": how}
        session.add(Consent(person_id=person_id, kind=kind, given_at=now, **no))
        session.flush()


_Later = aliased(Consent)


def said_no_to_volunteers(person_id: ColumnElement[str] | InstrumentedAttribute[str] | str) -> ColumnElement[bool]:
    """In a statement: whether this person stopped the calls by volunteers and hasn't said yes to any since."""
    yes_since = exists().where(_Later.person_id == Consent.person_id, _Later.given_at > Consent.withdrawn_at)
    return exists().where(
        Consent.person_id == person_id,
        Consent.kind == ConsentKind.VOLUNTEER_CALLS,
        Consent.withdrawn_at.is_not(None),
        ~yes_since.correlate(Consent),
    )


def refuses_volunteers(session: Session, person_id: str) -> bool:
    return session.scalars(select(said_no_to_volunteers(person_id))).one()


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
        .filter_by(person_id=person_id)
        # Key 9 in a volunteer's call stops the automated ones too.
        .where(or_(Consent.kind == ConsentKind.AUTOMATED_CALLS, Consent.withdrawn_how.in_(OWN_ACTS)))
        .order_by(func.coalesce(Consent.withdrawn_at, Consent.given_at).desc(), Consent.given_at.desc(), Consent.id)
        .limit(1)
    ).one_or_none()


KEY_9 = "key 9"
STOP_TEXT = "text STOP"
START_TEXT = "text START"
SPREADSHEET = "spreadsheet"
COORDINATOR = "coordinator"
NOT_NEEDED = "no yes was needed"
PHONE_MENU = "phone menu"
OWN_ACTS = frozenset({KEY_9, STOP_TEXT})
