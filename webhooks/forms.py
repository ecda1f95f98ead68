"""What we read from the carrier's form."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flask import request

from phoneline.carrier.statuses import Status, status
from phoneline.carrier.text_statuses import text_state as state_of_text
from phoneline.states import TextState

LONGEST_ID = 64
MOST_DIGITS = 20
ARRIVED_AT_ONCE_SECONDS = 2.0


def call_sid() -> str:
    """The carrier's id of the leg, an opaque string of at most 64 characters; empty when missing."""
    return request.form.get("CallSid", "")[:LONGEST_ID]


def parent_sid() -> str:
    """The carrier's id of the leg whose document rang this one; empty when there is none."""
    return request.form.get("ParentCallSid", "")[:LONGEST_ID]


def bridged() -> bool:
    """Whether who was rung by a document and the leg of that document were joined."""
    joined = request.form.get("DialBridged")
    return joined == "true" if joined is not None else request.form.get("DialCallStatus") == "completed"


def caller_id() -> str:
    return request.form.get("From", "")


def key() -> str:
    """The pressed key; empty for none."""
    return request.form.get("Digits", "")[:1]


def digits() -> str:
    """Several keys that `#` ended; no number and no PIN is longer."""
    return request.form.get("Digits", "")[:MOST_DIGITS]


def call_status() -> Status | None:
    return status(request.form.get("CallStatus", ""))


def machine_answered() -> bool:
    """The carrier says that a machine answered."""
    return request.form.get("AnsweredBy", "").startswith(("machine", "fax"))


def greeting_over() -> bool:
    """The carrier says that a machine answered and has said its greeting: what is said now is recorded."""
    return request.form.get("AnsweredBy", "").startswith("machine_end")


def whole_number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else None


def happened_at(now: datetime) -> datetime:
    """When a status came to be: the carrier's own time, if it gives one that can be.

    Its times are whole seconds, so a notice that arrives at once is better dated by its arrival.
    """
    try:
        told = parsedate_to_datetime(request.form.get("Timestamp", ""))
    except ValueError:
        return now
    told = told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    late = (now - told).total_seconds()
    return told if late >= ARRIVED_AT_ONCE_SECONDS else now


def recording_sid() -> str:
    return request.form.get("RecordingSid", "")[:LONGEST_ID]


def left_room() -> bool:
    """A conference's event that says somebody has gone from it."""
    return request.form.get("StatusCallbackEvent") in {"participant-leave", "conference-end"}


def message_sid() -> str:
    """The carrier's id of a text; empty when missing."""
    return request.form.get("MessageSid", "")[:LONGEST_ID]


def text_state() -> TextState | None:
    return state_of_text(request.form.get("MessageStatus", ""))


def error_code() -> str:
    return request.form.get("ErrorCode", "")


def body() -> str:
    """What a text says."""
    return request.form.get("Body", "")


def opt_out_type() -> str:
    """What the carrier took a text for, where it answers texts with words of the operator's own."""
    return request.form.get("OptOutType", "")
