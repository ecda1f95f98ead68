"""What people may ask for, and what they asked for, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.queries_rights import RequestRow
from dashboard.rights_form import DAY, NOW
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.rights_states import AskedHow, HeldUp, RightsKind

HOWS: Mapping[AskedHow, str] = Phrases(
    {
        AskedHow.TELEPHONE: N_("by telephone"),
        AskedHow.IN_PERSON: N_("in person"),
        AskedHow.WRITING: N_("in writing"),
    }
)
WHENS: Mapping[str, str] = Phrases(
    {
        DAY: N_("In a day: until then it can be undone"),
        NOW: N_("Now: it can't be undone"),
    }
)
HINDRANCES: Mapping[HeldUp, str] = {
    HeldUp.ON_THE_PHONE: N_(
        "They are on the telephone with the line. Choose “in a day”, or wait until the call has ended."
    ),
    HeldUp.SHIFTS: N_("They still have hours ahead. Give these to somebody else first."),
    HeldUp.LAST_ADMIN: N_("Theirs is the only login that may give others theirs. Make another one first."),
}
"""Why it can't be begun."""
HELD_UP: Mapping[HeldUp, str] = Phrases(
    {
        HeldUp.ON_THE_PHONE: N_("They are on the telephone with the line. It is done when the call has ended."),
        HeldUp.SHIFTS: N_("They still have hours ahead. Give these to somebody else; then it is done by itself."),
        HeldUp.LAST_ADMIN: HINDRANCES[HeldUp.LAST_ADMIN],
    }
)
"""Why it isn't done yet."""


@dataclass(frozen=True)
class Line:
    """One request."""

    id: str
    what: str
    told: str
    """By whom it was written down, when, and how they asked."""
    reason: str
    status: str
    left: Sequence[str]
    """What isn't over yet."""
    person_id: str | None
    can_be_undone: bool


def lines(rows: Sequence[RequestRow], at: Moment) -> Sequence[Line]:
    return [_line(row, at) for row in rows]


def standing(rows: Sequence[RequestRow]) -> RequestRow | None:
    """The erasure that is to come, if there is one."""
    return next((row for row in rows if _stands(row)), None)


def _stands(row: RequestRow) -> bool:
    return row.kind is RightsKind.ERASE and row.done_at is None and row.undone_at is None


def _line(row: RequestRow, at: Moment) -> Line:
    by = row.email or _("a login that is gone")
    told = _("Asked %(how)s, written down by %(by)s %(when)s.", how=HOWS[row.asked_how], by=by, when=at.on(row.at))
    return Line(row.id, _what(row), told, row.reason, _status(row, at), _left(row), row.person_id, _stands(row))


def _what(row: RequestRow) -> str:
    if row.kind is RightsKind.EXPORT:
        return _("%(name)s: all that is kept", name=row.name) if row.name else _("All that is kept, of somebody erased")
    return _("%(name)s: to be erased", name=row.name) if row.name else _("Somebody was erased")


def _status(row: RequestRow, at: Moment) -> str:
    if row.undone_at is not None:
        return _("It was undone %(when)s.", when=at.on(row.undone_at))
    if row.kind is RightsKind.EXPORT:
        return _("It was handed over.")
    if row.done_at is not None:
        return _("It was done %(when)s.", when=at.on(row.done_at))
    if row.held_up is not None:
        return HELD_UP[row.held_up]
    if row.due_at is not None and row.due_at > at.now:
        return _("It is done %(when)s; until then it can be undone.", when=at.on(row.due_at))
    return _("It is being done now.")


def _left(row: RequestRow) -> Sequence[str]:
    if row.done_at is None or row.kind is RightsKind.EXPORT:
        return ()
    left = []
    if row.at_carrier:
        said = "%(number)s message is still at the carrier; it is asked again until it has none."
        many = "%(number)s messages are still at the carrier; it is asked again until it has none."
        left.append(ngettext(said, many, row.at_carrier, number=words.sentence(words.number(row.at_carrier))))
    if row.looking:
        left.append(_("Older calls from their number are still being looked through."))
    return left


def answer(name: str, row: RequestRow | None, at: Moment) -> str:
    """The sentence with which a person's page begins."""
    if row is None:
        return _("%(name)s may have all that is kept about them, and may ask to be erased.", name=name)
    if row.due_at is not None and row.due_at > at.now and row.held_up is None:
        return _("%(name)s is to be erased %(when)s. Until then it can be undone.", name=name, when=at.on(row.due_at))
    return _("%(name)s is about to be erased.", name=name)


def answer_of_all(rows: Sequence[RequestRow]) -> str:
    """The sentence with which the list begins."""
    coming = sum(_stands(row) for row in rows)
    if coming:
        said = ngettext(
            "%(number)s person is to be erased.",
            "%(number)s people are to be erased.",
            coming,
            number=words.number(coming),
        )
        return words.sentence(said)
    if any(row.at_carrier for row in rows):
        return _("Something of who was erased is still at the carrier; it is asked again by itself.")
    return _("Nobody is waiting to be erased.")
