"""Who somebody is, as the team writes it down on a page: added, changed, and a change taken back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from phoneline import hours_ahead, kept_refusals, locks, people, person_changes, person_numbers, replanning
from phoneline.countries import WhyNot
from phoneline.crypto import folded, lookup_hash
from phoneline.db import lookup_key
from phoneline.live_settings import LANGUAGES, LiveSettings
from phoneline.models import Person, PersonChange, PersonRole
from phoneline.person_changes import Fields
from phoneline.person_numbers import NumberProblem
from phoneline.person_states import PersonAct
from phoneline.states import Role

LONGEST_NAME = 200
LONGEST_ALIAS = 60
"""It is spoken."""
LONGEST_TAG = 60
MOST_TAGS = 20


class Problem(StrEnum):
    """What speaks against writing somebody down like this."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    LONG_ALIAS = "long_alias"
    NO_ROLE = "no_role"
    NO_SUCH_LANGUAGE = "no_such_language"
    NO_SUCH_ZONE = "no_such_zone"
    TOO_MANY = "too_many"
    LONG_TAG = "long_tag"
    SHIFTS_AHEAD = "shifts_ahead"
    """They are still on the roster as a volunteer."""
    DUTY_AHEAD = "duty_ahead"
    """They still have duty as a coordinator."""
    NUMBER_SHARED = "number_shared"
    """A volunteer's number is theirs alone, and this one isn't."""


@dataclass(frozen=True)
class Details:
    """All that a page says of who somebody is, without their numbers."""

    name: str = ""
    alias: str | None = None
    roles: tuple[Role, ...] = (Role.PEER,)
    language: str | None = None
    timezone: str | None = None
    speaks: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    prefers: tuple[str, ...] = ()
    voicemail_ok: bool = False

    @property
    def is_volunteer(self) -> bool:
        return Role.VOLUNTEER in self.roles


def of(person: Person) -> Details:
    return Details(
        name=person.name,
        alias=person.alias,
        roles=tuple(role for role in Role if person.has(role)),
        language=person.language,
        timezone=person.timezone,
        speaks=tuple(person.speaks),
        skills=tuple(person.skills),
        prefers=tuple(person.prefers),
        voicemail_ok=person.voicemail_ok,
    )


def problems(
    session: Session, person: Person | None, wanted: Details, line_zone: ZoneInfo, now: datetime
) -> Mapping[str, Problem]:
    """Field by field what speaks against it; empty if nothing does."""
    tags = {"skills": wanted.skills, "prefers": wanted.prefers}
    found: dict[str, Problem | None] = {
        "name": _of_name(wanted.name),
        "alias": Problem.LONG_ALIAS if len(wanted.alias or "") > LONGEST_ALIAS else None,
        "roles": _of_roles(session, person, wanted, line_zone, now),
        "language": Problem.NO_SUCH_LANGUAGE if wanted.language not in {None, *LANGUAGES} else None,
        "timezone": Problem.NO_SUCH_ZONE if wanted.timezone and not _is_zone(wanted.timezone) else None,
        **{field: _of_tags(them) for field, them in tags.items()},
    }
    return {field: problem for field, problem in found.items() if problem}


def _of_name(name: str) -> Problem | None:
    if not name or not name.isprintable():
        return Problem.NO_NAME
    return Problem.LONG_NAME if len(name) > LONGEST_NAME else None


def _of_roles(
    session: Session, person: Person | None, wanted: Details, line_zone: ZoneInfo, now: datetime
) -> Problem | None:
    if not wanted.roles:
        return Problem.NO_ROLE
    needed = hours_ahead.roles_needed(session, person, wanted.roles, line_zone, now) if person else ()
    if needed:
        return Problem.SHIFTS_AHEAD if Role.VOLUNTEER in needed else Problem.DUTY_AHEAD
    numbers = [held.number for held in person.numbers] if person else []
    shared = wanted.is_volunteer and any(
        person_numbers.problem_of_holders(session, person, number, sole=True) for number in numbers
    )
    return Problem.NUMBER_SHARED if shared else None


