"""How long things are kept: what the live settings `keep_…_days` say is forgotten, by `phoneline purge` or the clock.

A batch is a short transaction of its own, so that nobody waits for it, whatever there is to forget; doing it again
changes nothing. What belongs to an open follow-up stays until that is done. Rows that are counted stay, without words,
sound or number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from phoneline import follow_ups
from phoneline.db import Database, changed, insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import (
    ESCALATION_STANDS,
    TEXT_IS_UNSETTLED,
    AccessLog,
    ActivitySignup,
    Call,
    Callback,
    CallbackTry,
    Checkin,
    Contact,
    Escalation,
    FollowUpEnd,
    FollowUpMove,
    HandContact,
    Leg,
    PersonChange,
    PersonMerge,
    PersonNote,
    ProgrammeVisit,
    Pulse,
    TextIn,
    TextOut,
    Voicemail,
    VoicemailTicket,
)
from phoneline.states import FINAL_CHECKIN_STATES, CallbackState, CallState, ContactKind, LegState, VoicemailState

BATCH = 200
EVERY = timedelta(days=1)
PULSE = "purge"
"""When the clock last found nothing left to forget."""
_UNREAD = {"synchronize_session": False}
_OPEN_PROMISES = (CallbackState.PROMISED, CallbackState.CALLING)


@dataclass(frozen=True)
class Rule:
    """One kind of thing, how long it is kept, and how a batch of what is older is forgotten: how many that were."""

    name: str
    setting: str
    forget: Callable[[Session, datetime], int]


def _some(session: Session, ids: Select[str]) -> Sequence[str]:
    return session.scalars(ids.limit(BATCH)).all()


def _do(session: Session, *statements: Update | Delete) -> None:
    for statement in statements:
        session.execute(statement.execution_options(**_UNREAD))


def _messages(session: Session, before: datetime) -> int:
    old = select(Voicemail.id).join(Contact, Contact.id == Voicemail.contact_id)
    ids = _some(session, old.where(Voicemail.state == VoicemailState.KEPT, Contact.at < before, ~follow_ups.IS_OPEN))
    gone = {"state": VoicemailState.REMOVED, "audio": None, "media_type": None}
    _do(
        session,
        delete(VoicemailTicket).where(VoicemailTicket.voicemail_id.in_(ids)),
        update(Voicemail).where(Voicemail.id.in_(ids)).values(**gone),
    )
    return len(ids)


def _texts(session: Session, before: datetime) -> int:
    """What arrived and what was sent, and their numbers."""
    said = _notes_of(session, before, Contact.kind == ContactKind.SMS)
    open_ones = exists().where(Contact.id == TextIn.contact_id, follow_ups.IS_OPEN)
    arrived = _some(session, select(TextIn.id).where(TextIn.number.is_not(None), TextIn.at < before, ~open_ones))
    old = select(TextOut.id).where(TextOut.body.is_not(None), TextOut.created_at < before, ~TEXT_IS_UNSETTLED)
    sent = _some(session, old)
    _do(
        session,
        update(TextIn).where(TextIn.id.in_(arrived)).values(number=None, number_hash=None),
        update(TextOut).where(TextOut.id.in_(sent)).values(number=None, number_hash="", body=None),
    )
    return said + len(arrived) + len(sent)


def _notes(session: Session, before: datetime) -> int:
    """Of contacts, follow-ups and people; and what a record was before it was changed, or made one with another."""
    count = _notes_of(session, before, Contact.kind != ContactKind.SMS)
    for noted in (FollowUpMove, FollowUpEnd):
        open_ones = exists().where(Contact.id == noted.contact_id, follow_ups.IS_OPEN)
        ids = _some(session, select(noted.id).where(noted.note.is_not(None), noted.at < before, ~open_ones))
        _do(session, update(noted).where(noted.id.in_(ids)).values(note=None))
        count += len(ids)
    written = _some(session, select(PersonNote.id).where(func.coalesce(PersonNote.edited_at, PersonNote.at) < before))
    words = or_(PersonChange.before.is_not(None), PersonChange.after.is_not(None))
    changes = _some(session, select(PersonChange.id).where(words, PersonChange.at < before))
    merges = _some(session, select(PersonMerge.id).where(PersonMerge.at < before))
    hand = _some(session, select(HandContact.contact_id).where(HandContact.at < before))
    _do(
        session,
        # From then on these can't be undone.
        delete(HandContact).where(HandContact.contact_id.in_(hand)),
        delete(PersonMerge).where(PersonMerge.id.in_(merges)),
        delete(PersonNote).where(PersonNote.id.in_(written)),
        update(PersonChange).where(PersonChange.id.in_(changes)).values(before=None, after=None),
    )
    return count + len(written) + len(changes) + len(merges) + len(hand)


def _notes_of(session: Session, before: datetime, which: ColumnElement[bool]) -> int:
    old = select(Contact.id).where(Contact.note.is_not(None), Contact.at < before, ~follow_ups.IS_OPEN, which)
    ids = _some(session, old)
    _do(session, update(Contact).where(Contact.id.in_(ids)).values(note=None))
    return len(ids)


def _numbers(session: Session, before: datetime) -> int:
    """Of callers whom the line doesn't know, with names on lists, and of calls that it placed to anybody."""
    open_ones = exists().where(Contact.call_id == Call.id, follow_ups.IS_OPEN)
    unknown = Call.person_id.is_(None), Call.number.is_not(None), Call.started_at < before
    calls = _some(session, select(Call.id).where(*unknown, Call.state == CallState.ENDED, ~open_ones))
    promised = Callback.person_id.is_(None), Callback.number.is_not(None), Callback.promised_at < before
    kept = _some(session, select(Callback.id).where(*promised, Callback.state.not_in(_OPEN_PROMISES)))
    legs = _some(
        session,
        select(Leg.id).where(Leg.number.is_not(None), Leg.created_at < before, Leg.state == LegState.ENDED),
    )
    # Whoever is on the list for later is still expected, however long ago they signed up.
    unnamed = ActivitySignup.person_id.is_(None), ~ActivitySignup.forgotten
    listed = select(ActivitySignup.id).where(*unnamed, ActivitySignup.occurs_local < before.replace(tzinfo=None))
    signed = _some(session, listed)
    nobody = {"number": None, "number_hash": None, "name": None, "forgotten": True}
    heard = select(ProgrammeVisit.call_id).join(Call).where(ProgrammeVisit.number.is_not(None))
    keyed = _some(session, heard.where(Call.started_at < before))
    _do(
        session,
        # They stay to be counted.
        update(ActivitySignup).where(ActivitySignup.id.in_(signed)).values(**nobody),
        update(ProgrammeVisit).where(ProgrammeVisit.call_id.in_(keyed)).values(number=None),
        update(Call).where(Call.id.in_(calls)).values(number=None),
        update(CallbackTry).where(CallbackTry.callback_id.in_(kept)).values(number_hash=""),
        update(Callback).where(Callback.id.in_(kept)).values(number=None, number_hash=""),
        update(Leg).where(Leg.id.in_(legs)).values(number=None, digits=None),
    )
    return len(calls) + len(kept) + len(legs) + len(signed) + len(keyed)


