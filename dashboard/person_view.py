"""One person in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import people_view, timeline_view, words
from dashboard.plan_view import PlansCard
from dashboard.queries_log import ContactRow
from dashboard.queries_person import Known, LastChange, LastMerge, Masked
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline.person_states import PersonAct
from phoneline.states import ContactKind, Role


@dataclass(frozen=True)
class NumberLine:
    """One number, without most of it."""

    id: str
    words: str
    shared: bool
    tells_nobody: bool
    first: bool


@dataclass(frozen=True)
class PersonPage:
    """What the page shows. No number is part of it."""

    id: str
    name: str
    about: str
    """Language, roles."""
    answer: str
    last: str
    last_contact_id: str | None
    facts: Sequence[tuple[str, str]]
    numbers: Sequence[NumberLine]
    has_all_numbers: bool
    checkin_id: str | None
    """A check-in of today that one press begins."""
    change_id: str | None
    """What can be taken back."""
    change: str
    merge_id: str | None
    """The last merging with another record, which can be taken back."""
    merged: str
    is_called: bool
    """A peer, or somebody who has, or had, plans."""
    is_volunteer: bool


def build(one: Known, plans: PlansCard, last: ContactRow | None, at: Moment) -> PersonPage:
    return PersonPage(
        id=one.id,
        name=one.name,
        about=about(one),
        answer=answer(one, plans),
        last=last_time(one, last, at),
        last_contact_id=one.last_contact_id,
        facts=facts(one),
        numbers=[_number(at, masked) for at, masked in enumerate(one.masked)],
        has_all_numbers=len(one.masked) > 1,
        checkin_id=one.callable_checkin_id,
        change_id=one.last_change.id if one.last_change else None,
        change=last_change(one.last_change, at) if one.last_change else "",
        merge_id=one.last_merge.id if one.last_merge else None,
        merged=merged(one.last_merge, at) if one.last_merge else "",
        is_called=Role.PEER in one.roles or bool(plans.lines or plans.ended or plans.over),
        is_volunteer=Role.VOLUNTEER in one.roles,
    )


def about(one: Known) -> str:
    """Such as "known to volunteers as Blue · French · peer"."""
    parts = [
        _("volunteers hear “%(alias)s”", alias=one.alias) if one.alias else "",
        words.LANGUAGES.get(one.language or "", ""),
        people_view.roles(one.roles),
    ]
    return words.sentence(" · ".join(part for part in parts if part))


def answer(one: Known, plans: PlansCard) -> str:
    """When they are called, by whom, and when next; nothing for who isn't called."""
    return plans.sentence if Role.PEER in one.roles or plans.lines else ""


def last_time(one: Known, row: ContactRow | None, at: Moment) -> str:
    """When they were last in touch with us, and how."""
    if row is None:
        return _("We have not heard from them yet.") if Role.PEER in one.roles else ""
    when = at.moment(row.at)
    if row.kind is ContactKind.CALL and row.volunteer and row.talk_seconds:
        return _("Last: spoke with %(volunteer)s, %(when)s.", volunteer=row.volunteer, when=when)
    return _("Last: %(what)s, %(when)s.", what=timeline_view.contact(row), when=when)


def facts(one: Known) -> Sequence[tuple[str, str]]:
    named = [
        (_("Alias"), one.alias or ""),
        (_("Roles"), people_view.roles(one.roles)),
        (_("Language"), words.LANGUAGES.get(one.language or "", one.language or _("not known yet"))),
        (_("Also speaks"), words.listed([words.LANGUAGES.get(each, each) for each in one.speaks])),
        (_("Time zone"), (one.timezone or _("the line's own")).replace("_", " ")),
        (_("Brings"), ", ".join(one.skills)),
        (_("Would like"), ", ".join(one.prefers)),
        (_("Machine"), _("a few neutral words may be left there") if one.voicemail_ok else ""),
        (_("Telephone"), "" if one.masked else _("none is known")),
    ]
    return [(name, words.sentence(text)) for name, text in named if text]


def last_change(change: LastChange, at: Moment) -> str:
    """What was changed last, and when."""
    when = at.on(change.at)
    if change.act is PersonAct.RECOGNISED:
        return _("A call was written down as theirs %(when)s.", when=when)
    if change.act is PersonAct.NOT_THEM:
        return _("It was written down %(when)s that a call was not theirs.", when=when)
    if change.act is PersonAct.NUMBERS:
        return _("The telephone numbers were changed %(when)s.", when=when)
    return _("Changed %(when)s: %(fields)s.", when=when, fields=timeline_view.fields(change.fields))


def merged(last: LastMerge, at: Moment) -> str:
    return _("The record of %(name)s was made one with this one %(when)s.", name=last.name, when=at.on(last.at))


def _number(at: int, masked: Masked) -> NumberLine:
    told = {"digits": masked.last_digits}
    said = _("First number: ends in %(digits)s", **told) if at == 0 else _("Second number: ends in %(digits)s", **told)
    return NumberLine(masked.id, said, masked.shared, masked.tells_nobody, at == 0)
