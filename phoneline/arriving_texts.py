"""A text arrives: written down once, understood, answered at most once, and on the log for somebody to read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from phoneline import (
    checkins,
    contacts,
    escalations,
    last_heard,
    opt_outs,
    people,
    replanning,
    rosters,
    texts,
    volunteer_texts,
)
from phoneline.cover_answers import ANSWERS
from phoneline.db import insert_or_ignore
from phoneline.documents import crisis
from phoneline.live_settings import LANGUAGES, LiveSettings
from phoneline.models import Contact, Person, PersonRole, PhoneNumber, TextIn, TextOut
from phoneline.prompts import say
from phoneline.states import (
    CheckinState,
    FollowUp,
    Purpose,
    Role,
    SettledBy,
    TextPurpose,
)
from phoneline.text_rules import Understood, understand
from phoneline.text_states import TextMeaning
from phoneline.volunteer_texts import COMMANDS, Proof, Word

LONGEST_NOTE = 4000
DIGIT = re.compile(r"\d")
ALERT_AGAIN = timedelta(minutes=10)
"""Whoever calls for help several times in a row is one person in need: others are alerted once."""
THANK_AGAIN = timedelta(hours=1)
"""A conversation by text gets one thank-you, and no machine is answered for ever."""
ALARMING = frozenset({TextMeaning.HELP, TextMeaning.DANGER})


@dataclass(frozen=True)
class Arrived:
    """What the carrier says of a text. The number is null when it is none that can be answered."""

    sid: str
    number: str | None
    number_hash: str | None
    body: str
    opt_out_type: str = ""

    @cached_property
    def meant(self) -> Understood:
        return understand(self.body, self.opt_out_type)

    @property
    def word(self) -> Word | None:
        """What a volunteer may have said; None from nobody's number."""
        return Word(self.sid, self.number_hash, self.meant) if self.number_hash is not None else None


@dataclass(frozen=True)
class _Text:
    """A text that is being dealt with."""

    arrived: Arrived
    meant: Understood
    person_id: str | None
    language: str
    contact: Contact
    live: LiveSettings
    now: datetime


def receive(session: Session, arrived: Arrived, live: LiveSettings, now: datetime, proof: Proof | None = None) -> None:
    """Take the text in. The same one again changes nothing. `proof` is of the PIN that stands in it."""
    meant = arrived.meant
    known = people.calling_from(session, arrived.number_hash) if arrived.number_hash else None
    person_id = known.person_id if known else None
    is_new = insert_or_ignore(
        session,
        TextIn,
        message_sid=arrived.sid,
        number=arrived.number,
        number_hash=arrived.number_hash,
        at=now,
        meaning=meant.meaning,
    )
    if not is_new:
        return
    language = (known.language if known else None) or meant.language or live.languages[0]
    if meant.meaning in COMMANDS and _obey(session, arrived, proof, live, now):
        # No line on the log: a PIN may stand in it.
        return
    contact = contacts.of_text(session, person_id, _note(session, arrived), now)
    session.execute(update(TextIn).where(TextIn.message_sid == arrived.sid).values(contact_id=contact.id))
    if person_id is not None:
        escalations.texted(session, person_id, now)
    _deal_with(session, _Text(arrived, meant, person_id, language, contact, live, now))
    if person_id is not None:
        last_heard.heard(session, person_id, now)


def _note(session: Session, arrived: Arrived) -> str:
    """What the text says; what may be somebody's PIN is nobody's to read."""
    note = arrived.body[:LONGEST_NOTE]
    return DIGIT.sub("•", note) if _may_hold_a_pin(session, arrived) else note


def _may_hold_a_pin(session: Session, arrived: Arrived) -> bool:
    """Anybody may say yes or no and a number, such as a time; from a volunteer it may be their PIN."""
    if arrived.meant.pin is None or arrived.meant.meaning not in ANSWERS:
        return arrived.meant.pin is not None
    return arrived.number_hash is not None and volunteer_texts.volunteer_with(session, arrived.number_hash) is not None


def _obey(session: Session, arrived: Arrived, proof: Proof | None, live: LiveSettings, now: datetime) -> bool:
    """Whether it was a volunteer's word to the line, which has been done and answered."""
    person = volunteer_texts.volunteer_with(session, arrived.number_hash) if arrived.number_hash else None
    if person is None or arrived.word is None:
        return False
    said = volunteer_texts.obey(session, person, arrived.word, proof, live, now)
    if said is None:
        return False
    texts.write_down(session, arrived.number or "", TextPurpose.REPLY, said, now, person_id=person.id)
    return True


def _deal_with(session: Session, text: _Text) -> None:
    match text.meant.meaning:
        case TextMeaning.STOP:
            _stop(session, text)
        case TextMeaning.START:
            _start(session, text)
        case TextMeaning.HELP | TextMeaning.DANGER:
            _call_for_help(session, text)
        case _ if text.meant.carrier is TextMeaning.START and _has_opted_out(session, text):
            # A plain "yes": to the carrier it means START, and so it does here where there is something to start.
            _start(session, text)
        case _:
            _words(session, text)


# Opting out and in


