"""A person's timeline in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard import consent_view, log_view, words
from dashboard.queries_log import ContactRow
from dashboard.queries_timeline import PAGE, Kind, Place
from dashboard.queries_timeline_rows import ChangeLine, CheckinLine, DoneLine, Lines, NoteLine
from dashboard.timeline_filters import NAMES, Show
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.follow_up_states import FollowUpEnding
from phoneline.follow_ups import OPEN
from phoneline.person_states import PersonAct
from phoneline.states import (
    AccessAction,
    CheckinReason,
    CheckinState,
    PlanKind,
    SettledBy,
    TextState,
)


@dataclass(frozen=True)
class TimeLine:
    """One line: when, what, and what more there is to it."""

    what: str
    icon: str
    contact_id: str | None = None
    """Whose page tells more."""
    below: str = ""
    words: str = ""
    """A note, as it was written."""
    open: str = ""
    """The follow-up, while it is open."""
    note_id: str | None = None
    """A note of the visitor's own."""
    key: str = ""
    when: str = ""


@dataclass(frozen=True)
class Timeline:
    """What the section shows."""

    show: Show
    lines: Sequence[TimeLine]
    older: str
    """Where the next page begins."""
    choices: Sequence[tuple[str, str]]


def build(places: Sequence[Place], lines: Lines, show: Show, account_id: str, at: Moment) -> Timeline:
    shown = places[:PAGE]
    return Timeline(
        show=show,
        lines=[_line(place, lines, account_id, at) for place in shown],
        older=str(shown[-1].cursor) if len(places) > PAGE else "",
        choices=[(one.value, NAMES[one]) for one in Show],
    )


def _line(place: Place, lines: Lines, account_id: str, at: Moment) -> TimeLine:
    line = _LINES[place.kind](place.id, lines, at)
    own = place.kind is Kind.NOTE and lines.notes[place.id].account_id == account_id
    key = f"{place.kind}-{place.id}"
    return replace(line, key=key, when=at.near(place.at), note_id=place.id if own else None)


