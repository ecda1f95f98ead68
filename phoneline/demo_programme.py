"""What is on in the demo: something later today, something each day, and a group in French."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from phoneline import activity_rows
from phoneline.activity_drafts import Draft, Words
from phoneline.activity_states import ActivityKind
from phoneline.recurrence import wall


def invent(session: Session, zone: ZoneInfo, now: datetime) -> None:
    """Sooner and later from now on, at full hours: so something is on, whenever the demo is started."""
    hour = wall(now, zone).replace(minute=0, second=0, microsecond=0)
    crafts = Draft(
        starts_local=hour + timedelta(hours=2),
        ends_local=hour + timedelta(hours=4),
        rrule="FREQ=DAILY",
        words={
            "en": Words("Crafts for everybody", "the blue house, 12 River Street"),
            "fr": Words("Bricolage pour tout le monde", "la maison bleue, 12, rue de la Rivière"),
            "es": Words("Manualidades para todo el mundo", "la casa azul, calle del Río, 12"),
        },
        kind=ActivityKind.IN_PERSON,
        interests=("crafts",),
        places=8,
    )
    trivia = Draft(
        starts_local=hour + timedelta(hours=1),
        ends_local=hour + timedelta(hours=2),
        rrule="FREQ=DAILY",
        words={
            "en": Words("Trivia by phone", "somebody of us calls you"),
            "fr": Words("Jeu-questionnaire par téléphone", "quelqu'un de chez nous vous appelle"),
            "es": Words("Trivia por teléfono", "alguien de la línea le llama"),
        },
        kind=ActivityKind.PHONE,
        interests=("trivia",),
    )
    yoga = Draft(
        starts_local=hour + timedelta(days=1, hours=3),
        ends_local=hour + timedelta(days=1, hours=4),
        rrule="FREQ=WEEKLY",
        words={"en": Words("Gentle yoga"), "fr": Words("Yoga doux")},
        kind=ActivityKind.ONLINE,
        held_in=("fr",),
        interests=("yoga",),
    )
    for draft in (crafts, trivia, yoga):
        activity_rows.new(session, draft, now)
