"""All that the line keeps about one person, for whoever asks for it: in rows as they are, and the sound of messages.

`rights_registry` says under which heading what is told. Of others there is a first name where they are of the team, and
nothing else; hashes, secrets of the line and what it needs for its own work are left out.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, select
from sqlalchemy.orm import Session

from phoneline.carrier import Audio
from phoneline.models import Account, Base, Contact, Person, PersonRole, RightsRequest, Voicemail
from phoneline.models.base import Encrypted, EncryptedBytes
from phoneline.rights_registry import PERSON, REFERENCES, WORDS_ARE_THEIRS
from phoneline.rights_states import AskedHow, RightsKind
from phoneline.states import Role

Row = dict[str, Any]
SOMEBODY = "somebody else"
COORDINATOR = "a login of the team"
THEMSELVES = "this person"
_OURS = frozenset(
    {
        *("token", "room", "before", "seek", "priority", "erasure_id", "at_most_hours", "laid_out_until", "dial_after"),
        *("check_at", "nudge_at", "not_there_at", "next_try_at", "next_step_at", "look_at", "ask_at", "tries"),
    }
)
"""What the line needs for its own work: where it stands, and what opens something."""
_OPENS = ("_hash", "_sid", "secret", "password", "recovery", "totp", "credential", "public_key")
"""In the name of a column that opens something, or by which something is found."""
_CHILDREN = (
    ("checkins", "attempt", "checkin_id", "checkin", "person_id"),
    ("contacts", "voicemail", "contact_id", "contact", "person_id"),
    ("contacts", "follow_up_move", "contact_id", "contact", "person_id"),
    ("contacts", "follow_up_end", "contact_id", "contact", "person_id"),
    ("texts", "text_in", "contact_id", "contact", "person_id"),
    ("escalations", "escalation_telling", "escalation_id", "escalation", "person_id"),
    ("looks", "access_log", "contact_id", "contact", "person_id"),
    ("looks", "access_log", "checkin_id", "checkin", "person_id"),
)
"""What hangs on their rows without naming them: heading, table, its column, whose id that is, and who is named."""


@dataclass(frozen=True)
class Sound:
    """A message that they left, to be read when its turn comes: it is large."""

    voicemail_id: str
    name: str


@dataclass(frozen=True)
class Everything:
    person: Row
    sections: Mapping[str, Sequence[Row]]
    """By heading: rows, each with the `table` it is of."""
    left_out: Sequence[str]
    """What isn't told, and why."""
    sounds: Sequence[Sound]
    language: str | None
    timezone: str | None


