"""A caller's message in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.queries_log import ContactRow
from phoneline.states import ContactKind, VoicemailState

MINUTE_SECONDS = 60

ENDINGS: Mapping[VoicemailState | None, str] = {
    VoicemailState.SHORT: "left a message too short to keep",
    VoicemailState.MISSING: "hung up before leaving a message",
}
"""Where it isn't simply "left a message"."""
TO_DO: Mapping[VoicemailState | None, str] = {
    VoicemailState.SHORT: "left too short a message",
    VoicemailState.MISSING: "hung up before leaving a message",
}
"""Where there is nothing to listen to."""
WITHOUT_SOUND: Mapping[VoicemailState | None, str] = {
    None: "It will be here once the call is over and the carrier has passed it on.",
    VoicemailState.AWAITED: "It is on its way from the carrier. Look again in a minute.",
    VoicemailState.SHORT: "It was shorter than three seconds, so nothing was kept. Perhaps they want to be rung back.",
    VoicemailState.MISSING: "Nothing was recorded: they hung up before the tone. Perhaps they want to be rung back.",
    VoicemailState.REMOVED: "It isn't kept any more: its time was over, or whoever left it asked to be erased.",
}


@dataclass(frozen=True)
class Message:
    """What the contact's page says of a message."""

    plays: bool
    length: str
    words: str
    elsewhere: bool
    """The carrier still has it too."""


def build(row: ContactRow, seconds: int | None, *, deleted_there: bool) -> Message | None:
    """None for a contact that is no message."""
    if row.kind is not ContactKind.VOICEMAIL:
        return None
    plays = row.message is VoicemailState.KEPT
    return Message(plays, length(seconds), "" if plays else WITHOUT_SOUND[row.message], plays and not deleted_there)


def ending(row: ContactRow) -> str:
    """How a message ended, for a list."""
    if row.message is VoicemailState.KEPT and row.message_seconds is not None:
        return f"left a message, {length(row.message_seconds)}"
    return ENDINGS.get(row.message, "left a message")


def length(seconds: int | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, MINUTE_SECONDS)
    return f"{minutes} min {rest} s long" if minutes else f"{rest} s long"
