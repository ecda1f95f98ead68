"""A caller's message in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.queries_log import ContactRow
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.states import ContactKind, VoicemailState

MINUTE_SECONDS = 60

ENDINGS: Mapping[VoicemailState | None, str] = Phrases(
    {
        None: N_("left a message"),
        VoicemailState.AWAITED: N_("left a message"),
        VoicemailState.KEPT: N_("left a message"),
        VoicemailState.REMOVED: N_("left a message"),
        VoicemailState.SHORT: N_("left a message too short to keep"),
        VoicemailState.MISSING: N_("hung up before leaving a message"),
    }
)
TO_DO: Mapping[VoicemailState | None, str] = Phrases(
    {
        None: N_("listen to the message"),
        VoicemailState.AWAITED: N_("listen to the message"),
        VoicemailState.KEPT: N_("listen to the message"),
        VoicemailState.REMOVED: N_("left a message, not kept any more"),
        VoicemailState.SHORT: N_("left too short a message"),
        VoicemailState.MISSING: N_("hung up before leaving a message"),
    }
)
WITHOUT_SOUND: Mapping[VoicemailState | None, str] = Phrases(
    {
        None: N_("It will be here once the call is over and the carrier has passed it on."),
        VoicemailState.AWAITED: N_("It is on its way from the carrier. Look again in a minute."),
        VoicemailState.SHORT: N_(
            "It was shorter than three seconds, so nothing was kept. Perhaps they want to be rung back."
        ),
        VoicemailState.MISSING: N_(
            "Nothing was recorded: they hung up before the tone. Perhaps they want to be rung back."
        ),
        VoicemailState.REMOVED: N_("It isn't kept any more: its time was over, or whoever left it asked to be erased."),
    }
)


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
        return _("left a message, %(length)s", length=length(row.message_seconds))
    return ENDINGS[row.message]


def length(seconds: int | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, MINUTE_SECONDS)
    if not minutes:
        return _("%(seconds)s s long", seconds=rest)
    return _("%(minutes)s min %(seconds)s s long", minutes=minutes, seconds=rest)
