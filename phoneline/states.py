"""The words for where a call, an offer, a check-in, an attempt and a follow-up stand, and the moves they allow.

The values are public: exports and pages show them (see the README, "Exports").
"""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Role(StrEnum):
    PEER = "peer"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class CallState(StrEnum):
    """Where the leg of a caller, or of a peer we called, stands."""

    GREETING = "greeting"
    MENU = "menu"
    CHECKIN = "checkin"
    SEEKING = "seeking"
    """A promised call-back, or a check-in by a volunteer: these are asked, the peer isn't rung yet."""
    RINGING = "ringing"
    """A volunteer has taken that, and the peer is rung."""
    WAITING = "waiting"
    CHOOSING = "choosing"
    CONNECTED = "connected"
    ASIDE = "aside"
    LEFT = "left"
    MESSAGE = "message"
    CALLBACK = "callback"
    PASSED_ON = "passed_on"
    BLOCKED = "blocked"
    USED_UP = "used_up"
    ENDED = "ended"


class CallOutcome(StrEnum):
    """How a call ended; of several that hold, the first in this order."""

    CONNECTED = "connected"
    CRISIS = "crisis"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    INFORMATION = "information"
    BLOCKED = "blocked"
    FAILED = "failed"
    ABANDONED = "abandoned"


class CallbackState(StrEnum):
    """Where a promised call-back stands. Only `promised` and `calling` are open."""

    PROMISED = "promised"
    CALLING = "calling"
    JOINED = "joined"
    SETTLED = "settled"
    """Nobody need ring any more: they talked with somebody otherwise, or somebody did the follow-up."""
    STOPPED = "stopped"
    """Whoever picked up asked for no more calls."""
    GIVEN_UP = "given_up"