def _looks(session: Session, before: datetime) -> int:
    ids = _some(session, select(AccessLog.id).where(AccessLog.at < before))
    _do(session, delete(AccessLog).where(AccessLog.id.in_(ids)))
    return len(ids)


def _checkins(session: Session, before: datetime) -> int:
    """With their attempts, and the ladder of those that reached nobody. Their lines of the log stay."""
    standing = exists().where(Escalation.checkin_id == Checkin.id, ESCALATION_STANDS)
    open_ones = exists().where(Contact.checkin_id == Checkin.id, follow_ups.IS_OPEN)
    over = select(Checkin.id).where(Checkin.due_at < before, Checkin.state.in_(FINAL_CHECKIN_STATES))
    ids = _some(session, over.where(~or_(standing, open_ones)).order_by(Checkin.due_at))
    _do(session, delete(Checkin).where(Checkin.id.in_(ids)))
    return len(ids)


RULES: Sequence[Rule] = (
    Rule("messages", "keep_messages_days", _messages),
    Rule("texts", "keep_texts_days", _texts),
    Rule("notes", "keep_notes_days", _notes),
    Rule("numbers", "keep_numbers_days", _numbers),
    Rule("looks", "keep_looks_days", _looks),
    Rule("check-ins", "keep_checkins_days", _checkins),
)


def before(live: LiveSettings, rule: Rule, now: datetime) -> datetime | None:
    """What is older is forgotten; None: nothing is."""
    days: int = getattr(live, rule.setting)
    return now - timedelta(days=days) if days else None


def a_batch_of_each(database: Database, live: LiveSettings, now: datetime) -> Mapping[str, int]:
    """How many things each rule had to forget, at most a batch each: none are left once all are nought."""
    found: dict[str, int] = {}
    for rule in RULES:
        limit = before(live, rule, now)
        if limit is not None:
            with database.transaction() as session:
                found[rule.name] = rule.forget(session, limit)
    return found


def purge(database: Database, live: LiveSettings, now: datetime) -> Mapping[str, int]:
    """All that is older than its time. How many things of each kind that were."""
    total = dict.fromkeys((rule.name for rule in RULES), 0)
    while any((batch := a_batch_of_each(database, live, now)).values()):
        for name, count in batch.items():
            total[name] += count
    return total


# What the clock does


def is_due(now: datetime) -> ColumnElement[bool]:
    """Whether a day has gone by since nothing was left to forget."""
    return ~exists().where(Pulse.name == PULSE, Pulse.at > now - EVERY)


def look(database: Database, live: LiveSettings, now: datetime) -> Mapping[str, int]:
    """A batch of each; the next tick goes on, until nothing is left for a day."""
    found = a_batch_of_each(database, live, now)
    if not any(found.values()):
        with database.transaction() as session:
            if not changed(session, update(Pulse).where(Pulse.name == PULSE).values(at=now)):
                insert_or_ignore(session, Pulse, name=PULSE, at=now)
    return found
