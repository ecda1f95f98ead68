"""One contact in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import limits_view, log_view, message_view, owner_view, words
from dashboard.limits_view import BlockLine
from dashboard.message_view import Message
from dashboard.owner_view import Move
from dashboard.queries_contact import MOST_ATTEMPTS, MOST_LOOKS, MOST_OFFERS, Asked, Details, Look, Tried
from dashboard.queries_limits import BlockRow
from dashboard.queries_log import ContactRow
from dashboard.times import Moment
from phoneline.blocks import Whom
from phoneline.follow_ups import OPEN
from phoneline.late_outcomes import MAY_BE_SAID
from phoneline.states import AccessAction, CallOutcome, CheckinState, ContactKind, Direction, FollowUp


@dataclass(frozen=True)
class Step:
    """Something that was tried: when, with whom if with anybody, and how it ended."""

    when: str
    who: str
    how: str


@dataclass(frozen=True)
class Steps:
    """What was tried, and whether there is more than fits."""

    lines: Sequence[Step]
    more: bool


@dataclass(frozen=True)
class ContactPage:
    """What the page shows. The number is no part of it."""

    id: str
    answer: str
    follow_up: FollowUp
    undo: str
    whose: str
    """Whose the open follow-up is and by when."""
    overdue: bool
    moves: Sequence[str]
    coordinators: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    tried: Steps
    asked: Steps
    looks: Sequence[str]
    more_looks: bool
    has_number: bool
    no_number: str
    block: BlockLine | None
    no_block: str
    message: Message | None
    outcome_awaited_from: str | None
    outcomes: Sequence[tuple[str, str]]
    person_id: str
    apart_from: str
    """Named, those of the team with whom they are never put through."""

    @property
    def is_open(self) -> bool:
        return self.follow_up in OPEN


@dataclass(frozen=True)
class Found:
    """All that was read of one contact."""

    contact: Details
    asked: Sequence[Asked]
    tried: Sequence[Tried]
    looks: Sequence[Look]
    block: BlockRow | None
    whom: Whom | None
    """Whom a block or a limit would be about."""
    outcome_awaited_from: str | None = None
    apart_from: Sequence[str] = ()
    moves: Sequence[Move] = ()
    coordinators: Sequence[tuple[str, str]] = ()


def build(found: Found, undo: Mapping[str, str], at: Moment) -> ContactPage:
    contact, row = found.contact, found.contact.row
    tried = [Step(at.moment(one.at), "", words.attempt(one.result, one.kind)) for one in found.tried[:MOST_ATTEMPTS]]
    asked = [Step(at.moment(one.at), one.volunteer, words.OFFERS[one.result]) for one in found.asked[:MOST_OFFERS]]
    return ContactPage(
        id=row.id,
        answer=answer(row, at, awaited=found.outcome_awaited_from is not None),
        follow_up=row.follow_up,
        undo=undo.get(row.id, "") if row.follow_up is FollowUp.DONE else "",
        whose=owner_view.whose(row.owed, at),
        overdue=row.owed.is_overdue,
        moves=owner_view.moves(found.moves, at),
        coordinators=found.coordinators,
        facts=facts(contact, at),
        tried=Steps(tried, len(found.tried) > MOST_ATTEMPTS),
        asked=Steps(asked, len(found.asked) > MOST_OFFERS),
        looks=[_look(one, at) for one in found.looks[:MOST_LOOKS]],
        more_looks=len(found.looks) > MOST_LOOKS,
        has_number=contact.has_number,
        no_number=_no_number(row),
        block=limits_view.line(found.block, at) if found.block else None,
        no_block="" if found.whom else _no_block(row),
        person_id=(found.whom.person_id if found.whom else None) or "",
        apart_from=words.listed(list(found.apart_from)),
        message=message_view.build(row, contact.message_seconds, deleted_there=contact.message_deleted_there),
        outcome_awaited_from=found.outcome_awaited_from,
        outcomes=[(one.value, words.sentence(words.OUTCOMES[one])) for one in MAY_BE_SAID],
    )


LOOKS: Mapping[AccessAction, str] = {
    AccessAction.NUMBER_SHOWN: "Number shown to",
    AccessAction.MESSAGE_HEARD: "Message played to",
    AccessAction.OUTCOME_GIVEN: "Outcome given by",
    AccessAction.CONTACT_LOGGED: "Written down by",
    AccessAction.OUTREACH_ASKED: "Call asked for by",
    AccessAction.LOOKED: "Looked at by",
}


def _look(one: Look, at: Moment) -> str:
    who = f"{one.listener} by telephone" if one.listener else one.email or "a login that is gone"
    return f"{LOOKS[one.action]} {who} {at.on(one.at)}"


def _no_number(row: ContactRow) -> str:
    if row.withheld:
        return "Withheld: their telephone did not send a number, so nobody can ring them."
    return "There is none: nobody is known to whom this belongs."


def _no_block(row: ContactRow) -> str:
    if row.withheld:
        return "A withheld number can't be blocked: nobody knows whose it is."
    return "There is nobody to block: nobody is known to whom this belongs."


def answer(row: ContactRow, at: Moment, *, awaited: bool) -> str:
    """Who, what happened or was promised, and when; then how that stands."""
    return f"{words.sentence(_what(row, at))}. {NOT_SAID_YET if awaited else _stands(row)}."


NOT_SAID_YET = "Nobody has said yet how it was"


def _what(row: ContactRow, at: Moment) -> str:  # noqa: PLR0911 - one for each kind
    who, when = words.who(row.person, withheld=row.withheld), at.on(row.at)
    volunteer = row.volunteer or "somebody of ours"
    match row.kind:
        case ContactKind.CALLBACK:
            return f"{who} was promised a call back {when}"
        case ContactKind.VOICEMAIL:
            return f"{who} {message_view.ENDINGS.get(row.message, 'left a message')} {when}"
        case ContactKind.CHECKIN:
            return f"{who} {CHECKINS.get(row.checkin_state, 'had a check-in')} {when}"
        case ContactKind.SMS:
            return f"{who} sent a text {when}"
        case ContactKind.IN_PERSON:
            return f"{who} was seen in person {when}" if row.by_hand else f"{who} met {volunteer} {when}"
        case ContactKind.CALL:
            return _call(row, who, when)
        case ContactKind.OUTREACH:
            return f"{who} was to be called, since nobody had heard from them, {when}"


CHECKINS: Mapping[CheckinState | None, str] = {
    CheckinState.CALLING: "is being called for a check-in, due",
    CheckinState.WAITING: "will be called again for a check-in, due",
    CheckinState.OK: "said “I'm OK” in a check-in",
    CheckinState.TALKED: "talked with us for a check-in",
    CheckinState.UNREACHED: "was not reached for a check-in",
    CheckinState.STOPPED: "asked us to stop the check-ins",
    CheckinState.SKIPPED: "was not called for a check-in",
    CheckinState.EXPIRED: "was not called in time for a check-in",
}


def _call(row: ContactRow, who: str, when: str) -> str:
    if row.by_hand:
        return f"{who} and one of us spoke by another telephone {when}"
    talked = row.call_outcome is CallOutcome.CONNECTED or row.talk_seconds
    if talked and row.call_ended:
        return f"{who} talked with {row.volunteer or 'a volunteer'} {when}"
    began = f"we called {who} {when}" if row.direction is Direction.OUTBOUND else f"{who} called us {when}"
    if row.has_call and not row.call_ended:
        return f"{began} and is on the line now"
    if row.call_outcome is None:
        return began
    return f"{began} and {ENDINGS.get(row.call_outcome, words.CALL_ENDINGS[row.call_outcome])}"


ENDINGS: Mapping[CallOutcome, str] = {CallOutcome.CRISIS: "was passed on to the crisis line"}
"""Where the words of a list don't go on from a sentence."""


