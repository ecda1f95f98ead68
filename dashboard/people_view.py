"""Everybody in the line's books, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import times, words
from dashboard.queries_people import PAGE, LastContact, PersonRow
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.states import ContactKind, Role

ROLES: Mapping[Role, str] = Phrases(
    {Role.PEER: N_("peer"), Role.VOLUNTEER: N_("volunteer"), Role.COORDINATOR: N_("coordinator")}
)
GROUPS: Mapping[Role, str] = Phrases(
    {Role.PEER: N_("Peers"), Role.VOLUNTEER: N_("Volunteers"), Role.COORDINATOR: N_("Coordinators")}
)


ROLE_CHOICES: Mapping[Role, str] = Phrases(
    {
        Role.PEER: N_("A peer: calls, and is called"),
        Role.VOLUNTEER: N_("A volunteer: takes calls"),
        Role.COORDINATOR: N_("A coordinator: looks after follow-ups and alarms"),
    }
)


def role_choices() -> Sequence[tuple[str, str]]:
    return (("", _("Everybody")), *((role.value, GROUPS[role]) for role in Role))


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to, and which page of it is shown, from 1."""

    role: Role | None = None
    search: str = ""
    page: int = 1
    number: str | None = None
    """What was searched for, where it was a number."""


@dataclass(frozen=True)
class PersonLine:
    id: str
    name: str
    alias: str
    roles: str
    language: str
    coming: str
    last: str
    is_called: bool
    """A peer: contacts with them are logged."""


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
        lines=[line(row, at) for row in rows],
        before=asked.page - 1 if asked.page > 1 else None,
        after=asked.page + 1 if found > asked.page * PAGE else None,
        total=sum(counts.values()),
    )


def answer(found: int, counts: Mapping[Role, int], asked: Asked) -> str:
    if not counts:
        return _("Nobody is in the line's books yet.")
    if asked.number is not None:
        return words.sentence(_with_number(found))
    if asked.search:
        return words.sentence(_called(found, asked))
    roles = [asked.role] if asked.role else [role for role in Role if counts.get(role)]
    each = words.listed([count(counts.get(role, 0), role) for role in roles])
    return words.sentence(_("%(whom)s.", whom=each))


def count(number: int, role: Role) -> str:
    """Such as "two volunteers"."""
    told = {"number": words.number(number)}
    match role:
        case Role.PEER:
            return ngettext("%(number)s peer", "%(number)s peers", number, **told)
        case Role.VOLUNTEER:
            return ngettext("%(number)s volunteer", "%(number)s volunteers", number, **told)
        case Role.COORDINATOR:
            return ngettext("%(number)s coordinator", "%(number)s coordinators", number, **told)


def _called(found: int, asked: Asked) -> str:
    told = {
        "people": count(found, asked.role)
        if asked.role
        else ngettext("%(number)s person", "%(number)s people", found, number=words.number(found)),
        "text": asked.search,
    }
    return ngettext(
        "%(people)s has “%(text)s” in their name.", "%(people)s have “%(text)s” in their name.", found, **told
    )


def _with_number(found: int) -> str:
    return ngettext(
        "%(number)s person has this telephone number.",
        "%(number)s people have this telephone number.",
        found,
        number=words.number(found),
    )


def line(row: PersonRow, at: Moment) -> PersonLine:
    return PersonLine(
        id=row.id,
        name=row.name,
        alias=row.alias or "",
        roles=roles(row.roles),
        language=words.LANGUAGES.get(row.language or "", row.language or ""),
        coming=at.near(row.next_checkin) if row.next_checkin else "",
        last=last(row.last, at) if row.last else "",
        is_called=Role.PEER in row.roles,
    )


def roles(held: Sequence[Role]) -> str:
    return words.listed([ROLES[role] for role in held])


LAST: Mapping[ContactKind, str] = Phrases(
    {
        ContactKind.CALL: N_("a call"),
        ContactKind.CHECKIN: N_("a check-in"),
        ContactKind.VOICEMAIL: N_("a message"),
        ContactKind.CALLBACK: N_("a call-back"),
        ContactKind.SMS: N_("a text"),
        ContactKind.IN_PERSON: N_("seen"),
        ContactKind.OUTREACH: N_("to be called"),
    }
)


def last(contact: LastContact, at: Moment) -> str:
    """Such as "a call with Ana, Tuesday 20:14"."""
    when, what = times.moment(contact.at, at.now, at.zone), LAST[contact.kind]
    if not contact.volunteer:
        return _("%(what)s, %(when)s", what=what, when=when)
    told = {"what": what, "when": when, "volunteer": contact.volunteer}
    if contact.kind is ContactKind.IN_PERSON:
        return _("%(what)s by %(volunteer)s, %(when)s", **told)
    return _("%(what)s with %(volunteer)s, %(when)s", **told)