def hand_over(
    session: Session, person_id: str, how: AskedHow, reason: str, account_id: str, now: datetime
) -> Everything | None:
    """All of it, and in the same transaction the note of who handed it over. None if nobody has this id."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return None
    told = {"asked_how": how, "reason": reason, "account_id": account_id, "at": now, "done_at": now}
    session.add(RightsRequest(kind=RightsKind.EXPORT, person_id=person_id, **told))
    session.flush()
    return gather(session, person)


def gather(session: Session, person: Person) -> Everything:
    names = _Names(session, person.id)
    sections: dict[str, list[Row]] = {}
    for column, fate in REFERENCES.items():
        if fate.told is not None:
            table, key = _column(column)
            hidden = fate.told != "team" or column in WORDS_ARE_THEIRS
            rows = _rows(session, names, table, table.c[key] == person.id, hidden=hidden)
            sections.setdefault(fate.told, []).extend(rows)
    for section, name, key, parent, whose in _CHILDREN:
        table, of = Base.metadata.tables[name], Base.metadata.tables[parent]
        theirs = table.c[key].in_(select(of.c.id).where(of.c[whose] == person.id))
        sections.setdefault(section, []).extend(_rows(session, names, table, theirs, hidden=True))
    return Everything(
        person={name: getattr(person, name) for name in (*PERSON, "created_at", "last_heard_at") if "hash" not in name},
        sections={name: _unlike(rows) for name, rows in sorted(sections.items()) if rows},
        left_out=sorted(f"{column}: {fate.why}" for column, fate in REFERENCES.items() if fate.told is None),
        sounds=_sounds(session, person.id),
        language=person.language,
        timezone=person.timezone,
    )


def as_json(everything: Everything) -> str:
    told = {"person": everything.person, "sections": everything.sections, "left_out": everything.left_out}
    return json.dumps(told, ensure_ascii=False, indent=1, default=_plain)


def sound(session: Session, voicemail_id: str) -> Audio | None:
    of = select(Voicemail.audio, Voicemail.media_type).where(Voicemail.id == voicemail_id)
    found = session.execute(of).one_or_none()
    return Audio(found.audio, found.media_type) if found is not None and found.audio and found.media_type else None


class _Names:
    """First names of the team; nobody else's."""

    def __init__(self, session: Session, person_id: str) -> None:
        self._session, self._person_id = session, person_id
        self._known: dict[str, str] = {person_id: THEMSELVES}

    def person(self, person_id: str) -> str:
        if person_id not in self._known:
            of_team = select(PersonRole.person_id).where(PersonRole.role.in_((Role.VOLUNTEER, Role.COORDINATOR)))
            found = select(Person).where(Person.id == person_id, Person.id.in_(of_team))
            one = self._session.scalars(found).one_or_none()
            self._known[person_id] = one.first_name if one is not None else SOMEBODY
        return self._known[person_id]

    def account(self, account_id: str) -> str:
        person_id = self._session.scalar(select(Account.person_id).where(Account.id == account_id))
        return COORDINATOR if person_id is None else self.person(person_id)


def _rows(session: Session, names: _Names, table: Table, theirs: ColumnElement[bool], *, hidden: bool) -> Iterator[Row]:
    """`hidden`: what is encrypted in these rows is theirs to read."""
    columns = [column for column in table.columns if _is_told(column, hidden=hidden)]
    for found in session.execute(select(*columns).where(theirs)).mappings().all():
        yield {"table": table.name, **{_name(column): _value(names, column, found[column]) for column in columns}}


def _is_told(column: Column[Any], *, hidden: bool) -> bool:
    if isinstance(column.type, EncryptedBytes) or column.name in _OURS or any(part in column.name for part in _OPENS):
        return False
    return hidden or not isinstance(column.type, Encrypted)


def _name(column: Column[Any]) -> str:
    return column.name.removesuffix("_id") if _names_somebody(column) else column.name


def _names_somebody(column: Column[Any]) -> str | None:
    """Of which table, if it is a person or a login."""
    tables = {key.column.table.name for key in column.foreign_keys} & {Person.__tablename__, Account.__tablename__}
    return next(iter(tables), None)


def _value(names: _Names, column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - whatever the column holds
    of = _names_somebody(column)
    if value is None or of is None:
        return value
    return names.person(value) if of == Person.__tablename__ else names.account(value)


def _column(column: str) -> tuple[Table, str]:
    table, _, name = column.partition(".")
    return Base.metadata.tables[table], name


def _unlike(rows: Sequence[Row]) -> list[Row]:
    """Each once, though it was found in several ways; in order of time."""
    once = {(row["table"], row.get("id") or repr(row)): row for row in rows}
    return sorted(once.values(), key=lambda row: (row["table"], str(when(row) or "")))


def when(row: Row) -> datetime | None:
    """The instant by which a row is put in order."""
    names = ("at", "started_at", "due_at", "given_at", "created_at", "began_at", "agreed_at", "since", "starts_at")
    found = (row.get(name) for name in names)
    return next((one for one in found if isinstance(one, datetime)), None)


def _sounds(session: Session, person_id: str) -> Sequence[Sound]:
    of = select(Voicemail.id, Voicemail.media_type).join(Contact, Contact.id == Voicemail.contact_id)
    kept = of.where(Contact.person_id == person_id, Voicemail.media_type.is_not(None)).order_by(Contact.at)
    return [
        Sound(found.id, f"messages/{number}.{'wav' if 'wav' in found.media_type else 'mp3'}")
        for number, found in enumerate(session.execute(kept), start=1)
    ]


def _plain(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)
