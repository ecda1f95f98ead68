"""All that is kept about one person, as the files that they get: to read, for programs, and the sound of messages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import render_template

from dashboard import everything_words
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline import rights_export
from phoneline.line import Line
from phoneline.rights_export import Everything, Row

READ_ME, FOR_PROGRAMS = "everything.html", "everything.json"
HEADINGS: Mapping[str, str] = Phrases(
    {
        "numbers": N_("Telephone numbers"),
        "roles": N_("What you are for the line"),
        "consents": N_("What you agreed to"),
        "plans": N_("When you are called"),
        "checkins": N_("Check-in calls"),
        "calls": N_("Calls"),
        "callbacks": N_("Calls back that you were promised"),
        "contacts": N_("Contacts, messages and notes"),
        "texts": N_("Texts"),
        "programme": N_("Groups and activities that you signed up for"),
        "notes": N_("Notes about you"),
        "changes": N_("What was changed about you"),
        "agreed_contacts": N_("People whom we may ask about you"),
        "escalations": N_("When we couldn't reach you"),
        "limits": N_("Limits"),
        "looks": N_("Who looked at this"),
        "requests": N_("What you asked for under your rights"),
        "team": N_("Your part in the team"),
    }
)
LABELS: Mapping[str, str] = Phrases(
    {
        "agreed_at": N_("agreed"),
        "action": N_("what was done"),
        "answered_at": N_("joined"),
        "at": N_("when"),
        "body": N_("words"),
        "due_at": N_("when it was due"),
        "email": N_("e-mail address"),
        "ended_at": N_("ended"),
        "given_at": N_("given"),
        "given_how": N_("how it was given"),
        "kind": N_("what"),
        "language": N_("language"),
        "name": N_("name"),
        "note": N_("note"),
        "number": N_("number"),
        "outcome": N_("how it was"),
        "reason": N_("why"),
        "result": N_("what came of it"),
        "role": N_("as what"),
        "started_at": N_("began"),
        "starts_local": N_("first time"),
        "state": N_("how it stands"),
        "timezone": N_("time zone"),
        "topics": N_("what you share"),
        "volunteer": N_("volunteer"),
        "withdrawn_at": N_("withdrawn"),
        "withdrawn_how": N_("how it was withdrawn"),
        "words": N_("words"),
    }
)
TELLS_NOTHING = {("call", "state")}
"""A call that is over has ended."""


@dataclass(frozen=True)
class Entry:
    """One row, as lines of name and value."""

    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    heading: str
    entries: Sequence[Entry]


def files(found: Everything, line: Line) -> Iterator[tuple[str, bytes]]:
    """Name and content of each. What is to be read is written now, in the language at hand; sounds are read later."""
    zone = ZoneInfo(found.timezone) if found.timezone else line.settings.timezone
    at = Moment(line.now, zone)
    parts = [Part(_("You"), [_entry(found.person, at)])]
    parts += [
        Part(heading, [_entry(row, at) for row in found.sections[name]])
        for name, heading in HEADINGS.items()
        if name in found.sections
    ]
    page = render_template(
        "everything.html", parts=parts, made=everything_words.said("at", line.now, at), sounds=len(found.sounds)
    )
    data = rights_export.as_json(found)
    return _each(page, data, found, lambda voicemail_id: _sound(line, voicemail_id))


def _each(page: str, data: str, found: Everything, sound: Callable[[str], bytes | None]) -> Iterator[tuple[str, bytes]]:
    yield READ_ME, page.encode()
    yield FOR_PROGRAMS, data.encode()
    for one in found.sounds:
        content = sound(one.voicemail_id)
        if content is not None:
            yield one.name, content


def _sound(line: Line, voicemail_id: str) -> bytes | None:
    with line.database.reading() as reading:
        audio = rights_export.sound(reading, voicemail_id)
    return audio.data if audio is not None else None


def _entry(row: Row, at: Moment) -> Entry:
    told = [
        name for name in LABELS if row.get(name) not in (None, "") and (row.get("table"), name) not in TELLS_NOTHING
    ]
    return Entry([(LABELS[name], everything_words.said(name, row[name], at)) for name in told])