def _of_contact(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    row = lines.contacts[row_id]
    is_open = row.follow_up.value if row.follow_up in OPEN else ""
    return TimeLine(contact(row), row.kind.value, row.id, open=is_open)


def _of_done(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    line = lines.done.get(row_id, DoneLine())
    return TimeLine(done(line), "check", row_id, words=line.words or "")


def _of_checkin(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    found = lines.checkins[row_id]
    return TimeLine(checkin(found), "checkin", found.contact_id, tries(found))


def _of_text(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    return TimeLine(TEXTS[lines.texts[row_id].state], "sms")


def _of_yes(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    entry = lines.consents[row_id]
    return TimeLine(consent_view.given(entry), "check", words=entry.words or "")


def _of_no(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    return TimeLine(consent_view.withdrawn(lines.consents[row_id]), "stop")


def _of_change(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    change = lines.changes[row_id]
    return TimeLine(changed(change), "pencil", below=undone(change))


def _of_note(row_id: str, lines: Lines, at: Moment) -> TimeLine:
    note = lines.notes[row_id]
    return TimeLine(noted(note), "log", words=note.words, below=edited(note, at))


def _of_look(row_id: str, lines: Lines, _at: Moment) -> TimeLine:
    look = lines.looks[row_id]
    who = look.who or _("Somebody whose login is gone")
    return TimeLine(_(LOOKS.get(look.action, LOOKS[AccessAction.LOOKED]), who=who), "in_person")


_LINES: Mapping[Kind, Callable[[str, Lines, Moment], TimeLine]] = {
    Kind.CONTACT: _of_contact,
    Kind.DONE: _of_done,
    Kind.CHECKIN: _of_checkin,
    Kind.TEXT: _of_text,
    Kind.YES: _of_yes,
    Kind.NO: _of_no,
    Kind.CHANGE: _of_change,
    Kind.NOTE: _of_note,
    Kind.LOOK: _of_look,
}


def contact(row: ContactRow) -> str:
    """Such as "Call with Ana: talked 4 min"."""
    kind, ending = words.sentence(words.KINDS[row.kind]), log_view.ending(row)
    told = {"kind": kind, "volunteer": row.volunteer, "ending": ending}
    if row.volunteer and ending:
        return _("%(kind)s with %(volunteer)s: %(ending)s", **told)
    if row.volunteer:
        return _("%(kind)s with %(volunteer)s", **told)
    return _("%(kind)s: %(ending)s", **told) if ending else kind


DONE: Mapping[FollowUpEnding, str] = {
    FollowUpEnding.REACHED: N_("Follow-up done by %(who)s: they were reached"),
    FollowUpEnding.NOT_REACHED: N_("Follow-up ended by %(who)s: they were not reached"),
    FollowUpEnding.NOT_NEEDED: N_("Follow-up ended by %(who)s: it was not needed"),
}


def done(line: DoneLine) -> str:
    if line.ending is None:
        return _("Follow-up done")
    return _(DONE[line.ending], who=line.who or _("somebody"))


def checkin(row: CheckinLine) -> str:
    by_hand = row.kind is PlanKind.VOLUNTEER
    kind = _("Check-in by a volunteer") if by_hand else _("Check-in")
    return _("%(kind)s: %(ending)s", kind=kind, ending=_ending(row))


def _ending(row: CheckinLine) -> str:
    if row.state is CheckinState.SKIPPED and row.reason:
        return SKIPPED[row.reason]
    if row.settled_by is SettledBy.COORDINATOR and row.state is CheckinState.TALKED:
        return _("somebody of the team had been in touch")
    return words.CHECKIN_STATES[row.state]


SKIPPED: Mapping[CheckinReason, str] = Phrases(
    {
        CheckinReason.NO_CONSENT: N_("not called: there was no consent"),
        CheckinReason.PAUSED: N_("not called: the plan was paused"),
        CheckinReason.BY_HAND: N_("not called: skipped by a coordinator"),
        CheckinReason.PLAN_ENDED: N_("not called: the plan had been taken off"),
        CheckinReason.PLAN_CHANGED: N_("not called: the plan had been changed"),
        CheckinReason.STOPPED: N_("not called: they had stopped these calls"),
    }
)


def tries(row: CheckinLine) -> str:
    """The attempts in short, such as "Two attempts: no answer, said: I'm OK"."""
    if not row.tried:
        return ""
    each = ", ".join(words.attempt(result, row.kind) for result in row.tried)
    count = len(row.tried)
    return ngettext(
        "%(number)s attempt: %(each)s", "%(number)s attempts: %(each)s", count, number=_number(count), each=each
    )


def _number(count: int) -> str:
    return words.sentence(words.number(count))


TEXTS: Mapping[TextState, str] = Phrases(
    {
        TextState.PENDING: N_("A text to them waits to be sent"),
        TextState.SENDING: N_("A text to them is being sent"),
        TextState.SENT: N_("A text was sent to them"),
        TextState.DELIVERED: N_("A text reached them"),
        TextState.UNKNOWN: N_("A text to them: nobody knows whether it was sent"),
        TextState.FAILED: N_("A text to them could not be sent"),
    }
)

CHANGES: Mapping[PersonAct, str] = {
    PersonAct.ADDED: N_("%(who)s wrote them down"),
    PersonAct.EDITED: N_("%(who)s changed their record: %(fields)s"),
    PersonAct.NUMBERS: N_("%(who)s changed their telephone numbers"),
    PersonAct.READINESS: N_("%(who)s changed how far their training is"),
    PersonAct.MERGED: N_("%(who)s made another record of them one with this one"),
    PersonAct.PARTED: N_("%(who)s parted two records that had been made one"),
    PersonAct.RECOGNISED: N_("%(who)s said that an unknown caller had been them"),
    PersonAct.NOT_THEM: N_("%(who)s said that a caller had not been them"),
    PersonAct.PLAN_MADE: N_("%(who)s made a check-in plan"),
    PersonAct.PLAN_CHANGED: N_("%(who)s changed a check-in plan"),
    PersonAct.PLAN_PAUSED: N_("%(who)s paused a check-in plan"),
    PersonAct.PLAN_RESUMED: N_("%(who)s resumed a check-in plan"),
    PersonAct.PLAN_ENDED: N_("%(who)s took a check-in plan off"),
}
FIELDS: Mapping[str, str] = Phrases(
    {
        "name": N_("name"),
        "alias": N_("alias"),
        "roles": N_("roles"),
        "language": N_("language"),
        "timezone": N_("time zone"),
        "speaks": N_("further languages"),
        "skills": N_("skills"),
        "prefers": N_("wishes"),
        "voicemail_ok": N_("messages on their answering machine"),
    }
)


def fields(changed: Sequence[str]) -> str:
    """Such as "name, roles"."""
    return ", ".join(FIELDS[name] for name in FIELDS if name in changed)


def changed(line: ChangeLine) -> str:
    by_themselves = line.act.value.startswith("plan_")
    nobody = _("They themselves, by telephone,") if by_themselves else _("Somebody")
    who = line.who or nobody
    return _(CHANGES[line.act], who=who, fields=fields(line.fields))


def undone(line: ChangeLine) -> str:
    return _("Taken back since") if line.undone else ""


def noted(line: NoteLine) -> str:
    return _("Note by %(who)s", who=line.who) if line.who else _("Note")


def edited(line: NoteLine, at: Moment) -> str:
    return _("Changed %(when)s", when=at.on(line.edited_at)) if line.edited_at else ""


LOOKS: Mapping[AccessAction, str] = {
    AccessAction.LOOKED: N_("%(who)s looked at this page or one of its contacts"),
    AccessAction.NUMBER_SHOWN: N_("%(who)s was shown their number"),
    AccessAction.MESSAGE_HEARD: N_("%(who)s listened to a message of theirs"),
    AccessAction.OUTCOME_GIVEN: N_("%(who)s said how a call with them was"),
    AccessAction.CONTACT_LOGGED: N_("%(who)s wrote a contact down"),
    AccessAction.CONTACT_TAKEN_BACK: N_("%(who)s took a contact back that was written down"),
    AccessAction.OUTREACH_ASKED: N_("%(who)s asked for somebody to call them"),
}
