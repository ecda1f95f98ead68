"""Volunteers' own words by text: ON, OFF, OK, YES, NO and GIVE, with the PIN once, after which the telephone is known.

A caller id can be forged, so that alone opens nothing. The PIN's check is slow on purpose: `claim` counts the try in
one transaction, `prove` holds none, and what comes of it is done in another.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import (
    alarms,
    cover_answers,
    menu_entry,
    opt_outs,
    own_shifts,
    pauses,
    pin_tries,
    pins,
    reminders,
    rosters,
)
from phoneline.live_settings import LiveSettings
from phoneline.models import ALARM_IS_OPEN, Alarm, AlarmTelling, KnownTelephone, Person, PersonRole, PhoneNumber
from phoneline.prompts import say
from phoneline.states import Role
from phoneline.text_rules import Understood
from phoneline.text_states import TextMeaning

COMMANDS = frozenset({TextMeaning.ON, TextMeaning.OFF, TextMeaning.OK, TextMeaning.GIVE, *cover_answers.ANSWERS})


@dataclass(frozen=True)
class Word:
    """A text as far as it concerns a volunteer: the carrier's id of it, where it comes from, and what it means."""

    sid: str
    number_hash: str
    meant: Understood


@dataclass(frozen=True)
class Claim:
    """A PIN that was texted, counted as a try; without a hash none may be looked at."""

    pin: str
    pin_hash: str | None
    allowed: bool


@dataclass(frozen=True)
class Proof:
    """What the check of a PIN came to, and the hash that it was held against."""

    right: bool
    pin_hash: str | None


def volunteer_with(session: Session, number_hash: str) -> Person | None:
    """The volunteer whose number it is."""
    return session.scalars(
        select(Person)
        .join(PhoneNumber, PhoneNumber.person_id == Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PhoneNumber.number_hash == number_hash, PhoneNumber.sole, PersonRole.role == Role.VOLUNTEER)
    ).one_or_none()


def claim(session: Session, word: Word, live: LiveSettings, now: datetime) -> Claim | None:
    """Count the PIN of a volunteer's text before it is looked at. None if the text has none to look at."""
    person = volunteer_with(session, word.number_hash)
    if person is None or word.meant.pin is None or not _is_to_us(session, person, word, now):
        return None
    allowed = pin_tries.claim(session, word.sid, 1, _keys(session, person, word), live, now)
    return Claim(word.meant.pin, person.pin_hash, allowed)


def prove(claimed: Claim | None) -> Proof | None:
    """Look at the PIN. Slow: hold no row and no connection."""
    if claimed is None:
        return None
    return Proof(claimed.allowed and pins.proves(claimed.pin_hash, claimed.pin), claimed.pin_hash)


def _keys(session: Session, person: Person, word: Word) -> list[str]:
    """The same as in the menu: a PIN isn't tried here and there."""
    return list(pin_tries.keys(menu_entry.subject(session, person.id), word.number_hash))


def obey(
    session: Session, person: Person, word: Word, proof: Proof | None, live: LiveSettings, now: datetime
) -> str | None:
    """Do what the volunteer says; what to answer. None for an OK, a yes or a no that is about nothing of ours."""
    if not _is_to_us(session, person, word, now):
        return None
    language = person.language or live.languages[0]
    if proof is not None and proof.right and proof.pin_hash == person.pin_hash:
        pin_tries.was_right(session, word.sid, 1, _keys(session, person, word), now)
        known = KnownTelephone(number_hash=word.number_hash, person_id=person.id, pin_hash=person.pin_hash, since=now)
        session.merge(known)
    elif proof is not None:
        return say("text_pin_wrong", language).text
    elif not _is_known(session, person, word.number_hash):
        return say("text_pin_needed", language).text
    if word.meant.meaning in cover_answers.ANSWERS:
        return _answer(session, person, word.meant, live, now)
    if word.meant.meaning is TextMeaning.GIVE:
        return cover_answers.give(session, person, live, now)
    return say(_do(session, person, word.meant.meaning, live, now), language).text


def _is_to_us(session: Session, person: Person, word: Word, now: datetime) -> bool:
    """Whether the line has something to do with it; or else it is for somebody to read."""
    meant = word.meant
    if meant.meaning in cover_answers.ANSWERS:
        # To who wants no texts, a plain "yes" is the carrier's word for having them again.
        back = meant.carrier is TextMeaning.START and opt_outs.stands(session, word.number_hash, person.id)
        reminded = meant.number is None and bool(reminders.asked_of(session, person.id, now))
        return not back and (cover_answers.concerns(session, person, meant, now) or reminded)
    return meant.meaning is not TextMeaning.OK or meant.pin is not None or _has_something_to_ok(session, person, now)


def _answer(session: Session, person: Person, meant: Understood, live: LiveSettings, now: datetime) -> str:
    """A yes or no: to somebody's shift, or to whether they will come to their own. Never one taken for the other."""
    language = person.language or live.languages[0]
    asked = reminders.asked_of(session, person.id, now) if meant.number is None else ()
    if not asked:
        return cover_answers.obey(session, person, meant, live, now)
    if cover_answers.is_asked_now(session, person, meant, now):
        return say("cover_or_own", language).text
    if meant.meaning is TextMeaning.YES:
        reminders.confirm_all(session, person.id, live, now)
        return say("text_shift_thanks", language).text
    last = max(asked, key=lambda one: one.asked_at or now)
    if not reminders.decline(session, last, live, now):
        return say("refused_past", language).text
    return cover_answers.given(session, person, last.hours, live, now)


def _is_known(session: Session, person: Person, number_hash: str) -> bool:
    """Whether the PIN that holds now has come from this telephone before."""
    known = session.get(KnownTelephone, (number_hash, person.id))
    return known is not None and known.pin_hash == person.pin_hash


def _do(session: Session, person: Person, meaning: TextMeaning, live: LiveSettings, now: datetime) -> str:
    match meaning:
        case TextMeaning.ON if not person.ready:
            return "text_not_ready"
        case TextMeaning.ON:
            if not own_shifts.go_on(session, person, live.home.zone, now):
                return "refused_apart"
            pauses.resume(session, person.id, now)
            return "text_on"
        case TextMeaning.OFF:
            rosters.go_off_shift(session, person.id, now)
            return "text_off"
        case _:
            return _ok(session, person, live, now)


def _told_of(session: Session, person: Person) -> list[str]:
    """Open alarms that this person was told of."""
    told = select(AlarmTelling.alarm_id).where(AlarmTelling.person_id == person.id)
    return list(session.scalars(select(Alarm.id).where(ALARM_IS_OPEN, Alarm.id.in_(told))))


def _has_something_to_ok(session: Session, person: Person, now: datetime) -> bool:
    asked = _told_of(session, person) or reminders.asked_of(session, person.id, now)
    return bool(asked) or pauses.current(session, person.id, now) is not None


def _ok(session: Session, person: Person, live: LiveSettings, now: datetime) -> str:
    """Takes on what they were told of; or says that they will come to a shift; or brings them back from a pause."""
    taken = [alarms.acknowledge(session, one, now, person_id=person.id) for one in _told_of(session, person)]
    if any(taken):
        return "text_taken"
    if reminders.confirm_all(session, person.id, live, now):
        return "text_shift_thanks"
    return "text_on" if pauses.resume(session, person.id, now) else "text_ok"
