"""Texts about a pause that nobody asked for: to the volunteer, and to the coordinator on duty."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import duty, texts
from phoneline.live_settings import LiveSettings
from phoneline.models import Person
from phoneline.prompts import say
from phoneline.states import TextPurpose


def tell(session: Session, volunteer_id: str, live: LiveSettings, now: datetime) -> None:
    """How they come back: by themselves, which takes a PIN, or by the coordinator."""
    volunteer = session.get_one(Person, volunteer_id)
    _text(session, volunteer, "text_paused" if volunteer.pin_hash else "text_paused_no_pin", volunteer, live, now)
    for coordinator_id in duty.coordinators_on_duty(session, now)[:1]:
        if coordinator_id != volunteer_id:
            _text(session, session.get_one(Person, coordinator_id), "text_paused_coordinator", volunteer, live, now)


def _text(session: Session, reader: Person, key: str, about: Person, live: LiveSettings, now: datetime) -> None:
    words = say(key, reader.language or live.languages[0], name=about.first_name)
    texts.write_down(session, reader, TextPurpose.NOTICE, words.text, now)
