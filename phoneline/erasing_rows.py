"""Somebody is erased: what `rights_registry` decided, done to the rows. Doing it twice changes nothing more."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Delete, Select, Table, Update, delete, func, select, update
from sqlalchemy.orm import Session

from phoneline import kept_refusals
from phoneline.db import insert_or_ignore
from phoneline.erasing_stop import their_legs
from phoneline.models import (
    ActivitySignup,
    Base,
    Block,
    Call,
    Callback,
    CallbackTry,
    Checkin,
    Contact,
    FollowUpEnd,
    FollowUpMove,
    HandContact,
    Leg,
    Person,
    RightsRequest,
    TextIn,
    TextOut,
    Voicemail,
    VoicemailTicket,
)
from phoneline.rights_registry import PERSON, REFERENCES, Erased
from phoneline.states import VoicemailState

_UNREAD = {"synchronize_session": False}


def anything_left(session: Session, person_id: str) -> bool:
    """Whether something came in for them since: a call that began in the very moment in which they were erased."""
    of = (Call.person_id, Contact.person_id, TextOut.person_id, Callback.person_id)
    return any(session.scalars(select(column).where(column == person_id).limit(1)).first() for column in of)


def counts(session: Session, person_id: str) -> Mapping[str, int]:
    """What of theirs there is, in numbers."""
    of = {"calls": Call.person_id, "contacts": Contact.person_id, "checkins": Checkin.person_id}
    return {name: session.scalar(select(func.count()).where(column == person_id)) or 0 for name, column in of.items()}


def erase(session: Session, person_id: str, request: RightsRequest, now: datetime) -> None:
    """All that names them goes, or names nobody. The carrier is asked afterwards, by the clock."""
    hashes = kept_refusals.sole_hashes(session, person_id)
    _adopt(session, person_id, hashes)
    kept_refusals.keep(session, person_id, now)
    _keep_block(session, person_id, hashes)
    forget_contacts(session, select(Contact.id).where(Contact.person_id == person_id), request.id, now)
    _forget_legs(session, person_id)
    of_theirs = select(Callback.id).where(Callback.person_id == person_id)
    _run(session, update(CallbackTry).where(CallbackTry.callback_id.in_(of_theirs)).values(number_hash=""))
    for column, fate in REFERENCES.items():
        table_name, _, name = column.partition(".")
        table = Base.metadata.tables[table_name]
        theirs = table.c[name] == person_id
        match fate.erased:
            case Erased.GONE:
                session.execute(delete(table).where(theirs))
            case Erased.UNTIED:
                session.execute(update(table).where(theirs, *_but(table, request)).values({**fate.blank, name: None}))
            case Erased.STAYS if fate.blank:
                session.execute(update(table).where(theirs).values(**fate.blank))
            case _:
                pass
    left = {**PERSON, "name_hash": secrets.token_hex(32), "erased_at": func.coalesce(Person.erased_at, now)}
    _run(session, update(Person).where(Person.id == person_id).values(**left))
    session.expire_all()


def _but(table: Table, request: RightsRequest) -> Sequence[ColumnElement[bool]]:
    """The request at hand still knows whom it is about, until the last look."""
    return [table.c.id != request.id] if table.name == RightsRequest.__tablename__ else []


def _adopt(session: Session, person_id: str, hashes: Collection[str]) -> None:
    """What came from a number that is theirs alone, before anybody knew whose it was, is theirs."""
    from_theirs = select(TextIn.contact_id).where(TextIn.number_hash.in_(hashes))
    _run(
        session,
        update(Contact).where(Contact.id.in_(from_theirs), Contact.person_id.is_(None)).values(person_id=person_id),
    )
    _run(session, delete(ActivitySignup).where(ActivitySignup.number_hash.in_(hashes)))
    for model in (TextOut, Callback):
        nobodys = model.number_hash.in_(hashes) & model.person_id.is_(None)
        _run(session, update(model).where(nobodys).values(person_id=person_id))


def _keep_block(session: Session, person_id: str, hashes: Collection[str]) -> None:
    """Who isn't put through isn't by asking to be erased: the block goes on, of the number's hash."""
    for block in session.scalars(select(Block).where(Block.person_id == person_id, Block.lifted_at.is_(None))).all():
        for number_hash in hashes:
            about = {"person_id": None, "number": "", "number_hash": number_hash, "language": block.language}
            insert_or_ignore(
                session,
                Block,
                **about,
                reason="",
                contact_id=None,
                created_at=block.created_at,
                decided_by=block.decided_by,
                ends_at=block.ends_at,
                lifted_at=None,
            )
    of_theirs = Block.number_hash.in_(hashes)
    _run(session, delete(Block).where(of_theirs, Block.lifted_at.is_not(None)))
    _run(session, update(Block).where(of_theirs).values(number="", reason=""))


def forget_contacts(session: Session, ids: Select[str], request_id: str | None, now: datetime) -> None:
    """Messages, words and numbers of these contacts. What the carrier still has of a message, the clock deletes."""
    messages = select(Voicemail.id).where(Voicemail.contact_id.in_(ids))
    _run(session, delete(VoicemailTicket).where(VoicemailTicket.voicemail_id.in_(messages)))
    gone = {"state": VoicemailState.REMOVED, "audio": None, "media_type": None, "erasure_id": request_id}
    _run(session, update(Voicemail).where(Voicemail.contact_id.in_(ids)).values(**gone))
    still_there = update(Voicemail).where(Voicemail.contact_id.in_(ids), Voicemail.deleted_at.is_(None))
    _run(session, still_there.values(next_try_at=now, tries=0))
    _run(session, update(TextIn).where(TextIn.contact_id.in_(ids)).values(number=None, number_hash=None))
    for noted in (FollowUpEnd, FollowUpMove):
        _run(session, update(noted).where(noted.contact_id.in_(ids), noted.note.is_not(None)).values(note=None))
    # From then on it can't be taken back.
    _run(session, delete(HandContact).where(HandContact.contact_id.in_(ids)))
    _run(session, update(Contact).where(Contact.id.in_(ids)).values(note=None))


def _forget_legs(session: Session, person_id: str) -> None:
    theirs = their_legs(person_id)
    _run(session, update(Leg).where(Leg.id.in_(theirs)).values(number=None, digits=None))


def _run(session: Session, statement: Update | Delete) -> None:
    session.execute(statement.execution_options(**_UNREAD))
