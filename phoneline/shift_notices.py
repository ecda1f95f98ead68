"""Texts to whoever got, lost or keeps at another time hours of the roster, by somebody else's act."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import people, shift_rows, spoken, texts
from phoneline.live_settings import LiveSettings
from phoneline.models import Account, Person, RosterChange, Shift
from phoneline.prompts import say
from phoneline.states import TextPurpose


class Stretch(NamedTuple):
    """When somebody is on; half-open."""

    starts_at: datetime
    ends_at: datetime


Whose = Mapping[str, Collection[Stretch]]
"""By person, when they are on."""


def by_person(rows: Sequence[Mapping[str, Any]]) -> Whose:
    """Of a picture's hours: those that take place."""
    found: dict[str, set[Stretch]] = {}
    for one in rows:
        if one["person_id"] and not one["off"]:
            at = (datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at"))
            found.setdefault(one["person_id"], set()).add(Stretch(*at))
    return found


def tell(session: Session, before: Mapping[str, Any], act: RosterChange, live: LiveSettings, now: datetime) -> None:
    """What the act has made of the hours in the picture, to each person whose they were or are; not to who did it."""
    ids = [one["id"] for one in before["shifts"]]
    shifts = session.scalars(select(Shift).where(Shift.id.in_(ids))).all()
    tell_of(session, before["hours"], shift_rows.picture(session, shifts, now)["hours"], act, live, now)


def tell_of(
    session: Session,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
    act: RosterChange,
    live: LiveSettings,
    now: datetime,
) -> None:
    had, have = by_person(before), by_person(after)
    themselves = who_did(session, act)
    for person_id in sorted({*had, *have} - {themselves}):
        was, is_now = set(had.get(person_id, ())), set(have.get(person_id, ()))
        _tell_one(session, person_id, sorted(was - is_now), sorted(is_now - was), live, now)


def who_did(session: Session, act: RosterChange) -> str | None:
    """The person, also of a login that is somebody's."""
    if act.by_person_id is not None or act.by_account_id is None:
        return act.by_person_id
    return session.scalars(select(Account.person_id).where(Account.id == act.by_account_id)).one_or_none()


def _tell_one(
    session: Session,
    person_id: str,
    lost: Sequence[Stretch],
    got: Sequence[Stretch],
    live: LiveSettings,
    now: datetime,
) -> None:
    person = session.get(Person, person_id)
    if person is None or not (lost or got):
        return
    what = "moved" if lost and got else "new" if got else "gone"
    several = len(got or lost) > 1
    language = person.language or live.languages[0]
    zone = people.zone_of(person, live.home.zone)
    when, instead = (got or lost)[0], (lost or got)[0]
    words = say(
        f"text_shift{'s' if several else ''}_{what}",
        language,
        name=person.first_name,
        when=spoken.span(*when, now, zone, language),
        before=spoken.span(*instead, now, zone, language),
    )
    texts.write_down(session, person, TextPurpose.NOTICE, words.text, now)
