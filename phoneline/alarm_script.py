"""The keys of a coordinator who is called about an alarm. Hold the alarm's row."""

from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import alarms, unstaffed
from phoneline.documents import alarm as words
from phoneline.live_settings import LiveSettings
from phoneline.models import AlarmTelling, Leg
from phoneline.states import AlarmState
from phoneline.steps import Document


def _language(telling: AlarmTelling, live: LiveSettings) -> str:
    return telling.person.language or live.languages[0]


def answered(leg: Leg, telling: AlarmTelling, live: LiveSettings) -> Document:
    """Somebody or something picked up, perhaps too late."""
    if telling.alarm.state is AlarmState.OPEN:
        return words.screening(leg, _language(telling, live))
    return words.ending("alarm_over", _language(telling, live))


def key(
    session: Session, leg: Leg, telling: AlarmTelling, pressed: str, tries: int, live: LiveSettings, now: datetime
) -> Document:
    """1 takes it on and hears what it is about, 2 passes; a wrong key hears the prompt once more."""
    alarm, language = telling.alarm, _language(telling, live)
    if pressed == "1":
        alarms.acknowledge(session, alarm.id, now, person_id=telling.person_id)
        session.refresh(alarm)
        if alarm.acknowledged_by == telling.person_id:
            return words.about(alarm.kind, language, **unstaffed.filled_in(alarm, language, live, now))
    if alarm.state is not AlarmState.OPEN:
        return words.ending("alarm_over", language)
    if pressed == "2":
        return words.ending("alarm_passed", language)
    if tries < words.MOST_TRIES:
        return words.screening(leg, language, tries + 1)
    return words.ending("offer_no_key", language)
