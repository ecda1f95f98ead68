"""One person in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import log_view, people_view, words
from dashboard.plan_view import PlansCard
from dashboard.queries_log import ContactRow
from dashboard.queries_person import MOST_CONTACTS, Known
from dashboard.times import Moment
from phoneline.follow_ups import OPEN
from phoneline.states import Role


@dataclass(frozen=True)
class ContactLine:
    """One line of their contacts, each with a page of its own."""

    id: str
    when: str
    what: str
    icon: str
    open: str
    """The follow-up, while it is open."""


@dataclass(frozen=True)
class PersonPage:
    """What the page shows. The number is no part of it."""

    id: str
    name: str
    answer: str
    facts: Sequence[tuple[str, str]]
    contacts: Sequence[ContactLine]
    more_contacts: bool
    is_called: bool
    """A peer, or somebody who has, or had, plans."""
    is_volunteer: bool


def build(one: Known, plans: PlansCard, at: Moment) -> PersonPage:
    return PersonPage(
        id=one.id,
        name=one.name,
        answer=answer(one, plans),
        facts=facts(one),
        contacts=[_contact(row, at) for row in one.contacts[:MOST_CONTACTS]],
        more_contacts=len(one.contacts) > MOST_CONTACTS,
        is_called=Role.PEER in one.roles or bool(plans.lines or plans.ended or plans.over),
        is_volunteer=Role.VOLUNTEER in one.roles,
    )


def answer(one: Known, plans: PlansCard) -> str:
    """When they are called, by whom, and when next; of the team who they are."""
    if Role.PEER in one.roles or plans.lines:
        return plans.sentence
    return f"{one.name} is {words.listed([f'a {people_view.ROLES[role]}' for role in one.roles]) or 'known to us'}."


def facts(one: Known) -> Sequence[tuple[str, str]]:
    named = {
        "Roles": people_view.roles(one.roles),
        "Language": words.LANGUAGES.get(one.language or "", one.language or "not known yet"),
        "Time zone": (one.timezone or "the line's own").replace("_", " "),
        "Telephone": ("none is known", "one number is known", "two numbers are known")[min(one.numbers, 2)],
    }
    return [(name, words.sentence(text)) for name, text in named.items() if text]


def _contact(row: ContactRow, at: Moment) -> ContactLine:
    with_whom = f" with {row.volunteer}" if row.volunteer else ""
    ending = log_view.ending(row)
    return ContactLine(
        id=row.id,
        when=at.near(row.at),
        what=words.sentence(words.KINDS[row.kind]) + with_whom + (f": {ending}" if ending else ""),
        icon=row.kind.value,
        open=row.follow_up.value if row.follow_up in OPEN else "",
    )
