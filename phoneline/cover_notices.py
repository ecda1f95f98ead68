"""Texts about shifts that change hands. First names of volunteers, when it is, what to answer: nothing else."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import duty, people, spoken, texts
from phoneline.live_settings import LiveSettings
from phoneline.models import CoverRequest, Person, ShiftHours, SwapOffer
from phoneline.prompts import say
from phoneline.states import TextPurpose


def language_of(person: Person, live: LiveSettings) -> str:
    return person.language or live.languages[0]


def zone_of(person: Person, live: LiveSettings) -> ZoneInfo:
    return people.zone_of(person, live.home.zone)


def when(hours: ShiftHours, reader: Person, live: LiveSettings, now: datetime) -> str:
    """The hours as the reader says them."""
    return spoken.span(hours.starts_at, hours.ends_at, now, zone_of(reader, live), language_of(reader, live))


def words(key: str, reader: Person, hours: ShiftHours, live: LiveSettings, now: datetime, **values: str) -> str:
    """A text about these hours, in the reader's language and zone."""
    return say(key, language_of(reader, live), when=when(hours, reader, live, now), **values).text


def tell(
    session: Session, key: str, reader: Person, hours: ShiftHours, live: LiveSettings, now: datetime, **values: str
) -> None:
    said = words(key, reader, hours, live, now, **values)
    texts.write_down(session, reader, TextPurpose.NOTICE, said, now)


def ask(session: Session, request: CoverRequest, reader: Person, live: LiveSettings, now: datetime) -> None:
    """Whether the reader takes it."""
    key = f"cover_ask_{request.kind.value}"
    named = {"name": request.giver.first_name, "number": str(request.number)}
    tell(session, key, reader, request.hours, live, now, **named)


def taken(
    session: Session, request: CoverRequest, taker: Person, live: LiveSettings, now: datetime, *, key: str = ""
) -> None:
    """Whose it was, and with a key whoever has it now, too."""
    tell(session, "cover_taken_from", request.giver, request.hours, live, now, name=taker.first_name)
    if key:
        tell(session, key, taker, request.hours, live, now, number=str(request.number))


def swapped(session: Session, offer: SwapOffer, live: LiveSettings, now: datetime, *, both: bool) -> None:
    """What whoever offered has now, and where `both` are told, the other one too."""
    for reader in (offer.person, offer.request.giver) if both else (offer.person,):
        texts.write_down(session, reader, TextPurpose.NOTICE, swapped_words(offer, reader, live, now), now)


def swapped_words(offer: SwapOffer, reader: Person, live: LiveSettings, now: datetime) -> str:
    """For one of the two: which hours are theirs now, and which the other's."""
    other = offer.request.giver if reader.id == offer.person_id else offer.person
    gets, gave = offer.hours, offer.request.hours
    if reader.id == offer.person_id:
        gets, gave = gave, gets
    values = {"gave": when(gave, reader, live, now), "name": other.first_name}
    return words("cover_swapped", reader, gets, live, now, **values)


def swap_offered(session: Session, offer: SwapOffer, live: LiveSettings, now: datetime) -> None:
    reader = offer.request.giver
    values = {"name": offer.person.first_name, "number": str(offer.number)}
    values["mine"] = when(offer.request.hours, reader, live, now)
    tell(session, "cover_swap_offered", reader, offer.hours, live, now, **values)


def late(session: Session, request: CoverRequest, live: LiveSettings, now: datetime) -> None:
    """It has begun and nobody took it: whose it is, and the coordinators on duty."""
    tell(session, "cover_late", request.giver, request.hours, live, now)
    for coordinator_id in duty.to_alarm(session, now):
        if coordinator_id != request.from_id:
            coordinator = session.get_one(Person, coordinator_id)
            name = request.giver.first_name
            tell(session, "cover_late_coordinator", coordinator, request.hours, live, now, name=name)