def _stop(session: Session, text: _Text) -> None:
    if text.arrived.number_hash is None:
        contacts.want_follow_up(text.contact, FollowUp.WANTED)
        return
    by_word = text.meant.carrier is TextMeaning.STOP
    how = opt_outs.BY_WORD if by_word else opt_outs.BY_TEXT
    is_new = opt_outs.opt_out(session, text.arrived.number_hash, text.person_id, how, text.now)
    if text.person_id is not None:
        people.withdraw_consent(session, text.person_id, people.STOP_TEXT, text.now)
        stopped = checkins.stop_all(session, text.person_id, text.now)
        for checkin in stopped:
            if checkin.purpose is Purpose.SAFETY:
                # A text doesn't prove who holds the telephone.
                at_hand = checkin.state is CheckinState.STOPPED
                contacts.want_follow_up(text.contact, FollowUp.URGENT if at_hand else FollowUp.WANTED)
    elif _is_shared(session, text.arrived.number_hash):
        # Whose check-ins are to stop, only they can say.
        contacts.want_follow_up(text.contact, FollowUp.WANTED)
    if is_new and text.meant.carrier is None:
        _reply(session, text, "text_stopped", TextPurpose.CONFIRMATION)


def _start(session: Session, text: _Text) -> None:
    if text.arrived.number_hash is None:
        contacts.want_follow_up(text.contact, FollowUp.WANTED)
        return
    # What the carrier keeps too it takes back by itself, on its own word, and says so.
    answered = text.meant.carrier is not None and (
        text.arrived.opt_out_type != "" or opt_outs.carrier_knows(session, text.arrived.number_hash)
    )
    opted_in = opt_outs.opt_in(session, text.arrived.number_hash, text.person_id, text.now)
    restored = text.person_id is not None and people.restore_consent(session, text.person_id, text.now)
    if restored and text.person_id is not None:
        replanning.take_up_again(session, text.person_id, text.now)
    if not answered and (opted_in or restored):
        _reply(session, text, "text_started_checkins" if restored else "text_started")


def _has_opted_out(session: Session, text: _Text) -> bool:
    number_hash = text.arrived.number_hash
    return number_hash is not None and opt_outs.stands(session, number_hash, text.person_id)


def _is_shared(session: Session, number_hash: str) -> bool:
    return session.scalars(select(exists().where(PhoneNumber.number_hash == number_hash))).one()


# Help


def _call_for_help(session: Session, text: _Text) -> None:
    contacts.want_follow_up(text.contact, FollowUp.URGENT)
    # The carrier's own words to HELP are no answer of ours: whoever says more needs the numbers.
    if text.meant.carrier is not TextMeaning.HELP and not _helped_lately(session, text):
        _reply(session, text, "text_help")
    if _called_lately(session, text):
        return
    on_shift = {one.person_id for one in rosters.on_shift(session, text.now)}
    for person in _to_alert(session, on_shift, text.person_id):
        words = "text_alert" if person.has(Role.COORDINATOR) else "text_alert_shift"
        said = say(words, person.language or text.live.languages[0]).text
        texts.write_down(session, person, TextPurpose.ALERT, said, text.now)


def _called_lately(session: Session, text: _Text) -> bool:
    has_number = text.arrived.number_hash is not None
    return has_number and session.scalars(_calls_lately(text).limit(1)).first() is not None


def _calls_lately(text: _Text) -> Select[datetime]:
    """When the same number called for help a moment ago."""
    return select(TextIn.at).where(
        TextIn.number_hash == text.arrived.number_hash,
        TextIn.at > text.now - ALERT_AGAIN,
        TextIn.message_sid != text.arrived.sid,
        TextIn.meaning.in_(ALARMING),
    )


def _helped_lately(session: Session, text: _Text) -> bool:
    """Whether one of these was answered by us: an answer is written down at the moment of its text."""
    answers = select(TextOut.id).where(
        TextOut.number_hash == text.arrived.number_hash,
        TextOut.created_at.in_(_calls_lately(text)),
        TextOut.purpose == TextPurpose.REPLY,
    )
    return session.scalars(answers.limit(1)).first() is not None


def _to_alert(session: Session, on_shift: set[str], sender_id: str | None) -> Sequence[Person]:
    """Who is on shift, and all coordinators; never whoever calls for help."""
    coordinators = select(PersonRole.person_id).where(PersonRole.role == Role.COORDINATOR)
    ids = (on_shift | set(session.scalars(coordinators))) - {sender_id}
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()


# Everything else


def _words(session: Session, text: _Text) -> None:
    """A text for somebody to read. As an act of the person's own it settles today's social check-ins."""
    settled = text.person_id is not None and checkins.heard_from(session, text.person_id, SettledBy.SMS, text.now)
    if settled and text.meant.meaning is TextMeaning.OK:
        # "OK" to a check-in says it all.
        _reply(session, text, "text_ok")
        return
    contacts.want_follow_up(text.contact, FollowUp.WANTED)
    if text.meant.carrier is None and not _answered_lately(session, text):
        _reply(session, text, "text_thanks")


def _answered_lately(session: Session, text: _Text) -> bool:
    replies = select(TextOut.id).where(
        TextOut.number_hash == text.arrived.number_hash,
        TextOut.created_at > text.now - THANK_AGAIN,
        TextOut.purpose == TextPurpose.REPLY,
    )
    return session.scalars(replies.limit(1)).first() is not None


def _reply(session: Session, text: _Text, key: str, purpose: TextPurpose = TextPurpose.REPLY) -> None:
    """Answer where somebody can be answered; to the person, where the number is theirs alone."""
    if text.arrived.number is not None:
        language = text.language if text.language in LANGUAGES else LANGUAGES[0]
        said = say(key, language, **crisis.written(text.live, text.arrived.number, language)).text
        texts.write_down(session, text.arrived.number, purpose, said, text.now, person_id=text.person_id)
