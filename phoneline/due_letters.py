"""The week's letter in one text, where the setting `letter_texts` says so: on Mondays, once for each of the team.

Every clock looks. Who told the line to text no more gets none, as with any text.
"""

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, exists, false, select
from sqlalchemy.orm import Session

from phoneline import people, spoken, team_letter, texts
from phoneline.db import insert_or_ignore
from phoneline.live_settings import LiveSettings
from phoneline.models import LetterText, Person, PersonRole
from phoneline.prompts import say
from phoneline.quiet_hours import is_quiet
from phoneline.recurrence import wall
from phoneline.states import Role, TextPurpose
from phoneline.team_letter import Letter

WEEKLY = "weekly"
FROM, UNTIL = time(10), time(20)
"""On Mondays, by the line's clock. Who can't be texted then reads or hears the letter."""
MOST = 50
TEAM = (Role.VOLUNTEER, Role.COORDINATOR)


def _week(live: LiveSettings, now: datetime) -> date | None:
    """The week whose letters go out now, by its Monday."""
    local, zone = wall(now, live.home.zone), live.home.zone
    if live.letter_texts != WEEKLY or local.weekday() != 0 or not FROM <= local.time() < UNTIL:
        return None
    return None if is_quiet(now, zone, live.quiet_weekday, live.quiet_weekend) else local.date()


def _unsent(week: date) -> Select[str]:
    """Those of the team who have not been told yet."""
    told = exists().where(LetterText.person_id == PersonRole.person_id, LetterText.week == week)
    return select(PersonRole.person_id).where(PersonRole.role.in_(TEAM), ~told).distinct()


def is_anything_due(live: LiveSettings, now: datetime) -> ColumnElement[bool]:
    week = _week(live, now)
    return _unsent(week).exists() if week is not None else false()


def look(session: Session, live: LiveSettings, now: datetime) -> None:
    """Some of those who have not been told yet; the rest a second later."""
    week = _week(live, now)
    if week is None:
        return
    letter = team_letter.read(session, team_letter.week_of(now, live.home.zone), live, now)
    for person_id in session.scalars(_unsent(week).order_by(PersonRole.person_id).limit(MOST)).all():
        if insert_or_ignore(session, LetterText, person_id=person_id, week=week, at=now):
            _tell(session, session.get_one(Person, person_id), letter, live, now)


def _tell(session: Session, person: Person, letter: Letter, live: LiveSettings, now: datetime) -> None:
    language = person.language or live.languages[0]
    cover = say("letter_covered", language)
    if letter.gaps:
        first, zone = letter.gaps[0], people.zone_of(person, live.home.zone)
        when = spoken.span(first.starts_at, first.ends_at, now, zone, language)
        key = "letter_gap" if len(letter.gaps) == 1 else "letter_gaps"
        cover = say(key, language, when=when, count=str(len(letter.gaps)))
    words = say("text_letter", language, name=person.first_name, cover=cover.text)
    texts.write_down(session, person, TextPurpose.NOTICE, words.text, now)