def _of_tags(tags: tuple[str, ...]) -> Problem | None:
    if len(tags) > MOST_TAGS:
        return Problem.TOO_MANY
    return Problem.LONG_TAG if any(len(tag) > LONGEST_TAG for tag in tags) else None


def _is_zone(name: str) -> bool:
    return name in available_timezones()


def add(
    session: Session, wanted: Details, number: str, account_id: str | None, live: LiveSettings, now: datetime
) -> Person | NumberProblem | WhyNot:
    """Somebody new; see that there are no `problems`. `number` as typed, empty for none."""
    # Nobody is rung before somebody has said that they are trained.
    person = Person(created_at=now, ready=False)
    _take_over(session, person, wanted)
    if number:
        # A button pressed twice writes somebody down once.
        locks.hold_in_turn(session.connection(), locks.PERSON)
        problem = person_numbers.problem(session, None, number, live, sole=wanted.is_volunteer)
        if problem is not None:
            return problem
        if person_numbers.is_a_namesakes(session, person.name_hash, person_numbers.read(number, live) or ""):
            return NumberProblem.A_NAMESAKES
    session.add(person)
    session.flush()
    if number:
        person_numbers.put(session, person, [person_numbers.read(number, live) or ""])
        kept_refusals.bring_back(session, person.id, [held.number_hash for held in person.numbers], now)
    person_changes.note(session, person.id, PersonAct.ADDED, account_id, now)
    return person


def change(
    session: Session, person: Person, wanted: Details, account_id: str | None, line_zone: ZoneInfo, now: datetime
) -> PersonChange | None:
    """See that there are no `problems`, and hold the row. None if it is all as it was."""
    before, after = person_changes.differing(_as_fields(of(person)), _as_fields(wanted))
    if not after:
        return None
    _make(session, person, wanted, line_zone, now)
    return person_changes.note(session, person.id, PersonAct.EDITED, account_id, now, before, after)


def take_back(
    session: Session, person: Person, change: PersonChange, line_zone: ZoneInfo, now: datetime
) -> Mapping[str, Problem]:
    """As it was before this change of the details; what speaks against that, if it can't be."""
    wanted = _from_fields({**_as_fields(of(person)), **person_changes.was(change)})
    against = problems(session, person, wanted, line_zone, now)
    if not against:
        _make(session, person, wanted, line_zone, now)
        change.undone_at = now
    return against


def _make(session: Session, person: Person, wanted: Details, line_zone: ZoneInfo, now: datetime) -> None:
    zone_before = people.zone_of(person, line_zone)
    _take_over(session, person, wanted)
    for number in person.numbers:
        number.sole = wanted.is_volunteer
    session.flush()
    if people.zone_of(person, line_zone) != zone_before:
        replanning.move_to_zone(session, person, zone_before, line_zone, now)


def _take_over(session: Session, person: Person, wanted: Details) -> None:
    person.name, person.alias = wanted.name, wanted.alias or None
    person.name_hash = lookup_hash(lookup_key(session), folded(wanted.name))
    person.language, person.timezone = wanted.language, wanted.timezone
    person.speaks, person.skills, person.prefers = list(wanted.speaks), list(wanted.skills), list(wanted.prefers)
    person.voicemail_ok = wanted.voicemail_ok
    for held in [held for held in person.roles if held.role not in wanted.roles]:
        person.roles.remove(held)
    person.roles.extend(PersonRole(role=role) for role in wanted.roles if not person.has(role))


def _as_fields(details: Details) -> Fields:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(details).items()}


def _from_fields(fields: Fields) -> Details:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    roles = tuple(Role(role) for role in lists.get("roles", ()))
    return Details(**{**fields, **lists, "roles": roles})
