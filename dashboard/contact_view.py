"""One contact in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import limits_view, log_view, message_view, owner_view, words
from dashboard.limits_view import BlockLine
from dashboard.message_view import Message
from dashboard.owner_view import Ended, Move
from dashboard.queries_contact import MOST_ATTEMPTS, MOST_LOOKS, MOST_OFFERS, Asked, Details, Look, Tried
from dashboard.queries_limits import BlockRow
from dashboard.queries_log import ContactRow
from dashboard.times import Moment
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.blocks import Whom
from phoneline.follow_ups import OPEN
from phoneline.late_outcomes import MAY_BE_SAID
from phoneline.seen_undo import LATELY
from phoneline.states import AccessAction, CallOutcome, CheckinState, ContactKind, Direction, FollowUp, VoicemailState


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
    may_undo: bool
    may_take_back: bool
    ended: str
    """How it ended, once it is done."""
    ended_note: str
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
    ended: Ended | None = None
    may_undo: bool = False
    moves: Sequence[Move] = ()
    coordinators: Sequence[tuple[str, str]] = ()


def build(found: Found, at: Moment) -> ContactPage:
    contact, row = found.contact, found.contact.row
    tried = [Step(at.moment(one.at), "", words.attempt(one.result, one.kind)) for one in found.tried[:MOST_ATTEMPTS]]
    asked = [Step(at.moment(one.at), one.volunteer, words.OFFERS[one.result]) for one in found.asked[:MOST_OFFERS]]
    return ContactPage(
        id=row.id,
        answer=answer(row, at, awaited=found.outcome_awaited_from is not None),
        follow_up=row.follow_up,
        may_undo=found.may_undo,
        may_take_back=contact.written_at is not None and contact.written_at > at.now - LATELY,
        ended=owner_view.ended(found.ended, at) if found.ended else "",
        ended_note=(found.ended.note if found.ended else None) or "",
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
    AccessAction.NUMBER_SHOWN: N_("Number shown to %(who)s %(when)s"),
    AccessAction.MESSAGE_HEARD: N_("Message played to %(who)s %(when)s"),
    AccessAction.OUTCOME_GIVEN: N_("Outcome given by %(who)s %(when)s"),
    AccessAction.CONTACT_LOGGED: N_("Written down by %(who)s %(when)s"),
    AccessAction.OUTREACH_ASKED: N_("Call asked for by %(who)s %(when)s"),
    AccessAction.LOOKED: N_("Looked at by %(who)s %(when)s"),
}


def _look(one: Look, at: Moment) -> str:
    who = _("%(name)s by telephone", name=one.listener) if one.listener else owner_view.by_whom(one.email)
    return _(LOOKS[one.action], who=who, when=at.on(one.at))


def _no_number(row: ContactRow) -> str:
    if row.withheld:
        return _("Withheld: their telephone did not send a number, so nobody can ring them.")
    return _("There is none: nobody is known to whom this belongs.")


def _no_block(row: ContactRow) -> str:
    if row.withheld:
        return _("A withheld number can't be blocked: nobody knows whose it is.")
    return _("There is nobody to block: nobody is known to whom this belongs.")


def answer(row: ContactRow, at: Moment, *, awaited: bool) -> str:
    """Who, what happened or was promised, and when; then how that stands."""
    stands = _("Nobody has said yet how it was.") if awaited else _stands(row)
    return f"{words.sentence(_what(row, at))}. {stands}"


def _what(row: ContactRow, at: Moment) -> str:  # noqa: PLR0911 - one for each kind
    who, when = words.who(row.person, withheld=row.withheld), at.on(row.at)
    match row.kind:
        case ContactKind.CALLBACK:
            return _("%(who)s was promised a call back %(when)s", who=who, when=when)
        case ContactKind.VOICEMAIL:
            return _(MESSAGES.get(row.message, LEFT_A_MESSAGE), who=who, when=when)
        case ContactKind.CHECKIN:
            return _(CHECKINS.get(row.checkin_state, HAD_A_CHECKIN), who=who, when=when)
        case ContactKind.SMS:
            return _("%(who)s sent a text %(when)s", who=who, when=when)
        case ContactKind.IN_PERSON:
            return _met(row, who, when)
        case ContactKind.CALL:
            return _call(row, who, when)
        case ContactKind.OUTREACH:
            return _("%(who)s was to be called, since nobody had heard from them, %(when)s", who=who, when=when)


def _met(row: ContactRow, who: str, when: str) -> str:
    if row.by_hand:
        return _("%(who)s was seen in person %(when)s", who=who, when=when)
    volunteer = row.volunteer or _("somebody of ours")
    return _("%(who)s met %(volunteer)s %(when)s", who=who, volunteer=volunteer, when=when)


LEFT_A_MESSAGE = N_("%(who)s left a message %(when)s")
MESSAGES: Mapping[VoicemailState | None, str] = {
    VoicemailState.SHORT: N_("%(who)s left a message too short to keep %(when)s"),
    VoicemailState.MISSING: N_("%(who)s hung up before leaving a message %(when)s"),
}
HAD_A_CHECKIN = N_("%(who)s had a check-in %(when)s")
CHECKINS: Mapping[CheckinState | None, str] = {
    CheckinState.CALLING: N_("%(who)s is being called for a check-in, due %(when)s"),
    CheckinState.WAITING: N_("%(who)s will be called again for a check-in, due %(when)s"),
    CheckinState.OK: N_("%(who)s said “I'm OK” in a check-in %(when)s"),
    CheckinState.TALKED: N_("%(who)s talked with us for a check-in %(when)s"),
    CheckinState.UNREACHED: N_("%(who)s was not reached for a check-in %(when)s"),
    CheckinState.STOPPED: N_("%(who)s asked us to stop the check-ins %(when)s"),
    CheckinState.SKIPPED: N_("%(who)s was not called for a check-in %(when)s"),
    CheckinState.EXPIRED: N_("%(who)s was not called in time for a check-in %(when)s"),
}


def _call(row: ContactRow, who: str, when: str) -> str:
    if row.by_hand:
        return _("%(who)s and one of us spoke by another telephone %(when)s", who=who, when=when)
    talked = row.call_outcome is CallOutcome.CONNECTED or row.talk_seconds
    if talked and row.call_ended:
        volunteer = row.volunteer or _("a volunteer")
        return _("%(who)s talked with %(volunteer)s %(when)s", who=who, volunteer=volunteer, when=when)
    if row.direction is Direction.OUTBOUND:
        began = _("we called %(who)s %(when)s", who=who, when=when)
    else:
        began = _("%(who)s called us %(when)s", who=who, when=when)
    if row.has_call and not row.call_ended:
        return _("%(began)s and is on the line now", began=began)
    if row.call_outcome is None:
        return began
    return _("%(began)s: %(ending)s", began=began, ending=words.CALL_ENDINGS[row.call_outcome])


PROMISED_ELSEWHERE = frozenset({CallOutcome.CALLBACK, CallOutcome.VOICEMAIL})
"""A call that ended so has a second contact, with the follow-up."""


def _stands(row: ContactRow) -> str:
    if row.follow_up is FollowUp.DONE:
        return _("The follow-up is done.")
    if row.follow_up not in OPEN:
        elsewhere = row.kind is ContactKind.CALL and row.call_outcome in PROMISED_ELSEWHERE
        if elsewhere:
            return _("What was promised is a line of its own on the log.")
        return _("No follow-up is wanted here.")
    urgent = row.follow_up is FollowUp.URGENT
    if row.kind in {ContactKind.CALLBACK, ContactKind.OUTREACH}:
        return _("Somebody has to call them, urgently.") if urgent else _("Somebody has to call them.")
    return _("An urgent follow-up is open.") if urgent else _("A follow-up is open.")


def facts(contact: Details, at: Moment) -> Sequence[tuple[str, str]]:
    """What the log has, named; what it doesn't have is left out."""
    row = contact.row
    ending, length = log_view.ending(row), message_view.length(contact.message_seconds)
    named = {
        _("When"): at.near(row.at),
        _("Kind"): words.KINDS[row.kind],
        _("With"): row.volunteer or "",
        _("Handed over"): _handed_over(contact, at),
        _("How it ended"): ending,
        _("Language"): words.LANGUAGES.get(contact.language or "", contact.language or ""),
        _("Message"): "" if length in ending else length,
        _("Note"): contact.note or "",
    }
    return [(name, words.sentence(text)) for name, text in named.items() if text]


def _handed_over(contact: Details, at: Moment) -> str:
    if contact.handed_over_at is None or contact.handed_over_to is None:
        return ""
    who, when = words.HANDOVERS[contact.handed_over_to], at.on(contact.handed_over_at)
    return _("%(who)s joined the conversation %(when)s", who=who, when=when)
