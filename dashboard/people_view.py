"""Everybody in the line's books, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import times, words
from dashboard.queries_people import PAGE, LastContact, PersonRow
from dashboard.times import Moment
from phoneline.states import ContactKind, Role

ROLES: Mapping[Role, str] = {Role.PEER: "peer", Role.VOLUNTEER: "volunteer", Role.COORDINATOR: "coordinator"}
ROLE_CHOICES: Sequence[tuple[str, str]] = (
    ("", "Everybody"),
    *((role.value, f"{role.value}s".title()) for role in Role),
)


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to, and which page of it is shown, from 1."""

    role: Role | None = None
    search: str = ""
    page: int = 1


@dataclass(frozen=True)
class PersonLine:
    id: str
    name: str
    roles: str
    language: str
    coming: str
    last: str


@dataclass(frozen=True)
class PeoplePage:
    """What the page shows."""

    answer: str
    lines: Sequence[PersonLine]
    before: int | None
    after: int | None
    total: int

    @property
    def nobody_at_all(self) -> bool:
        return self.total == 0


def build(rows: Sequence[PersonRow], found: int, counts: Mapping[Role, int], asked: Asked, at: Moment) -> PeoplePage:
    """`found` is how many there are of those asked for, `counts` how many have each role."""
    return PeoplePage(
        answer=answer(found, counts, asked),
        lines=[_line(row, at) for row in rows],
        before=asked.page - 1 if asked.page > 1 else None,
        after=asked.page + 1 if found > asked.page * PAGE else None,
        total=sum(counts.values()),
    )


def answer(found: int, counts: Mapping[Role, int], asked: Asked) -> str:
    if not counts:
        return "Nobody is in the line's books yet."
    if asked.search:
        those = ROLES[asked.role] + "s" if asked.role else "people"
        who = words.counted(found, ROLES[asked.role] if asked.role else "person", those)
        return f"{words.sentence(who)} {'has' if found == 1 else 'have'} “{asked.search}” in their name."
    roles = [asked.role] if asked.role else [role for role in Role if counts.get(role)]
    each = [words.counted(counts.get(role, 0), ROLES[role], f"{ROLES[role]}s") for role in roles]
    return f"{words.sentence(words.listed(each))}."


def _line(row: PersonRow, at: Moment) -> PersonLine:
    return PersonLine(
        id=row.id,
        name=row.name,
        roles=roles(row.roles),
        language=words.LANGUAGES.get(row.language or "", row.language or ""),
        coming=at.near(row.next_checkin) if row.next_checkin else "",
        last=last(row.last, at) if row.last else "",
    )


def roles(held: Sequence[Role]) -> str:
    return words.listed([ROLES[role] for role in held])


LAST: Mapping[ContactKind, str] = {
    ContactKind.CALL: "a call",
    ContactKind.CHECKIN: "a check-in",
    ContactKind.VOICEMAIL: "a message",
    ContactKind.CALLBACK: "a call-back",
    ContactKind.SMS: "a text",
    ContactKind.IN_PERSON: "seen",
    ContactKind.OUTREACH: "to be called",
}


def last(contact: LastContact, at: Moment) -> str:
    """Such as "a call with Ana, Tuesday 20:14"."""
    who = (
        f" {'by' if contact.kind is ContactKind.IN_PERSON else 'with'} {contact.volunteer}" if contact.volunteer else ""
    )
    return f"{LAST[contact.kind]}{who}, {times.moment(contact.at, at.now, at.zone)}"