PROMISED_ELSEWHERE = frozenset({CallOutcome.CALLBACK, CallOutcome.VOICEMAIL})
"""A call that ended so has a second contact, with the follow-up."""


def _stands(row: ContactRow) -> str:
    if row.follow_up is FollowUp.DONE:
        return "The follow-up is done"
    if row.follow_up not in OPEN:
        elsewhere = row.kind is ContactKind.CALL and row.call_outcome in PROMISED_ELSEWHERE
        return "What was promised is a line of its own on the log" if elsewhere else "No follow-up is wanted here"
    urgent = row.follow_up is FollowUp.URGENT
    if row.kind in {ContactKind.CALLBACK, ContactKind.OUTREACH}:
        return "Somebody has to call them" + (", urgently" if urgent else "")
    return "An urgent follow-up is open" if urgent else "A follow-up is open"


def facts(contact: Details, at: Moment) -> Sequence[tuple[str, str]]:
    """What the log has, named; what it doesn't have is left out."""
    row = contact.row
    ending, length = log_view.ending(row), message_view.length(contact.message_seconds)
    named = {
        "When": at.near(row.at),
        "Kind": words.KINDS[row.kind],
        "With": row.volunteer or "",
        "Handed over": _handed_over(contact, at),
        "How it ended": ending,
        "Language": words.LANGUAGES.get(contact.language or "", contact.language or ""),
        "Message": "" if length in ending else length,
        "Note": contact.note or "",
    }
    return [(name, words.sentence(text)) for name, text in named.items() if text]


def _handed_over(contact: Details, at: Moment) -> str:
    if contact.handed_over_at is None or contact.handed_over_to is None:
        return ""
    return f"{words.HANDOVERS[contact.handed_over_to]} joined the conversation {at.on(contact.handed_over_at)}"