class OfferResult(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    MACHINE = "machine"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PauseReason(StrEnum):
    """Why a volunteer isn't rung though on shift."""

    MISSED = "missed"
    BREAK = "break"


class HandoverKind(StrEnum):
    """Whom a volunteer brings into a conversation."""

    COORDINATOR = "coordinator"
    CRISIS = "crisis"


class HandoverResult(StrEnum):
    JOINED = "joined"
    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"


class LegPurpose(StrEnum):
    """Why we place a call. The order is the order of work when not all can be dialled at once."""

    HANDOVER = "handover"
    OFFER = "offer"
    ALARM = "alarm"
    ESCALATION = "escalation"
    """To somebody whom a peer agreed to be asked about, when the peer wasn't reached."""
    CALLBACK = "callback"
    CHECKIN = "checkin"
    REMINDER = "reminder"
    PRACTICE = "practice"
    """To a volunteer who asked to practise: nobody else is on the line."""


class LegState(StrEnum):
    PENDING = "pending"
    DIALLING = "dialling"
    PLACED = "placed"
    UNKNOWN = "unknown"
    ENDED = "ended"


class LegEnd(StrEnum):
    """How a leg that we placed ended, in the carrier's words."""

    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELLED = "canceled"


class PlanKind(StrEnum):
    AUTOMATED = "automated"
    VOLUNTEER = "volunteer"


class Purpose(StrEnum):
    SOCIAL = "social"
    SAFETY = "safety"


class PlanVoicemail(StrEnum):
    """What a check-in leaves on an answering machine."""

    NONE = "none"
    NEUTRAL = "neutral"
    """A few words that say nothing of the line or of why it calls."""


class PlanAuthor(StrEnum):
    """Who changed or ended a plan."""

    PEER = "peer"
    COORDINATOR = "coordinator"


class ConsentKind(StrEnum):
    """What somebody agreed to, or stopped."""

    AUTOMATED_CALLS = "automated_calls"
    VOLUNTEER_CALLS = "volunteer_calls"
    """No yes is needed for these; a no that wasn't taken back holds."""


class CheckinReason(StrEnum):
    """Why a check-in is skipped, or ended before it could be one."""

    NO_CONSENT = "no_consent"
    PAUSED = "paused"
    BY_HAND = "by_hand"
    PLAN_ENDED = "plan_ended"
    PLAN_CHANGED = "plan_changed"
    STOPPED = "stopped"


class CheckinState(StrEnum):
    DUE = "due"
    CALLING = "calling"
    WAITING = "waiting"
    OK = "ok"
    TALKED = "talked"
    UNREACHED = "unreached"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class AttemptResult(StrEnum):
    OK = "ok"
    TALK = "talk"
    LATER = "later"
    STOP = "stop"
    NO_KEY = "no_key"
    MACHINE = "machine"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class SettledBy(StrEnum):
    KEYPAD = "keypad"
    INBOUND_CALL = "inbound_call"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    SMS = "sms"


class ContactKind(StrEnum):
    CALL = "call"
    CHECKIN = "checkin"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    SMS = "sms"
    IN_PERSON = "in_person"
    OUTREACH = "outreach"
    """We want to call somebody of whom nobody has heard."""


class ContactOutcome(StrEnum):
    FINE = "fine"
    FOLLOW_UP = "follow_up"
    URGENT = "urgent"
    WRONG_NUMBER = "wrong_number"
    NONE = "none"


class FollowUp(StrEnum):
    NONE = "none"
    WANTED = "wanted"
    URGENT = "urgent"
    DONE = "done"


class TakeState(StrEnum):
    """Where a prompt stands that was spoken in by telephone."""

    AWAITED = "awaited"
    """Not fetched yet."""
    HERE = "here"
    """To be heard back, and kept or not."""
    UNFIT = "unfit"
    """Empty, or longer than fits."""
    KEPT = "kept"
    """A version of the prompt now."""
    DROPPED = "dropped"
    """Nobody wanted it."""


class VoicemailState(StrEnum):
    """Where the audio of a caller's message stands."""

    AWAITED = "awaited"
    """Not fetched yet."""
    KEPT = "kept"
    """Here, encrypted."""
    SHORT = "short"
    """Too short to hold a word: not kept."""
    MISSING = "missing"
    """The carrier has none: nothing was recorded."""
    REMOVED = "removed"
    """It isn't kept any more: its time was over, or who left it asked to be erased."""


class AccountRole(StrEnum):
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    VOLUNTEER = "volunteer"


class AccessAction(StrEnum):
    """What of the hidden a login looked at, what it said in somebody's place, or did about a check-in."""

    NUMBER_SHOWN = "number_shown"
    MESSAGE_HEARD = "message_heard"
    OUTCOME_GIVEN = "outcome_given"
    CHECKIN_SKIPPED = "checkin_skipped"
    CHECKIN_RESTORED = "checkin_restored"
    CHECKIN_MOVED = "checkin_moved"
    CHECKIN_CALLED = "checkin_called"
    CHECKIN_HEARD = "checkin_heard"
    """Somebody said that they had met or spoken with the peer."""
    CHECKIN_UNHEARD = "checkin_unheard"
    """They hadn't: that was taken back."""
    CONTACT_LOGGED = "contact_logged"
    CONTACT_TAKEN_BACK = "contact_taken_back"
    OUTREACH_ASKED = "outreach_asked"
    LOOKED = "looked"
    """At the record of a person, or at a page about a contact with them."""
    LOG_TAKEN = "log_taken"
    """The contact log, or a part of it, was taken away as a file."""


class TextState(StrEnum):
    """Where a text that the line sends stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    FAILED = "failed"


class TextPurpose(StrEnum):
    """Why the line texts somebody."""

    NOTICE = "notice"
    ALERT = "alert"
    REPLY = "reply"
    CONFIRMATION = "confirmation"
    """The one last text that says an opt-out was heard."""


class WarningResult(StrEnum):
    """What the carrier said when it was asked to announce something."""

    TAKEN = "taken"
    FAILED = "failed"
    """Certainly not done."""
    UNKNOWN = "unknown"


class Duty(StrEnum):
    """What somebody on a shift is there for."""

    CALLS = "calls"
    COORDINATOR = "coordinator"


class AlarmKind(StrEnum):
    """What must find a person soon."""

    URGENT_FOLLOW_UP = "urgent_follow_up"
    DANGER_WORDS = "danger_words"
    EMPTY_SHIFT = "empty_shift"
    SPENDING = "spending"
    OVERDUE = "overdue"
    UNSTAFFED = "unstaffed"


class AlarmState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    OVER = "over"


WINNABLE_CALL_STATES = frozenset({CallState.WAITING, CallState.CHOOSING, CallState.SEEKING})
"""States in which a volunteer's key 1 still wins the call: until the caller chose another way out."""

_TALK = {CallState.WAITING, CallState.CHOOSING, CallState.MESSAGE, CallState.CALLBACK, CallState.ENDED}
CALL_MOVES: Mapping[CallState, Collection[CallState]] = {
    CallState.GREETING: {
        *(CallState.MENU, CallState.WAITING, CallState.CHOOSING, CallState.BLOCKED, CallState.USED_UP),
        CallState.ENDED,
    },
    CallState.MENU: {CallState.WAITING, CallState.CHOOSING, CallState.ENDED},
    CallState.CHECKIN: {
        *(CallState.WAITING, CallState.CHOOSING, CallState.CALLBACK, CallState.BLOCKED),
        CallState.ENDED,
    },
    CallState.SEEKING: {CallState.RINGING, CallState.ENDED},
    CallState.RINGING: {CallState.CONNECTED, CallState.WAITING, CallState.ENDED},
    CallState.WAITING: _TALK | {CallState.CONNECTED},
    CallState.CHOOSING: _TALK | {CallState.CONNECTED, CallState.PASSED_ON},
    CallState.CONNECTED: {CallState.WAITING, CallState.ASIDE, CallState.LEFT, CallState.ENDED},
    CallState.ASIDE: {CallState.CONNECTED, CallState.LEFT, CallState.ENDED},
    CallState.LEFT: {CallState.WAITING, CallState.CONNECTED, CallState.ENDED},
    CallState.MESSAGE: {CallState.ENDED},
    CallState.CALLBACK: {CallState.ENDED},
    CallState.PASSED_ON: {CallState.CHOOSING, CallState.ENDED},
    CallState.BLOCKED: {CallState.ENDED},
    CallState.USED_UP: {CallState.MESSAGE, CallState.ENDED},
    CallState.ENDED: set(),
}

OPEN_CHECKIN_STATES = frozenset({CheckinState.DUE, CheckinState.CALLING, CheckinState.WAITING})
FINAL_CHECKIN_STATES = frozenset(CheckinState) - OPEN_CHECKIN_STATES


def may_move(old: CallState, new: CallState) -> bool:
    """Whether a call may go from `old` to `new`; staying is always allowed, leaving `ended` never."""
    return old == new or new in CALL_MOVES[old]
